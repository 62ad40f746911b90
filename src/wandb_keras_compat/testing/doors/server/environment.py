"""The environment variables that make wandb send its runs to a backend, and that turn off what else a run does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...child_environment import wandb_folders

if TYPE_CHECKING:
    from .backend import Backend


def client_environment(backend: Backend, folder: Path) -> dict[str, str]:
    """The variables to set; wandb's files go below *folder*. The user's own configuration of wandb stays."""
    from .settings import fast_settings

    return {
        **wandb_folders(folder, leave=["WANDB_CONFIG_DIR"]),
        **_as_variables(fast_settings()),
        "WANDB_SILENT": "true",
        **backend.environment(),
    }


def _as_variables(settings: dict[str, Any]) -> dict[str, str]:
    """Keywords of ``wandb.Settings`` as the environment variables that wandb reads them from."""
    return {f"WANDB_{name.upper()}": _text(value) for name, value in settings.items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
