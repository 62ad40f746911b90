"""Every sentence about the Keras that is used, or missing, and what it cannot do."""

from __future__ import annotations

from .. import versions

_FRAMEWORKS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}


def no_keras() -> str:
    return (
        "The callbacks need Keras, which is not installed: pip install tensorflow, or pip install keras jax and set "
        "KERAS_BACKEND=jax (with PyTorch: keras torch and KERAS_BACKEND=torch)."
    )


def no_framework(name: str, others: list[str]) -> str:
    chosen = "as it is if nothing else is said" if name == "tensorflow" else "by KERAS_BACKEND or keras.json"
    text = f"Keras is set to compute with {_FRAMEWORKS[name]}, {chosen}, which is not installed: pip install {name}"
    if others:
        text += ", or set KERAS_BACKEND=" + " or ".join(others) + ", installed here, before Keras is imported"
    return f"{text}. ({versions.describe()})"


def imports_tensorflow(framework: str) -> str:
    return (
        "The program imports TensorFlow itself, which is not installed; "
        f"Keras computes with {_FRAMEWORKS.get(framework, framework)}. Write import keras, and keras for tf.keras, "
        f"or pip install tensorflow. ({versions.describe(framework)})"
    )


def framework_cannot_train(name: str) -> str:
    return (
        f"Keras is set to the backend {name}, which does not train or is not known to this package: set KERAS_BACKEND "
        f"to tensorflow, jax or torch before Keras is imported. ({versions.describe()})"
    )


def keras_too_old(version: str, framework: str, first: str) -> str:
    return (
        f"Keras {version} on {_FRAMEWORKS[framework]} is too old for the callbacks, which need Keras {first} there: "
        f"pip install 'keras>={first}'. ({versions.describe()})"
    )


def unavailable(lost: str, backend: str, reason: str, instead: str) -> str:
    return (
        f"WandbCallback logs no {lost}: {reason} (the backend is {_FRAMEWORKS.get(backend, backend)}). {instead}. "
        f"The rest is logged. ({versions.describe()})"
    )
