"""Notebooks: what changes, and that nothing else does."""

from __future__ import annotations

import difflib
import itertools
import json
from typing import Any

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wandb_keras_codemods.engine.migrate_file import Outcome

from .tools import PROPERTY, migrate

OLD = "from wandb.keras import WandbCallback"


def code(*lines: str, **more: Any) -> dict[str, Any]:
    """A code cell; each argument is one line without its end."""
    source = [line + "\n" for line in lines[:-1]] + [*lines[-1:]]
    return {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": source, **more}


def notebook(*cells: dict[str, Any], **dump: Any) -> bytes:
    data = {"nbformat_minor": 4, "metadata": {"b": 1, "a": [OLD]}, "nbformat": 4, "cells": list(cells)}
    return json.dumps(data, **({"indent": 1} | dump)).encode()


def run(data: bytes, level: int = 1) -> Outcome:
    return migrate(data, kind="notebook", file="n.ipynb", level=level)


def changed_lines(before: bytes, after: bytes) -> list[str]:
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line[:2] in {"- ", "+ "}]


FORMATS = list(itertools.product([None, 1, 2, "\t"], [True, False], ["", "\n"]))


@pytest.mark.parametrize(("indent", "ascii_", "tail"), FORMATS)
def test_all_but_the_changed_lines_is_kept(indent: int | str | None, ascii_: bool, tail: str) -> None:
    """Indent, escapes, key order, outputs, ids and the final newline, whatever they are."""
    cells = [
        {"cell_type": "markdown", "metadata": {}, "id": "é", "source": [OLD]},
        code("!pip install wandb", "%matplotlib inline", "x = 'caf\u00e9 \U0001f600 \\u00e9 \\\\'; " + OLD, "y = 1"),
        code(
            "%%prun",
            "fit(callbacks=[WandbCallback()])",
            outputs=[{"output_type": "stream", "name": "stdout", "text": [OLD]}],
        ),
    ]
    before = notebook(*cells, indent=indent, ensure_ascii=ascii_) + tail.encode()
    cells[1] = json.loads(json.dumps(cells[1]).replace("wandb.keras", "wandb_keras_compat"))
    assert run(before).after == notebook(*cells, indent=indent, ensure_ascii=ascii_) + tail.encode()


def test_a_byte_order_mark_stays() -> None:
    mark = b"\xef\xbb\xbf"
    assert run(mark + notebook(code(OLD))).after == mark + (run(notebook(code(OLD))).after or b"")


def test_cells_are_one_module() -> None:
    """The import is in one cell, the use in another, and the new import goes after the first."""
    after = run(notebook(code("import wandb"), code("%%time", "fit(callbacks=[wandb.keras.WandbCallback()])"))).after
    assert after is not None
    cells = json.loads(after)["cells"]
    assert cells[0]["source"] == ["import wandb\n", "from wandb_keras_compat import WandbCallback"]
    assert cells[1]["source"] == ["%%time\n", "fit(callbacks=[WandbCallback()])"]
    nbformat.validate(nbformat.reads(after.decode(), as_version=4))


@pytest.mark.parametrize("indent", [None, 1, 2])
def test_an_added_line_looks_like_its_neighbours(indent: int | None) -> None:
    """A new source line is a new element, laid out as the others."""
    for lines in (
        ["import wandb", "x = wandb.keras.WandbCallback()"],
        ["x = 1; import wandb.keras"],
        ["import wandb.keras"],
    ):
        before = notebook(code(*lines), code("y = wandb.keras.WandbCallback()"), indent=indent)
        after = run(before).after
        assert after is not None
        assert after.decode() == json.dumps(json.loads(after), indent=indent)


def test_source_as_one_string() -> None:
    """Some tools write ``source`` as a string; it stays one."""
    before = notebook(code() | {"source": "import wandb\nx = wandb.keras.WandbCallback()"})
    after = run(before).after
    assert after is not None
    assert json.loads(after)["cells"][0]["source"] == (
        "import wandb\nfrom wandb_keras_compat import WandbCallback\nx = WandbCallback()"
    )


def test_a_call_over_several_lines_at_level_two() -> None:
    """Lines that are joined become one element."""
    before = notebook(
        code(OLD), code("fit(x, callbacks=[", "    WandbCallback(", "        save_model=False,", "    ),", "])")
    )
    after = run(before, level=2).after
    assert after is not None
    assert json.loads(after)["cells"][1]["source"] == ["fit(x, callbacks=[\n", "    WandbMetricsLogger(),\n", "])"]
    assert after.decode() == json.dumps(json.loads(after), indent=1)


def test_a_broken_cell_is_an_error_with_its_place_and_the_rest_is_done() -> None:
    """Cell, line in the cell, line in the file."""
    before = notebook(code(OLD), code("x = 1", "y = = 2"), code("z = 1"))
    outcome = run(before)
    assert outcome.failed
    (error,) = [record for record in outcome.records if record.action == "error"]
    assert (error.location.cell, error.location.cell_line) == (2, 2)
    assert b"y = = 2" in before.splitlines()[error.location.line - 1]
    assert len(changed_lines(before, outcome.after or b"")) == 2


def test_a_cell_without_a_line_to_blame_is_shown_at_its_first() -> None:
    """Python cannot even begin to read half of a surrogate pair."""
    (error,) = [record for record in run(notebook(code(OLD), code("x = '\ud800'"))).records if record.action == "error"]
    assert (error.location.cell, error.location.cell_line) == (2, 1)


def test_places_are_those_of_the_file_as_it_was() -> None:
    """Level 2 reports the lines of the file the user has, not of the one in between."""
    before = notebook(code("import wandb"), code("x = 1", "fit(callbacks=[wandb.keras.WandbCallback(**options)])"))
    records = run(before, level=2).records
    (left,) = [record for record in records if record.action == "left"]
    assert (left.location.cell, left.location.cell_line) == (2, 2)
    assert b"**options" in before.splitlines()[left.location.line - 1]


@pytest.mark.parametrize(
    "magic", ["%time ", "%timeit  ", "%prun ", "%memit ", "%prun -l 5 ", "%timeit -n1 -r 1 ", "h = %time "]
)
def test_a_line_magic_stays_on_its_line(magic: str) -> None:
    """IPython ends it there: callbacks on lines of their own would be no Python."""
    line = f"{magic}{'' if '=' in magic else 'history = '}model.fit(x, y, callbacks=[WandbCallback(log_weights=True, save_model=True)])"
    before = notebook(code("from wandb.keras import WandbCallback"), code(line))
    after = migrate(before, kind="notebook", file="n.ipynb", level=2, keys="both").after
    assert after is not None
    (cell,) = [cell for cell in json.loads(after)["cells"] if "model.fit" in "".join(cell["source"])]
    (written,) = cell["source"]
    assert written.startswith(magic)
    assert "WandbBestModel()" in written


@pytest.mark.parametrize("last", ["%%javascript\nalert(1)", "%%html\n<b>", "%%bash\n  ls\n  ", "  ", ""])
def test_a_last_cell_that_is_no_python_is_no_obstacle(last: str) -> None:
    before = notebook(code(OLD), code(*last.split("\n")))
    outcome = run(before)
    assert not outcome.failed, outcome.records
    assert outcome.after is not None
    assert json.loads(outcome.after)["cells"][0]["source"] == [OLD.replace("wandb.keras", "wandb_keras_compat")]
    assert json.loads(outcome.after)["cells"][1] == json.loads(before)["cells"][1]


@pytest.mark.parametrize(
    "hidden", ["!python -c 'WandbCallback()'", "%lprun -f f f(WandbCallback())", "%%javascript\nWandbCallback"]
)
def test_an_import_that_a_hidden_line_may_use_stays(hidden: str) -> None:
    """What is not read as Python may still be."""
    before = notebook(code(OLD), code("fit(callbacks=[WandbCallback(save_model=False)])"), code(*hidden.split("\n")))
    after = (run(before, level=2).after or b"").decode()
    assert "import WandbCallback, WandbMetricsLogger" in after


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"cells": [\n wandb.keras WandbCallback', "not valid JSON"),
        (b'["wandb.keras WandbCallback"]', "not a notebook"),
        (b'{"wandb.keras": "WandbCallback"}', "no list of cells"),
        (b'{"worksheets": [], "nbformat": 3, "x": "wandb.keras WandbCallback"}', "format 3"),
        (b'{"cells": [], "nbformat": 2, "x": "wandb.keras WandbCallback"}', "format 2"),
        (b"\xff wandb.keras WandbCallback", "utf-8"),
        (b"[" * 100_000 + b"wandb.keras WandbCallback", "not valid JSON|nested too deeply"),
    ],
)
def test_what_is_not_a_notebook(data: bytes, message: str) -> None:
    """One error, and nothing written."""
    outcome = run(data)
    assert outcome.after is None
    assert outcome.failed
    assert any(part in outcome.records[0].reason for part in message.split("|")), outcome.records


def test_json_errors_have_their_line() -> None:
    """The line a person would look at."""
    assert run(b'{"cells": [\n\n wandb.keras WandbCallback').records[0].location.line == 3


@pytest.mark.parametrize(
    "cell",
    [
        {},
        [],
        "x",
        {"cell_type": "code"},
        {"cell_type": "code", "source": None},
        {"cell_type": "code", "source": [1, OLD]},
    ],
)
def test_odd_cells_do_no_harm(cell: Any) -> None:
    """What is not a cell as the format has it is passed over."""
    data = notebook(code(OLD)).replace(b'"cells": [', b'"cells": [' + json.dumps(cell).encode() + b", ")
    outcome = run(data)
    assert outcome.after is not None
    assert json.loads(outcome.after)["cells"][0] == cell or "wandb_keras_compat" in str(
        json.loads(outcome.after)["cells"][0]
    )


def test_no_python_cell_at_all() -> None:
    """Text and other languages only: nothing to do, and no failure."""
    other = json.loads(notebook(code(OLD))) | {"metadata": {"kernelspec": {"language": "R"}}}
    for data in (
        notebook({"cell_type": "markdown", "metadata": {}, "source": [OLD]}),
        notebook(code("%%bash", OLD)),
        json.dumps(other).encode(),
    ):
        outcome = run(data)
        assert (outcome.after, outcome.failed) == (None, False)


def test_a_file_written_by_a_cell_is_reported() -> None:
    """``%%writefile`` holds a module of its own; the cell is named."""
    outcome = run(notebook(code("x = 1"), code("%%writefile train.py", OLD)))
    assert outcome.after is None
    (left,) = [record for record in outcome.records if (record.rule, record.action) == ("", "left")]
    assert (left.location.cell, left.location.cell_line) == (2, 1)


def test_a_cell_that_installs_wandb_is_noted_where_the_notebook_is_migrated() -> None:
    """With the place of the line; not in a notebook that needs nothing."""
    outcome = run(notebook(code("x = 1", "!pip install -q wandb"), code(OLD), code("!pip install wandb-keras-compat")))
    assert [
        (r.rule, r.action, r.location.cell, r.location.cell_line) for r in outcome.records if r.action == "note"
    ] == [("WK007", "note", 1, 2)]
    assert run(notebook(code("!pip install wandb"), code("import wandb.sdk as keras"))).records == ()


LINES = st.sampled_from(
    [OLD, "import wandb", "x = wandb.keras.WandbCallback()", "!ls 'a", "%time f()", "y = 'é\\n'", "if x:\n    import wandb.keras", "",
     "# wandb.keras", "z = '''\n%x\n'''", "q = \U0001f600", "from wandb.keras import WandbCallback as é, WandbEvalCallback  # ü"]
)  # fmt: skip


@given(
    st.lists(st.lists(LINES, min_size=1, max_size=4), min_size=1, max_size=4),
    st.sampled_from([None, 0, 1, 2]),
    st.booleans(),
    st.sampled_from([None, (",", ":")]),
)
@example([["import wandb"], ["x = wandb.keras.WandbCallback()"]], None, False, (",", ":"))
@PROPERTY
def test_any_notebook(
    cells: list[list[str]], indent: int | None, ascii_: bool, separators: tuple[str, str] | None
) -> None:
    """Only code cells' sources change, each parses or was broken before, and a second run changes nothing."""
    before = notebook(
        *(code(*"\n".join(lines).split("\n")) for lines in cells),
        indent=indent,
        ensure_ascii=ascii_,
        separators=separators,
    )
    outcome = run(before)
    if outcome.after is None:
        return
    old, new = json.loads(before), json.loads(outcome.after)
    assert json.dumps(new, indent=indent, ensure_ascii=ascii_, separators=separators).encode() == outcome.after
    for one, other in zip(old["cells"], new["cells"], strict=True):
        assert one | {"source": 0} == other | {"source": 0}
    assert old | {"cells": 0} == new | {"cells": 0}
    again = run(outcome.after)
    assert again.after is None
    assert len([record for record in again.records if record.action == "error"]) == len(
        [record for record in outcome.records if record.action == "error"]
    )
