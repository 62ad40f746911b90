"""What is a difference and what is none: a change of no account, anywhere in any trace, is never one."""

from __future__ import annotations

import base64
import copy
import io
import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.ledger import Ledger
from wandb_keras_compat.testing.trace.paths import literal
from wandb_keras_compat.testing.trace.tolerances import DEFAULT
from wandb_keras_compat.testing.trace.validate import check

from . import strategies
from .mutate import is_set, mutation, places

RICH = strategies.rich()

#: A change of no account: of the trace, or None where there is nothing that it could change.
NoAccount = Callable[[Any, Any], Any]


def replaced(trace: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of *trace* with *value* at *path*."""
    changed = copy.deepcopy(trace)
    place = changed
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return changed


def everywhere(trace: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    return places(("runs",), trace["runs"])


def nudged(data: Any, trace: Any) -> Any:
    """A number that a computation gave, one digit in a hundred millions off."""
    own = {"_step", "exit_code", "width", "height", "size", "shape", "counts"}
    numbers = [
        (path, value)
        for path, value in everywhere(trace)
        if type(value) is float and math.isfinite(value) and not own & set(map(str, path))
    ]
    if not numbers:
        return None
    path, value = data.draw(st.sampled_from(numbers))
    return replaced(trace, path, value * (1 + data.draw(st.sampled_from([1e-8, -1e-8]))))


def reordered(data: Any, trace: Any) -> Any:
    """What is a set, in another order."""
    sets = [
        (path, value)
        for path, value in everywhere(trace)
        if isinstance(value, list) and len(value) > 1 and is_set((*path, 0)[:-1])
    ]
    if not sets:
        return None
    path, value = data.draw(st.sampled_from(sets))
    return replaced(trace, path, data.draw(st.permutations(value)))


def reencoded(data: Any, trace: Any) -> Any:
    """The same pixels, in a PNG that another program wrote."""
    images = [
        (path, node) for path, node in everywhere(trace) if isinstance(node, dict) and node.get("_type") == "image"
    ]
    if not images:
        return None
    path, image = data.draw(st.sampled_from(images))
    buffer = io.BytesIO()
    opened = Image.open(io.BytesIO(base64.b64decode(image["png"])))
    opened.save(buffer, "PNG", compress_level=data.draw(st.sampled_from([0, 1, 9])))
    return replaced(trace, (*path, "png"), base64.b64encode(buffer.getvalue()).decode())


def with_other_digests(data: Any, trace: Any) -> Any:
    """The digest of an array whose numbers are there too."""
    arrays = [
        path
        for path, node in everywhere(trace)
        if isinstance(node, dict) and "sha256" in node and {"values", "sketch"} & node.keys()
    ]
    return replaced(trace, (*data.draw(st.sampled_from(arrays)), "sha256"), "another") if arrays else None


def in_other_keys_order(data: Any, trace: Any) -> Any:
    return json.loads(json.dumps(trace, sort_keys=True))


def seen_otherwise(data: Any, trace: Any) -> Any:
    """Who saw it, and with what."""
    member = data.draw(st.sampled_from(["door", "made_with"]))
    return {**trace, member: {"door": "log", "made_with": {"python": "3.99.0"}}[member]}


OF_NO_ACCOUNT = [nudged, reordered, reencoded, with_other_digests, in_other_keys_order, seen_otherwise]
TRACES = st.one_of(strategies.traces, st.just(RICH))
# The rich trace is large; many examples of it say no more than few.
FEW = settings(max_examples=8, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@pytest.mark.parametrize("change", OF_NO_ACCOUNT)
@FEW
@given(trace=TRACES, data=st.data())
def test_a_change_of_no_account_is_no_difference(change: NoAccount, trace: Any, data: Any) -> None:
    changed = change(data, trace)
    assume(changed is not None)
    check(changed)
    assert not diff(trace, changed) and not diff(changed, trace)


@pytest.mark.parametrize("change", OF_NO_ACCOUNT)
def test_each_of_them_changes_something_of_the_rich_trace(change: NoAccount) -> None:
    """Or the property above would hold of nothing."""

    class First:
        def draw(self, strategy: Any) -> Any:
            return strategy.elements[0] if hasattr(strategy, "elements") else ["b", "a"]

    changed = change(First(), RICH)
    assert changed is not None and not diff(RICH, changed)


@FEW
@given(trace=TRACES, data=st.data())
def test_a_change_of_no_account_hides_no_change_beside_it(trace: Any, data: Any) -> None:
    tried = [(path, node) for path, node in everywhere(trace) if "sha256" not in path]
    path, node = data.draw(st.sampled_from(tried))
    change = mutation(trace, path, node, "changed")
    assume(change is not None)
    assert change is not None
    also = data.draw(st.sampled_from(OF_NO_ACCOUNT))(data, change.trace)
    assume(also is not None)
    assert diff(trace, also).paths() == diff(trace, change.trace).paths() != []


@FEW
@given(trace=TRACES, data=st.data())
def test_the_ledger_hides_the_one_change_if_it_names_it_and_none_that_it_does_not(trace: Any, data: Any) -> None:
    tried = [(path, node) for path, node in everywhere(trace) if "sha256" not in path]
    path, node = data.draw(st.sampled_from(tried))
    change = mutation(trace, path, node, "changed")
    assume(change is not None)
    assert change is not None
    found = list(diff(trace, change.trace))
    texts = dict.fromkeys(("legacy", "shim", "why", "witness"), "x")
    entry = {"id": "KD-001", "feature": "best", "kind": "intended", **texts}
    own = Ledger.of([{**entry, "where": [literal(each.parts) for each in found]}])
    assert not diff(trace, change.trace, own)
    others = [
        literal(place) for place, _ in tried if place not in {each.parts for each in found} and place != ("runs",)
    ]
    if others:
        beside = Ledger.of([{**entry, "where": data.draw(st.lists(st.sampled_from(others), min_size=1, max_size=5))}])
        assert list(diff(trace, change.trace, beside)) == found


@pytest.mark.parametrize("kind", ["missing", "added"])
def test_a_row_more_is_one_difference_wherever_it_is(kind: str) -> None:
    history = RICH["runs"][0]["history"]
    for at in range(len(history)):
        shorter = replaced(RICH, ("runs", 0, "history"), history[:at] + history[at + 1 :])
        one, other = (RICH, shorter) if kind == "missing" else (shorter, RICH)
        (found,) = diff(one, other)
        assert (found.path, found.kind) == (f"runs[0].history[{at}]", kind)


def test_the_tolerances_of_a_comparison_are_those_that_are_given() -> None:
    changed = replaced(RICH, ("runs", 0, "summary", "best_loss"), 0.25 * (1 + 30 * DEFAULT.relative))
    assert diff(RICH, changed).paths() == ["runs[0].summary.best_loss"]
    from wandb_keras_compat.testing.trace.tolerances import Tolerances

    assert not diff(RICH, changed, tolerances=Tolerances(relative=1e-3))
