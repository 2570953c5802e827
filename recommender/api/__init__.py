"""The JSON interface: thin doors to the same use cases that the pages call."""
