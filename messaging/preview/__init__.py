"""Which way messages would go, when, at what cost and why: decided by the claim's own rules, storing nothing."""
