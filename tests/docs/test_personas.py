"""The page of four people is what was kept, and what was kept is what their pages ask today."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("libcst", reason="the pages need all extras")

from . import persona_steps, personas
from .persona_steps import NOT_RUN, PERSONAS
from .personas import known


def test_the_page_is_what_was_kept() -> None:
    assert personas.PAGE.read_text(encoding="utf-8") == personas.rendered()


@pytest.mark.parametrize("name", PERSONAS)
def test_every_command_of_their_pages_was_run_and_ended_as_the_page_says(name: str) -> None:
    """Where this fails a page has other commands: ``python -m tests.docs.personas run NAME``, then ``report``."""
    kept = [(step["page"], step["command"], step["exit_code"]) for step in known()[name]["steps"]]
    assert kept == [(page, command.text, command.exit_code) for page, command in PERSONAS[name].steps()]
    assert {page for page, _, _ in kept} <= set(PERSONAS[name].pages)


def test_nothing_that_was_there_was_changed() -> None:
    assert {name: one["changed"] for name, one in known().items()} == {name: [] for name in PERSONAS}


def test_the_notebook_was_played_on_what_colab_has() -> None:
    versions = known()["notebook"]["versions"]
    pins = dict(pin.replace("_", "-").split("==") for pin in persona_steps.COLAB.split())
    assert {"tensorflow", "keras", "numpy", "wandb"} <= set(versions)
    assert {name: pins[name] for name in versions} == versions


def test_no_reason_is_left_over() -> None:
    texts = [
        command.text for persona in PERSONAS.values() for page in persona.pages for command in persona_steps.of(page)[0]
    ]
    assert [beginning for beginning in NOT_RUN if not any(text.startswith(beginning) for text in texts)] == []


def test_the_engineer_has_as_many_files_as_is_said(tmp_path: Path) -> None:
    shutil.copytree(persona_steps.HERE / "files", tmp_path / "work")
    persona_steps.three_hundred_files(tmp_path / "work")
    found = [path for part in ("src", "notebooks") for path in (tmp_path / "work" / part).rglob("*") if path.is_file()]
    assert len(found) == persona_steps.FILES
    steps = [
        step
        for step in known()["engineer"]["steps"]
        if step["command"].startswith("wandb-keras-compat migrate --write src")
    ]
    assert [step["said"].split()[0] for step in steps] == [str(persona_steps.FILES + 1)]  # and requirements.txt


def test_the_platform_has_as_many_repositories_as_is_said(tmp_path: Path) -> None:
    persona_steps.many_repositories(tmp_path)
    sizes = [len(list(folder.iterdir())) for folder in (tmp_path / "work").iterdir()]
    assert sizes == [persona_steps.FILES // persona_steps.REPOSITORIES] * (persona_steps.REPOSITORIES - 2)
    said = known()["platform"]["steps"][-1]["said"]
    assert said.endswith(f"files changed in {persona_steps.REPOSITORIES} repositories"), said


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            "pip install 'wandb-keras-compat[demo,testing]' ipython",
            "pip install '../wandb-keras-compat[demo,testing]' ipython",
        ),
        ("pip install wandb-keras-compat", "pip install ../wandb-keras-compat"),
        ('pip install "tf-keras==2.19.*"', 'pip install "tf-keras==2.19.*"'),
        ("wandb-keras-compat check", "wandb-keras-compat check"),
    ],
)
def test_the_path_of_a_checkout_is_typed_for_the_name(command: str, expected: str) -> None:
    assert persona_steps.as_typed(command) == expected


def test_the_last_line_is_that_of_the_command(tmp_path: Path) -> None:
    output = f"\x1b[31mfirst\x1b[0m\n2 files in {tmp_path}/work\n}}\nwandb: Synced\nW0000 00:00 x.cc:1] already\n\n"
    assert persona_steps.last_line(output, tmp_path) == "2 files in /work"
    assert persona_steps.last_line("}\n", tmp_path) == ""


def test_a_command_stays_in_its_cell() -> None:
    assert personas.code("a | b \\\n  c    # ends with 1") == "`a \\| b \\ c`"
    assert personas.code("") == ""
