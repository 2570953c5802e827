"""The pages: parse the request, call a use case, present its answer."""
