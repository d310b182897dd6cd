"""Quotas as people see them: setting them, what is used, and warnings. The claim keeps them."""
