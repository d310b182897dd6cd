"""What a developer's gateway starts with: the sandbox's accounts, two tenants that can send, keys and people."""

from gateway.seeding.errors import SeedError
from gateway.seeding.steps import seed

__all__ = ["SeedError", "seed"]
