"""Notebooks that are kept as Python or as Markdown, and code in text: Jupytext, Databricks, marimo, READMEs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from wandb_keras_codemods.engine.runner import Options, run
from wandb_keras_codemods.rules import selected

from .tools import actions, check_transformed, migrate

OLD, NEW = "from wandb.keras import WandbCallback", "from wandb_keras_compat import WandbCallback"

PERCENT = """\
# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     name: python3
# ---

# %% [markdown]
# # Training
# The callback of `wandb.keras` logs it.

# %%
# !pip install wandb
# %matplotlib inline
import wandb
IMPORT

# %% tags=["parameters"]
epochs = 3

# %%
# %%time
model.fit(x, y, epochs=epochs, callbacks=[WandbCallback()])
"""
LIGHT = """\
# -*- coding: utf-8 -*-
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: light
# ---

# # Training

# +
# !pip install wandb -q
IMPORT

wandb.init(project="p")
# -

model.fit(x, y, callbacks=[WandbCallback(monitor="val_loss")])
"""
DATABRICKS = """\
# Databricks notebook source
# MAGIC %md
# MAGIC # Training

# COMMAND ----------

# MAGIC %pip install wandb

# COMMAND ----------

dbutils.library.restartPython()

# COMMAND ----------

IMPORT

model.fit(x, y, callbacks=[WandbCallback()])

# COMMAND ----------

# MAGIC %run ./helpers
"""
MARIMO = """\
import marimo

__generated_with = "0.9.14"
app = marimo.App(width="medium")


@app.cell
def __():
    import wandb
    IMPORT
    return WandbCallback, wandb


@app.cell(hide_code=True)
def __(mo):
    mo.md(r\"\"\"The callback of `wandb.keras`\"\"\")
    return


@app.cell
def __(WandbCallback, model, x, y):
    model.fit(x, y, callbacks=[WandbCallback()])
    return


if __name__ == "__main__":
    app.run()
"""
BARE = """\
#%%
!pip install wandb
%matplotlib inline
IMPORT
#%%
%time model.fit(x, y, callbacks=[WandbCallback()])
# %%
%%bash
ls *.py | wc -l
"""
PERCENT_OF_AN_EDITOR = """\
# %% Install
# %pip install --quiet wandb
# %% Imports
IMPORT
import os
# %% [md]
# Some text about wandb.keras
# %% Train {"tags": ["long"]}
model.fit(
    x, y,
    callbacks=[WandbCallback(data_type="image", labels=["a", "b"])],
)
# %% Shell
# !ls wandb
"""
LIGHT_WITHOUT_HEADER = """\
# ## Setup

# + {"colab": {"base_uri": "https://localhost:8080/"}, "id": "x1"}
# !pip3 install wandb

# + id="x2"
try:
    IMPORT
except ImportError:
    WandbCallback = None

# + language="bash"
# echo "from wandb.keras import WandbCallback"
"""
DATABRICKS_TITLED = """\
# Databricks notebook source
# DBTITLE 1,Install
# MAGIC %sh
# MAGIC %pip install "wandb<0.17"

# COMMAND ----------

# DBTITLE 1,Train
IMPORT
from pyspark.sql import functions as F

dbutils.widgets.text("epochs", "3")


def train(epochs):
    model.fit(x, y, epochs=epochs, callbacks=[WandbCallback(save_model=False)])


# COMMAND ----------

# MAGIC %sql
# MAGIC SELECT * FROM runs
"""
MARIMO_WITH_SETUP = """\
# /// script
# requires-python = ">=3.10"
# dependencies = ["marimo", "wandb"]
# ///

import marimo

app = marimo.App()

with app.setup:
    import wandb
    IMPORT


@app.function
def callbacks():
    return [WandbCallback(log_weights=True)]


@app.cell
def _(model, x, y):
    model.fit(x, y, callbacks=callbacks())
    return
"""
SCRIPTS = {
    "percent": PERCENT, "percent of an editor": PERCENT_OF_AN_EDITOR,
    "light": LIGHT, "light without header": LIGHT_WITHOUT_HEADER,
    "databricks": DATABRICKS, "databricks titled": DATABRICKS_TITLED,
    "marimo": MARIMO, "marimo with setup": MARIMO_WITH_SETUP,
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_import_moves_and_nothing_else_changes(name: str) -> None:
    before = SCRIPTS[name]
    check_transformed(before.replace("IMPORT", OLD), before.replace("IMPORT", NEW))


@pytest.mark.parametrize("name", [name for name in SCRIPTS if "marimo" not in name])
def test_a_magic_that_installs_wandb_is_noted(name: str) -> None:
    before = SCRIPTS[name].replace("IMPORT", OLD)
    outcome = migrate(before)
    line = next(number for number, text in enumerate(before.splitlines(), 1) if re.search("pip3? install", text))
    assert ("WK007", "note", line) in actions(outcome)
    together = re.sub(r"(pip3? install)", r"\1 wandb-keras-compat", before)
    assert not [record for record in migrate(together).records if record.rule == "WK007"]


def test_a_comment_of_another_script_installs_nothing() -> None:
    outcome = migrate(f"# !pip install wandb\n{OLD}\nWandbCallback()\n")
    assert [record.rule for record in outcome.records] == ["WK001"]


def test_bare_magics_of_a_script_with_cells_are_masked() -> None:
    """As editors leave them that run cells of a script; Python does not parse such a file."""
    before = BARE.replace("IMPORT", OLD)
    outcome = migrate(before)
    assert not outcome.failed, outcome.records
    assert (outcome.after or b"").decode() == BARE.replace("IMPORT", NEW)
    assert actions(outcome) == [("WK007", "note", 2), ("WK001", "changed", 4)]
    assert migrate(BARE.replace("IMPORT", NEW)).after is None
    assert migrate(before.replace("# %%", "#").replace("#%%", "#")).failed, "no notebook, and no Python"


@pytest.mark.parametrize("above", [0, 1, 3])
def test_a_magic_of_databricks_that_names_the_old_module_is_told(above: int) -> None:
    before = (
        "\n" * above
        + f"# Databricks notebook source\n# MAGIC %python\n# MAGIC {OLD}\n\n# COMMAND ----------\n\nx = 1\n"
    )
    outcome = migrate(before)
    assert outcome.after is None and not outcome.failed
    assert actions(outcome) == [("", "left", 3 + above)]


def test_a_cell_of_marimo_that_is_given_wandb_is_told() -> None:
    """Which module the parameter is, another cell says."""
    code = (
        "@app.cell\ndef __():\n    import wandb\n    return (wandb,)\n\n\n"
        "@app.cell\ndef __(wandb):\n    wandb.keras.WandbCallback()\n    return\n"
    )
    assert actions(migrate(code)) == [("WK010", "left", 9)]


def test_level_2_of_a_script_with_cells() -> None:
    before = PERCENT.replace("IMPORT", OLD)
    outcome = migrate(before, level=2)
    assert not outcome.failed
    after = (outcome.after or b"").decode()
    assert "# !pip install wandb\n# %matplotlib inline\n" in after and "# %%time\n" in after
    assert "wandb.keras import" not in after


MARKDOWN = """\
---
jupyter:
  jupytext:
    text_representation:
      extension: .md
      format_name: markdown
---

# Training with `wandb.keras`

```python
!pip install wandb
import wandb
IMPORT
```

Text: from wandb.keras import WandbCallback

```bash
python -c "from wandb.keras import WandbCallback"
```

```python tags=["train"]
%time model.fit(x, y, callbacks=[WandbCallback()])
wandb.keras.WandbCallback
```
"""


def test_a_notebook_in_markdown_is_migrated() -> None:
    before = MARKDOWN.replace("IMPORT", OLD)
    outcome = migrate(before, kind="prose")
    assert not outcome.failed, outcome.records
    after = (outcome.after or b"").decode()
    assert after == MARKDOWN.replace("IMPORT", NEW).replace("\nwandb.keras.WandbCallback\n", "\nWandbCallback\n")
    assert actions(outcome) == [
        ("WK001", "changed", 14), ("WK011", "note", 20), ("WK002", "changed", 25),
    ]  # fmt: skip
    assert migrate(after, kind="prose").after is None
    assert migrate(before, kind="prose", level=2).after == outcome.after, "level 2 reads no text"


def test_a_notebook_in_myst_is_migrated() -> None:
    before = (
        f"---\njupytext:\n  text_representation:\n    format_name: myst\n---\n\n```{{code-cell}} ipython3\n{OLD}\n```\n"
    )
    outcome = migrate(before, kind="prose")
    assert (outcome.after or b"").decode() == before.replace(OLD, NEW)


def test_a_broken_block_is_told_and_the_others_are_done() -> None:
    outcome = migrate(MARKDOWN.replace("IMPORT", OLD).replace("import wandb\n", "import wandb =\n"), kind="prose")
    assert ("", "error", 12) in actions(outcome)


README = f"""\
# A project

It uses `wandb.keras` and from wandb.keras import WandbCallback.

```python
{OLD}
from wandb.integration.keras import WandbMetricsLogger
import wandb.keras_helpers
```

1. Then:
   ~~~py
   wandb.keras.WandbCallback(save_model=False)
   ~~~
"""
MANUAL = f"""\
Training
========

The class ``wandb.keras.WandbCallback`` is told in words.

.. code-block:: python

   {OLD}

   model.fit(x, callbacks=[WandbCallback()])

>>> from wandb.integration.keras import WandbCallback
"""


def test_code_in_text_is_told_with_its_line() -> None:
    outcome = migrate(README, kind="prose")
    assert outcome.after is None and not outcome.failed
    assert actions(outcome) == [("WK011", "note", 6), ("WK011", "note", 13)]
    outcome = migrate(MANUAL, kind="prose", file="index.rst")
    assert actions(outcome) == [("WK011", "note", 8), ("WK011", "note", 12)]
    assert outcome.records[0].before == OLD
    assert migrate(README.encode().replace(b"# A", b"# \xe9"), kind="prose").records, "in another encoding too"


def test_a_run_reads_them_all(tmp_path: Path) -> None:
    for name, text in {"README.md": README, "docs/index.rst": MANUAL, "nb.md": MARKDOWN, **{
        f"{name}.py": text for name, text in SCRIPTS.items()}}.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text.replace("IMPORT", OLD))
    summary = run([str(tmp_path)], Options(selected(1), write=True, level=1, jobs=1))
    changed = {Path(outcome.file).name for outcome in summary.changed}
    assert changed == {"nb.md", *(f"{name}.py" for name in SCRIPTS)}
    assert not any(outcome.failed for outcome in summary.outcomes)
    noted = {Path(record.file).name for record in summary.records if record.rule == "WK011"}
    assert noted == {"README.md", "index.rst", "nb.md"}
