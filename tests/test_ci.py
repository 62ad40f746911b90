"""What judges the project: each nox session is run by something, and a push by what ``.ci/run`` runs; the lock is of today."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # comes with pytest there

ROOT = Path(__file__).parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
#: Run by `.ci/run`, and on a push by matrix.yml, which is generated and has a job for each corner.
BY_THE_MATRIX = {"matrix"}
#: Whole suites in other environments: `.ci/run` runs a part of them, the schedule all.
IN_PART = {"cell-oracle", "cell-tf-keras"}


def sessions_of(line: str) -> set[str]:
    """The sessions that a command line has nox run."""
    words = shlex.split(line, comments=True)
    if "nox" not in [Path(word).name for word in words]:
        return set()
    words = words[words.index("-s") + 1 :] if "-s" in words else []
    end = next((place for place, word in enumerate(words) if word.startswith("-")), len(words))
    return set(words[:end])


def by_the_script() -> set[str]:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = re.findall(r"^ *(nox .*)$", text, re.MULTILINE)
    return set().union(*(sessions_of(line) for line in lines))


def workflow(name: str) -> dict[str, Any]:
    text = (WORKFLOWS / f"{name}.yml").read_text(encoding="utf-8")
    return YAML(typ="safe", pure=True).load(text)


def by_workflow(name: str) -> set[str]:
    return set().union(*(sessions_of(line) for job in workflow(name)["jobs"].values() for line in lines_of(job)))


def lines_of(job: dict[str, Any]) -> Iterator[str]:
    """The command lines of a job, with each value of its matrix for ``${{ matrix.session }}``."""
    values = job.get("strategy", {}).get("matrix", {}).get("session", [""])
    for step in job["steps"]:
        for line in step.get("run", "").splitlines():
            yield from {re.sub(r"\$\{\{ matrix\.session \}\}", value, line) for value in values}


@pytest.fixture(scope="module")
def every_session() -> set[str]:
    pytest.importorskip("nox", reason="the environments of cells have no nox; the default tier has")
    listed = subprocess.run(
        [sys.executable, "-m", "nox", "-f", str(ROOT / "noxfile.py"), "-l", "--nocolor"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = set(
        re.findall(r"^[*-] (\S+)", listed.stdout, re.MULTILINE)
    )  # --json has those alone that nox runs by default
    assert {"lint", "mutation"} <= found
    return found


def test_every_session_is_run_by_something_and_nothing_runs_others(every_session: set[str]) -> None:
    run = by_the_script() | by_workflow("ci") | by_workflow("scheduled")
    assert every_session - run == set(), "a session that nothing runs breaks unseen: .github/workflows/scheduled.yml"
    assert run - every_session == set()


#: What the script finds instead of an interpreter: makes an environment whose nox says what it was asked for.
STAND_IN = """#!/bin/sh
[ "$2" = venv ] || exit 3
mkdir -p "$3/bin"
printf '#!/bin/sh\\n' | tee "$3/bin/python" > "$3/bin/nox"
cat >> "$3/bin/nox" <<'END'
echo "$*"
echo "$*" >> "$ASKED"
case " $* " in *" $BREAKS "*) exit 1; esac
END
chmod +x "$3/bin/python" "$3/bin/nox"
"""


def played_by_the_script(folder: Path, breaks: str) -> tuple[int, set[str], str]:
    """Its exit code where the session *breaks* fails, the sessions that it had nox run, and what it printed."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci")
    (folder / "python3").write_text(STAND_IN, encoding="utf-8")
    (folder / "python3").chmod(0o755)
    asked = folder / "asked"
    more = {"ASKED": str(asked), "BREAKS": breaks, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    ended = subprocess.run(
        ["bash", str(folder / ".ci" / "run")], env={**os.environ, **more}, capture_output=True, text=True, check=False
    )
    lines = asked.read_text(encoding="utf-8").splitlines()
    return ended.returncode, set().union(*(sessions_of(f"nox {line}") for line in lines)), ended.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="the script is for bash")
def test_the_script_runs_its_sessions_and_shows_what_all_of_them_print(tmp_path: Path) -> None:
    code, played, printed = played_by_the_script(tmp_path, "none of them")
    assert (code, played) == (0, by_the_script())
    for session in played:
        assert re.search(rf"-s .*\b{session}\b", printed), session


@pytest.mark.skipif(sys.platform == "win32", reason="the script is for bash")
@pytest.mark.parametrize("session", sorted(by_the_script()))
def test_the_script_fails_with_any_of_its_sessions(session: str, tmp_path: Path) -> None:
    code, played, printed = played_by_the_script(tmp_path, session)
    assert code != 0
    assert session in played
    assert session in printed


def test_a_push_is_judged_by_the_sessions_of_the_script() -> None:
    assert by_workflow("ci") == (by_the_script() | {"slow"}) - BY_THE_MATRIX - IN_PART
    assert by_workflow("scheduled") >= IN_PART
    assert {"push", "pull_request"} <= triggers("ci")
    assert {"push", "pull_request"} <= triggers("matrix")
    assert "schedule" in triggers("scheduled")


def test_what_the_default_tier_leaves_out_for_its_time_a_push_runs() -> None:
    """``slow`` has what ``tests`` lacks, up to what takes longer than both; the script has both in one session."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    (minutes,) = re.findall(r'^MINUTES = "([^"]+)"', (ROOT / "noxfile.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert options["addopts"][-1] == f"{minutes} and not slow"
    assert {"tests", "slow"} <= by_workflow("ci")
    (line,) = re.findall(r"^nox -s tests -- (.*)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    words = shlex.split(line)
    assert words[words.index("-m") + 1] == minutes


def test_the_script_has_every_corner_of_the_matrix_or_a_session_of_its_versions() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (line,) = re.findall(r"^ *nox -s matrix -- (.*)$", script, re.MULTILINE)
    named = set(line.partition(" --")[0].split())
    matrix = tomllib.loads((ROOT / "compat_matrix" / "matrix.toml").read_text(encoding="utf-8"))
    corners = {corner["name"]: corner for corner in matrix["cell"]}
    assert named < set(corners)
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    locked = {package["name"]: package.get("version") for package in lock["package"]}  # the package has none
    frameworks = {framework["name"]: set(framework["requirements"]) for framework in matrix["framework"]}
    for name in set(corners) - named:
        corner = corners[name]
        if backend := corner.get("backend"):
            session = f"keras-{backend}"
            wanted = {f"keras=={corner['keras']}", f"wandb=={corner['wandb']}"}
            assert wanted <= frameworks[backend], name
            assert any(each.startswith(f"{backend}=={corner['framework']}") for each in frameworks[backend]), name
        elif f"cell-{name}" in IN_PART:
            session = f"cell-{name}"
        else:
            session = "tests"
            here = locked.get("tensorflow") or locked["tensorflow-cpu"]
            assert (here, locked["wandb"]) == (corner["tensorflow"], corner["wandb"]), name
        assert session in by_the_script(), name


def triggers(name: str) -> set[str]:
    return set(workflow(name)["on"])  # YAML 1.2: no boolean


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("nox -s lint types", {"lint", "types"}),
        (".venv/bin/nox --no-venv -s tests -- -n 2 --dist worksteal", {"tests"}),
        ("nox -s sdk --reuse-venv", {"sdk"}),
        ("python -m pip install nox uv", set()),
        ("# nox -s lint", set()),
    ],
)
def test_sessions_of_a_line(line: str, expected: set[str]) -> None:
    assert sessions_of(line) == expected


def test_the_lock_is_of_todays_requirements() -> None:
    """Without asking the index; CONTRIBUTING says how to renew it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    (locked,) = [package["metadata"] for package in lock["package"] if package["name"] == project["name"]]
    wanted = {(None, *split(text)) for text in project["dependencies"]}
    for extra, texts in project["optional-dependencies"].items():
        wanted |= {(extra, *split(text)) for text in texts}
    assert {in_lock(each) for each in locked["requires-dist"]} == wanted, "run: uv lock"
    assert lock["requires-python"] == project["requires-python"]


def test_the_hooks_of_a_commit_are_the_lint_session_with_the_ruff_of_the_lock() -> None:
    hooks = YAML(typ="safe", pure=True).load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (repo,) = hooks["repos"]
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    (version,) = [package["version"] for package in lock["package"] if package["name"] == "ruff"]
    assert repo["repo"] == "local"
    assert [hook["entry"] for hook in repo["hooks"]] == ["ruff check --force-exclude", "ruff format --force-exclude"]
    assert [hook["additional_dependencies"] for hook in repo["hooks"]] == [[f"ruff=={version}"]] * 2


def split(text: str) -> tuple[str, str]:
    requirement = Requirement(text)
    return canonicalize_name(requirement.name), str(requirement.specifier)


def in_lock(entry: dict[str, Any]) -> tuple[str | None, str, str]:
    extras = {*re.findall(r"extra == '([\w-]+)'", entry.get("marker", ""))}
    assert len(extras) <= 1
    return (
        extras.pop() if extras else None,
        canonicalize_name(entry["name"]),
        str(Requirement(f"x{entry.get('specifier', '')}").specifier),
    )


def test_a_push_is_judged_by_the_same_examples_each_time_and_the_schedule_looks_for_new_ones() -> None:
    same = "WANDB_KERAS_COMPAT_HYPOTHESIS"
    assert f"\nexport {same}=same\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert workflow("ci")["env"][same] == "same"
    assert workflow("scheduled")["env"].get(same) == "deep"
