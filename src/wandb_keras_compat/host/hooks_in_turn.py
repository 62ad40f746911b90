"""A callback whose batch hooks Keras calls in turn, also where it is given alone and not in a list."""

from __future__ import annotations

from typing import Any

from ..backends.batch_hooks import call_in_turn


class HooksInTurn:
    """See :mod:`wandb_keras_compat.backends.batch_hooks`."""

    def set_model(self, model: Any) -> None:
        super().set_model(model)  # type: ignore[misc]
        call_in_turn(self)
