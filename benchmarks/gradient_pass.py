"""The gradient pass against a bare ``tf.function`` one over the same data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .measure import Times, interleaved
from .models import BATCH, SUBJECTS, Subject
from .results import Effort, Row
from .wandb_runs import legacy_class, offline_run

TITLE = "gradient pass"
LIMIT = 1.15


def measure(effort: Effort) -> Iterator[Row]:
    """Rows for arrays and for a dataset, on every model."""
    for subject in SUBJECTS:
        samples = effort.of(subject.samples, at_least=4 * BATCH)
        times = _times(subject, samples, effort)
        about = f"{subject.name}, {samples // BATCH} batches"
        for form in ("arrays", "dataset"):
            yield Row(TITLE, f"{about}, {form}", "shim / bare", times.ratio(form, f"bare {form}"), limit=LIMIT)
        yield Row(TITLE, f"{about}, arrays", "bare that sums / bare", times.ratio("summing", "bare arrays"))
        if "legacy" in times.seconds:
            yield Row(TITLE, f"{about}, arrays", "legacy / bare", times.ratio("legacy", "bare arrays"))


def _times(subject: Subject, samples: int, effort: Effort) -> Times:
    import tensorflow as tf

    from wandb_keras_compat.backends import backend_for

    model = subject.build()
    x, y = subject.data(samples)
    dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(BATCH)
    ours = backend_for(model).gradient_pass(model)
    bare, summing = bare_pass(model), summing_pass(model)
    sides: dict[str, Callable[[], object]] = {
        "bare arrays": lambda: bare(_slices(x, y)),
        "arrays": lambda: ours.over_arrays(x, y, None),
        "bare dataset": lambda: bare(dataset),
        "dataset": lambda: ours.over_batches(dataset),
        "summing": lambda: summing(_slices(x, y)),
    }
    legacy = legacy_class()
    if legacy is None:
        return interleaved(sides, effort.rounds, clock=effort.clock)
    with offline_run():
        callback = legacy(log_gradients=True, training_data=(x, y), save_model=False, save_graph=False)
        callback.set_model(model)
        sides["legacy"] = lambda: callback._grad_accumulator_model.fit(
            x, y, verbose=0, callbacks=[callback._grad_accumulator_callback]
        )
        return interleaved(sides, effort.rounds, clock=effort.clock)


def bare_pass(model: Any) -> Callable[[Any], None]:
    """The least anyone could do: the gradient of each batch's loss in one graph call, thrown away."""
    import tensorflow as tf

    loss_of = tf.keras.losses.SparseCategoricalCrossentropy()

    @tf.function(reduce_retracing=True)
    def gradients(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
        return tape.gradient(loss, _variables(model))

    def over(batches: Any) -> None:
        found: Any = None
        for x, y in batches:
            found = gradients(x, y)
        _wait_for(found)

    return over


def summing_pass(model: Any) -> Callable[[Any], Any]:
    """The same with the sums kept in variables, which is what the histograms need."""
    import tensorflow as tf

    loss_of = tf.keras.losses.SparseCategoricalCrossentropy()
    sums = [tf.Variable(tf.zeros(v.shape), trainable=False) for v in _variables(model)]

    @tf.function(reduce_retracing=True)
    def add(x: Any, y: Any) -> None:
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
        for total, gradient in zip(sums, tape.gradient(loss, _variables(model))):
            total.assign_add(gradient)

    def over(batches: Any) -> Any:
        for total in sums:
            total.assign(tf.zeros_like(total))
        for x, y in batches:
            add(x, y)
        return [total.numpy() for total in sums]

    return over


def _variables(model: Any) -> list[Any]:
    return [getattr(v, "value", v) if hasattr(v, "path") else v for v in model.trainable_variables]


def _slices(x: Any, y: Any) -> Iterator[tuple[Any, Any]]:
    import tensorflow as tf

    tensors = tf.constant(x), tf.constant(y)
    for start in range(0, len(x), BATCH):
        yield tensors[0][start : start + BATCH], tensors[1][start : start + BATCH]


def _wait_for(gradients: Any) -> None:
    for gradient in gradients:
        gradient.numpy()
