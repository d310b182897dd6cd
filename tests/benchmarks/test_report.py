"""The report keeps its shape: scripts read it."""

import json
from pathlib import Path

from django.utils.module_loading import import_string

from benchmarks.machine import machine
from benchmarks.report import Measured, failed, judged, save, table
from benchmarks.table import BENCHMARKS, Benchmark

DISPATCH = Benchmark("dispatch", "x.y", "messages/s", {"naive": {"at_least": 10.0}, "p99": {"at_most": 250.0}})


def line(naive: float, p99: float):
    return judged(DISPATCH, Measured(value=1500.0, ratio={"naive": naive}, detail={"p99": p99}))


def test_a_figure_at_its_bounds_meets_them():
    assert line(10.0, 250.0).met


def test_a_ratio_below_its_bound_does_not_meet_it():
    assert not line(9.99, 250.0).met


def test_a_detail_above_its_bound_does_not_meet_it():
    assert not line(10.0, 250.1).met


def test_a_target_that_was_not_measured_is_not_met():
    assert not judged(DISPATCH, Measured(value=1500.0, ratio={"naive": 12.0})).met


def test_a_benchmark_that_failed_stays_in_the_report_unmet():
    written = failed(DISPATCH, "not done after 660 s")
    assert (written.name, written.value, written.met) == ("dispatch", None, False)
    assert written.detail == {"failed": "not done after 660 s"}


def test_the_file_has_machine_and_benchmarks_in_the_agreed_shape(tmp_path: Path):
    path = save({"cores": 2}, [line(12.0, 100.0)], tmp_path)
    assert path == tmp_path / "latest.json"
    assert json.loads(path.read_text()) == {
        "machine": {"cores": 2},
        "benchmarks": [
            {
                "name": "dispatch",
                "value": 1500.0,
                "unit": "messages/s",
                "ratio": {"naive": 12.0},
                "target": {"naive": {"at_least": 10.0}, "p99": {"at_most": 250.0}},
                "met": True,
                "detail": {"p99": 100.0},
            }
        ],
    }


def test_what_is_not_met_is_told_with_its_bound():
    assert line(3.0, 300.0).detail["unmet"] == ["naive 3, >= 10", "p99 300.0, <= 250"]


def test_figures_that_prove_nothing_meet_no_target():
    found = judged(DISPATCH, Measured(value=1.0, ratio={"naive": 12.0}, detail={"p99": 1.0}, short="2 of 3 rounds"))
    assert not found.met
    assert found.detail == {"p99": 1.0, "unmet": ["2 of 3 rounds"]}


def test_the_table_shows_each_bounded_figure_beside_its_bound():
    shown = [words.split() for words in table([line(3.0, 100.0)]).splitlines()]
    assert shown == [
        ["benchmark", "value", "unit", "compared", "figure", "target", "met"],
        ["dispatch", "1,500", "messages/s", "naive", "3", ">=", "10", "NO"],
        ["p99", "100.0", "<=", "250"],
        [],
        ["dispatch:", "naive", "3,", ">=", "10"],
    ]


def test_the_table_says_why_there_is_no_figure():
    assert table([failed(DISPATCH, "not done after 660 s")]).splitlines()[-1] == "dispatch: not done after 660 s"


def test_the_machine_is_described():
    assert {"at", "commit", "quick", "cpu", "cores", "memoryMiB", "load", "system", "python"} == set(
        machine(quick=True)
    )


def test_every_benchmark_of_the_table_can_be_called():
    assert all(callable(import_string(benchmark.measure)) for benchmark in BENCHMARKS)
