"""What is said of hosts: their rate while all of them work, and where they find the servers."""

from benchmarks.scaling.measure import steady
from benchmarks.scaling.network import seen_from


def test_the_beginning_and_the_end_of_a_run_do_not_count():
    settled = [(float(n), 10) for n in range(1, 101)]
    assert steady(settled) == (24.0, 90.0, 660)


def test_a_first_settling_that_is_large_only_starts_the_clock():
    assert steady([(1.0, 500), (2.0, 300), (3.0, 200)]) == (1.0, 2.0, 300)


def test_a_host_reaches_the_servers_over_its_own_wire():
    assert seen_from(2, "postgresql://user:secret@127.0.0.1:5433/gateway") == (
        "postgresql://user:secret@10.99.2.1:5433/gateway"
    )
