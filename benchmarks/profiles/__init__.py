"""Where the processor time of the hot paths goes."""
