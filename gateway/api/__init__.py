"""REST v1: thin views over the engine."""
