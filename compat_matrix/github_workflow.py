"""The GitHub Actions workflow, from the same data: corners for every push, the other tiers when asked for."""

from __future__ import annotations

import json

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import code_snapshot
from .axes import HERE, Matrix
from .resolve import ResolverAnswers
from .select_cells import TIERS, choose

WORKFLOW = code_snapshot.ROOT / ".github" / "workflows" / "matrix.yml"


def rendered(matrix: Matrix, answers: ResolverAnswers) -> str:
    cells = {
        tier: [
            json.dumps({"cell": item.cell.name, "python": item.cell.python})
            for item in choose(matrix, answers.can)
            if item.tier == tier
        ]
        for tier in TIERS
    }
    # GitHub's own braces are ${{ }}.
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), undefined=StrictUndefined, keep_trailing_newline=True,
        autoescape=False, variable_start_string="<<", variable_end_string=">>", trim_blocks=True, lstrip_blocks=True,  # noqa: S701 - escapes where it makes HTML
    )  # fmt: skip
    return made.get_template("matrix.yml.j2").render(cells=cells, host=matrix.python.versions[-2])


def write(matrix: Matrix, answers: ResolverAnswers, *, check: bool = False) -> bool:
    """Writes the workflow, or says whether the one that is there is it."""
    text = rendered(matrix, answers)
    if check:
        return WORKFLOW.exists() and WORKFLOW.read_text(encoding="utf-8") == text
    WORKFLOW.parent.mkdir(parents=True, exist_ok=True)
    WORKFLOW.write_text(text, encoding="utf-8")
    return True
