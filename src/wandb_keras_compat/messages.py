"""Every sentence the package says: what happened, with which versions, and what to do.

Texts of the legacy class that people grep for are kept word for word; the rest is ours.
Warnings go out in wandb's own terminal style and at most once per callback and subject.
"""

from __future__ import annotations

import re

from . import versions

# --- legacy texts, kept ------------------------------------------------------------------------------

NO_TRAINING_DATA = "training_data argument is required for gradient logging."
TRAINING_DATA_LENGTH = "training data must be a tuple of length two"
NO_VALIDATION_DATA = "No validation_data set, pass a generator to the callback."
NO_H5 = "Can't save model in the h5py format. The model will be saved as as an W&B Artifact in the 'tf' format."
NO_FLOPS = "Unable to compute FLOPs for this model."
NO_MODEL = "self.model must be set before using this method."
NO_FLOPS_KIND = "Calculating FLOPS is only supported for `tf.keras.Model` and `tf.keras.Sequential` instances."
NO_STEPS = (
    "WandbCallback is unable to log validation data. "
    "When using a generator for validation_data, you must pass validation_steps"
)
TWO_LABELS = (
    'keras model is producing a single output, so labels should be a length two array: ["False label", "True label"].'
)


def from_callback(callback: str, message: str) -> str:
    """*message*, which names the legacy class, as another *callback* says it."""
    return message.replace("WandbCallback", callback)


def no_run(callback: str) -> str:
    return f"You must call wandb.init() before {callback}()"


def extra_is_missing(what: str, library: str, extra: str) -> str:
    return f"{what} needs {library}, which is not installed: pip install 'wandb-keras-compat[{extra}]'"


def numbers_differ_everywhere() -> str:
    return (
        "Nearly all numbers differ and the structure is the same: most likely the two\n"
        "trainings began with other random numbers. Two ways out: record both again with\n"
        "`trace record --seed 1`, or compare them with `trace diff --structure`.\n"
    )


def unknown_mode(mode: object) -> str:
    return f"WandbCallback mode {mode} is unknown, fallback to auto mode."


def improved(epoch: int, monitor: str, best: float, current: float, path: str | None = None) -> str:
    text = f"Epoch {epoch:05d}: {monitor} improved from {best:0.5f} to {current:0.5f}"
    return text if path is None else f"{text}, saving model to {path}"


def non_numeric(layer: str) -> str:
    return f"Non-numeric values found in layer: {layer}, not logging this layer"


def evaluation_not_started(error: BaseException) -> str:
    return (
        "Error initializing ValidationDataLogger in WandbCallback. "
        f"Skipping logging validation data. Error: {_short(error)}"
    )


def evaluation_failed(error: BaseException) -> str:
    return f"Error during prediction logging for epoch: {_short(error)}"


# --- arguments ---------------------------------------------------------------------------------------


def wrong_argument(name: str, value: object, wanted: str) -> str:
    return f"WandbCallback({name}={_short(value)}): {name} must be {wanted}."


def unknown_keyword(keyword: str, meant: str) -> str:
    return f"WandbCallback({keyword}=...): there is no argument {keyword}, and it is ignored. Did you mean {meant}?"


def cannot_be_pickled(callback: str, name: str, value: object, error: BaseException) -> str:
    if name == "generator":
        name = "generator (or validation_data)"
    return (
        f"{callback} cannot be pickled: its {name} is a {type(value).__name__}, which cannot ({_short(error)}). Give "
        "what can be pickled, such as arrays, or copy the callback in this process with copy.copy."
    )


def data_type_is_input_type() -> str:
    return "WandbCallback: data_type is the old name of input_type and is taken as such. Please write input_type."


def auto_mode_guess(monitor: str) -> str:
    return (
        f"WandbCallback(monitor={monitor!r}) with mode='auto' calls the LOWEST value the best one, as it always did: "
        "only names with 'acc' in them, or starting with 'fmeasure', count upwards. "
        "If higher is better, write mode='max'."
    )


# --- while training ----------------------------------------------------------------------------------


def feature_failed(lost: str, error: BaseException, again: bool) -> str:
    later = "It will be tried again." if again else "It is off for the rest of this training."
    return f"WandbCallback did not log {lost}: {_short(error)}. Training goes on. {later} ({versions.describe()})"


def optimizer_left_out(file: str) -> str:
    return (
        f"WandbCallback saves {file} without the state of the optimizer: Keras 3 can load it from HDF5, but then not "
        "train on. Training goes on from that file with a fresh optimizer; model.keras, in the model artifact, keeps "
        f"the state. ({versions.describe()})"
    )


def not_finite(key: str, dropped: int, total: int) -> str:
    left = "nothing is logged for it" if dropped == total else "the histogram holds the others"
    return f"WandbCallback: {key} has {dropped} of {total} values that are NaN or infinite; {left}."


def no_symbolic_graph_flops() -> str:
    return (
        f"{NO_FLOPS} It has no symbolic inputs (a subclassed model, or one that is not built yet): "
        "build it with fixed input shapes before fit."
    )


def no_validation_data(unreadable: str | None = None) -> str:
    return (
        "WandbCallback is unable to read validation_data from trainer and therefore cannot log validation data. "
        f"{unreadable or 'Pass validation_data to fit, or to the callback.'}"
    )


# What was asked for and has nothing to work on.


def nothing_to_log(asked: str, why: str, instead: str) -> str:
    return f"WandbCallback has nothing to log for {asked}: {why}. {instead}"


def no_metrics() -> str:
    return nothing_to_log("metrics", "Keras reported none", "Compile the model with a loss or metrics.")


def no_best(monitor: str, logged: list[str]) -> str:
    return nothing_to_log(
        "the best epoch",
        f"{monitor} was never among the metrics of an epoch, which were {', '.join(logged) or 'none'}, so no model was "
        "saved as the best and no best value is in the summary",
        "Pass validation data to fit, or one of these names as monitor=.",
    )


def no_weights() -> str:
    return nothing_to_log(
        "log_weights=True",
        "only layers with one or two arrays of weights are logged, and the model has none",
        "Log others yourself, from layer.get_weights().",
    )


def no_gradients() -> str:
    return nothing_to_log(
        "log_gradients=True", "the model has no trainable variables", "Set trainable=True on its layers before fit."
    )


def no_layers() -> str:
    return nothing_to_log("save_graph=True", "the model has no layers", "Make its layers attributes of the model.")


def no_examples(why: str = "neither fit nor the callback was given validation data") -> str:
    return f"{NO_VALIDATION_DATA} " + nothing_to_log(
        "example images",
        why,
        "Pass validation_data=(x, y) to either, or generator= an iterator of (x, y) batches to the callback.",
    )


def nothing_to_draw(input_type: object, output_type: object) -> str:
    return nothing_to_log(
        "example images",
        f"with input_type={input_type!r} and output_type={output_type!r}, given or guessed from the shapes, "
        "none is an image",
        "Pass input_type= or output_type= 'image' or 'segmentation_mask'.",
    )


def never_validated(data: object) -> str:
    return nothing_to_log(
        "examples and tables",
        f"Keras read nothing of the {type(data).__name__} that fit was given as validation_data. Either no epoch "
        "validated (validation_freq), or this model still reads the data of an earlier fit that was interrupted",
        "Make the model anew, or pass validation_data=(x, y) to the callback: WandbCallback(validation_data=(x, y)).",
    )


def fit_data_unreadable(why: str) -> str:
    return nothing_to_log(
        "examples and tables",
        f"it cannot see what fit validates on, since {why} ({versions.describe()})",
        "Pass data to the callback: WandbCallback(validation_data=(x, y)).",
    )


def no_fit_found() -> str:
    return fit_data_unreadable(
        "no running fit of Keras is among its callers: a training loop of your own, compiled code, or a Keras newer "
        "than this package"
    )


def generator_ran_dry(what: str) -> str:
    return (
        f"WandbCallback: the generator of {what} has no more batches; the last one it gave is used from now on. "
        "Pass arrays, a tf.data.Dataset, or a generator that never ends."
    )


def infinite_data(what: str) -> str:
    return f"{what} never ends; limit it, for example with dataset.take(n), or pass validation_steps"


def empty_data(what: str) -> str:
    return f"{what} is empty"


def no_targets() -> str:
    return "the validation data has no targets; give (x, y) pairs"


def no_references() -> str:
    return "the validation data has no targets to show beside the predictions"


def several_inputs() -> str:
    return "input images can be drawn for models with one input array; this validation data has several"


def several_outputs() -> str:
    return "images and captions can be made of the predictions of models with one output; this one has several"


def no_captions() -> str:
    return f"WandbCallback draws the input images without captions: {several_outputs()}."


def too_large_to_spell_out(values: int) -> str:
    return f"a sparse array of {values} values is too large to be written out; give fewer samples as validation_data"


def no_class_names(labels: object) -> str:
    return (
        f"WandbCallback(labels={_short(labels)}) does not say which class has which name, so classes are shown as "
        "numbers. Give a list of names in the order of the classes, or a dict of class number to name."
    )


# --- several workers ---------------------------------------------------------------------------------


def needs_the_other_workers(error: BaseException) -> str:
    return (
        "WandbCallback: several workers train this model, and running or saving it would wait for the others, which "
        f"need not have this callback; no copy for this worker alone could be made of it: {_short(error)}. No model, "
        "gradients, images, tables or GFLOPs are logged; training, metrics, weights and best_ go on. "
        f"Give the model a get_config() and from_config(). ({versions.describe()})"
    )


#: What TensorFlow and Keras put before, or around, the sentence that says what is wrong: frames of a traceback.
_FRAME = re.compile(r'^[ \t]*File "[^"\n]*", line \d+, in [^\n]*\n(?:[ \t]+(?!File ")[^\n]*\n)?', re.MULTILINE)
_HEADINGS = re.compile(r"^(?:in user code:|Detected at node .*|.*most recent call last.*:?)$", re.MULTILINE)


def _short(value: object, limit: int = 300) -> str:
    text = repr(value)
    if isinstance(value, BaseException):
        kind = f"{type(value).__name__}: "
        text = kind + _without_frames(str(value)).strip().removeprefix(kind)
    text = " ".join(text.split()).rstrip(".:")
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _without_frames(text: str) -> str:
    """*text* of an error without the traceback that TensorFlow writes into it, which would fill the whole message."""
    if 'File "' not in text:
        return text
    return _HEADINGS.sub("", _FRAME.sub("", text + "\n"))
