"""What ``run`` and the notebook extension say of an error that comes of what Keras 3 removed, against stand-ins."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wandb_keras_compat.commands.program import keras_subprocess
from wandb_keras_compat.hook.keras_messages import by_first_cell

from .conftest import CODEMODS, run_under

pytestmark = pytest.mark.usefixtures("without_the_option")

Run = Callable[..., str]


def test_a_cell_that_ends_by_what_keras_3_removed(python: Run, packages: Path) -> None:
    printed = python(
        """
import contextlib, io, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
def said(cell):
    with contextlib.redirect_stderr(io.StringIO()) as error, contextlib.redirect_stdout(io.StringIO()):
        shell.run_cell(cell)
    text = error.getvalue()
    return text[text.index("wandb_keras_compat: "):].replace("\\n", "|") if "wandb_keras_compat: " in text else ""
print(said("import keras.utils.np_utils"))
said("%load_ext wandb_keras_compat"), said("%reload_ext wandb_keras_compat")
for cell in ["import keras.utils.np_utils", "{}['val_acc']", "1 / 0", "import keras.layerz", "(", "raise SystemExit",
             "import keras; keras.optimizers.Adam(decay=1)"]:
    print(said(cell))
said("%unload_ext wandb_keras_compat")
print(said("import keras.utils.np_utils"))
""",
        packages,
        CODEMODS,
    ).splitlines()
    assert [bool(line) for line in printed] == [False, True, True, False, False, False, False, True, False], printed
    cell = "|    %env WANDB_KERAS_COMPAT_KERAS={}|    %load_ext wandb_keras_compat|"
    said = "wandb_keras_compat: Keras 3 removed {}; this runs the program as it is, with Keras 2: restart the kernel, "
    first = "and let this be the first cell:" + cell.format("tf_keras")
    assert printed[1] == said.format("keras.utils.np_utils") + first
    assert printed[2].endswith("restart the kernel, and let this be the first cell:" + cell.format("tf_keras:2.2"))
    assert printed[7] == said.format("the argument decay") + first


def test_a_first_cell_that_needs_tf_keras() -> None:
    said = by_first_cell(
        "tf_keras", 'keras needs the package tf-keras, which is not installed: pip install "tf-keras==2.19.*"'
    )
    assert said.splitlines()[1:] == [
        '    %pip install "tf-keras==2.19.*"',
        "    %env WANDB_KERAS_COMPAT_KERAS=tf_keras",
        "    %load_ext wandb_keras_compat",
    ]


ENDINGS = {
    "from keras.utils import np_utils": "keras.utils.np_utils",
    "import keras.layers.core": "keras.layers.core",
    "from tensorflow.keras.layers import CuDNNLSTM": "tensorflow.keras.layers.CuDNNLSTM",
    "import keras; keras.backend.mean": None,  # the stand-in has no keras.backend at all
    "import keras; keras.layers.ThresholdedReLU": "keras.layers.ThresholdedReLU",
    "import keras; keras.optimizers.Adam(decay=1)": "the argument decay",
    "from keras.utils import multi_gpu_model": "MirroredStrategy",
    "import keras.layerz": None,
    "from keras.layers import Densest": None,
    "{}['acc']": None,
    "import keras; {}['val_acc']": "as val_acc, later ones as val_accuracy",
    "import keras; {}['accuracy']": None,
    "import keras; raise KeyError(\"Failed to format this callback filepath: x. Reason: 'acc'\")": "as acc, later",
    "raise SystemExit(3)": None,
    "def fit(epochs): pass\nfit(nb_epoch=3)": None,
    "raise AttributeError('fit_generator')": None,
    "raise ValueError(\"Argument(s) not recognized: {'lr': 1}\")": None,
}


@pytest.mark.slow
def test_what_run_says_of_an_error(tmp_path: Path, packages: Path) -> None:
    for number, (line, what) in enumerate(ENDINGS.items()):
        (tmp_path / f"program{number}.py").write_text(line)
        if line.startswith("from tensorflow.keras"):
            (packages / "tensorflow" / "keras").mkdir()
            (packages / "tensorflow" / "keras" / "__init__.py").write_text("")
            (packages / "tensorflow" / "keras" / "layers.py").write_text("")
        done = run_under(f"program{number}.py", "--epochs", "a b", folder=tmp_path, path=packages)
        last = done.stderr.splitlines()[-1] if done.stderr else ""
        assert done.returncode == (3 if "SystemExit" in line else 1)
        assert last.startswith(("wandb_keras_compat: Keras 3 removed ", "wandb_keras_compat: Keras up to 2.2 ")) == (
            what is not None
        ), (line, done.stderr)
        if what is not None:
            assert what in last
            keras = "tf_keras:2.2" if "acc'" in line else "tf_keras"
            command = f"python -m wandb_keras_compat run --keras {keras} program{number}.py --epochs 'a b'"
            assert (command in last) == ("multi_gpu" not in line)


PROCESSES = """
import multiprocessing, sys

def work(number):
    if number:
        import keras
        {line}

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    for number in (0, 1):
        process = context.Process(target=work, args=(number,))
        process.start(), process.join()
    sys.exit(process.exitcode + 1)
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_what_a_process_of_the_program_says(tmp_path: Path, packages: Path, method: str) -> None:
    (tmp_path / "program.py").write_text(PROCESSES.format(line="import keras.layers.core"))
    done = run_under("program.py", method, folder=tmp_path, path=packages)
    command = f"python -m wandb_keras_compat run --keras tf_keras program.py {method}"
    said = f"wandb_keras_compat: Keras 3 removed keras.layers.core; this runs the program as it is, with Keras 2: {command}"
    assert done.returncode == 2 and done.stderr.count("Traceback") == 1, done.stderr
    assert done.stderr.splitlines()[-2:] == ["ModuleNotFoundError: No module named 'keras.layers.core'", said], (
        done.stderr
    )
    assert done.stderr.count("wandb_keras_compat") == 2  # the sentence and its command: none of our frames
    caught = "try:\n            import keras.layers.core\n        except ImportError:\n            import traceback; traceback.print_exc()"
    for line in ("sys.exit(1)", "1 / 0", caught):
        (tmp_path / "program.py").write_text(PROCESSES.format(line=line))
        assert "wandb_keras_compat" not in run_under("program.py", method, folder=tmp_path, path=packages).stderr


@pytest.mark.parametrize("pool", ["multiprocessing.Pool(1)", "concurrent.futures.ProcessPoolExecutor(1)"])
def test_an_error_that_a_pool_hands_over(tmp_path: Path, packages: Path, pool: str) -> None:
    (packages / "keras" / "src").mkdir()
    (packages / "keras" / "src" / "optimizers.py").write_text((packages / "keras" / "optimizers.py").read_text())
    (packages / "keras" / "optimizers.py").write_text("from keras.src.optimizers import Adam\n")
    program = f"import concurrent.futures, multiprocessing\ndef work(_):\n    import keras; {{}}\nif __name__ == '__main__':\n    with {pool} as pool:\n        list(pool.map(work, [1]))\n"
    for line, words in {
        "import keras.layers.core": "Keras 3 removed keras.layers.core",
        "keras.optimizers.Adam(lr=1)": "Keras 3 removed the argument lr",
        "raise ValueError(\"Argument(s) not recognized: {'lr': 1}\")": "",
    }.items():
        (tmp_path / "program.py").write_text(program.format(line))
        done = run_under("program.py", folder=tmp_path, path=packages)
        assert done.stderr.count("wandb_keras_compat: ") == bool(words) and words in done.stderr, done.stderr


STARTED = {
    "import keras.layers.core": "keras.layers.core",
    "def work():\n    from keras.utils import np_utils\nif __name__ == '__main__':\n    work()": "keras.utils.np_utils",
    "from keras.utils import multi_gpu_model": "MirroredStrategy",
    "import keras; keras.optimizers.Adam(lr=1)": "the argument lr",
    "try:\n    import keras.layers.core\nexcept ImportError:\n    1 / 0": None,
    "import keras\nif keras.__version__ < '3': import keras.layers.core\n1 / 0": None,
    "import keras, sys; sys.exit(1)": None,
    "def old():\n    import keras.layers.core\ntry: old()\nexcept ImportError: 1 / 0": None,
    "import contextlib\nwith contextlib.suppress(ImportError):\n    import keras.layers.core\n1 / 0": None,
    "raise ValueError(\"Argument(s) not recognized: {'lr': 1}\")": None,
    "from keras import layers; raise TypeError": None,
}
CAUGHT = ("capture_output=True", "stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["", *CAUGHT])
def test_what_is_said_of_a_process_that_the_program_starts(tmp_path: Path, packages: Path, how: str) -> None:
    (packages / "keras" / "src").mkdir()
    (packages / "keras" / "src" / "optimizers.py").write_text((packages / "keras" / "optimizers.py").read_text())
    (packages / "keras" / "optimizers.py").write_text("from keras.src.optimizers import Adam\n")
    program = f"import subprocess, sys\nsubprocess.run([sys.executable, '-u', 'child.py'], check=True, {how})"
    (tmp_path / "program.py").write_text(program)
    for child, what in STARTED.items():
        (tmp_path / "child.py").write_text(child)
        done = run_under("program.py", folder=tmp_path, path=packages)
        last = done.stderr.splitlines()[-1]
        expected = what is not None and (how != "" or "argument" not in what)
        assert ("Keras 3 removed" in last and str(what) in last) == expected, done.stderr
        assert done.stderr.count("wandb_keras_compat: ") == expected
        if expected and "Mirrored" not in last:
            assert last.endswith(
                "this runs the program as it is, with Keras 2: python -m wandb_keras_compat run --keras tf_keras program.py"
            )


PYTHON = os.path.basename(sys.executable)


@pytest.fixture
def in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.path.dirname(sys.executable) + os.pathsep + os.defpath)
    (tmp_path / "child.py").write_text("import keras.utils.np_utils")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / PYTHON).symlink_to(sys.executable)


def imports_of(code: int, started: Any, printed: bytes | None = None) -> list[tuple[str, str]]:
    return keras_subprocess.imports_of(subprocess.CalledProcessError(code, started, printed))[1]


@pytest.mark.usefixtures("in_place")
@pytest.mark.parametrize(
    "started",
    [f"{PYTHON} child.py", [sys.executable, "-c", "import keras.utils.np_utils"], [PYTHON, "-Bu", Path("child.py")]],
)
def test_how_a_process_may_be_started(started: Any) -> None:
    assert imports_of(1, started) == [("keras.utils.np_utils", "")]
    assert not imports_of(2, started)


@pytest.mark.usefixtures("in_place")
def test_what_a_process_printed_says_more_than_what_it_imports() -> None:
    printed = b"Traceback (most recent call last):\n  ...\nFileNotFoundError: train.csv\n"
    assert not imports_of(1, [sys.executable, "child.py"], printed)
    assert imports_of(1, [sys.executable, "child.py"], b"reading train.csv\n")


@pytest.mark.usefixtures("in_place")
@pytest.mark.parametrize(
    "started",
    [
        "bash child.py",
        f"{PYTHON} -m child",
        [PYTHON],
        f"{PYTHON} none.py",
        f"{PYTHON} 'child.py",
        f"bin/{PYTHON} child.py",
    ],
)
def test_processes_of_which_nothing_is_known(started: Any) -> None:
    assert not imports_of(1, started)
