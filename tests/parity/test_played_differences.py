"""Each entry of the ledger that is about plays, shown by the smallest one."""

from __future__ import annotations

import dataclasses
import math

import pytest

from wandb_keras_compat.parity.ledger import compare, ledger
from wandb_keras_compat.parity.state_machine import nets, shapes
from wandb_keras_compat.parity.state_machine.contestants import Arena, made_with, real, shim
from wandb_keras_compat.parity.state_machine.data import Samples, Tensor
from wandb_keras_compat.parity.state_machine.events import (
    Batch,
    EpochEnd,
    Event,
    NewRun,
    Play,
    TrainBegin,
    Trained,
    TrainEnd,
)
from wandb_keras_compat.parity.state_machine.judge import BY_CHANCE, has_real_class, judge
from wandb_keras_compat.parity.state_machine.legacy_model import played as modelled
from wandb_keras_compat.parity.state_machine.legacy_model.rules import Rules

BEGIN, END = TrainBegin(), TrainEnd()
EPOCH, EPOCH_1 = EpochEnd(0, {"loss": 0.5}), EpochEnd(1, {"loss": 0.25})
ZERO = EpochEnd(0, {"loss": 0.0})


def play(
    *events: Event,
    net: nets.Net = nets.DENSE,
    resumed: dict[str, object] | None = None,
    validation: Samples | None = None,
    **arguments: object,
) -> Play:
    quiet = {"save_model": False, "save_graph": False, "monitor": "loss"}
    return Play({**quiet, **arguments}, (BEGIN, *events), net=net, resumed=resumed, validation=validation)


IMAGES = {"input_type": "image", "output_type": "label"}
PLAYS = {
    "KD-006": play(
        EPOCH, log_gradients=True, training_data=Samples(), net=dataclasses.replace(nets.DENSE, loss_weights=2.0)
    ),
    "KD-007": play(EPOCH, log_gradients=True, training_data=Samples(form="weighted")),
    "KD-008": play(EPOCH, **IMAGES, validation_data=Samples(), predictions=0, net=shapes.TO_LABELS[0]),
    "KD-042": play(Batch(0, None), log_batch_frequency=1),
    "KD-043": play(EPOCH, save_graph=True),
    "KD-044": play(ZERO),
    "KD-045": play(EPOCH, log_best_prefix="", save_model=True, resumed={"loss": 0.25}),
    "KD-046": play(EPOCH, resumed={"best_loss": "NaN"}),
    "KD-047": play(EpochEnd(0, {"loss": Tensor([0.5, 1.0])})),
    "KD-048": play(Trained(nets.NAN), EPOCH, log_weights=True),
    "KD-049": play(EPOCH, END, NewRun(), BEGIN, EpochEnd(0, {"loss": 0.75}), save_graph=True),
    "KD-050": play(EPOCH, EPOCH_1, log_gradients=True, training_data=Samples(2, "finite")),
    "KD-051": play(EPOCH, **IMAGES, validation_data=Samples(form="dataset"), net=shapes.TO_LABELS[0]),
    "KD-052": play(EPOCH, EPOCH_1, **IMAGES, validation_data=Samples(2, "finite"), net=shapes.TO_LABELS[0]),
    "KD-053": play(EPOCH, **IMAGES, validation_data=Samples(8), labels=["no", "yes"], net=shapes.TO_LABELS[2]),
    "KD-054": play(EPOCH, input_type="auto", validation_data=Samples(), net=shapes.TO_LABELS[3]),
    "KD-055": play(EPOCH, END, log_evaluation=True, validation_data=Samples(form="dataset")),
    "KD-056": play(EPOCH, END, log_evaluation=True, validation_data=Samples()),
    "KD-057": play(
        Batch(0, {}), EPOCH, END, log_evaluation=True, validation_data=Samples(), labels=("a",), net=nets.DENSE
    ),
    "KD-058": play(
        EPOCH, END, BEGIN, log_evaluation=True, **IMAGES, validation_data=Samples(2, "forever"), net=shapes.TO_LABELS[0]
    ),
    "KD-059": play(EPOCH, **IMAGES, validation_data=Samples(), labels=None, net=shapes.TO_LABELS[0]),
    "KD-060": play(EPOCH, log_gradients=True, training_data=Samples()),
    "KD-061": play(EPOCH, log_gradients=True, training_data=Samples()),
    "KD-062": play(EPOCH, **IMAGES, validation_data=Samples(), net=shapes.TO_LABELS[0]),
    "KD-090": play(
        Batch(0, {}),
        EPOCH,
        END,
        log_evaluation=True,
        validation_data=Samples(12),
        validation=Samples(64, seed=1),
    ),
    "KD-091": play(EPOCH, log_gradients=True, training_data=Samples(40)),
    "KD-092": play(Batch(0, {}), EPOCH, save_graph=True, net=dataclasses.replace(nets.DENSE, lent=("d",))),
    "KD-094": play(EPOCH, EPOCH_1, **IMAGES, validation=Samples(form="dataset"), net=shapes.TO_LABELS[0]),
    "KD-099": play(EPOCH, **IMAGES, validation=Samples(), net=shapes.TO_LABELS[0]),
}


@pytest.mark.parametrize("name", PLAYS)
def test_the_difference_is_there(arena: Arena, name: str) -> None:
    """The model of the real class and that of the shim part, by this entry; both are held to what they are models of."""
    entry = next(entry for entry in ledger().entries if entry.id == name)
    if not entry.holds(made_with()):
        pytest.skip(f"{name} is about other versions: {entry.versions()}")
    assert name in judge(arena, PLAYS[name])
    if name in BY_CHANCE:  # which no model knows: the real class itself is asked, where it lives through it
        last = [arena.played(kind, PLAYS[name])[-1] for kind in (real, shim) if kind is shim or has_real_class()]
        assert last[-1].died is None
        assert len(last) == 1 or last[0].died or compare(last[0].trace or {}, last[1].trace or {})
        return
    legacy, ours = (modelled(PLAYS[name], Rules(side, made_with())) for side in (False, True))
    assert legacy[-1].died is not None or compare(legacy[-1].trace or {}, ours[-1].trace or {})
    assert ours[-1].died is None


def test_every_entry_about_plays_has_one() -> None:
    about = {entry.id for entry in ledger().entries if any(pattern.startswith("play*") for pattern in entry.run)}
    assert about == set(PLAYS)


def test_nothing_differs_where_nothing_is_known_to(arena: Arena) -> None:
    """What everybody does: a better epoch after a worse one, and back."""
    losses = (0.5, 0.75, math.nan, 0.25)
    epochs = [
        event for at, loss in enumerate(losses) for event in (Batch(0, {"loss": 1.0}), EpochEnd(at, {"loss": loss}))
    ]
    everything = {
        "log_weights": True,
        "log_batch_frequency": 1,
        "save_graph": True,
        "compute_flops": True,
        "verbose": 1,
    }
    assert judge(arena, play(*epochs, END, **everything)) == judge(arena, play(END))


def test_a_generator_is_read_for_pictures_only(arena: Arena) -> None:
    """Where nothing is drawn, both trainings' tables are of the generator's batches in turn."""
    data = Samples(4, "forever")
    given = {"output_type": "label", "log_evaluation": True, "validation_data": data, "validation_steps": 1}
    assert "KD-058" not in judge(arena, play(EPOCH, END, BEGIN, EPOCH, END, **given))


def test_after_pictures_of_a_dataset_the_next_training_has_no_table(arena: Arena) -> None:
    """The real class keeps the batch it drew, and a dataset's is tensors; found by the drawn plays."""
    given = {**IMAGES, "log_evaluation": True, "net": shapes.TO_LABELS[0]}
    judge(arena, play(EPOCH, END, BEGIN, EPOCH, END, **given, validation=Samples(form="dataset")))
