"""Which channel carries what a message says."""
