"""What a good engineer would build first: a Celery task a message, the ORM and requests."""
