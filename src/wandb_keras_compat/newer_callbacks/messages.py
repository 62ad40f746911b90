"""The messages of the three newer callbacks: what happened, with which versions, what to do."""

from __future__ import annotations


def bad_log_freq(log_freq: object) -> str:
    return (
        f'WandbMetricsLogger(log_freq={log_freq!r}): log_freq must be "epoch", "batch" or a number of '
        'batches of 1 or more. Use "epoch" to log no batches.'
    )


def no_learning_rate(error: BaseException, versions: str) -> str:
    return (
        f"WandbMetricsLogger could not read the learning rate ({type(error).__name__}: {error}; {versions}), so "
        "learning_rate is not logged and everything else is. It reads `model.optimizer.learning_rate`: a "
        "number, a variable or a schedule."
    )


def bad_save_format(save_format: object, known: list[str]) -> str:
    return (
        f"WandbModelCheckpoint(save_format={save_format!r}): save_format must be one of {', '.join(known)}, or "
        "be left out, and then the extension of filepath decides."
    )


BEST_OF_RUN_SAVES_ALL = (
    "WandbModelCheckpoint(best_of_run=True) needs save_best_only=True: without it every epoch is saved, and no value "
    "is compared."
)


def other_format(requested: str, written: str, weights_only: bool, versions: str) -> str:
    what = "weights" if weights_only else "the model"
    load = f'model.load_weights("{written}")' if weights_only else f'keras.models.load_model("{written}")'
    return (
        f'WandbModelCheckpoint writes {what} to "{written}": the format that "{requested}" asks for cannot be '
        f"written ({versions}). Load it with {load}; give filepath that name to silence this."
    )


def options_ignored(written: str, versions: str) -> str:
    return (
        f'WandbModelCheckpoint ignores options=: "{written}" is a format that is written without them '
        f"({versions}). They steer the SavedModel and TensorFlow checkpoint writers, which only Keras 2 has; "
        "leave the argument out to silence this."
    )


def monitor_missing(monitor: str, available: list[str], versions: str) -> str:
    return (
        f'WandbModelCheckpoint saved nothing: it waits for the best "{monitor}", which this training does not '
        f"report ({versions}). Reported: {', '.join(available) or 'nothing'}. Set monitor= to one of these, "
        "or, for a val_ name, give validation_data to fit."
    )


def path_not_filled(filepath: str, error: BaseException, available: list[str], versions: str) -> str:
    return (
        f'WandbModelCheckpoint saved nothing: the placeholders in "{filepath}" could not be filled '
        f"({type(error).__name__}: {error}; {versions}). Available: {', '.join(['epoch', 'batch', *available])} "
        "(batch only with save_freq=<int>)."
    )


def mode_guessed(monitor: str, mode: str, versions: str) -> str:
    return (
        f'WandbModelCheckpoint takes the {"highest" if mode == "max" else "lowest"} "{monitor}" for the best, by '
        f'Keras 2\'s rule for names: Keras could not tell its direction ({versions}). Pass mode="{mode}", or '
        "the other one, to be explicit."
    )


def optimizer_left_out(path: str, versions: str) -> str:
    return (
        f'WandbModelCheckpoint saves "{path}" without the state of the optimizer: Keras 3 can load it from HDF5, but '
        f"then not train on ({versions}). Training goes on from that file with a fresh optimizer; a filepath that ends "
        "in .keras keeps the state."
    )


def checkpoint_not_logged(path: str, error: BaseException, versions: str) -> str:
    return (
        f'WandbModelCheckpoint saved "{path}" but could not log it as an artifact ({type(error).__name__}: {error}; '
        f"{versions}). Training goes on and the file stays where it is; log it later with run.log_artifact."
    )


def tables_not_logged(state: str, versions: str) -> str:
    why = "there is no active run" if state == "none" else f"the run is {state}"
    return (
        f"WandbEvalCallback logs no tables: {why} ({versions}). data_table_ref and pred_table work as ever; "
        'use wandb.init(mode="offline") or "online" to keep what is put into them.'
    )


def data_table_not_logged(error: BaseException, versions: str) -> str:
    return (
        f"WandbEvalCallback could not log its ground truth as an artifact ({type(error).__name__}: {error}; "
        f"{versions}). data_table_ref is the local table instead, so prediction tables carry the data themselves."
    )


def pred_table_not_logged(error: BaseException, versions: str) -> str:
    return (
        f"WandbEvalCallback could not log a prediction table ({type(error).__name__}: {error}; {versions}). "
        "Training goes on, and the next epoch tries again."
    )
