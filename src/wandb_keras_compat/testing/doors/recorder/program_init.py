"""``wandb.init`` of the code under test, while a recorder stands in for W&B.

Without this the code would start a run of its own, which goes to whatever server the machine is set up for.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import wandb
from wandb.sdk import wandb_init

from ..installed_sdk import is_running

if TYPE_CHECKING:
    from . import Recorder

#: Argument of ``wandb.init`` to the variable that holds where it is not given.
_VARIABLES = {
    "entity": "WANDB_ENTITY",
    "project": "WANDB_PROJECT",
    "id": "WANDB_RUN_ID",
    "name": "WANDB_NAME",
    "group": "WANDB_RUN_GROUP",
    "job_type": "WANDB_JOB_TYPE",
    "notes": "WANDB_NOTES",
    "tags": "WANDB_TAGS",
}

#: What has no meaning for a run that nothing leaves, or is wandb's default there.
_NO_EFFECT = {"mode", "dir", "settings", "force", "anonymous", "save_code", "magic", "allow_val_change"}

#: What a newer ``reinit`` may say so that a second ``wandb.init`` gives the run that is there.
_SAME_RUN = {None, False, "default", "return_previous"}


@contextmanager
def answers_init(recorder: Recorder) -> Iterator[None]:
    """For a time every ``wandb.init`` starts a run of *recorder*, and what would need a server is refused.

    A program that asks for ``mode="disabled"`` gets what wandb gives for that. Where the name ``init`` was imported
    from wandb before, the original is called: it finds itself offline, and no server behind the address it knows.
    """
    real = wandb.init

    def init(*args: Any, **arguments: Any) -> Any:
        if args:
            raise TypeError("wandb.init under the recorder takes its arguments by name")
        if "disabled" in {arguments.get("mode"), os.environ.get("WANDB_MODE") if not arguments.get("mode") else None}:
            return real(**{**arguments, "mode": "disabled"})  # wandb may have read the variables before
        # A run from before the recorder (of another test, say) may be one of a real server: that is not gone on with.
        if recorder.is_own(wandb.run) and is_running(wandb.run) and arguments.get("reinit") in _SAME_RUN:
            return wandb.run
        return _started(recorder, arguments)

    with ExitStack() as changed:
        for place in (wandb, wandb.sdk, wandb_init):
            changed.enter_context(mock.patch.object(place, "init", init))
        for name in ("Api", "sweep", "agent", "controller"):
            changed.enter_context(mock.patch.object(wandb, name, _refusal(name)))
        changed.enter_context(mock.patch.object(wandb, "login", return_value=True))
        yield


def _refusal(name: str) -> Callable[..., Any]:
    def refused(*_: Any, **__: Any) -> Any:
        raise RuntimeError(
            f"wandb.{name} asks a server, and the recorder has none: take the fixture wandb_backend for this test"
        )

    return refused


def _started(recorder: Recorder, arguments: Mapping[str, Any]) -> Any:
    given = {name: value for name, value in arguments.items() if value is not None}
    for name, variable in _VARIABLES.items():
        if name not in given and os.environ.get(variable):
            value = os.environ[variable]
            given[name] = value.split(",") if name == "tags" else value
    excluded, included = given.pop("config_exclude_keys", None), given.pop("config_include_keys", None)
    config = wandb.helper.parse_config(given.pop("config", None) or {}, exclude=excluded, include=included)
    taken = {name: given.pop(name) for name in (*_VARIABLES,) if name in given}
    _check_resume(recorder, given.pop("resume", None), taken)
    given.pop("reinit", None)
    lost = sorted(name for name, value in given.items() if name not in _NO_EFFECT and value)
    if lost:
        warnings.warn(f"the recorder of runs leaves out what wandb.init({', '.join(lost)}=...) asks for", stacklevel=3)
    return recorder.start_run(config=config, **taken)


def _check_resume(recorder: Recorder, resume: Any, taken: Mapping[str, Any]) -> None:
    """Raises:
    wandb.errors.UsageError: as wandb does, for a run that must be there and is not, or must not and is.
    """
    there = any(key.id == taken.get("id") for key in recorder.store.runs)
    if resume == "must" and not there:
        raise wandb.errors.UsageError(f"resume='must' but the run ({taken.get('id')}) does not exist")
    if resume == "never" and there:
        raise wandb.errors.UsageError(f"resume='never' but the run ({taken.get('id')}) exists")
