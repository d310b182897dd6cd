class SeedError(Exception):
    """The gateway cannot be seeded; the text is one line that says why."""
