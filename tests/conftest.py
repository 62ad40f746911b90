"""A real offline W&B run whose calls are written down while they go through.

``observed`` is what most tests take: the run all tests of the session share (old SDKs need two seconds to
start one), emptied of what earlier tests left in it. ``start_run`` makes runs of a test's own.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("WANDB_SILENT", "true")
os.environ["WANDB_MODE"] = "offline"

import pytest
import wandb
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

from .seeding import seed_generators

# A shell without job control starts what it puts into the background with interrupts ignored, and programs inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests work in folders of their own, and some of them look at everything that is in there.
set_hypothesis_home_dir(Path(__file__).parents[1] / ".hypothesis")

# A push is judged by the same draws each time; new ones are looked for every week, see CONTRIBUTING.md.
SAME = os.environ.get("WANDB_KERAS_COMPAT_HYPOTHESIS") == "same"

settings.register_profile(
    "with_a_run",
    deadline=None,  # TensorFlow's first call of anything is slow
    max_examples=40,
    derandomize=SAME,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("with_a_run")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if SAME:
        seed_generators(item.nodeid)
    keep_out_of_collections()


def keep_out_of_collections() -> None:
    """Lets collections of garbage leave out the tests and the frameworks, which stay: one visit of them is 0.3 s.

    Keras collects garbage before each training. Nothing that a test makes later is left out.
    """
    stays = {"tests", "tensorflow", "torch", "jax", "keras", "tf_keras"} & {*sys.modules}
    if not stays <= _left_out:
        _left_out.update(stays)
        gc.collect()
        gc.freeze()


_left_out: set[str] = set()


@dataclass
class LoggedArtifact:
    """An artifact as it was handed to the run."""

    name: str
    type: str
    aliases: list[str]
    files: dict[str, str]
    """Path inside the artifact to the local file that holds its content."""
    artifact: Any = field(repr=False, default=None)


class Observed:
    """What was sent to one run, and said in the terminal, since the test began."""

    def __init__(self, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.run = run
        self.rows: list[dict[str, Any]] = []
        self.pending: dict[str, Any] = {}
        self.log_calls: list[dict[str, Any]] = []
        self.artifacts: list[LoggedArtifact] = []
        self.used: list[LoggedArtifact] = []
        self.saved: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        self.warnings: list[str] = []
        self.said: list[str] = []
        for method in ("log", "log_artifact", "use_artifact", "save"):
            if not hasattr(type(run), method):  # old disabled runs have only some
                continue
            call = self._and(getattr(self, f"_saw_{method}"), getattr(run, method))
            monkeypatch.setattr(run, method, call)
            monkeypatch.setattr(wandb, method, call)
        monkeypatch.setattr(wandb, "termwarn", lambda message, **_: self.warnings.append(message))
        monkeypatch.setattr(wandb, "termlog", lambda message="", **_: self.said.append(message))

    @property
    def summary(self) -> Any:
        return self.run.summary

    def column(self, key: str) -> list[Any]:
        """The values of *key* in the rows that have it."""
        return [row[key] for row in self.rows if key in row]

    def clear(self) -> None:
        """Forgets everything, for the next example of a property."""
        for sent in (
            self.rows,
            self.pending,
            self.log_calls,
            self.artifacts,
            self.used,
            self.saved,
            self.warnings,
            self.said,
        ):
            sent.clear()
        empty_summary(self.run)

    @staticmethod
    def _and(note: Callable[..., None], through: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            result = through(*args, **kwargs)
            note(*args, **kwargs)
            return result

        return call

    def _saw_log(self, data: dict[str, Any], step: int | None = None, commit: bool | None = None, **_: Any) -> None:
        self.log_calls.append({"data": dict(data), "step": step, "commit": commit})
        self.pending.update(data)
        if commit is not False:
            self.rows.append(dict(self.pending))
            self.pending.clear()

    def _saw_log_artifact(self, artifact: Any, **kwargs: Any) -> None:
        self.artifacts.append(_described(artifact, kwargs.get("aliases")))

    def _saw_use_artifact(self, artifact: Any, **_: Any) -> None:
        self.used.append(_described(artifact, None))

    def _saw_save(self, *args: Any, **kwargs: Any) -> None:
        self.saved.append((args, kwargs))


def _described(artifact: Any, aliases: Any) -> LoggedArtifact:
    files = {path: entry.local_path for path, entry in artifact.manifest.entries.items()}
    return LoggedArtifact(artifact.name.split(":")[0], artifact.type, list(aliases or []), files, artifact)


def empty_summary(run: Any) -> None:
    for key in list(run.summary.keys()):
        del run.summary[key]


class Runs:
    """Starts runs; the shared one is made when first asked for and again after a test ended it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shared: Any = None

    def start(self, mode: str = "offline", **kwargs: Any) -> Any:
        if self._shared is not None and wandb.run is not self._shared:
            # A recorder was here since, whose run was the present one: wandb.finish() does not see this one any more, and
            # a newer wandb.init() would return it, behind no `wandb.run`.
            self._shared.finish()
        # What follows ends the shared one, if it is the present one. With wandb 0.16 a second finish() of it, while another
        # is the present run, would leave no present run: that one was not ended, and the next never started.
        self._shared = None
        wandb.finish()
        return wandb.init(
            project="tests", mode=mode, dir=str(self._folder), settings=wandb.Settings(console="off"), **kwargs
        )

    def shared(self) -> Any:
        if self._shared is None or wandb.run is not self._shared:
            self._shared = self.start()
        empty_summary(self._shared)
        for left in Path(self._shared.dir).glob("*model-best*"):
            left.unlink()
        return self._shared


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    folder = tmp_path_factory.mktemp("wandb")
    with pytest.MonkeyPatch.context() as environment:
        for name in ("WANDB_DIR", "WANDB_CACHE_DIR", "WANDB_DATA_DIR", "WANDB_CONFIG_DIR"):
            environment.setenv(name, str(folder))
        yield Runs(folder)
        wandb.finish()


@pytest.fixture
def observed(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> Observed:
    return Observed(runs.shared(), monkeypatch)


@pytest.fixture
def start_run(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Observed]:
    """``start_run(mode=..., name=...)``: a new run, the present one finished first."""
    return lambda **kwargs: Observed(runs.start(**kwargs), monkeypatch)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
