class DemoError(Exception):
    """The demo cannot go on; the text is one line that says why."""
