"""``install(keras="tf_keras")`` against stand-ins: who is who, what is taken back, and what is said when it cannot be."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wandb_keras_compat.testing.child_environment import inherited_environment

from .conftest import SOURCE, run_under
from .keras_standins import plant

pytestmark = pytest.mark.usefixtures("without_the_option")

Run = Callable[..., str]
INSTALL = 'import os, sys, wandb_keras_compat as ours\nours.install(keras="tf_keras")\n'


def test_every_road_leads_to_one_object(python: Run, packages: Path) -> None:
    python(
        INSTALL
        + """
import importlib, pickle, pkgutil, threading
assert not {"keras", "tf_keras", "tensorflow"} & set(sys.modules)  # choosing it imports nothing
roads = [
    "import keras.layers\\ngot = keras.layers.Dense",
    "from keras.layers import Dense as got",
    "from keras.layers.core import Dense as got",
    "import keras.layers.core as core\\ngot = core.Dense",
    "import keras\\ngot = keras.layers.core.Dense",
    "from tensorflow.keras.layers import Dense as got",
    "import tensorflow as tf\\ngot = tf.keras.layers.Dense",
    "from tensorflow import keras\\ngot = keras.layers.Dense",
    "import tensorflow.keras.layers.core as core\\ngot = core.Dense",
    "from importlib import import_module\\ngot = import_module('keras.layers').Dense",
    "from keras.layers import *\\ngot = Dense",
    "from keras.layers.core import *\\ngot = Dense",
    "import tf_keras\\ngot = tf_keras.layers.Dense",
]
found = {}
def go(number):
    space = {}
    exec(roads[number], space)
    found[number] = space["got"]
threads = [threading.Thread(target=go, args=(number,)) for number in range(len(roads))]
[thread.start() for thread in threads], [thread.join() for thread in threads]
assert len(found) == len(roads) and len(set(found.values())) == 1, found

import keras, tensorflow as tf, tensorflow.keras.utils, keras.utils.np_utils, keras.backend as K
assert keras is tf.keras is sys.modules["tensorflow.keras"] and keras.__version__ == "2.19.0"
assert tensorflow.keras.utils is keras.utils and keras.utils.np_utils.to_categorical(1) == "Keras 2"
assert K is keras.backend and K.set_session(1) == 1  # what only the sources have
assert keras.__spec__.name == "tf_keras" and importlib.reload(keras.layers) is keras.layers
assert "layers" in {found.name for found in pkgutil.iter_modules(keras.__path__)}
from keras.layers.core import Dropout
assert Dropout is keras.layers.Dropout  # which tf_keras has elsewhere
assert pickle.loads(b"ckeras.engine.sequential\\nSequential\\n.") is keras.models.Sequential
assert pickle.loads(pickle.dumps(keras.layers.Dense)) is keras.layers.Dense
importlib.reload(keras.optimizers)
assert keras.optimizers.Adam.edition == 2010 and keras.optimizers.adam is keras.optimizers.Adam
assert keras.optimizers.get("adam") == ("adam", {"use_legacy_optimizer": True}) and keras.optimizers.get(1) == (1, {})
assert hasattr(keras.Sequential, "predict_classes") and not hasattr(keras.Model, "predict_classes")
assert isinstance(keras.layers.CuDNNLSTM(), keras.layers.LSTM)
for place in (keras.layers, keras.layers.core):
    assert {"Dense", "Dropout", "__name__"} <= {*dir(place)} and dir(place) == sorted(dir(place))
assert not hasattr(keras.layers, "NoSuchLayer") and not hasattr(keras, "no_such_module")
import importlib.util
assert importlib.util.find_spec("keras.no_such_module") is None
""",
        packages,
    )


def test_everything_is_taken_back(python: Run, packages: Path) -> None:
    python(
        """
import os, sys, tf_keras, tf_keras.src.losses, tf_keras.src.metrics, wandb_keras_compat as ours
def seen():
    modules = {name: dict(vars(module)) for name, module in sys.modules.items() if name.startswith("tf_keras")}
    for name in [name for name in modules if name.startswith("tf_keras.src")]:
        del modules[name]  # importing more of the sources is no change
    sources = [vars(sys.modules[f"tf_keras.src.{name}"]) for name in ("optimizers", "losses", "metrics")]
    modules.update({space["__name__"]: {name: space[name] for name in space if not name.startswith("_")} for space in sources})
    classes = {kind: dict(vars(kind)) for kind in (tf_keras.Sequential, tf_keras.Model)}
    return modules, classes, dict(tf_keras.utils.get_custom_objects())
before, environment, path = seen(), dict(os.environ), list(sys.meta_path)
for _ in range(2):
    ours.install(keras="tf_keras")
    ours.install(keras="tf_keras")
    ours.install()
    import keras, keras.layers.core, keras.utils.np_utils, keras.engine.topology, keras.objectives
    from keras.layers import CuDNNGRU
    assert keras.optimizers.Adam.edition == 2010 and seen() != before
    ours.uninstall()
    for place, now in seen()[0].items():
        assert now == before[0][place], (place, set(now) ^ set(before[0][place]))
    assert seen() == before and dict(os.environ) == environment and sys.meta_path == path
    assert not [name for name in sys.modules if name.partition(".")[0] == "keras"]
import keras
assert keras.__version__ == "3.9.0" and keras.utils.to_categorical(1) == "Keras 3"
""",
        packages,
    )


def test_without_the_option_nothing_of_it_is_there(python: Run, packages: Path) -> None:
    python(
        """
import os, sys
environment = dict(os.environ)
import wandb_keras_compat as ours
ours.install()
assert not [name for name in sys.modules if "keras_" in name.rpartition(".")[2] and name.startswith("wandb_keras_compat.")]
assert dict(os.environ) == environment and len([f for f in sys.meta_path if "wandb_keras_compat" in type(f).__module__]) == 1
import keras, tensorflow as tf
assert keras.__version__ == "3.9.0" and tf.keras is keras
""",
        packages,
    )


def test_processes_that_the_program_starts(python: Run, packages: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("import sys; sys.mine = __file__")
    (tmp_path / "child.py").write_text(
        "import multiprocessing, subprocess, sys\n"
        "def show(): import keras.utils.np_utils, sys; print(keras.__version__, hasattr(sys, 'mine'), flush=True)\n"
        "if __name__ == '__main__':\n"
        "    show()\n"
        "    for method in ('spawn', 'forkserver', 'fork'):\n"
        "        process = multiprocessing.get_context(method).Process(target=show)\n"
        "        process.start(), process.join()\n"
        "    subprocess.run([sys.executable, '-c', 'import child; child.show()'])\n"
    )
    printed = python(
        "import subprocess, sys\n"
        "subprocess.run([sys.executable, '-m', 'wandb_keras_compat', 'run', '--keras', 'tf_keras', 'child.py'], check=True)",
        own,
        packages,
    )
    assert printed == "2.19.0 True\n" * 5


def test_a_process_below_begins_with_the_hook_as_its_parent_does(python: Run, packages: Path) -> None:
    """Once, however deep it is: what it hands on is what it got."""
    python(
        INSTALL
        + """
import subprocess
below = [sys.executable, "-c", "import os; print(os.environ['PYTHONPATH'])"]
assert subprocess.run(below, capture_output=True, text=True, check=True).stdout.strip() == os.environ["PYTHONPATH"]
""",
        packages,
    )


PROBLEMS = {
    "another choice": (
        "import wandb_keras_compat as w; w.install(keras='tf_keras:2.2')",
        "came after keras='tf_keras:2.2'",
        "uninstall()",
    ),
    "keras is there": ("import keras", "has imported keras already", "restart the kernel"),
    "tensorflow is there": ("import tensorflow", "has imported tensorflow already", "before the first import"),
    "another backend": (
        "import os; os.environ['KERAS_BACKEND'] = 'jax'",
        "KERAS_BACKEND=jax needs Keras 3",
        "leave out",
    ),
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_is_in_the_way(python: Run, packages: Path, problem: str) -> None:
    before, *words = PROBLEMS[problem]
    code = f"{before}\nimport os, sys, wandb_keras_compat as ours\nenvironment = dict(os.environ)\n"
    code += "try: ours.install(keras='tf_keras')\nexcept RuntimeError as error: print(error)\n"
    code += "assert dict(os.environ) == environment and not ours.installed() or ours.hook.keras_option.chosen() == 'tf_keras:2.2'"
    printed = python(code, packages)
    assert all(word in printed for word in words), printed


INSTALLATIONS = {
    "another minor": (
        ("2.19.1", "2.18.0"),
        'tf-keras 2.18.0 does not go with TensorFlow 2.19: pip install "tf-keras==2.19.*"',
    ),
    "no tf-keras": (("2.19.1", None), 'tf-keras, which is not installed: pip install "tf-keras==2.19.*"'),
    "Keras 2 itself": (("2.12.1", None), "TensorFlow 2.12.1 has Keras 2 itself"),
}


@pytest.mark.parametrize("installation", INSTALLATIONS)
def test_what_is_installed(tmp_path: Path, installation: str) -> None:
    versions, words = INSTALLATIONS[installation]
    if installation == "no tf-keras" and importlib.util.find_spec("tf_keras"):
        pytest.skip("tf-keras is installed here and stands behind the stand-ins")
    (tmp_path / "program.py").write_text("print('never')")
    done = run_under("--keras", "tf_keras", "program.py", folder=tmp_path, path=plant(tmp_path / "packages", *versions))
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr and done.stderr.count("\n") == 1, done.stderr


def test_names_of_keras_3_and_names_that_are_gone(python: Run, packages: Path, tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "keras_hub"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from keras import ops")
    (package.parent / "keras_cv").mkdir()
    (package.parent / "keras_cv" / "__init__.py").write_text("import keras_core")
    printed = python(
        INSTALL
        + """
import keras
for line in ["from keras import ops", "import keras.ops", "from keras.ops import add", "keras.ops", "import keras_hub",
             "from keras.utils.all_utils import multi_gpu_model", "keras.layers.core.Highway", "import keras.nothing", "import keras_cv"]:
    try:
        exec(line)
    except (ImportError, AttributeError) as error:
        print(type(error).__name__, error)
""",
        packages,
        package.parent,
    ).splitlines()
    kinds = [line.split()[0] for line in printed]
    missing = "ModuleNotFoundError"
    assert kinds == [missing, missing, missing, "AttributeError", missing, missing, "AttributeError", missing, missing]
    for line in printed[:4]:
        assert "keras.ops" in line and "exists in Keras 3 only" in line and "this program needs Keras 3" in line
    assert "the package keras_hub needs Keras 3" in printed[4]
    assert "use tf.distribute.MirroredStrategy" in printed[5] and "use a layer of your own" in printed[6]
    assert "keras_core exists in Keras 3 only" in printed[8] and "the package keras_cv needs Keras 3" in printed[8]
    assert printed[7] == "ModuleNotFoundError No module named 'keras.nothing'"


def test_arguments_of_keras_1_are_named(tmp_path: Path, packages: Path) -> None:
    said = {
        "keras.Model().fit(nb_epoch=1)": "nb_epoch is named as in Keras 1, which Keras 2 took up to 2.2: write epochs",
        "raise TypeError('Keyword argument not understood:', 'border_mode')": "write padding",
        "keras.Model().fit(epoch=1)": None,
    }
    (packages / "tf_keras" / "src" / "engine" / "training.py").write_text("class Model:\n    def fit(self): pass\n")
    for line, words in said.items():
        (tmp_path / "program.py").write_text(f"import keras\n{line}")
        last = run_under("--keras", "tf_keras", "program.py", folder=tmp_path, path=packages).stderr.splitlines()[-1]
        assert last.startswith("wandb_keras_compat: ") == (words is not None) and (words or "") in last, last


def test_a_backend_that_the_program_chooses(python: Run, packages: Path) -> None:
    printed = python(
        INSTALL
        + """
for name in ["jax", "theano"]:
    os.environ["KERAS_BACKEND"] = name
    try:
        import keras
    except ImportError as error:
        print(error)
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
""",
        packages,
    ).splitlines()
    assert "KERAS_BACKEND=jax needs Keras 3" in printed[0] and "KERAS_BACKEND=theano ended with Keras 2.3" in printed[1]


def test_in_a_notebook(python: Run, packages: Path) -> None:
    printed = python(
        """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for line in ["%env WANDB_KERAS_COMPAT_KERAS=tf_keras", "%load_ext wandb_keras_compat", "import keras.utils.np_utils",
             "assert keras.__version__ == '2.19.0'", "%unload_ext wandb_keras_compat", "del keras", "import keras",
             "assert keras.__version__ == '3.9.0'"]:
    shell.run_cell(line).raise_error()
result = shell.run_cell("%load_ext wandb_keras_compat")
""",
        packages,
    )
    assert "keras and tf.keras are now tf_keras" in printed and "restart the kernel" in printed


@pytest.mark.slow
def test_under_pytest(tmp_path: Path, packages: Path) -> None:
    (tmp_path / "conftest.py").write_text("import keras\n")
    (tmp_path / "test_it.py").write_text(
        "def test_it():\n    import keras.utils.np_utils\n    assert keras.__version__ == '2.19.0'\n"
    )
    environment = inherited_environment(path=[packages, SOURCE])

    def pytest_with(*options: str) -> subprocess.CompletedProcess[str]:
        plugin = [] if _as_entry_point() else ["-p", "wandb_keras_compat.testing.plugin"]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin, *options, "test_it.py"]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)

    (tmp_path / "pytest.ini").write_text("[pytest]\nwandb_keras = tf_keras\n")
    assert pytest_with().returncode == 0
    assert pytest_with("-o", "wandb_keras=").returncode == 1
    refused = pytest_with("-o", "wandb_keras=keras")
    assert refused.returncode == 4 and "the choices are 'tf_keras'" in refused.stderr


def _as_entry_point() -> bool:
    from importlib import metadata

    return any(found.name == "wandb_keras_compat" for found in metadata.entry_points(group="pytest11"))
