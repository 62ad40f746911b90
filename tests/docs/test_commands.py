"""Every command that a page shows: its options are there, and it is run as it stands there, or a list says why not.

A page's commands are run in their order, in one folder with the files that the page shows and those of ``files/``, offline
and without an account. What they print, and how they end, is what the page says. A command that stands on several pages is
run for one of them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("libcst", reason="the pages need all extras")

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

from . import commands
from .commands import Command

FILES = Path(__file__).parent / "files"
PAGES = commands.pages()
#: The pages whose commands are run, in the order in which one that stands twice is run for the first.
RUN_FIRST = ("docs/tutorial/", "docs/how-to/", "docs/")
#: What is not run, by its beginning, with the reason.
NOT_RUN = {
    r"(python\S* -m )?pip install": "asks a package index; that the extras it names are there is looked up below",
    r"python3 -m venv": "makes an environment, minutes: .ci/run makes one; the demo is run by tests/end_to_end/test_demo.py",
    r"(multi-gitter|turbolift) ": "asks a forge, with an account",
    r"wandb-keras-compat check": "plays trainings for a minute; tests/parity/check does, and the matrix with versions",
    r"python -m wandb_keras_compat run --keras": "needs tf-keras: nox -s cell-tf-keras, tests/hook/test_keras_option.py",
    r".* -- old/bin/python ": "needs an environment of 2023; the goldens are recorded in one, by nox -s oracle",
}


def of(page: str) -> tuple[list[Command], dict[str, str]]:
    return commands.pieces(PAGES[page].read_text(encoding="utf-8"))


def not_run(command: Command) -> str | None:
    return next((why for beginning, why in NOT_RUN.items() if re.match(beginning, command.text)), None)


def shown() -> dict[str, list[Command]]:
    """The commands of each page that has some."""
    return {page: found for page in PAGES if (found := of(page)[0])}


def run_for() -> dict[str, list[Command]]:
    """The commands that are run for each page."""
    order = sorted(
        shown(), key=lambda page: next((i for i, start in enumerate(RUN_FIRST) if page.startswith(start)), 9)
    )
    found: dict[str, list[Command]] = {}
    seen: set[str] = set()
    for page in order:
        mine = [command for command in of(page)[0] if not_run(command) is None]
        if not all(command.text in seen for command in mine):
            found[page] = mine
        seen |= {command.text for command in mine}
    return found


# --- what they are -------------------------------------------------------------------------------------------------


def test_there_are_commands() -> None:
    assert len(shown()) >= 6
    assert "README.md" in shown()
    assert len([command for mine in run_for().values() for command in mine]) >= 25


@pytest.mark.parametrize("page", sorted(shown()))
def test_our_commands_and_their_options_are_there(page: str) -> None:
    wrong = [
        f"{command.text}: {why}"
        for command in shown()[page]
        for ours, arguments in commands.calls(command.text)
        if (why := commands.refused(ours, arguments)) is not None
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("where", "least"), [(commands.in_sentences, 8), (commands.in_files, 2)], ids=["sentences", "files"]
)
def test_those_elsewhere_on_a_page_are_there_as_well(where: Callable[[str], list[str]], least: int) -> None:
    found = {(page, line) for page, path in PAGES.items() for line in where(path.read_text(encoding="utf-8"))}
    wrong = [
        f"{page}: {line}: {why}"
        for page, line in sorted(found)
        for ours, arguments in commands.calls(line)
        if (why := commands.refused(ours, arguments)) is not None
    ]
    assert wrong == []
    assert len(found) >= least


def test_the_extras_are_those_of_the_package() -> None:
    extras = set(re.findall(r"^(\w+) = \[", _section("[project.optional-dependencies]"), re.MULTILINE))
    named = {
        extra
        for path in PAGES.values()
        for some in re.findall(r"(?:wandb-keras-compat|'\.)\[([\w,]+)\]", path.read_text(encoding="utf-8"))
        for extra in some.split(",")
    }
    assert {"testing", "codemods"} <= named
    assert named - extras == set()


def _section(name: str) -> str:
    text = (commands.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return text.partition(f"\n{name}\n")[2].partition("\n[")[0]


#: What every page says on which the package is installed by its name, as long as no index has it.
NOT_RELEASED = (
    "Before the first release, write the path of a checkout, such as `../wandb-keras-compat`, where this page has "
    "`wandb-keras-compat` behind `pip install`."
)
BY_NAME = re.compile(r"pip install [^`\n]*(?<!/)wandb-keras-compat")


def faults_of_installs(text: str, changelog: str) -> str | None:
    """What is wrong with a page that installs the package, by whether a release has a date in the changelog."""
    if not BY_NAME.search(text):
        return None
    released = re.search(r"^## \S+ \(\d{4}-\d\d-\d\d\)$", changelog, re.MULTILINE) is not None
    said = NOT_RELEASED in " ".join(text.split()) or "from the first release on, which has not been yet, `pip" in text
    if said == released:
        return (
            "speaks of a time before the first release" if said else "does not say what to do before the first release"
        )
    return None


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_installs_the_package_says_what_to_do_as_long_as_no_index_has_it(page: str) -> None:
    changelog = (commands.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert faults_of_installs(PAGES[page].read_text(encoding="utf-8"), changelog) is None


@pytest.mark.parametrize(
    ("text", "dated", "expected"),
    [
        ("$ pip install 'wandb-keras-compat[x]'", False, "does not say what to do before the first release"),
        (f"$ pip install wandb-keras-compat\n{NOT_RELEASED}", False, None),
        (f"$ pip install wandb-keras-compat\n{NOT_RELEASED}", True, "speaks of a time before the first release"),
        ("%pip install -q wandb-keras-compat", True, None),
        ("`pip install wandb`", False, None),
        ("`pip install '../wandb-keras-compat[x]'`", False, None),
    ],
)
def test_a_page_that_promises_an_index_is_seen(text: str, dated: bool, expected: str | None) -> None:
    headings = "## 0.2.0 (not released)\n" + ("## 0.1.0 (2026-01-31)\n" if dated else "")
    assert faults_of_installs(text, headings) == expected


def test_pages_that_install_the_package_are_found() -> None:
    assert len([page for page in PAGES.values() if BY_NAME.search(page.read_text(encoding="utf-8"))]) >= 10


def test_the_hooks_of_pre_commit_are_those_of_the_repository() -> None:
    there = set(re.findall(r"^- id: (\S+)", (commands.ROOT / ".pre-commit-hooks.yaml").read_text(), re.MULTILINE))
    named = {
        hook
        for path in PAGES.values()
        for hook in re.findall(r"^\s+- id: (wandb-\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named
    assert named - there == set()


def test_no_reason_is_left_over() -> None:
    every = [command.text for mine in shown().values() for command in mine]
    assert [beginning for beginning in NOT_RUN if not any(re.match(beginning, text) for text in every)] == []


def test_commands_stand_in_blocks_of_the_kind_console() -> None:
    """Not in indented lines, which nothing would read."""
    indented = re.compile(r"^    (?:\$ |python -m |pip |wandb-keras-compat )", re.MULTILINE)
    assert [page for page, path in PAGES.items() if indented.search(path.read_text(encoding="utf-8"))] == []


# --- what they do --------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with the files that all pages may use."""
    work = tmp_path / "work"
    for path in sorted(FILES.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            target = work / path.relative_to(FILES)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    yield work


def environment(around: Path) -> dict[str, str]:
    """Where each of our programs is the one of these tests, pip does nothing, and wandb is offline and writes here."""
    programs = around / "bin"
    programs.mkdir()
    modules = {"python": "", "ipython": "-m IPython", "pytest": "-m pytest -p no:cacheprovider"}
    for name, module in {**modules, "wandb-keras-compat": "-m wandb_keras_compat"}.items():
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
    (programs / "pip").write_text("#!/bin/sh\nexit 0\n")
    for path in programs.iterdir():
        path.chmod(0o755)
    home = around / "home"
    home.mkdir()
    return inherited_environment(
        wandb_folders(around / "wandb-folders"),
        {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "WANDB_MODE": "offline",
            "PYTHONUNBUFFERED": "1",  # what is printed, in the order in which a reader sees it
            "NO_COLOR": "1",
            "COLUMNS": "120",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "-1",
            "KERAS_BACKEND": "tensorflow",
        },
        drop=("WANDB_", "PYTEST_"),
        path=[commands.ROOT / "src", commands.ROOT / "codemods"],
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the pages show a POSIX shell")
@pytest.mark.skipif(find_spec("tensorflow") is None or find_spec("IPython") is None, reason="the pages need all extras")
@pytest.mark.timeout(1200)  # of a busy machine; on one that is not it takes a minute
@pytest.mark.slow
@pytest.mark.parametrize("page", run_for())
def test_the_commands_of_a_page_do_what_it_says(page: str, folder: Path, tmp_path: Path) -> None:
    for name, text in of(page)[1].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for notebook in PAGES[page].parent.glob("*.ipynb"):
        (folder / notebook.name).write_bytes(notebook.read_bytes())
    variables = environment(tmp_path)
    for command in run_for()[page]:
        done = subprocess.run(
            ["bash", "-c", command.text],
            cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=600, check=False,
        )  # fmt: skip
        output = done.stdout
        assert done.returncode == command.exit_code, f"{command.text} ended with {done.returncode}:\n{output[-4000:]}"
        lacking = commands.missing(command.printed, output)
        assert lacking is None, f"{command.text} does not print {lacking!r}:\n{output[-4000:]}"


# --- and whether this test would notice ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("wandb-keras-compat check --every", "--every"),
        ("wandb-keras-compat cheque", "cheque"),
        ("wandb-keras-compat migrate --to callback .", "'callback' is not one of"),
        ("python -m wandb_keras_codemods --rewrite .", "--rewrite"),
        ("true && .venv/bin/wandb-keras-compat demo --epoch-number 3", "--epoch-number"),
        ("wandb-keras-compat trace record --output t.json --seeds 1 -- python train.py", "--seeds"),
        ("wandb-keras-compat trace record -o t.json -- python -m wandb_keras_compat run --kerass tf_keras t.py", "--kerass"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_seen(line: str, why: str) -> None:
    found = [commands.refused(ours, arguments) for ours, arguments in commands.calls(line)]
    assert any(why in text for text in found if text), found


def test_a_program_keeps_its_own_options() -> None:
    line = "python -m wandb_keras_compat run train.py --epochs 3 && wandb-keras-compat trace record -o t -- python x.py --y"
    assert [commands.refused(ours, arguments) for ours, arguments in commands.calls(line)] == [None, None]


def test_a_page_is_read_as_it_is_meant() -> None:
    text = (
        "# A page\n\n```python\n# a/train.py\nprint(1)\n```\n\n```console\n$ one \\\n    two  # ends with 3\nprinted\n$ three\n```\n"
        "<!-- run: four -->\n```python\nno_file()\n```\n"
    )
    found, files = commands.pieces(text)
    assert files == {"a/train.py": "print(1)\n"}
    assert [(command.printed, command.exit_code) for command in found] == [(("printed",), 3), ((), 0), ((), 0)]
    assert commands.in_sentences("`wandb-keras-compat check\n--all` and `python -m other` and\n" + text) == [
        "wandb-keras-compat check --all"
    ]
    assert found[0].text == "one \\\n    two  # ends with 3"
    with pytest.raises(ValueError, match="bash"):
        commands.pieces("```bash\nls\n```\n")


@pytest.mark.parametrize(
    ("printed", "output", "lacking"),
    [
        (("a", "...", "c"), "a\nb\nc\n", None),
        (("c", "a"), "a\nc\n", "a"),
        (("took ... seconds",), "took 3 seconds", None),
        (("took 4 seconds",), "took 3 seconds", "took 4 seconds"),
        (("took 3 seconds",), "took \x1b[1;31m3\x1b[0m seconds", None),
    ],
)
def test_what_is_not_printed_is_seen(printed: tuple[str, ...], output: str, lacking: str | None) -> None:
    assert commands.missing(printed, output) == lacking
