"""The one clock: PostgreSQL's, read through the SQL function `gateway_now()`.

All processes share it, so leases, windows and deadlines of different machines agree. A test that needs another hour
replaces the function (`tests.clock`), and every process follows at once.
"""

from datetime import datetime

from django.db import connection
from django.db.models import DateTimeField, Func

CREATE_CLOCK = """
CREATE OR REPLACE FUNCTION gateway_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()'
"""


class Now(Func):
    """The clock's time inside a query."""

    function = "gateway_now"
    output_field = DateTimeField()


def now() -> datetime:
    """Return the database's time (aware), read at this moment and not at the start of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gateway_now()")
        row: tuple[datetime] = cursor.fetchone()
    return row[0]
