"""Partitions cover the weeks around now and are safe to make again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from messaging.partitions import PARTITIONED, make_partitions, monday

moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


@given(moments)
def test_a_week_starts_on_a_monday_at_most_seven_days_back(at: datetime):
    start = monday(at)
    assert start.weekday() == 0
    assert timedelta(0) <= at - start < timedelta(days=7)


@pytest.mark.django_db
def test_making_partitions_again_changes_nothing():
    at = datetime(2030, 1, 1, tzinfo=UTC)

    def count() -> int:
        with connection.cursor() as cursor:
            make_partitions(cursor, at)
            cursor.execute("SELECT count(*) FROM pg_class WHERE relname ~ '_2029|_2030' AND relkind = 'r'")
            row: tuple[int] = cursor.fetchone()
            return row[0]

    assert [count(), count()] == [6 * len(PARTITIONED)] * 2
