"""The page of install proofs is what the answers say, every question has one, and nothing that was there is changed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from compat_matrix import install_proofs
from compat_matrix.install_proofs import outcome, rendered
from compat_matrix.install_questions import (
    BEFORE,
    EXTRAS,
    KINDS,
    MEASURED_ON,
    PLATFORMS,
    PYTHONS,
    Answer,
    known,
    questions,
    versions_in,
)

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # comes with pytest there

ROOT = Path(__file__).parents[2]
#: A TensorFlow beside another: what an installer cannot see, which the page says in bold.
SECOND_BUILD = {f"tensorflow|tensorflow|{python}" for python in PYTHONS}


def test_the_page_is_what_the_answers_say() -> None:
    assert install_proofs.PAGE.read_text(encoding="utf-8") == rendered()


def test_every_question_has_an_answer_and_there_are_no_others() -> None:
    found = known()
    assert [(part, name) for part, answers in found.items() for name in answers] == list(questions())


def test_nothing_that_was_there_is_changed_and_no_second_tensorflow_comes_unasked() -> None:
    found = known()
    for name, answer in found["beside"].items():
        assert "refused" not in answer and answer["changed"] == [], name
        there = set(BEFORE[name.partition("|")[0]][0])
        second = {"tensorflow", "tensorflow-cpu"} & set(answer["added"])
        assert bool(there and second) == (name in SECOND_BUILD), name
    for kind, answer in found["made"].items():
        assert answer["changed"] == [], kind
        assert answer.get("program", "ended with 0").startswith("ended with 0"), kind


def test_what_has_no_wheel_on_a_platform_was_refused() -> None:
    answers = known()["controls"]
    assert len(answers) == 3
    assert all("refused" in answer for answer in answers.values())


def test_the_environment_of_the_codemods_has_neither_wandb_nor_numpy() -> None:
    made = known()["made"]
    heavy = {"wandb", "numpy", "pillow", "tensorflow", "tensorflow-cpu"}
    earlier = made[f"codemods, earlier|{MEASURED_ON}"]
    assert {"wandb", "numpy"} <= set(earlier["added"])
    for python in PYTHONS:
        lean = made[f"codemods|{python}"]
        assert heavy.isdisjoint(lean["added"]) and heavy.isdisjoint(made[f"alone|{python}"]["added"])
        assert lean["megabytes"] * 3 < earlier["megabytes"]


def test_beside_each_tensorflow_on_each_python_an_environment_was_made_that_trains_on() -> None:
    made = known()["made"]
    for kind in ("beside tensorflow", "beside tensorflow-cpu", "tensorflow,wandb"):
        for python in PYTHONS:
            answer = made[f"{kind}|{python}"]
            there = {"tensorflow", "tensorflow-cpu"} & set(KINDS[kind][0])
            assert (there == set()) == ("tensorflow-cpu" in answer["added"]) and "tensorflow" not in answer["added"]
            assert answer["program"].endswith(" keras._tf_keras.keras 3"), (kind, python)


def test_every_extra_that_users_have_is_asked_about() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(EXTRAS) - {""} == set(project["optional-dependencies"]) - {"dev", "docs"}
    assert len(PLATFORMS) == 4 and len(KINDS) == 8


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, "not asked"),
        ({"refused": "because"}, "**cannot be**: because"),
        ({"added": [], "changed": []}, "adds nothing"),
        ({"added": ["a", "b"], "changed": []}, "adds a, b"),
        ({"added": list("abcde"), "changed": []}, "adds 5 packages"),
        ({"added": ["tensorflow-cpu"], "changed": []}, "adds tensorflow-cpu"),
        ({"added": [], "changed": ["keras"]}, "**changes** keras"),
    ],
)
def test_an_answer_in_words(answer: Answer | None, expected: str) -> None:
    assert outcome(answer) == expected


def test_a_lock_is_read() -> None:
    lock = "a-b==1.2\nC[x,y]==3 ; python_version < '4'\n# d==4\n-e .\n"
    assert versions_in(lock) == {"a-b": "1.2", "c": "3"}


def test_a_second_tensorflow_is_told_from_one_that_is_wanted() -> None:
    found = {
        f"tensorflow|tensorflow|{python}": Answer(added=["tensorflow-cpu"], changed=[]) for python in ("3.10", "3.11")
    }
    said = install_proofs.said_beside(found, "tensorflow", "tensorflow")
    assert said == "3.10, 3.11: **adds tensorflow-cpu, a second build**; 3.12, 3.13: not asked"


def test_a_platform_that_has_no_wheels_is_no_pass() -> None:
    answers = {
        f"aarch64-apple-darwin|jax|{python}": Answer(packages=3, frameworks={"jax": "0.9"})
        for python in ("3.10", "3.11")
    }
    answers |= {f"aarch64-apple-darwin|jax|{python}": Answer(refused="no wheel") for python in ("3.12", "3.13")}
    assert install_proofs.said_of_platform(answers, "aarch64-apple-darwin", "jax") == "jax 0.9; **not on 3.12, 3.13**"
    assert list(install_proofs.refusals(answers)) == [
        ("macOS, Arm, jax, Python 3.12", "no wheel"), ("macOS, Arm, jax, Python 3.13", "no wheel"),
    ]  # fmt: skip
    assert install_proofs.said_of_platform({}, "aarch64-apple-darwin", "jax") == "not asked"
