"""The whole programs that ``check`` plays, by name, and what each needs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from packaging.version import Version

#: Below the package.
HOOK_PROGRAMS, STARTED = Path("parity", "hook_programs"), Path("parity", "check", "started.py")

#: The hook's programs to what they need: TensorFlow, or any Keras 3.
OF_THE_HOOK = {
    "from_wandb_keras": "tensorflow",
    "attribute_of_wandb": "tensorflow",
    "newer_by_old_path": "tensorflow",
    "all_callbacks": "keras3",
}

#: Three programs of :mod:`..keras2` in Keras 2 spelling, held to what the real class logged; they need nothing beside
#: Keras. Between them ``layers.core`` and ``np_utils``, ``fit_generator`` and its kind, ``SGD(lr=, decay=)``,
#: ``predict_classes``.
IN_KERAS_2_SPELLING = ("shapes_cnn", "endless_generators", "vgg_like_decay")

#: What a program needs on its command line: ``run`` and its options; nothing for the installed wandb alone.
RUN = ("-m", "wandb_keras_compat", "run")


def not_here(name: str, versions: Mapping[str, str], backend: str, distributions: Mapping[str, str]) -> str:
    """Why the program *name* cannot be started with what is installed; empty where it can."""
    if name in IN_KERAS_2_SPELLING:
        there = {each.replace("_", "-") for each in distributions}
        return "" if "tf-keras" in there else "programs in Keras 2 spelling are started with tf-keras"
    if OF_THE_HOOK[name] == "tensorflow":
        return "" if backend == "tensorflow" else "it uses tf.keras"
    return "" if Version(versions["keras"]) >= Version("3") else "it is written for Keras 3"
