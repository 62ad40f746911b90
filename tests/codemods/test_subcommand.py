"""``wandb-keras-compat migrate``: the codemods from the program, and what it says without their extra."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("packaging", reason="the program needs it")

WITHOUT_LIBCST = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "libcst":
            raise ModuleNotFoundError("No module named 'libcst'", name="libcst")
sys.meta_path.insert(0, Refuse())
from wandb_keras_compat.commands.migrate import migrate
migrate(["--write", "x.py"])
"""


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_it_is_a_subcommand(tmp_path: Path) -> None:
    """The same command, the same exit codes; help names it."""
    (tmp_path / "a.py").write_text("from wandb.keras import WandbCallback\n")
    done = run("-m", "wandb_keras_compat", "migrate", "--write", "a.py", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "rewrote a.py\n"), done.stderr
    assert (tmp_path / "a.py").read_text() == "from wandb_keras_compat import WandbCallback\n"
    assert "migrate" in run("-m", "wandb_keras_compat", "--help", folder=tmp_path).stdout


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    """One sentence, exit code 2, no traceback."""
    done = run("-c", WITHOUT_LIBCST, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr == ("migrate needs libcst, which is not installed: pip install 'wandb-keras-compat[codemods]'\n")
