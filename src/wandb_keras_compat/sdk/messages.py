"""What is said of the server, and of a wandb that is missing or too old."""

from __future__ import annotations

from .. import versions


def server_does_not_answer(folder: str) -> str:
    return (
        "W&B's server does not answer. Training goes on and does not wait for it: what is logged is kept in "
        f"{folder} and sent when it answers again. If the program ends before that, send it with: "
        f"wandb sync --include-online {folder} ({versions.describe()})"
    )


def artifact_refused(error: BaseException) -> str:
    return f"W&B's server does not take what was logged: {error} ({versions.describe()})"


def artifact_kept(reason: str, folder: str) -> str:
    return (
        f"W&B's server does not take what was logged: {reason}. It is kept, and sent again while the run lasts. What "
        "the server has not taken by then can be sent with: "
        f"wandb sync --include-online {folder} ({versions.describe()})"
    )


def artifacts_left(count: int, folder: str) -> str:
    what = "1 artifact" if count == 1 else f"{count} artifacts"
    return (
        f"{what} may not have arrived at W&B's server. The files are kept where wandb sends them from, until you do "
        f"so with: wandb sync --include-online {folder} ({versions.describe()})"
    )


def no_room_for_artifacts(kept_in: str, folder: str) -> str:
    return (
        f"The artifacts that W&B's server has not taken need more room in {kept_in} than the disk has left. Those that "
        "were logged first are given up, and the last ones kept; all else that was logged is in "
        f"{folder} ({versions.describe()})"
    )


def no_wandb() -> str:
    return "The callbacks need wandb, which is not installed: pip install wandb"


def no_wandb_nor_keras() -> str:
    return (
        "The callbacks need wandb and Keras, which are not installed: pip install wandb tensorflow, or pip install "
        "wandb keras jax and set KERAS_BACKEND=jax (with PyTorch: wandb keras torch and KERAS_BACKEND=torch)."
    )


def wandb_too_old(version: str, first: str) -> str:
    return f"wandb {version} is too old for the callbacks: pip install 'wandb>={first}'. ({versions.describe()})"


def no_wandb_for_the_program() -> str:
    return "The program needs wandb, which is not installed: pip install wandb"
