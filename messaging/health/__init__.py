"""Health of channels: what stops one, how it is probed and reopened, and how traffic drifts away from a failing one."""
