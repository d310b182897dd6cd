import pytest
from django.db import connection


@pytest.mark.django_db
def test_messages_are_partitioned_by_week():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'message'::regclass")
        assert cursor.fetchone() == (6,)
