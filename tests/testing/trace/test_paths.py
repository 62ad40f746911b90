"""The syntax of paths and of patterns over them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.trace.paths import PathError, Pattern, Patterns, literal, parse, text_of

from .strategies import KEYS

PARTS = st.lists(st.one_of(st.integers(0, 12), KEYS, st.text(max_size=4)), min_size=1, max_size=5).map(tuple)
PARTS_OR_NONE = st.one_of(st.just(()), PARTS)


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


@given(PARTS_OR_NONE, PARTS_OR_NONE, PARTS_OR_NONE, PARTS)
def test_two_stars_stand_for_any_number_of_parts(before, between, after, other):
    text = literal((*before, "x"))[:-1] + "**" + literal(("x", *after))[1:]
    for path in (before + between + after, before + after, other, before + other, other + after):
        meant = path[: len(before)] == before and path[len(before) :][-len(after) or len(path) :] == after
        assert Pattern(text).matches(path) is (meant and (after != () or len(path) > len(before)))
        assert (Patterns([text]).find(path) is not None) is Pattern(text).matches(path)


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
        ("runs[*].**.val_*", "runs[0].history[3].val_loss", True),
        ("runs[*].**.val_*", "runs[0].summary.val_loss", True),
        ("runs[*].**.val_*", "runs[0].val_loss", True),
        ("runs[*].**.val_*", "runs[0].summary.loss", False),
        ("runs[*].**.val_*", "runs[0].summary.val_loss.min", False),
        ("**.val_loss", "runs[0].history[3].val_loss", True),
        ("**.nodes[*].**", "runs[0].summary.graph.nodes[1].name", True),
        ("**.nodes[*].**", "runs[0].summary.graph.nodes[1]", False),
        ("**", "runs", True),
        ('runs[*]["**"]', "runs[0].summary.val_loss", False),
        ('runs[*].telemetry["deprecated.*"]', 'runs[0].telemetry["deprecated.keras_callback"]', True),
    ],
)
def test_patterns(pattern, path, matches):
    assert Pattern(pattern).matches(parse(path)) is matches
    assert (Patterns([pattern]).find(parse(path)) is not None) is matches


def test_a_pattern_of_one_place_comes_before_a_wide_one():
    patterns = Patterns(["**.loss", "runs[0].loss"])
    assert patterns.find(parse("runs[0].loss")) == Pattern("runs[0].loss")
    assert patterns.find(parse("runs[1].loss")) == Pattern("**.loss")


def test_a_key_is_shown_as_it_is():
    assert text_of(("runs", 0, "größe in m")) == 'runs[0]["größe in m"]'


@pytest.mark.parametrize(("text", "named"), [("runs[*]", "'[*]'"), ("runs[0].val_*", "'.val_*'"), ("**.loss", "'**'")])
def test_a_pattern_is_no_path(text, named):
    with pytest.raises(PathError) as refused:
        parse(text)
    assert str(refused.value) == f"{named} belongs into a pattern, not into a path"


@pytest.mark.parametrize("text", ["", ".runs", "runs[", "runs[x]", "runs..a", 'runs["a]', r'runs["\q"]', "runs.a-b"])
def test_what_is_no_path_is_refused(text):
    with pytest.raises(PathError):
        parse(text)
    with pytest.raises(PathError):
        Pattern(text)


def test_what_follows_from_the_text_of_a_pattern_cannot_be_given():
    with pytest.raises(TypeError):
        Pattern("runs", parts=())
