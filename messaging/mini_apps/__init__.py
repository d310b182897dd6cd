"""Users of Mini Apps: what tenants tell of them, and what follows when they withdraw their consent."""
