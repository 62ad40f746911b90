"""Text that is parsed, text that is refused, and what is said of it."""

from __future__ import annotations

import libcst as cst
import pytest
from wandb_keras_codemods.documents import parsing
from wandb_keras_codemods.documents.parsing import check_rewritten, parse, parses
from wandb_keras_codemods.records import SourceError


def refusal(text: str) -> tuple[str, int]:
    with pytest.raises(SourceError) as found:
        parse(text)
    return found.value.message, found.value.line


def test_a_module_is_parsed_with_its_text() -> None:
    module, reading = parse("x = 1  # é\r\n")
    assert module.code == reading.code == "x = 1  # é\r\n"


def test_what_python_refuses_is_said_in_its_words_with_its_line() -> None:
    message, line = refusal("x = 1\nfor\n")
    assert (message, line) == ("does not parse: invalid syntax", 2)
    message, line = refusal("x = 1\n\nif x:\ny = 1\n")
    assert message.startswith("does not parse: expected an indented block")
    assert line == 4


def test_what_only_libcst_refuses_is_said_to_be_that(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its line, and not the tokens that it would have liked."""
    error = cst.ParserSyntaxError(
        "parser error: error at 3:1: expected one of a, b", lines=["x"], raw_line=7, raw_column=0
    )
    vague = cst.ParserSyntaxError("no place", lines=["x"], raw_line=7, raw_column=0)
    for raised, line, problem in ((error, 3, "parser error: error at 3:1"), (vague, 7, "no place")):
        monkeypatch.setattr(cst, "parse_module", lambda *_, raised=raised: (_ for _ in ()).throw(raised))
        assert refusal("x = 1\n") == (f"Python parses it but LibCST does not ({problem}), so it is not edited", line)


@pytest.mark.parametrize("error", [RecursionError(), ValueError(), ValueError("why")])
def test_another_failure_of_the_parser_is_a_sentence_too(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cst, "parse_module", lambda *_: (_ for _ in ()).throw(error))
    assert refusal("x = 1\n") == (f"does not parse: {str(error) or type(error).__name__}", 1)


def test_a_tree_that_is_another_text_is_not_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    other = cst.parse_module("y = 1\n")
    monkeypatch.setattr(cst, "parse_module", lambda *_: other)
    assert refusal("x = 1\n") == ("LibCST does not give this file back byte for byte, so it is not edited", 1)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("x = 1\n", True),
        ("", True),
        ("x = = 1\n", False),
        ("x = '\0'\n", False),
        ("print 1\n", False),
        ("'\\d'\n", True),
    ],
)
def test_whether_python_can_parse_a_text(text: str, good: bool, recwarn: pytest.WarningsRecorder) -> None:
    """Without a word to the user, whatever the text is."""
    assert parses(text) == good
    assert list(recwarn) == []


def test_an_edit_may_not_break_what_was_sound() -> None:
    check_rewritten("x = 1\n", "y = 1\n")
    with pytest.raises(SourceError, match="^the rewritten text no longer parses; please report this$"):
        check_rewritten("x = 1\n", "x = = 1\n")


def test_what_python_could_not_parse_before_is_judged_by_libcst(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of a newer Python than the one that runs."""
    monkeypatch.setattr(parsing, "parses", lambda _: False)
    check_rewritten("x = 1\n", "y = 1\n")
    with pytest.raises(SourceError, match="^the rewritten text does not parse: .*; please report this$") as found:
        check_rewritten("x = 1\n", "y = 1\nx = = 1\n")
    assert found.value.line == 2


@pytest.mark.parametrize("brackets", ["[]", "()", "{}"])
def test_brackets_nest_as_deep_as_python_lets_them(brackets: str) -> None:
    opening, closing = brackets
    assert parse("x = " + opening * 90 + "1," + closing * 90 + "\n")[0].body
    many = "x = 1\n" + f"y = {brackets}\n" * 300
    assert parse(many)[0].body, "one after the other they are none too many"
    for line_ends in (1, 2):
        assert refusal("\n" * line_ends + "y = " + opening * 201 + closing * 201 + "\n") == (
            "its brackets nest too deeply to be parsed", line_ends + 1,
        )  # fmt: skip


def test_a_bracket_too_many_is_no_depth() -> None:
    """A file that is broken in this way says so in Python's words, wherever brackets open behind it."""
    assert refusal(")" * 9 + "\n" + "(" * 200 + ")" * 200 + "\n")[0].startswith("does not parse: unmatched")
    assert refusal(")" * 9 + "\n" + "(" * 201 + ")" * 201 + "\n")[1] == 2


def test_spaces_are_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted is what costs."""
    monkeypatch.setattr(parsing, "MOST_CODE", 10)
    assert parse("x  =  1  #" + " " * 20 + "45678\n")[0].body
    assert refusal("x = 1  # 456789\n") == ("is too long to be parsed: 10 characters of code are the most", 1)


def test_a_chain_is_counted_by_its_links() -> None:
    """Calls, attributes and items, spaces and line ends between them or not."""
    chain = "x = (a" + "\n.b" * 1000 + "(c)" * 1000 + " [0]" * 1000 + ")\n"
    for before in ("\n", "y = 1\n", "\n\n"):
        message, line = refusal(before + chain.replace("a\n.b", "a.b", 1))
        assert message == "a chain of calls and attributes in it is too long to be parsed: 3,000 are the most"
        assert line == before.count("\n") + 1
