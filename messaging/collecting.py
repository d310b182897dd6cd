"""Keeps Python's collector of reference cycles away from what stays for good."""

import gc

# What one claim of messages in flight holds; fewer would be looked through while they are still needed.
YOUNG_OBJECTS = 20_000


def spare_long_lived() -> None:
    """Set aside all that lives now; to be called once when a process has loaded its code.

    Otherwise each full collection goes through all of Django again, and every call of the process stands still for some
    80 ms meanwhile.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
