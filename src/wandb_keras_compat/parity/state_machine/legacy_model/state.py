"""What the parts of the model share: the play, the rules, the runs, what was read and said."""

from __future__ import annotations

from typing import Any

from ..contestants import RUN
from ..events import Play
from .rules import DiesError, Rules
from .run import Run

#: The constructor's defaults.
DEFAULTS: dict[str, Any] = {
    "monitor": "val_loss",
    "verbose": 0,
    "mode": "auto",
    "save_weights_only": False,
    "log_weights": False,
    "log_gradients": False,
    "save_model": True,
    "training_data": None,
    "validation_data": None,
    "labels": None,
    "predictions": 36,
    "generator": None,
    "input_type": None,
    "output_type": None,
    "log_evaluation": False,
    "validation_steps": None,
    "class_colors": None,
    "log_batch_frequency": None,
    "log_best_prefix": "best_",
    "save_graph": True,
    "validation_indexes": None,
    "validation_row_processor": None,
    "prediction_row_processor": None,
    "infer_missing_processors": True,
    "log_evaluation_frequency": 0,
    "compute_flops": False,
    "save_model_as_artifact": True,
}


class LegacyState:
    """What one callback knows, and the runs it logs to.

    Attributes:
        options: what the constructor was given, over its defaults.
        version: which weights the model has.
        epochs_seen: how many epochs ended.
        examples_failed: whether they are off for this training.
        batches_read: how many batches of the generator of validation data were read.
        batch_drawn: the last one that images were drawn of.
        arrays_of_fit: what fit validates on, if that is arrays.
    """

    def __init__(self, play: Play, rules: Rules) -> None:
        self.play = play
        self.rules = rules
        self.options = {**DEFAULTS, **play.arguments}
        self.runs = [Run(RUN, play.resumed, step=0 if play.resumed is None else 5)]
        self.console: list[str] = []
        self.version = 0
        self.epochs_seen = 0
        self.batches_read = 0
        self.batch_drawn: Any = None
        self.arrays_of_fit: Any = None
        self.examples_failed = False

    @property
    def run(self) -> Run:
        return self.runs[-1]

    def dies(self, error: str) -> None:
        """An exception that the shim lets out as well."""
        raise DiesError(error)

    def say(self, sentence: str) -> None:
        """Keeps what is said in the terminal, each sentence once."""
        if sentence not in self.console:
            self.console.append(sentence)
