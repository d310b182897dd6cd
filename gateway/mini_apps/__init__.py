"""The platform's partner key for Mini Apps at work: whose it is, and what can be asked for by its name."""
