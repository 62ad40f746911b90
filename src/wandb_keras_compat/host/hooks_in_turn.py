"""A callback whose batch hooks Keras calls in turn, also where it is given alone and not in a list."""

from __future__ import annotations

from typing import Any

from ..backends.batch_hooks import call_in_turn


class HooksInTurn:
    """See :mod:`wandb_keras_compat.backends.batch_hooks`."""

    def set_model(self, model: object) -> None:
        keras: Any = super()  # the class beside this one
        keras.set_model(model)
        call_in_turn(self)
