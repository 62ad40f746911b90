"""Import statements that are added, and ones that are split: each looks as what stood there did."""

from __future__ import annotations

import libcst as cst
import pytest
from wandb_keras_codemods.documents.edits import splice
from wandb_keras_codemods.documents.import_statements import (
    ImportGroup,
    import_statement,
    insert_after,
    is_alone_on_line,
    move_names,
    split_import,
)
from wandb_keras_codemods.documents.module import ModuleView


def viewed(text: str) -> tuple[ModuleView, cst.ImportFrom]:
    """A module and its first import from another."""
    view = ModuleView(text)
    return view, view.nodes(cst.ImportFrom)[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from a import b\nx\n", "from a import b\nimport c\nimport d\nx\n"),
        ("from a import b", "from a import b\nimport c\nimport d"),
        ("from a import b  # why\nx\n", "from a import b  # why\nimport c\nimport d\nx\n"),
        ("if x:\n\tfrom a import b\ny\n", "if x:\n\tfrom a import b\n\timport c\n\timport d\ny\n"),
        ("from a import b\r\nx\r\n", "from a import b\r\nimport c\r\nimport d\r\nx\r\n"),
        ("x\r\nfrom a import b", "x\r\nfrom a import b\r\nimport c\r\nimport d"),
        ("from a import (b,\n  e)\nx\n", "from a import (b,\n  e)\nimport c\nimport d\nx\n"),
        ("from a import b; x\n", "from a import b; import c; import d; x\n"),
        ("if x: from a import b\n", "if x: from a import b; import c; import d\n"),
    ],
)
def test_a_statement_is_added_behind_another_in_its_block(before: str, after: str) -> None:
    """On lines of its own, with their indent and ends; on the same line where that one is not alone."""
    view, node = viewed(before)
    assert splice(before, [insert_after(view, node, ["import c", "import d"])]) == after
    assert is_alone_on_line(view, node) == ("; import" not in after)


LONG = [f"name_{number}_of_the_module" for number in range(6)]


@pytest.mark.parametrize(
    ("beside", "indent", "unit", "end"),
    [
        ("from a import b\n", "", "    ", "\n"),
        ("from a import b", "", "    ", "\n"),
        ("from a import b\r\nx\n", "", "    ", "\r\n"),
        ("x\r\nfrom a import b", "", "    ", "\r\n"),
        ("if x:\n  from a import b\n", "  ", "    ", "\n"),
        ("if x:\n\tfrom a import b\n", "\t", "\t", "\n"),
    ],
)
def test_a_long_import_has_a_line_for_each_name(beside: str, indent: str, unit: str, end: str) -> None:
    view, node = viewed(beside)
    lines = ["from m import (", *(f"{indent}{unit}{name}," for name in LONG), f"{indent})"]
    assert import_statement(view, node, "from m import", LONG) == end.join(lines)
    assert import_statement(view, node, "from m import", LONG[:2]) == f"from m import {', '.join(LONG[:2])}"


def test_a_line_is_long_from_121_signs_with_its_indent() -> None:
    view, node = viewed("if x:\n    from a import b\n")
    names = ["x" * 50, "y" * (120 - 4 - 52 - len("from m import "))]
    assert import_statement(view, node, "from m import", names) == f"from m import {', '.join(names)}"
    assert import_statement(view, node, "from m import", [*names[:1], names[1] + "y"]).count("\n") == 3


def test_what_may_have_no_brackets_stays_on_its_line() -> None:
    """``import``, and a statement beside others."""
    view, node = viewed("from a import b\n")
    assert import_statement(view, node, "import", ["x" * 130]) == "import " + "x" * 130
    view, node = viewed("from a import b; x\n")
    assert import_statement(view, node, "from m import", LONG) == f"from m import {', '.join(LONG)}"


SPLIT = {
    "two": ("from a import b, c, d\nx\n", "from n import b, d\nfrom o import c\nx\n"),
    "with names": ("from a import b as B, c as C, d\n", "from n import b as B, d\nfrom o import c as C\n"),
    "a comment behind": ("from a import b, c, d  # why\n", "from n import b, d  # why\nfrom o import c\n"),
    "brackets": ("from a import (b, c, d)\n", "from n import (b, d)\nfrom o import (c)\n"),
    "a comma at the end": ("from a import (b, c, d,)\n", "from n import (b, d,)\nfrom o import (c,)\n"),
    "lines": (
        "from a import (\n    b,  # B\n    c,  # C\n    d,  # D\n)\n",
        "from n import (\n    b,  # B\n    d,  # D\n)\nfrom o import (\n    c,  # C\n)\n",
    ),
    "a comment at the top": (
        "from a import (  # top\n    b,\n    c,\n    d\n)\n",
        "from n import (  # top\n    b,\n    d\n)\nfrom o import (\n    c\n)\n",
    ),
    "not alone": ("from a import b, c, d; x\n", "from n import b, d; from o import c; x\n"),
    "in a block": ("if x:\r\n  from a import b, c, d\r\n", "if x:\r\n  from n import b, d\r\n  from o import c\r\n"),
}


@pytest.mark.parametrize(("before", "after"), SPLIT.values(), ids=SPLIT)
def test_each_name_goes_to_its_module_with_what_stands_beside_it(before: str, after: str) -> None:
    view, node = viewed(before)
    edits, text = move_names(view, node, ["n", "o", "n"], {})
    assert splice(before, edits) == after
    cst.parse_module(after)
    assert text.startswith("from n import")
    assert "from o import" in text


def test_a_comment_beside_a_name_that_comes_last_keeps_its_line_end() -> None:
    """Whatever the end of the statement looked like."""
    for before, after in (
        ("from a import (b,  # B\n    c)\n", "from n import (b,  # B\n)\nfrom o import (c)\n"),
        (
            "from a import (\r\n  b,  # B\r\n  c\r\n)\r\n",
            "from n import (\r\n  b,  # B\r\n)\r\nfrom o import (\r\n  c\r\n)\r\n",
        ),
        ("from a import (b,\n    c  # C\n)\n", "from n import (b\n)\nfrom o import (c  # C\n)\n"),
    ):
        view, node = viewed(before)
        edits, _ = move_names(view, node, ["n", "o"], {})
        assert splice(before, edits) == after
        cst.parse_module(after)


def test_where_all_names_go_to_one_module_only_its_name_changes() -> None:
    before = "from  a.b  import (b,\n c)  # why\n"
    view, node = viewed(before)
    edits, text = move_names(view, node, ["n", "n"], {})
    assert splice(before, edits) == before.replace("a.b", "n")
    assert text == "from  n  import (b,\n c)"


def test_a_name_may_become_another() -> None:
    before = "from a import b, c\n"
    view, node = viewed(before)
    edits, text = move_names(view, node, ["n", "n"], {1: "x as c"})
    assert splice(before, edits) == "from n import b, x as c\n"
    assert text == "from n import b, x as c"


def test_further_statements_come_last() -> None:
    before = "import b, c\nx\n"
    view = ModuleView(before)
    node = view.nodes(cst.Import)[0]
    groups = [ImportGroup("import ", (1,), {})]
    assert splice(before, split_import(view, node, groups, ["from d import e"])) == "import c\nfrom d import e\nx\n"
    assert splice(before, split_import(view, node, [], ["from d import e"])) == "from d import e\nx\n"
    assert splice(before, split_import(view, node, groups)) == "import c\nx\n"
