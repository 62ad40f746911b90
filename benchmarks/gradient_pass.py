"""The gradient pass against a bare one over the same data, on whatever Keras computes with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wandb_keras_compat.backends.families import framework_of, program_keras

from .bare_passes import bare_pass, dataset, slices, summing_pass
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
    from wandb_keras_compat.backends import backend_for

    framework = framework_of(program_keras())
    model = subject.build()
    x, y = subject.data(samples)
    batches = dataset(framework, x, y)
    ours, bare = backend_for(model).gradient_pass(model), bare_pass(framework, model)
    sides: dict[str, Callable[[], object]] = {
        "bare arrays": lambda: bare(slices(framework, x, y)),
        "arrays": lambda: ours.over_arrays(x, y, None),
        "bare dataset": lambda: bare(batches),
        "dataset": lambda: ours.over_batches(batches),
    }
    summing = summing_pass(framework, model)
    sides["summing"] = lambda: summing(slices(framework, x, y))
    legacy = legacy_class() if framework == "tensorflow" else None
    if legacy is None:
        return interleaved(sides, effort.rounds, clock=effort.clock)
    with offline_run():
        callback = legacy(log_gradients=True, training_data=(x, y), save_model=False, save_graph=False)
        callback.set_model(model)
        sides["legacy"] = lambda: callback._grad_accumulator_model.fit(
            x, y, verbose=0, callbacks=[callback._grad_accumulator_callback]
        )
        return interleaved(sides, effort.rounds, clock=effort.clock)
