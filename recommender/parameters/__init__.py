"""How lists are asked for by name and value, alike in the address of a page and in the API."""
