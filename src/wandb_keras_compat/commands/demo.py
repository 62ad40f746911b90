"""``wandb-keras-compat demo``: an unmodified script with the legacy import on real data, and what it logged."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import click
from rich.console import Console

from .. import versions
from ..hook.frameworks import TRAINING, present_backend
from ..testing.child_environment import python_path, wandb_folders, without
from ..testing.doors import run_log
from .logged_run import report_table

EXAMPLES = Path("examples")
#: Written with ``tf.keras``; the other is the same program with ``keras``, which computes with any backend.
LEGACY, KERAS_3 = EXAMPLES / "digits_legacy.py", EXAMPLES / "digits_keras3.py"
BACKENDS = TRAINING


@click.command()
@click.option("--epochs", type=click.IntRange(min=1), default=5, show_default=True, help="Epochs to train.")
@click.option(
    "--backend",
    type=click.Choice(BACKENDS),
    help="What Keras computes with (default: what KERAS_BACKEND or keras.json says, else one that is installed).",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the run into DIR and leave it there (default: a temporary folder).",
)
def demo(epochs: int, backend: str | None, keep: Path | None) -> None:
    """Train on real data with an unmodified script and show what it logged.

    The script says `from wandb.keras import WandbCallback` and knows nothing about this package. It runs
    under `wandb-keras-compat run` with W&B offline: no account, no network, under two minutes on two cores.
    On TensorFlow it is one written with tf.keras; on JAX and PyTorch the same one with keras.

    Exit code: 0 the training ended well, 2 it did not (the message says where its output is).
    """
    console = Console()
    backend = backend or present_backend()
    script = example_script(backend)
    require_libraries(backend)
    said = versions.describe(*({backend} - {"tensorflow"}))
    folder = keep.resolve() if keep else Path(tempfile.mkdtemp(prefix="wandb-keras-compat-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    earlier = set(run_log.find_run_logs(folder))

    console.print(f"Training with [bold]{script.name}[/], unmodified, on {said}\n")
    code = subprocess.run(
        child_command(script, epochs), check=False, cwd=folder, env=child_environment(folder, backend)
    ).returncode
    logs = [path for path in run_log.find_run_logs(folder) if path not in earlier]
    if code != 0 or not logs:
        what = f"ended with exit code {code}" if code else "wrote no run"
        raise DemoError(f"The demo's training {what}, with {said}. Its output is in {folder}")

    console.print()
    console.print(report_table(run_log.load(logs[-1]).run, logs[-1].parent / "files"))
    if keep:
        console.print(f"The run is in {logs[-1].parent}", soft_wrap=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)


class DemoError(click.ClickException):
    """The demo could not be run to its end."""

    exit_code = 2


def example_script(backend: str) -> Path:
    """The script the demo runs: in the installed package, or in the checkout of an editable install."""
    script = LEGACY if backend == "tensorflow" else KERAS_3
    package = Path(__file__).resolve().parents[1]
    for root in (package, package.parents[1]):
        if (root / script).is_file():
            return root / script
    raise DemoError(f"The demo's script {script} is neither in {package} nor in {package.parents[1]}")


def require_libraries(backend: str) -> None:
    """Raise :class:`DemoError` when a library that only the demo needs is not installed."""
    if backend not in BACKENDS:
        raise DemoError(f"The demo cannot train on the backend {backend}: --backend {', '.join(BACKENDS)}")
    missing = {module: extra for module, extra in needs(backend).items() if find_spec(module) is None}
    if missing:
        install = f"pip install 'wandb-keras-compat[{','.join(dict.fromkeys(missing.values()))}]'"
        raise DemoError(f"The demo needs {' and '.join(missing)}, which cannot be imported: {install}")


def needs(backend: str) -> dict[str, str]:
    """Import name to the extra that has it.

    Only what is missing is to be installed: the extra `tensorflow` would replace another build of TensorFlow.
    """
    keras = {} if backend == "tensorflow" else {"keras": backend}
    return {backend: backend, **keras, "sklearn": "demo", "wandb": "demo", "PIL": "demo"}


def child_command(script: Path, epochs: int) -> list[str]:
    """The command a user would type, with this interpreter."""
    return [sys.executable, "-m", "wandb_keras_compat", "run", str(script), "--epochs", str(epochs)]


def child_environment(folder: Path, backend: str) -> dict[str, str]:
    """This process's environment, but W&B offline and writing nothing outside ``folder``, and Keras on *backend*."""
    environment = without(os.environ, "WANDB_")
    # The child works in another folder, so relative import paths have to become absolute.
    if "PYTHONPATH" in environment:
        environment["PYTHONPATH"] = python_path(environment["PYTHONPATH"].split(os.pathsep))
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    return {
        **environment,
        "KERAS_BACKEND": backend,
        "WANDB_MODE": "offline",
        "WANDB_QUIET": "true",
        "WANDB_ERROR_REPORTING": "false",
        **wandb_folders(folder),
    }
