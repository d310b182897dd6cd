"""Upkeep that beat rings for: what was missed is looked at again, what is old is let go. Safe to run twice at once."""
