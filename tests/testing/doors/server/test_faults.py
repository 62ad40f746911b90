"""What a test asks to go wrong: which requests a fault hits, how often, and what makes no sense."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.faults import Fault, FaultPlan

GOOD: list[dict[str, Any]] = [
    *({"status": status} for status in (200, 500, 599)),
    *({"endpoint": endpoint, "drop": True} for endpoint in ("graphql", "file_stream", "storage")),
    *({name: 0.5} for name in ("hang", "slow")),
    *({"status": 503, "times": times} for times in (1, 9, None)),
    {"status": 500, "hang": 1, "slow": 1},
    {"drop": True, "hang": 1},
]
BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "must have a status, or drop, hang or slow"),
    ({"endpoint": "elsewhere", "status": 500}, "not 'elsewhere'"),
    ({"status": 199}, "not 199"),
    ({"status": 600}, "not 600"),
    ({"hang": -1}, "must not be negative"),
    ({"slow": -0.1}, "must not be negative"),
    ({"status": 500, "times": 0}, "at least one request"),
    ({"status": 500, "drop": True}, "either answers with a status or drops"),
]


@pytest.mark.parametrize("arguments", GOOD)
def test_a_fault_that_makes_sense_is_made(arguments: dict[str, Any]) -> None:
    Fault(**{"endpoint": "graphql", **arguments})


@pytest.mark.parametrize(("arguments", "words"), BAD)
def test_a_fault_that_makes_no_sense_is_refused_with_the_reason(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Fault(**{"endpoint": "graphql", **arguments})


def test_a_fault_by_itself_hits_one_request_of_any_name_and_says_that_a_test_asked_for_it() -> None:
    fault = Fault("graphql", status=500)
    plan = FaultPlan()
    plan.add(fault)
    assert "asked for by a test" in fault.message and dict(fault.headers) == {}
    assert [plan.take("graphql", ["Anything"]) for _ in range(2)] == [fault, None]


@pytest.mark.parametrize(
    ("name", "names", "hit"),
    [
        ("View*", ["Viewer"], True),
        ("view*", ["Viewer"], False),
        ("viewer", ["Viewer", "viewer"], True),
        ("PUT run/*.h5", ["PUT run/e/p/r/a/b.h5"], True),
        ("PUT run/*.h5", ["GET run/e/p/r/b.h5"], False),
        ("*", [], False),
    ],
)
def test_a_name_is_a_pattern_of_any_of_the_names_of_a_request(name: str, names: list[str], hit: bool) -> None:
    assert Fault("storage", name, status=500).hits("storage", names) is hit
    assert not Fault("storage", name, status=500).hits("graphql", names)


def test_of_several_the_one_added_first_is_used_up_first() -> None:
    first, second = Fault("graphql", status=500, times=2), Fault("graphql", status=429, times=3)
    elsewhere, forever = Fault("storage", status=500), Fault("graphql", "never*", drop=True, times=None)
    plan = FaultPlan()
    plan.add(elsewhere, forever)
    plan.add(first, second)
    taken = [plan.take("graphql", ["x"]) for _ in range(6)]
    assert taken == [first, first, second, second, second, None]
    assert [plan.take("graphql", ["never mind"]) for _ in range(3)] == [forever] * 3
    assert plan.hits == (*taken[:5], *[forever] * 3)
    assert plan.take("storage", ["x"]) is elsewhere


def test_a_plan_that_is_cleared_knows_nothing() -> None:
    plan = FaultPlan()
    plan.add(Fault("graphql", status=500, times=None))
    plan.take("graphql", ["x"])
    plan.clear()
    assert (plan.take("graphql", ["x"]), plan.hits) == (None, ())
