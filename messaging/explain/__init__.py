"""Why a message waits or waited: the holds of its lanes told as lines of its own timeline."""
