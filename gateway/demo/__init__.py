"""The main job once, over HTTP, on real input: send, follow, and hold each message to its prescribed end."""
