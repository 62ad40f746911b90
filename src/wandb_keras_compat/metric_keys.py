"""The names of logged metrics: those of the legacy class, those of the newer logger, or both in one row.

=============  ==================  =======================  ==========================================
in Keras       legacy              new, once per epoch      new, by batches
=============  ==================  =======================  ==========================================
``val_loss``   ``val_loss``        ``epoch/val_loss``       ``batch/val_loss``
the counter    ``epoch`` (rows     ``epoch/epoch``          ``batch/batch_step`` (legacy batch rows
               of epochs only)                              have no counter)
the rate       not logged          ``epoch/learning_rate``  ``batch/learning_rate``
=============  ==================  =======================  ==========================================

With ``"both"`` a sweep that reads ``val_loss`` and a panel on ``epoch/val_loss`` go on side by side while a team
moves from one to the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from . import messages

Keys = Literal["new", "legacy", "both"]
KEYS: tuple[str, ...] = get_args(Keys)


def wanted_keys(keys: Any) -> str | None:
    """What *keys* has to be, for a message; None where it is one of :data:`KEYS`."""
    return None if keys in KEYS else f"one of {', '.join(map(repr, KEYS))}"


def checked_keys(keys: str, callback: str) -> Keys:
    """*keys*, if it is one of :data:`KEYS`.

    Raises:
        ValueError: it is not.
    """
    wanted = wanted_keys(keys)
    if wanted is not None:
        message = messages.wrong_argument("keys", keys, wanted)
        raise ValueError(messages.from_callback(callback, message))
    return keys  # type: ignore[return-value]


def legacy_row(logs: Mapping[str, Any] | None, epoch: int | None = None) -> dict[str, Any]:
    """The row the legacy class made of Keras' *logs*; without *epoch* it is one of batches."""
    return {**(logs or {}), **({} if epoch is None else {"epoch": epoch})}
