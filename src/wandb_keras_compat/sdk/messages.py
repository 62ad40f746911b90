"""What is said of the server."""

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
