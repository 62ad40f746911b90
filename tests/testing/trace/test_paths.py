"""The syntax of paths and of patterns over them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.trace.paths import PathError, Pattern, Patterns, literal, parse, text_of

from .strategies import KEYS

PARTS = st.lists(st.one_of(st.integers(0, 12), KEYS, st.text(max_size=4)), min_size=1, max_size=5).map(tuple)


@given(PARTS)
def test_text_and_path_say_the_same(path):
    assert parse(text_of(path)) == path


@given(PARTS, PARTS)
def test_a_literal_pattern_matches_its_path_and_no_other(path, other):
    pattern = Pattern(literal(path))
    assert pattern.matches(path)
    assert pattern.matches(other) == (path == other)


@given(PARTS, st.data())
def test_a_wildcard_stands_for_any_part(path, data):
    at = data.draw(st.integers(0, len(path) - 1))
    texts = [text_of((part,)) if isinstance(part, int) else literal(("x", part))[1:] for part in path]
    texts[at] = "[*]"
    assert Pattern("".join(texts).removeprefix(".")).matches(path)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("runs[*].summary.best_*", "runs[0].summary.best_loss", True),
        ("runs[*].summary.best_*", "runs[0].summary.loss", False),
        ("runs[*].summary.best_*", "runs[0].summary.best_loss.min", False),
        ("runs[0].history", "runs[1].history", False),
        ('runs[*].metrics["epoch/*"]', 'runs[0].metrics["epoch/loss"]', True),
        (r'runs[*].metrics["epoch/\*"]', 'runs[0].metrics["epoch/loss"]', False),
        (r'runs[*].metrics["epoch/\*"]', 'runs[0].metrics["epoch/*"]', True),
        ("runs[*].summary.graph.**", "runs[0].summary.graph.nodes[1].name", True),
        ("runs[*].summary.graph.**", "runs[0].summary.graph", False),
        ('runs[*].telemetry["deprecated.*"]', 'runs[0].telemetry["deprecated.keras_callback"]', True),
    ],
)
def test_patterns(pattern, path, matches):
    assert Pattern(pattern).matches(parse(path)) is matches
    assert (Patterns([pattern]).find(parse(path)) is not None) is matches


@pytest.mark.parametrize("text", ["", ".runs", "runs[", "runs[x]", "runs..a", 'runs["a]', r'runs["\q"]', "runs.a-b"])
def test_what_is_no_path_is_refused(text):
    with pytest.raises(PathError):
        parse(text)
    with pytest.raises(PathError):
        Pattern(text)


@pytest.mark.parametrize("field", ["below", "parts"])
def test_what_follows_from_the_text_of_a_pattern_cannot_be_given(field):
    with pytest.raises(TypeError):
        Pattern("runs", **{field: ()})
