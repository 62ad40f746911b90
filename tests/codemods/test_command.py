"""Level 1 as a command of LibCST's own runner."""

from __future__ import annotations

import libcst as cst
import pytest
from libcst.codemod import CodemodContext, SkipFile
from wandb_keras_codemods import command
from wandb_keras_codemods.command import ToCompat
from wandb_keras_codemods.records import SourceError


def codemodded(text: str) -> tuple[str, list[str]]:
    """The text that LibCST would write, and what it would warn of."""
    context = CodemodContext(filename="train.py")
    return ToCompat(context).transform_module(cst.parse_module(text)).code, context.warnings


def test_the_import_moves_and_what_stays_is_a_warning_with_its_place() -> None:
    before = (
        "from wandb.keras import WandbCallback\nimport wandb\nx = wandb.keras.models\n"
        "f = wandb.integration.keras.keras.WandbCallback\n"
    )
    after, warnings = codemodded(before)
    assert "from wandb_keras_compat import WandbCallback\n" in after
    assert "wandb.keras.models" in after
    assert [warning.partition(" ")[0] for warning in warnings] == ["line"] * len(warnings)
    assert any(warning.startswith("line 3: WK") for warning in warnings), warnings
    assert not any("WK001" in warning for warning in warnings), "what was changed is seen in the file"


def test_what_is_only_to_be_known_is_a_warning_too() -> None:
    _, warnings = codemodded("from wandb.keras import WandbCallback\nfrom keras.utils import np_utils\n")
    assert any("WK008" in warning for warning in warnings), warnings


def test_what_newer_callbacks_mean_is_not_judged() -> None:
    """The runner has no option for where they come from."""
    text = "from wandb_keras_compat import WandbMetricsLogger\nx = [WandbMetricsLogger()]\n"
    assert codemodded(text) == (text, [])


def test_level_2_is_not_offered() -> None:
    text = "from wandb_keras_compat import WandbCallback\nmodel.fit(x, callbacks=[WandbCallback(save_model=False)])\n"
    assert codemodded(text) == (text, [])


def test_a_file_that_names_no_callback_is_given_back_without_a_further_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "PythonText", None)
    assert codemodded("x = 1\n") == ("x = 1\n", [])


def test_a_file_that_cannot_be_handled_is_skipped_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise SourceError("two rules meet", 7)

    monkeypatch.setattr(command, "apply_rules", refuse)
    with pytest.raises(SkipFile, match="^line 7: two rules meet$"):
        codemodded("from wandb.keras import WandbCallback\n")


def test_a_file_keeps_its_encoding() -> None:
    data = b"# coding: latin-1\nfrom wandb.keras import WandbCallback  # \xe9\n"
    after = ToCompat(CodemodContext()).transform_module(cst.parse_module(data))
    assert after.bytes == data.replace(b"wandb.keras", b"wandb_keras_compat")


def test_the_runner_shows_what_the_command_does() -> None:
    assert (ToCompat.__doc__ or "").replace("``", "") == ToCompat.DESCRIPTION


def test_line_ends_and_indents_stay_what_they_were() -> None:
    before = "if x:\r\n\tfrom wandb.keras import WandbCallback\r\n"
    assert codemodded(before)[0] == before.replace("wandb.keras", "wandb_keras_compat")
