"""What is published, and what goes with it: one version, one list of requirements, workflows and an action that name what is there."""

from __future__ import annotations

import re
import shlex
import sys
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from ruamel.yaml import YAML

import wandb_keras_compat

from . import action_steps, distributions, release_tag

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # comes with pytest there

ROOT = Path(__file__).parents[2]
ADDRESS = "https://example.org/somebody/something"


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def document(path: str) -> Any:
    return YAML(typ="safe", pure=True).load(read(path))


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    return tomllib.loads(read("pyproject.toml"))


def test_the_version_is_written_down_once(settings: dict[str, Any]) -> None:
    assert "version" not in settings["project"] and "version" in settings["project"]["dynamic"]
    assert settings["tool"]["hatch"]["version"]["path"] == "src/wandb_keras_compat/__init__.py"
    assert release_tag.version() == wandb_keras_compat.__version__
    (locked,) = [each for each in tomllib.loads(read("uv.lock"))["package"] if each["source"].get("editable") == "."]
    assert "version" not in locked
    # Formats that can only be told.
    assert document("CITATION.cff")["version"] == wandb_keras_compat.__version__
    assert document("conda/recipe.yaml")["context"]["version"] == wandb_keras_compat.__version__


def test_the_changelog_begins_with_the_version() -> None:
    heading = re.search(r"^## (\S+) \((.+)\)$", read("CHANGELOG.md"), re.MULTILINE)
    assert heading is not None and heading[1] == wandb_keras_compat.__version__
    assert re.fullmatch(r"not released|\d{4}-\d\d-\d\d", heading[2])


def test_what_the_source_distribution_leaves_out_is_said_alike_in_both_places(settings: dict[str, Any]) -> None:
    excluded = settings["tool"]["hatch"]["build"]["targets"]["sdist"]["exclude"]
    assert [f"/{path}" for path in settings["tool"]["check-sdist"]["git-only"]] == excluded
    assert set(distributions.LEFT_OUT) <= {path.removeprefix("/") for path in excluded}
    assert [path for path in excluded if not (ROOT / path[1:]).exists()] == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (set(), []),
        ({"-README.md"}, ["README.md is missing"]),
        ({"compat_matrix/results/a.json"}, ["compat_matrix/results/a.json should not be there"]),
        ({"uv.lock"}, ["uv.lock should not be there"]),
        ({"compat_matrix/results.py"}, []),
        ({"src/x/__pycache__/a.pyc"}, ["src/x/__pycache__/a.pyc is bytecode"]),
    ],
)
def test_a_source_distribution_is_judged(change: set[str], expected: list[str]) -> None:
    gone = {name[1:] for name in change if name.startswith("-")}
    names = ({*distributions.NEEDED} | {name for name in change if not name.startswith("-")}) - gone
    assert distributions.faults_of(names) == expected


@pytest.mark.parametrize(
    ("tag", "heading", "address", "expected"),
    [
        ("v{}", "## {} (2026-01-31)", ADDRESS, 0),
        ("v9.9.9", "## {} (2026-01-31)", ADDRESS, 1),
        ("{}", "## {} (2026-01-31)", ADDRESS, 1),
        ("v{}", "## {} (not released)", ADDRESS, 1),
        ("v{}", "## 9.9.9 (2026-01-31)", ADDRESS, 1),
        ("v{}", "", ADDRESS, 1),
        ("v{}", "## {} (2026-01-31)", "", 1),
    ],
)
def test_a_tag_is_judged(tag: str, heading: str, address: str, expected: int) -> None:
    version = wandb_keras_compat.__version__
    changelog = f"# Changelog\n\n{heading.format(version)}\n\nText.\n\n## {version} (2026-01-01)\n"
    found = release_tag.faults_of(tag.format(version), changelog if heading else "# Changelog\n", address)
    assert len(found) == expected


def test_the_address_of_the_repository_is_written_down_once(settings: dict[str, Any]) -> None:
    """Of it hatch_build.py makes all others; two formats can only be told."""
    address = settings["tool"]["hatch"]["metadata"]["hooks"]["custom"]["repository"]
    assert release_tag.repository() == address
    assert {"readme", "urls"} <= set(settings["project"]["dynamic"]) - set(settings["project"])
    assert document("CITATION.cff").get("repository-code", "") == address
    assert document("conda/recipe.yaml")["about"].get("homepage", "") == address


@pytest.mark.parametrize("address", ["", ADDRESS, f"{ADDRESS}/"])
def test_one_line_makes_what_an_index_shows_lead_somewhere(tmp_path: Path, address: str) -> None:
    core_metadata = pytest.importorskip(
        "hatchling.metadata.core", reason="hatchling builds the package; the extra dev has it"
    )
    plugins = pytest.importorskip("hatchling.plugin.manager")
    for path in ("hatch_build.py", "README.md", "LICENSE", "pyproject.toml", "src/wandb_keras_compat/__init__.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(
            re.sub(r'^repository = ".*"$', f'repository = "{address}"', read(path), count=1, flags=re.MULTILINE),
            encoding="utf-8",
        )
    core = core_metadata.ProjectMetadata(str(tmp_path), plugins.PluginManager()).core
    metadata = Message()
    for name, target in core.urls.items():
        metadata["Project-URL"] = f"{name}, {target}"
    metadata.set_payload(core.readme)
    faults = distributions.faults_of_links(metadata)
    if not address:
        assert faults[0] == "there is no Project-URL" and len(faults) > 10
        assert core.readme == read("README.md")
        return
    assert faults == [] and set(core.urls) == {"Homepage", "Documentation", "Changelog", "Issues"}
    at = f"v{wandb_keras_compat.__version__}"
    assert f"[docs/install-proofs.md]({ADDRESS}/blob/{at}/docs/install-proofs.md)" in core.readme
    assert f"({ADDRESS}/raw/{at}/compat_matrix/overview.svg)" in core.readme
    assert f"({ADDRESS}/blob/{at}/docs/reference/logged.md#reading-what-was-saved)" in core.readme


def test_the_release_checks_before_it_builds_and_has_no_password() -> None:
    workflow = document(".github/workflows/release.yml")
    build, publish = workflow["jobs"]["build"], workflow["jobs"]["publish"]
    commands = [step["run"] for step in build["steps"] if "run" in step]
    assert commands[0] == 'python tests/publish/release_tag.py "$GITHUB_REF_NAME"'
    assert commands[-1] == "nox -s publish -- dist"
    assert publish["needs"] == "build" and publish["permissions"] == {"id-token": "write"}
    assert "secrets." not in read(".github/workflows/release.yml")
    assert set(workflow["on"]["push"]) == {"tags"}


def test_the_requirements_of_the_recipe_are_those_of_the_package(settings: dict[str, Any]) -> None:
    """Conda has no extras: ``migrate`` is in, and the wandb that is there has to be new enough."""
    project = settings["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["codemods"]]
    recipe = document("conda/recipe.yaml")
    _, *run = recipe["requirements"]["run"]
    assert {plain(text) for text in run} == {plain(text) for text in wanted}
    wandb = {text for text in project["optional-dependencies"]["wandb"] if text.startswith("wandb")}
    assert {plain(text) for text in recipe["requirements"]["run_constraints"]} == {plain(text) for text in wandb}
    assert recipe["context"]["python_min"] == project["requires-python"].removeprefix(">=")
    assert recipe["about"]["summary"] == project["description"]
    (entry,) = recipe["build"]["python"]["entry_points"]
    assert entry.split(" = ") == ["wandb-keras-compat", project["scripts"]["wandb-keras-compat"]]


def plain(text: str) -> str:
    requirement = Requirement(text.replace(" ", ""))
    return f"{requirement.name} {requirement.specifier}"


def test_the_steps_of_the_action_take_what_is_there() -> None:
    """Its steps are played by ``nox -s publish``; here: the text of the commands."""
    action = action_steps.action()
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"], "values come by the environment, where a shell does not read them as code"
        assert set(action_steps.environment_of(step, {}, {"steps.install.outputs.python": "python"}))
    pytest.importorskip("libcst", reason="the codemods are an extra")
    from wandb_keras_codemods.cli import migrate

    known = {name for parameter in migrate.params for name in parameter.opts}
    used = {
        word for word in shlex.split(action["runs"]["steps"][-1]["run"].replace("<<<", "")) if word.startswith("--")
    }
    assert used - {"--"} == {"--check"} and used - {"--"} <= known


def test_the_hooks_of_pre_commit_bring_what_the_extra_has(settings: dict[str, Any]) -> None:
    """pre-commit installs the package without extras, and then these."""
    extra = settings["project"]["optional-dependencies"]["codemods"]
    for hook in document(".pre-commit-hooks.yaml"):
        assert hook["additional_dependencies"] == extra
        assert hook["entry"].startswith("python -m wandb_keras_codemods --")


def test_a_bug_report_asks_for_what_doctor_says() -> None:
    form = document(".github/ISSUE_TEMPLATE/bug.yml")
    (first, *_) = [field for field in form["body"] if field["type"] != "markdown"]
    assert "doctor" in first["attributes"]["label"] and first["validations"] == {"required": True}
    for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"):
        fields = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")).get("body", [])
        named = [field["id"] for field in fields if "id" in field]
        assert len(named) == len(set(named))


@pytest.mark.parametrize(
    "path", ["CODE_OF_CONDUCT.md", "SECURITY.md", "CITATION.cff", "CHANGELOG.md", ".github/dependabot.yml"]
)
def test_what_a_repository_has_is_there(path: str) -> None:
    assert read(path).strip()
