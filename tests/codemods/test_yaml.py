"""YAML: values with their places, and edits that change a value and nothing else."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.documents import yaml
from wandb_keras_codemods.documents.edits import Edit
from wandb_keras_codemods.documents.yaml import YamlDocument
from wandb_keras_codemods.records import Location, SourceError


def values(text: str) -> list[dict[str, str]]:
    """The values of each document, by their dotted path."""
    documents = YamlDocument(text.encode()).documents()
    return [{".".join(path): scalar.value for path, scalar in scalars.items()} for scalars in documents]


def test_every_value_has_the_path_of_its_keys_and_places() -> None:
    assert values("a:\n  b: x\n  c: [y, {d: 'z'}]\n2: 3\n") == [{"a.b": "x", "a.c.0": "y", "a.c.1.d": "z", "2": "3"}]
    assert values("- x\n- - y\n") == [{"0": "x", "1.0": "y"}]
    assert values("x\n") == [{"": "x"}]
    assert values("? [a, b]\n: x\n") == [{"": "x"}]
    assert values("") == []


def test_each_document_has_its_own_values() -> None:
    assert values("a: 1\n---\na: 2\n---\n...\n") == [{"a": "1"}, {"a": "2"}, {"": ""}]


def test_what_an_anchor_names_is_read_once() -> None:
    """Where it stands; and one that holds itself does no harm."""
    assert values("a: &x {b: 1}\nc: *x\n") == [{"a.b": "1"}]
    assert values("a: &x [*x, 1]\n") == [{"a.1": "1"}]


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [
        (b"a: 1\nb: \xe9\n", "is not valid utf-8", 2),
        (b"\xef\xbb\xbfa: 1\n\xe9\n", "is not valid utf-8", 1),
        (b"a: 1\nb: {\n", "is not valid YAML: ", 3),
        (b"a: 1\n  b: 2\n", "is not valid YAML: mapping values are not allowed here", 2),
        (b"{{ cookiecutter }}: 1\n{% if x %}\n", "is not valid YAML: ", 2),
        (b"a: \x01\n", "is not valid YAML: ", 1),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_line(data: bytes, message: str, line: int) -> None:
    with pytest.raises(SourceError) as found:
        YamlDocument(data)
    assert found.value.message.startswith(message)
    assert "\n" not in found.value.message
    assert found.value.line == line


def test_places_are_lines_of_the_file() -> None:
    document = YamlDocument(b"\xef\xbb\xbfa: x\r\nb: y\r\n")
    (scalars,) = document.documents()
    assert [document.locate(scalar.start) for scalar in scalars.values()] == [Location(1), Location(2)]
    assert document.write([]) == b"\xef\xbb\xbfa: x\r\nb: y\r\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: old", "a: new"),
        ("a: 'old'  # old", "a: 'new'  # old"),
        ('a: "old"', 'a: "new"'),
        ("a: &old old", "a: &old new"),
        ("a: !!str old", "a: !!str new"),
        ("a: [old, x]", "a: [new, x]"),
        ("old: old", "old: new"),
    ],
)
def test_a_value_is_replaced_and_all_around_it_stays(before: str, after: str) -> None:
    document = YamlDocument(before.encode())
    (scalars,) = document.documents()
    edits = [document.replacement(scalar, "new") for scalar in scalars.values() if scalar.value == "old"]
    assert document.write(edits) == after.encode()


@pytest.mark.parametrize(
    ("before", "after"), [("a: 'o\n  ld'", "a: 'new'"), ('a: &x "o\n  ld"', 'a: &x "new"'), ("a: o\n  ld", "a: new")]
)
def test_a_value_over_several_lines_becomes_one(before: str, after: str) -> None:
    document = YamlDocument(before.encode())
    (scalar,) = (scalar for scalars in document.documents() for scalar in scalars.values())
    assert scalar.value == "o ld"
    assert document.write([document.replacement(scalar, "new")]) == after.encode()


@pytest.mark.parametrize(
    "edit", [Edit(0, 1, "b"), Edit(3, 4, "1"), Edit(5, 5, "b: 2\n"), Edit(3, 4, "2\nb: 3"), Edit(0, 5, "")]
)
def test_an_edit_that_changes_anything_but_one_value_is_refused(edit: Edit) -> None:
    """A key, nothing at all, a value more or less."""
    with pytest.raises(SourceError, match="the rewritten text has other keys or values than it should"):
        YamlDocument(b"a: 1\n").write([edit])
    assert YamlDocument(b"a: 1\n").write([Edit(3, 4, "2")]) == b"a: 2\n"


def test_an_edit_that_breaks_a_file_is_refused_with_its_line() -> None:
    with pytest.raises(SourceError, match="^the rewritten text is not valid YAML: .*; please report this$") as found:
        YamlDocument(b"a: 1\nb: 2\n").write([Edit(8, 9, "c: d")])
    assert found.value.line == 2


def test_an_ignore_comment_is_for_the_line_that_a_value_begins_on() -> None:
    text = "a: x  # wandb-keras-compat: ignore\nb: 'y\n  z'  # wandb-keras-compat: ignore\nc: z\nd: # wandb-keras-compat: ignore\n  x\n"
    document = YamlDocument(text.encode())
    (scalars,) = document.documents()
    assert [path[0] for path, scalar in scalars.items() if document.ignored(scalar)] == ["a"]
    assert not document.ignores_file


def test_an_ignore_comment_for_the_file_is_for_no_value() -> None:
    document = YamlDocument(b"# wandb-keras-compat: ignore\n# wandb-keras-compat: ignore-file\na: x\n")
    assert document.ignores_file
    document = YamlDocument(b"a: x # wandb-keras-compat: ignore-file\n")
    (scalars,) = document.documents()
    assert not any(document.ignored(scalar) for scalar in scalars.values())


def test_what_is_too_deep_is_refused_and_what_is_wide_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """In brackets, in indents, and in marks of sequences; levels that are closed again do not count."""
    monkeypatch.setattr(yaml, "MOST_LEVELS", 3)
    for text in (
        "a: [[[1]]]\n",
        "a: [1]\nb: [[1], [2], {c: 3}]\nd: [[4]]\n",
        "a:\n b:\n  c: 1\n",
        "- - 1\n",
        "? - 1\n",
    ):
        assert YamlDocument(text.encode()).write([]) == text.encode()
    wide = "".join(f"k{number}:\n  - x\n" for number in range(9))
    assert YamlDocument(wide.encode()).write([]) == wide.encode()
    for text, line in (
        ("a: 1\nb: [{c: [[1]]}]\n", 2),
        ("a:\n b:\n  c:\n   d: 1\n", 4),
        ("a: 1\n- - - x\n", 2),
        ("]]]\n[[[[1]]]]\n", 2),
        ("\n[[[[1]]]]\n", 2),
    ):
        with pytest.raises(SourceError, match="nested too deeply") as found:
            YamlDocument(text.encode())
        assert found.value.line == line


def test_a_file_is_too_long_by_its_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "MOST_TEXT", 5)
    assert YamlDocument("a: é\n".encode()).text == "a: é\n"
    with pytest.raises(SourceError, match="is too long to be parsed: 5 characters are the most"):
        YamlDocument(b"a: 12\n")
