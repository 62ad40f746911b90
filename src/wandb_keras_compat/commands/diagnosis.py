"""What an environment has of that which matters here, and what to mend; imports neither TensorFlow nor wandb."""

from __future__ import annotations

import configparser
import os
import platform
from collections.abc import Mapping
from importlib import util
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from packaging.version import InvalidVersion, Version

from .. import __version__
from ..hook import keras_checks
from ..hook.frameworks import chosen_backend
from ..hook.keras_checks import TENSORFLOWS
from ..needed import FIRST_WANDB

#: What Keras 3 can compute with, and the distribution of it.
_BACKENDS = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}
_FIRST_KERAS_3 = Version("3.0")
#: The first wandb that has none of the module, and the first that has none of the class.
_NO_MODULE, _NO_CLASS = Version("0.17.0"), Version("0.27.1")


class Fact(NamedTuple):
    """One line of the report."""

    name: str
    value: str


class Problem(NamedTuple):
    """What is wrong, and what mends it."""

    what: str
    mend: str


class Diagnosis(NamedTuple):
    """What was found."""

    facts: list[Fact]
    problems: list[Problem]


def version_of(distribution: str) -> Version | None:
    """The installed version of a distribution; None where it is absent or its version cannot be read."""
    try:
        return Version(keras_checks.version_of(distribution))
    except (InvalidVersion, TypeError):
        return None


def diagnose(environment: Mapping[str, str] = os.environ, home: Path | None = None) -> Diagnosis:
    """Looks at what is installed and how it is set up.

    Args:
        environment: the variables to go by.
        home: the folder of the user's settings; None is this user's.
    """
    home = Path.home() if home is None else home
    facts, problems = [Fact("wandb-keras-compat", __version__)], []
    facts.append(Fact("Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"))
    for part in (_tensorflow(), _keras(environment, home), _wandb(environment, home)):
        facts += part.facts
        problems += part.problems
    return Diagnosis(facts, problems)


def _tensorflow() -> Diagnosis:
    found = {name: version for name in TENSORFLOWS if (version := version_of(name))}
    # From some versions on, one distribution is installed by way of another, of the same version.
    said = ", ".join(f"{name} {version}" for name, version in found.items()) or "not installed"
    problems = []
    if len(set(found.values())) > 1:
        names = " ".join(found)
        problems.append(
            Problem(
                f"two builds of TensorFlow lie in the same place ({said}); files of one have replaced the other's",
                f"pip uninstall -y {names}, and then pip install the one you want",
            )
        )
    return Diagnosis([Fact("TensorFlow", said)], problems)


def _keras(environment: Mapping[str, str], home: Path) -> Diagnosis:
    keras, of_keras_2 = version_of("keras"), version_of("tf-keras")
    legacy = environment.get("TF_USE_LEGACY_KERAS", "").lower() in {"1", "true"}
    facts = [Fact("Keras", str(keras or "not installed"))]
    problems = []
    if keras is None:
        problems.append(Problem("Keras is not installed, so there is nothing to log", "pip install tensorflow"))
    elif keras >= _FIRST_KERAS_3:
        backend, by = chosen_backend(environment, home)
        facts.append(Fact("Keras backend", f"{backend} (by {by})"))
        if backend in _BACKENDS and util.find_spec(backend) is None:
            mend = f"pip install {_BACKENDS[backend]}, or set KERAS_BACKEND to what is installed"
            problems.append(Problem(f"Keras is to compute with {backend}, which is not installed", mend))
    used = f", tf.keras means it (TF_USE_LEGACY_KERAS={environment['TF_USE_LEGACY_KERAS']})" if legacy else ""
    facts.append(Fact("tf-keras (Keras 2)", f"{of_keras_2 or 'not installed'}{used}"))
    tensorflow = next((version for name in TENSORFLOWS if (version := version_of(name))), None)
    if tensorflow is not None and of_keras_2 is not None and tensorflow.release[:2] != of_keras_2.release[:2]:
        minor = ".".join(map(str, tensorflow.release[:2]))
        what = f"tf-keras {of_keras_2} is for another TensorFlow than {tensorflow}"
        problems.append(Problem(what, f'pip install "tf-keras=={minor}.*"'))
    if legacy and of_keras_2 is None and keras is not None and keras >= _FIRST_KERAS_3:
        what = "TF_USE_LEGACY_KERAS asks for tf-keras, which is not installed"
        problems.append(Problem(what, "pip install tf-keras, or unset the variable"))
    return Diagnosis(facts, problems)


def _wandb(environment: Mapping[str, str], home: Path) -> Diagnosis:
    version = version_of("wandb")
    if version is None:
        return Diagnosis([Fact("wandb", "not installed")], [Problem("wandb is not installed", "pip install wandb")])
    if version < Version(FIRST_WANDB):
        problem = Problem(f"wandb {version} is too old for the callbacks", f"pip install 'wandb>={FIRST_WANDB}'")
        return Diagnosis([Fact("wandb", str(version))], [problem])
    module = "has wandb.keras itself" if version < _NO_MODULE else "has no wandb.keras"
    legacy = "and its own WandbCallback" if version < _NO_CLASS else "and no WandbCallback"
    facts = [Fact("wandb", f"{version}: {module} {legacy}")]
    provided = "wandb.keras, wandb.integration.keras and the legacy names in them: this package's"
    facts.append(Fact("under run, install() or %load_ext", provided))
    mode = environment.get("WANDB_MODE") or ("disabled" if environment.get("WANDB_DISABLED") else None)
    facts.append(
        Fact("W&B mode", f"{mode} (by the environment)" if mode else "online, unless the program says otherwise")
    )
    host = environment.get("WANDB_BASE_URL", "https://api.wandb.ai")
    key = _key_of(environment, home, host)
    facts.append(Fact("W&B login", f"{host}: {key or 'no key found'}"))
    if key is None and mode not in {"offline", "disabled", "dryrun"}:
        what = f"no key for {host} was found, so wandb.init will ask for one, or fail where nobody can answer"
        problem = Problem(
            what, "wandb login, or WANDB_MODE=offline, or wandb-keras-compat backend (a server of your own)"
        )
        return Diagnosis(facts, [problem])
    return Diagnosis(facts, [])


def _key_of(environment: Mapping[str, str], home: Path, host: str) -> str | None:
    """Where a key for *host* lies; never the key itself."""
    if environment.get("WANDB_API_KEY"):
        return "a key in WANDB_API_KEY"
    machine = host.partition("://")[2].partition("/")[0].partition(":")[0]
    file = Path(environment["NETRC"]) if environment.get("NETRC") else home / ".netrc"
    try:
        words = file.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError):
        words = []
    if ("machine", machine) in pairwise(words):
        return f"a key in {file}"
    settings = configparser.ConfigParser()
    settings_file = home / ".config" / "wandb" / "settings"
    try:
        settings.read(settings_file, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return None
    return f"a key in {settings_file}" if settings.has_option("default", "api_key") else None
