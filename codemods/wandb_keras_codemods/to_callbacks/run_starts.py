"""How a program starts its runs and its trainings, as far as what is logged depends on it."""

from __future__ import annotations

import re

import libcst as cst

from ..documents.module import ModuleView
from .project import FileFacts

_FRESH = ("None", "False", '"never"', "'never'")


def add_run_starts(view: ModuleView, text: str, facts: FileFacts) -> None:
    """Adds whether W&B is named, whether a run may be resumed, and whether steps are grouped."""
    facts.names_wandb = re.search("wandb", text, re.IGNORECASE) is not None
    facts.groups_steps = "steps_per_execution" in text
    facts.resumes = "WANDB_RESUME" in text or (
        "init" in text and any(_resumes(view, call) for call in view.nodes(cst.Call))
    )


def _resumes(view: ModuleView, call: cst.Call) -> bool:
    """Whether a call starts a run that may be an earlier one; ``**arguments`` that cannot be read may say so, too."""
    found = view.resolve(call.func)
    if found is None or "wandb.init" not in found.names:
        return False
    return any(
        argument.star == "**"
        or (
            argument.keyword is not None
            and argument.keyword.value == "resume"
            and view.code(argument.value) not in _FRESH
        )
        for argument in call.args
    )
