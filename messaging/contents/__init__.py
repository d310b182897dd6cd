"""What a message says on a channel: texts with their parameters, their parts, and which channel carries what."""
