"""The environment in which wandb, here or in a child process, sends its runs to a backend and does little else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .server import Backend

_FOLDERS = {"WANDB_DIR": "wandb", "WANDB_DATA_DIR": "wandb-data", "WANDB_CACHE_DIR": "wandb-cache"}


def variables(backend: Backend, folder: Path) -> dict[str, str]:
    """What to set; wandb's files go below *folder*."""
    from .server.settings import fast_settings

    places = {name: folder / path for name, path in _FOLDERS.items()}
    for place in places.values():
        place.mkdir(exist_ok=True)
    return {
        **{name: str(place) for name, place in places.items()},
        **as_variables(fast_settings()),
        "WANDB_SILENT": "true",
        **backend.environment(),
    }


def as_variables(settings: dict[str, Any]) -> dict[str, str]:
    """Keywords of ``wandb.Settings`` as the environment variables wandb reads them from."""
    return {f"WANDB_{name.upper()}": _text(value) for name, value in settings.items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
