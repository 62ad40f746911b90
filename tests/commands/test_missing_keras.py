"""Where there is no wandb, no Keras, or not what it is set to compute with, one sentence says what to install.

The environments are this one's packages less some: a folder of links to the others.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from packaging.version import Version

from wandb_keras_compat import needed
from wandb_keras_compat.hook.frameworks import present_backend
from wandb_keras_compat.testing.child_environment import inherited_environment
from wandb_keras_compat.versions import installed

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # comes with pytest there

SOURCES = [Path(__file__).parents[2] / name for name in ("src", "codemods")]
FRAMEWORKS = ("tensorflow", "jax", "torch", "tf_keras")
EACH_CALLBACK = """
import sys, wandb_keras_compat as package
for name in [name for name in package.__all__ if name.startswith("Wandb")]:
    try:
        getattr(package, name)
    except ModuleNotFoundError as error:
        assert "\\n" not in str(error)
        print(name, type(error).__name__, error, sep="|")
assert not {"keras", "tensorflow", "jax", "torch"} & set(sys.modules), "imported"
"""

Process = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """``process(without, *arguments, **environment)``: a Python that has not the packages *without*."""

    def start(without: Iterable[str], *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        packages = tmp_path / "packages"
        packages.mkdir()
        for entry in (path for place in sys.path for path in Path(place or ".").glob("*")):
            name = entry.name.lower().replace("_cpu", "").partition("-")[0]
            if (packages / entry.name).exists():
                continue  # the first place on the path has it
            if "site-packages" in entry.parts and entry.suffix != ".pth" and name not in without:
                (packages / entry.name).symlink_to(entry)
        home = tmp_path / "no choice of Keras"
        return subprocess.run(
            [sys.executable, "-S", *arguments],
            env=inherited_environment(
                {"KERAS_HOME": str(home), "WANDB_MODE": "disabled", **environment},
                drop=["KERAS_", "TF_USE_LEGACY_KERAS"],
                path=[*SOURCES, packages],
            ),
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )

    return start


keras_3_alone = pytest.mark.skipif(
    (version := installed("keras")) is None or version.major < 3, reason="Keras 2 needs TensorFlow to be imported"
)
NO_KERAS = (*FRAMEWORKS, "keras"), {}, "The callbacks need Keras, which is not installed: pip install tensorflow, or "
NO_BACKEND = (
    FRAMEWORKS,
    {"KERAS_BACKEND": "jax"},
    "compute with JAX, by KERAS_BACKEND or keras.json, which is not installed: pip install jax",
)
NO_TENSORFLOW = (
    FRAMEWORKS,
    {},
    "compute with TensorFlow, as it is if nothing else is said, which is not installed: pip install tensorflow",
)
#: As in an environment that has the package and nothing else.
NOTHING = (
    (*FRAMEWORKS, "keras", "wandb", "numpy", "pil", "h5py", "ml_dtypes", "scipy", "sklearn", "pandas"),
    {},
    "The callbacks need wandb and Keras, which are not installed: pip install wandb tensorflow, or ",
)
NO_NUMPY = (NOTHING[0][: NOTHING[0].index("wandb")] + NOTHING[0][NOTHING[0].index("numpy") :], *NO_KERAS[1:])
NO_WANDB = ("wandb",), {}, "which is not installed: pip install wandb"
CASES = [
    pytest.param(*NO_KERAS, id="no Keras"),
    pytest.param(*NO_NUMPY, id="no Keras and no NumPy"),
    pytest.param(*NO_BACKEND, id="no JAX", marks=keras_3_alone),
    pytest.param(*NO_TENSORFLOW, id="no TensorFlow", marks=keras_3_alone),
]


NOT_EVEN_WANDB = [pytest.param(*NOTHING, id="nothing"), pytest.param(*NO_WANDB, id="no wandb")]


@pytest.mark.parametrize(("without", "environment", "sentence"), [*CASES, *NOT_EVEN_WANDB])
def test_each_callback_says_it(
    process: Process, without: tuple[str, ...], environment: dict[str, str], sentence: str
) -> None:
    ended = process(without, "-c", EACH_CALLBACK, **environment)
    assert ended.returncode == 0, ended.stderr
    said = [line.split("|") for line in ended.stdout.splitlines()]
    assert len(said) == 12, ended.stdout
    for _, kind, text in said:
        assert kind == "ModuleNotFoundError"
        assert sentence in text


@pytest.mark.parametrize(("without", "environment", "sentence"), CASES)
@pytest.mark.parametrize("program", ["from wandb.keras import WandbCallback", "import keras"])
def test_run_says_it(
    process: Process, tmp_path: Path, without: tuple[str, ...], environment: dict[str, str], sentence: str, program: str
) -> None:
    (tmp_path / "train.py").write_text(f"import wandb\n{program}\n", encoding="utf-8")
    ended = process(without, "-m", "wandb_keras_compat", "run", "train.py", **environment)
    assert ended.returncode == 1
    assert ended.stderr.count(sentence) == 1, ended.stderr
    assert sentence in ended.stderr.splitlines()[-1]


@pytest.mark.skipif(
    present_backend() == "tensorflow", reason="another framework is not installed beside TensorFlow here"
)
def test_a_program_that_imports_tensorflow_itself(process: Process, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import tensorflow as tf\n", encoding="utf-8")
    ended = process(["tensorflow"], "-m", "wandb_keras_compat", "run", "train.py", KERAS_BACKEND=present_backend())
    assert ended.returncode == 1
    assert "Write import keras, and keras for tf.keras, or pip install tensorflow. (" in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize("program", ["from wandb.keras import WandbCallback", "import wandb"])
def test_run_says_that_there_is_no_wandb(process: Process, tmp_path: Path, program: str) -> None:
    (tmp_path / "train.py").write_text(f"{program}\n", encoding="utf-8")
    ended = process(["wandb"], "-m", "wandb_keras_compat", "run", "train.py")
    assert ended.returncode == 1
    said = "wandb_keras_compat: The program needs wandb, which is not installed: pip install wandb"
    assert ended.stderr.splitlines()[-1] == said


def test_a_folder_that_runs_left_is_no_wandb(process: Process, tmp_path: Path) -> None:
    """Python imports it as a package, and the callbacks would end with an attribute that it lacks."""
    (tmp_path / "wandb" / "latest-run").mkdir(parents=True)
    (tmp_path / "train.py").write_text("from wandb.keras import WandbCallback\n", encoding="utf-8")
    ended = process(["wandb"], "-m", "wandb_keras_compat", "run", "train.py")
    assert ended.returncode == 1
    assert ended.stderr.count("pip install wandb") == 1
    assert ended.stderr.splitlines()[-1].endswith("needs wandb, which is not installed: pip install wandb")


def test_a_wandb_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needed.versions, "installed", lambda name: Version("0.12.21") if name == "wandb" else None)
    monkeypatch.setattr(needed, "what_is_missing", lambda: None)
    monkeypatch.setattr(needed, "wandb_is_there", lambda: True)
    with pytest.raises(ImportError, match=r"^wandb 0\.12\.21 is too old .* pip install 'wandb>=0\.13\.4'"):
        needed.check()


def test_the_first_wandb_is_that_of_every_extra() -> None:
    project = tomllib.loads((SOURCES[0].parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {text for texts in project["optional-dependencies"].values() for text in texts if text.startswith("wandb")}
    assert wanted == {f"wandb>={needed.FIRST_WANDB}"}


def test_a_keras_that_is_loaded_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may compute with another framework than is set by now."""
    monkeypatch.setattr(needed, "what_is_missing", lambda: ModuleNotFoundError("no TensorFlow", name="tensorflow"))
    monkeypatch.setattr(needed, "wandb_is_there", lambda: True)
    monkeypatch.setitem(sys.modules, "keras", object())
    needed.check()
    monkeypatch.delitem(sys.modules, "keras")
    monkeypatch.delitem(sys.modules, "tf_keras", raising=False)
    with pytest.raises(ModuleNotFoundError, match="no TensorFlow"):
        needed.check()
