"""Bulks while they run: how far they are, and steering them: time, window, speed, pause, cancel, halt."""
