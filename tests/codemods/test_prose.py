"""Markdown and reStructuredText: which of it is code, and which code is a notebook's."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.documents.edits import Edit
from wandb_keras_codemods.documents.prose import ProseDocument
from wandb_keras_codemods.records import Location

HEADER = "---\njupyter:\n  jupytext:\n    x: 1\n---\n"
OLD = "from wandb.keras import WandbCallback"


def code_of(text: str) -> list[str]:
    """The lines of what rules read of a notebook, empty ones left out; the last is there for the parser alone."""
    document = ProseDocument(text.encode())
    assert document.problems == []
    lines = [line.strip() for line in document.text.splitlines() if line.strip()]
    assert lines[-1:] in ([], ["0"])
    return lines[:-1]


def block(*lines: str, info: str = "python", fence: str = "```") -> str:
    return "".join(f"{line}\n" for line in (f"{fence}{info}", *lines, fence))


@pytest.mark.parametrize(
    "info",
    ["python", "python3", "python tags=[1]", "ipython", "ipython3", "{code-cell}", "{code-cell} ipython3", " python"],
)
@pytest.mark.parametrize("fence", ["```", "````", "~~~"])
def test_a_python_block_is_a_cell(info: str, fence: str) -> None:
    assert code_of(HEADER + "text\n" + block("x = 1", "", "y", info=info, fence=fence) + "text\n") == ["x = 1", "y"]


@pytest.mark.parametrize("info", ["", "bash", "pythonx", "py", "python-repl", "{note}", "text python"])
def test_another_block_is_none(info: str) -> None:
    assert code_of(HEADER + block("x = 1", info=info)) == []


def test_cells_are_one_module_in_their_places() -> None:
    text = HEADER + "text\n" + block("import a") + "more\n" + block("b = a") + "end\n"
    document = ProseDocument(text.encode())
    for word in ("import a", "b = a"):
        assert document.text.index(word) == text.index(word)
        assert document.locate(document.text.index(word)) == Location(text[: text.index(word)].count("\n") + 1)


@pytest.mark.parametrize(
    "header",
    [HEADER, "---\njupytext: {}\n---\n", "\ufeff" + HEADER, HEADER.replace("\n", "\r\n"), "---\na: 1\n\n  jupytext:\n"],
)
def test_a_notebook_is_known_by_jupytext_s_header(header: str) -> None:
    assert code_of(header + block("x")) == ["x"]


@pytest.mark.parametrize(
    "header", ["", "text\n" + HEADER, "---\ntitle: jupytext\n---\n", "jupytext:\n", "--- \njupytext:\n"]
)
def test_any_other_text_is_no_notebook(header: str) -> None:
    document = ProseDocument((header + block("x")).encode())
    assert document.text == ""


def test_a_block_ends_at_a_fence_of_its_kind() -> None:
    """As long as the one that began it, and with nothing behind; one without an end goes to the end."""
    text = HEADER + block("x = '''", "```python", "~~~", "'''", fence="````")
    assert code_of(text) == ["x = '''", "```python", "~~~", "'''"]
    assert code_of(HEADER + "```python\nx\n```` \ny\n") == ["x"]
    assert code_of(HEADER + "```python\nx\ny") == ["x", "y"]


def test_a_block_in_a_list_or_a_quotation_is_no_cell() -> None:
    assert code_of(HEADER + "1. a\n   ```python\n   x\n   ```\n> ```python\n> x\n> ```\n" + block("y")) == ["y"]
    assert code_of(HEADER + block("y") + "> ```python\n> x\n") == ["y"], "nor one without an end"


def test_a_broken_block_is_told_with_the_line_of_its_first_and_the_others_are_read() -> None:
    document = ProseDocument((HEADER + block("x = = 1") + block("y")).encode())
    assert [(where, "does not parse" in why) for where, why in document.problems] == [(Location(7), True)]
    assert "y" in document.text and "x" not in document.text


def test_magics_are_kept_for_whoever_asks_what_else_uses_a_name() -> None:
    document = ProseDocument((HEADER + block("%time f(WandbCallback)") + block("!pip install x", "y")).encode())
    assert "WandbCallback" in document.hidden
    assert "pip" in document.hidden and "pip" not in document.text
    assert "y" not in document.hidden


def told(text: str) -> list[tuple[int, str]]:
    return list(ProseDocument(text.encode()).old_names())


def test_code_that_names_what_is_gone_is_told_by_its_line() -> None:
    """In fences of any language; words are not, and cells of a notebook are for the rules."""
    text = f"{OLD}\n" + block(f"  {OLD}", "x = 1", info="bash") + OLD + "\n" + block(OLD)
    assert told(text) == [(3, OLD), (8, OLD)]
    assert told(HEADER + text) == [(8, OLD)]


@pytest.mark.parametrize("indent", ["    ", "\t", ">>> ", "  ", " "])
def test_indented_code_is_code(indent: str) -> None:
    """Where there is a fence only by four spaces: lists have fewer."""
    line = f"{indent}{OLD}"
    assert told(f"text\n\n{line}\n") == [(3, line.strip())]
    assert told(f"text\n\n{line}\n" + block("x")) == ([(3, line.strip())] if len(indent) == 4 or indent == "\t" else [])


@pytest.mark.parametrize("data", [b"# \xe9\r\n", "# é\n".encode(), b"\xff\xfe\n"])
def test_every_byte_is_kept(data: bytes) -> None:
    """In whatever encoding."""
    whole = HEADER.encode() + data + block("old = 1").encode()
    document = ProseDocument(whole)
    start = document.text.index("old")
    assert document.write([]) == whole
    assert document.write([Edit(start, start + 3, "new")]) == whole.replace(b"old", b"new")
