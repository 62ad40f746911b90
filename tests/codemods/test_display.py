"""What the command shows: diffs, places, what has another name, and one line with all counts."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable

import pytest
from rich.console import Console
from wandb_keras_codemods.engine.discover import NO_SUCH_FILE
from wandb_keras_codemods.engine.display import ProgressBar, console, diff_lines, print_diff, print_moved, print_records
from wandb_keras_codemods.engine.display import print_summary as show_summary
from wandb_keras_codemods.engine.migrate_file import Outcome
from wandb_keras_codemods.engine.runner import Summary
from wandb_keras_codemods.records import Action, Location, Moved, Record


def shown(show: Callable[[Console], None], *, color: bool | None = False) -> str:
    text = io.StringIO()
    show(console(text, color=color))
    return text.getvalue()


def record(
    action: Action, reason: str = "why", *, file: str = "a.py", rule: str = "WK101", moved: tuple[Moved, ...] = ()
) -> Record:
    return Record(file, Location(3), rule, action, reason, moved=moved)


@pytest.mark.parametrize(
    ("no_color", "color", "escapes"),
    [(None, False, False), (None, True, True), (None, None, False), ("1", True, True), ("1", None, False)],
)
def test_colours_are_what_was_asked_for(
    no_color: str | None, color: bool | None, escapes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or what the terminal is, which a file is none of."""
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    text = shown(lambda to: print_records(to, [record("left")]), color=color)
    assert ("\x1b[" in text) == escapes


def test_no_color_leaves_no_escape_on_a_terminal_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bold is one, too."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    for variable, escapes in (("1", False), ("", True)):
        monkeypatch.setenv("NO_COLOR", variable)
        assert ("\x1b[" in shown(lambda to: print_diff(to, "a.py", b"x\n", b"y\n"), color=None)) == escapes


def test_a_diff_keeps_line_ends_and_shows_every_byte() -> None:
    """One that a tool can apply, a last line without an end included."""
    assert list(diff_lines("a/b.py", b"x\r\ny\n", b"x\r\nz\xe9\n")) == [
        "--- a/a/b.py\n", "+++ b/a/b.py\n", "@@ -1,2 +1,2 @@\n", " x\r\n", "-y\n", "+z\\xe9\n",
    ]  # fmt: skip
    assert list(diff_lines("a.py", b"x", b"y\n"))[3:] == ["-x\n\\ No newline at end of file\n", "+y\n"]
    assert list(diff_lines("a.py", b"x", b"x")) == []


def test_a_diff_has_git_s_colours_and_nothing_in_it_is_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line once and whole, however long."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    long = "[red]x[/red] = " + "1, " * 100
    before, after = f"same\n{long}\n".encode(), b"same\ny = 7\n"
    lines = shown(lambda to: print_diff(to, "a.py", before, after), color=True).splitlines()
    assert lines == [
        "\x1b[1m--- a/a.py\x1b[0m", "\x1b[1m+++ b/a.py\x1b[0m", "\x1b[36m@@ -1,2 +1,2 @@\x1b[0m",
        " same", f"\x1b[31m-{long}\x1b[0m", "\x1b[32m+y = 7\x1b[0m",
    ]  # fmt: skip
    assert shown(lambda to: print_diff(to, "a.py", before, after)) == "".join(diff_lines("a.py", before, after))


def test_a_place_is_a_line_that_editors_understand() -> None:
    """Not those that were changed, which the diff shows. A reason is one line, whatever is in it."""
    records = [record("left", "one\n  two [b]three"), record("changed"), record("error", rule=""), record("note")]
    records.append(record("error", f"{NO_SUCH_FILE}; did you mean b.py?", rule=""))
    assert shown(lambda to: print_records(to, records)).splitlines() == [
        "a.py:3: left: WK101 one two [b]three",
        "a.py:3: error: why",
        "a.py:3: note: WK101 why",
        f"a.py: error: {NO_SUCH_FILE}; did you mean b.py?",
    ]
    assert len(shown(lambda to: print_records(to, [record("left", "word " * 100)])).splitlines()) == 1


@pytest.mark.parametrize(("action", "code"), [("error", "1;31"), ("left", "33"), ("note", "36"), ("ignored", "2")])
def test_what_was_done_at_a_place_has_its_colour_and_nothing_else_has_one(
    action: Action, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number or a path in a sentence is no more than the rest of it."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = shown(lambda to: print_records(to, [record(action, "12 of /a/b.py")]), color=True)
    assert text == f"a.py:3: \x1b[{code}m{action}\x1b[0m: WK101 12 of /a/b.py\n"
    assert shown(lambda to: to.print("rewrote 12 of /a/b.py"), color=True) == "rewrote 12 of /a/b.py\n"


def test_what_has_another_name_is_told_once() -> None:
    """Of what was changed."""
    loss, file = Moved("loss", "epoch/loss"), Moved("model-best.h5", None)
    records = [
        record("changed", moved=(loss, file)),
        record("changed", moved=(loss,)),
        record("left", moved=(Moved("a", "b"),)),
    ]
    assert shown(lambda to: print_moved(to, records)).splitlines() == [
        "moved in W&B:", "  loss -> epoch/loss", "  model-best.h5 -> no longer logged",
    ]  # fmt: skip
    assert shown(lambda to: print_moved(to, records[2:])) == ""


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([], "2 files seen, 1 {}, 0 places in 0 files left for you"),
        ([record("left")], "2 files seen, 1 {}, 1 place in 1 file left for you"),
        (
            [record("left"), record("left", file="b.py"), record("left"), record("note"), record("changed")],
            "2 files seen, 1 {}, 3 places in 2 files left for you",
        ),
        ([record("left", rule="WK010")], "2 files seen, 1 {}, 1 place could not be followed"),
        (
            [record("left", rule="WK010"), record("left", rule="WK010"), record("left")],
            "2 files seen, 1 {}, 1 place in 1 file left for you, 2 places could not be followed",
        ),
        ([record("error")], "2 files seen, 1 {}, 1 not handled, so what is left there is unknown"),
    ],
)
def test_the_last_line_counts_and_says_that_nothing_is_left_only_where_that_is_known(
    records: list[Record], said: str, write: bool
) -> None:
    outcomes = [Outcome(each.file, None, (each,)) for each in records]
    summary = Summary(seen=2, outcomes=[Outcome("c.py", b"", ()), *outcomes])
    line = shown(lambda to: show_summary(to, summary, write=write))
    assert line == said.format("changed" if write else "would change") + "\n"


def test_the_bar_is_for_a_terminal_that_takes_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is drawn again when some time has passed, and gone at the end; no thread of it is in the way of a fork."""
    monkeypatch.setenv("TERM", "xterm-256color")
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    threads = threading.active_count()

    def use(to: Console) -> None:
        with ProgressBar(to) as bar:
            for done in range(1, 6):
                bar("reading", done, 9)
                assert threading.active_count() == threads
                now[0] += 0.06
            bar("counting", 1, 0)

    drawn = shown(use, color=True)
    assert [f"{done}/9" in drawn for done in range(1, 6)] == [True, False, True, False, True]
    assert re.search(r"\breading\b", drawn)
    assert drawn.rstrip().endswith(("\x1b[2K", "\x1b[?25h"))
    for color in (False, None):
        assert shown(use, color=color) == ""
