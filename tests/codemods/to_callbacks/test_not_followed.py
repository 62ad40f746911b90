"""Programs that cannot be followed: left as they were at that place, with a sentence, and counted as unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from wandb_keras_codemods.cli import migrate

from ..tools import check_noop, reasons, tree
from ..tools import migrate as migrate_file

TRAIN = "from wandb.keras import WandbCallback\nmodel.fit(x, callbacks=[WandbCallback(save_model=False)])\n"
SHIMMED = TRAIN.replace("wandb.keras", "wandb_keras_compat")
NOT_FOLLOWED = {
    "getattr, the module": ("import wandb\ncb = getattr(wandb, 'keras').WandbCallback()\n", "by a string"),
    "getattr, the module alone": ("import wandb\nm = getattr(wandb, 'keras')\n", "by a string"),
    "import_module, the module alone": ("from importlib import import_module as i\nM = 'wandb.integration.keras'\nm = i(M)\n", "by a variable"),
    "getattr, computed": ("import wandb\nfrom keras import WandbCallback\ncb = getattr(wandb, name)\n", "only known when it runs"),
    "exec": ("exec('from wandb.keras import WandbCallback')\n", "names W&B's callbacks"),
    "exec, computed": ("from wandb.keras import *\nexec(open('common.py').read())\n", "the code that exec() runs"),
    "eval": ("import wandb.keras\ncb = eval(config['callback'])\n", "the code that eval() runs"),
    "import_module by a name": ("import importlib\nM = 'wandb.keras'\nm = importlib.import_module(M)\n", "by a variable"),
    "import_module, computed": ("import importlib\nm = importlib.import_module(f'wandb.{keras}').WandbCallback\n", "which module"),
    "__import__": ("m = __import__(name)\nWandbCallback = m.wandb.keras\n", "which module"),
    "wandb of one's own module": ("from common import wandb\ncb = wandb.keras.WandbCallback()\n", "W&B's module"),
    "wandb of an attribute": ("cb = self.wandb.keras.WandbCallback()\n", "W&B's module"),
    "wandb of a star": ("from common import *\ncb = wandb.keras.WandbCallback()\n", "W&B's module"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "why"), NOT_FOLLOWED.values(), ids=NOT_FOLLOWED)
def test_a_place_that_cannot_be_followed_is_said(code: str, why: str) -> None:
    """Once, with its line, and left as it was."""
    outcome = migrate_file(code)
    places = [record for record in outcome.records if record.rule == "WK010"]
    assert len(places) == 1
    assert places[0].action == "left"
    assert why in places[0].reason
    line = code.splitlines()[places[0].location.line - 1]
    assert line in (outcome.after or code.encode()).decode()


@pytest.mark.parametrize(
    "code",
    [
        "import wandb\nrun = getattr(wandb, 'run', None)\nkeras = 1\n",
        "import importlib\nm = importlib.import_module('tensorflow.keras')  # wandb.keras\n",
        "import importlib\nfor name in ['a', 'b']:\n    importlib.import_module(name)  # wandb.keras WandbCallback\n",
        "def getattr(a, b): pass\nimport wandb\ngetattr(wandb, name)  # keras WandbCallback\n",
        "from transformers import keras\ncb = keras.WandbCallback()  # wandb\n",
        "import wandb\nx = eval('1 + 1')  # wandb.keras\n",
    ],
)
def test_what_can_be_followed_is_not(code: str) -> None:
    """Literals, other packages, functions of one's own, code that stands there."""
    assert "WK010" not in {record.rule for record in check_noop(code).records}


def call(*arguments: str) -> str:
    return CliRunner().invoke(migrate, arguments, catch_exceptions=False).stderr.splitlines()[-1]


def test_nothing_is_left_is_said_only_where_that_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be read or followed is counted instead."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(TRAIN)
    assert call(".") == "1 file seen, 1 would change, 0 places in 0 files left for you"
    (tmp_path / "b.py").write_text("exec('import wandb.keras')\nexec('import wandb.keras')\n")
    assert call(".") == "2 files seen, 1 would change, 2 places could not be followed"
    (tmp_path / "c.py").write_text("from wandb.keras import\n")
    expected = (
        "3 files seen, 1 would change, 2 places could not be followed, 1 not handled, so what is left there is unknown"
    )
    assert call(".") == expected
    (tmp_path / "d.py").write_text("from wandb import keras\nkeras.models\n")
    assert "4 files seen, 1 would change, 1 place in 1 file left for you, 2 places could not be followed" in call(".")
    for name in "abd":
        (tmp_path / f"{name}.py").unlink()
    assert call(".") == "1 file seen, 0 would change, 1 not handled, so what is left there is unknown"


HANDED_ON = {
    "by name": ("common.py", "from common import WandbCallback\n", "`common`"),
    "by module": ("common.py", "import common\n", "`common`"),
    "by star": ("common.py", "from common import *\n", "`from common import *`"),
    "of a package": ("p/__init__.py", "from p import WandbCallback\n", "`p`"),
    "of a submodule": ("p/cb.py", "from p import cb\n", "`p.cb`"),
}


@pytest.mark.parametrize(("module", "statement", "name"), HANDED_ON.values(), ids=HANDED_ON)
def test_a_class_that_comes_by_ones_own_module_is_left_and_said(
    module: str, statement: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The module hands on the package's class, so what is left still runs."""
    monkeypatch.chdir(tmp_path)
    prefix = "common." if statement == "import common\n" else "cb." if "cb" in statement else ""
    text = f"{statement}model.fit(x, callbacks=[{prefix}WandbCallback(save_model=False)])\n"
    (tmp_path / module).parent.mkdir(exist_ok=True)
    (tmp_path / module).write_text("from wandb.keras import WandbCallback\n")
    (tmp_path / "train.py").write_text(text)
    result = CliRunner().invoke(migrate, ["--write", "--to", "callbacks", "."], catch_exceptions=False)
    assert tree(tmp_path) == {
        module: b"from wandb_keras_compat import WandbCallback\n",
        "train.py": text.encode(),
    }
    assert f"train.py:2: left: WK101 the legacy class comes by {name} here" in result.stderr
    assert "1 place in 1 file left for you" in result.stderr


def test_a_class_of_that_name_that_is_no_legacy_one_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one's own, or of another package."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "common.py").write_text("from wandb.keras import WandbMetricsLogger\nclass WandbCallback:\n    pass\n")
    (tmp_path / "train.py").write_text(
        "from common import WandbCallback\nfrom keras import *\nWandbCallback()  # wandb\n"
    )
    assert "0 places in 0 files left" in call("--to", "callbacks", ".")


def test_a_callback_from_a_configuration_stays_with_its_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on logging the old keys, so the sweep and the code beside it stay on them."""
    monkeypatch.chdir(tmp_path)
    sweep = "program: train.py\nmethod: grid\nmetric: {name: val_loss}\n"
    (tmp_path / "sweep.yaml").write_text(f"{sweep}callback: {{_target_: wandb_keras_compat.WandbCallback}}\n")
    (tmp_path / "train.py").write_text(TRAIN)
    result = CliRunner().invoke(migrate, ["--write", "--to", "callbacks", "."], catch_exceptions=False)
    assert (tmp_path / "train.py").read_text() == SHIMMED
    assert "sweep.yaml:4: left: WK104 the legacy callback is named in a string" in result.stderr


def test_a_name_in_a_string_is_said() -> None:
    """A patched class is no longer the one that runs."""
    code = "from unittest import mock\nmock.patch('wandb.keras.WandbCallback')\n"
    outcome = migrate_file(code, level=2)
    assert outcome.after == code.replace("wandb.keras", "wandb_keras_compat").encode()
    assert "named in a string" in reasons(outcome)
