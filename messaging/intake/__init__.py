"""From a request's bytes to stored messages: decode, resolve, validate, store, ring."""
