"""Sessions: ``nox -l`` lists them. ``tests`` is the default tier; ``cell-oracle`` and its like run all elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import nox

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # comes with nox there

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "types", "layers", "docs", "publish", "tests"]
nox.needs_version = ">=2024.10.9"

MATRIX = tomllib.loads(Path("compat_matrix/matrix.toml").read_text(encoding="utf-8"))
CELLS = [cell for cell in MATRIX["cell"] if "tensorflow" in cell]  # the others are the sessions of [[framework]]
LOCKS = Path("compat_matrix/locks")
PYTEST = ["pytest", "pytest-timeout", "pytest-xdist", "filelock", "hypothesis"]
#: What looks at the built files; none of it is in the locked environment.
PUBLISHING = [
    "twine>=6",
    "check-wheel-contents>=0.6",
    "validate-pyproject[all]>=0.24",
    "check-sdist>=1.3",
    "hatchling>=1.25",
]
PUBLISHING += ["build", "cffconvert>=2", "py-rattler-build>=0.60", "ruamel.yaml>=0.18", "zizmor>=1.10"]
SPHINX = ["--fail-on-warning", "--keep-going", "--fresh-env", "-q"]
MINUTES = "not cell and not whole"  # the default tier, and its slow tests; the others take longer than all of these
TEST_TOOLS = [*PYTEST, "scikit-learn", "pandas"]
TEST_TOOLS += ["ipython<8.19"]  # later ones need a newer typing-extensions than TensorFlow up to 2.12 allows, unsaid


def _folder(session: nox.Session) -> Path:
    """A folder beside the session's environment, made anew with it.

    Not ``session.create_tmp()``: that makes the folder the TMPDIR of all that the session runs, and what tests make
    would be part of this repository: the codemods look through the whole of the one that they are started in.
    """
    folder = Path(session.virtualenv.location, "made").resolve()
    folder.mkdir(exist_ok=True)
    return folder


def _install_locked(session: nox.Session, *extras: str) -> None:
    """The package as it lies here, and what uv.lock says for it with *extras*, from whatever index is configured."""
    locked = str(_folder(session) / "locked.txt")
    wanted = [f"--extra={extra}" for extra in extras]
    session.run_install(
        "uv", "export", "--frozen", "--quiet", "--no-emit-project", *wanted, "--output-file", locked, external=True
    )
    session.install("-r", locked)
    session.install("--no-deps", "-e", ".")


def _wheel_places() -> str:
    """Where pip is told that wheels are, in the environment or in its files; such a machine may reach nothing else."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    told = (line.partition("=")[2].strip("'") for line in listed.stdout.splitlines() if "find-links=" in line)
    return ",".join(dict.fromkeys(" ".join(told).replace("\\n", " ").split()))


def _tell_uv(session: nox.Session) -> bool:
    """Passes on to uv where pip is told that wheels are, since uv does not read pip's settings; says whether it is."""
    if "UV_FIND_LINKS" not in os.environ and (places := _wheel_places()):
        session.env["UV_FIND_LINKS"] = places
    return "UV_FIND_LINKS" in {*os.environ, *session.env}


def _side_by_side(session: nox.Session, *commands: tuple[str, ...]) -> None:
    """Runs programs that keep one core each busy, two at a time; what one prints is shown when it has ended."""
    with ThreadPoolExecutor(2) as both:
        running = [both.submit(session.run, *command, silent=True) for command in commands]
        try:
            for ended in as_completed(running):
                print(ended.result(), flush=True)
        except nox.command.CommandFailed:
            both.shutdown(cancel_futures=True)
            raise


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff: every rule but those pyproject.toml gives a reason for leaving out, and the format."""
    _install_locked(session, "dev")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """What mypy --strict says of the packages."""
    _install_locked(session, "codemods", "testing", "dev")
    session.run("mypy")


@nox.session
def layers(session: nox.Session) -> None:
    """What may import what: the contracts of pyproject.toml's ``[tool.importlinter]``."""
    _install_locked(session, "codemods", "testing", "dev")
    session.run("lint-imports")


@nox.session
def docs(session: nox.Session) -> None:
    """The pages of docs/ as HTML, with the reference read off the code; a broken link or any other warning fails."""
    _install_locked(session, "tensorflow", "codemods", "testing", "docs")  # all that the reference is of
    session.run("sphinx-build", *SPHINX, "docs", "build/docs")
    session.run("python", "tests/docs/site_links.py", "build/docs")


@nox.session
def publish(session: nox.Session) -> None:
    """What would be published: the sdist, the wheel made of it, their metadata, both installed where nothing else is.

    ``nox -s publish -- FOLDER`` leaves the files that passed in FOLDER, and asks of them what a release has to have.
    """
    session.install(*PUBLISHING)
    dist = _folder(session) / "dist"
    session.run("uv", "build", "--quiet", "--clear", "--out-dir", str(dist), external=True)
    (sdist,), (built,) = dist.glob("*.tar.gz"), dist.glob("*.whl")
    session.run("python", "tests/publish/distributions.py", str(dist), *(["--release"] if session.posargs else []))
    session.run("twine", "check", "--strict", str(sdist), str(built))
    session.run("check-wheel-contents", str(built))
    session.run("validate-pyproject", "pyproject.toml")
    session.run("check-sdist", "--no-isolation")
    session.run("cffconvert", "--validate", "--infile", "CITATION.cff")
    session.run("zizmor", "--offline", "--quiet", "--config", ".github/zizmor.yml", "action.yml", ".github")
    rendered = "from rattler_build import *; print(Stage0Recipe.from_file('conda/recipe.yaml').render(VariantConfig()))"
    session.run("python", "-c", rendered)
    smoke = Path("tests/wheel_smoke.py").resolve()
    for name, files in (("from-wheel", built), ("from-sdist", sdist)):
        folder = _folder(session) / name
        session.run("uv", "venv", "--quiet", "--clear", "--python", session.python or sys.executable, str(folder))
        python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        session.run("uv", "pip", "install", "--quiet", "--python", str(python), f"{files}[codemods]")
        with session.chdir(dist):  # away from the sources, which would be imported instead
            session.run(str(python), "-I", str(smoke), str(built), external=True)
    session.run("python", "-m", "tests.publish.action_steps", sys.executable)
    if session.posargs:
        (target,) = map(Path, session.posargs)
        target.mkdir(parents=True, exist_ok=True)
        for path in (sdist, built):
            shutil.copy(path, target)


@nox.session
def tests(session: nox.Session) -> None:
    """The default tier in the locked environment."""
    _install_locked(session, "tensorflow", "codemods", "testing", "dev")
    session.run("pytest", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """The tests that the default tier leaves out for the time they take: whole programs and trainings, most of them."""
    _install_locked(session, "tensorflow", "codemods", "testing", "dev")
    session.run("pytest", "-m", f"slow and {MINUTES}", *session.posargs)


@nox.session
def pages(session: nox.Session) -> None:
    """The pages that people look at and the site, in a headless Chromium: one that is installed, or Playwright's.

    ``nox -s pages -- screenshots`` makes those of docs/ again.
    """
    _install_locked(session, "tensorflow", "codemods", "testing", "docs", "dev")  # the site has the reference
    site = str(_folder(session) / "site")
    session.run("sphinx-build", *SPHINX, "docs", site)
    session.env["WANDB_KERAS_COMPAT_SITE"] = site
    session.install("playwright", "axe-playwright-python")
    browsers = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
    installed = next(filter(None, map(shutil.which, browsers)), None)
    if installed is None:
        session.run("playwright", "install", "--with-deps", "chromium")
    session.env["WANDB_KERAS_COMPAT_BROWSER"] = installed or "playwright"
    if session.posargs == ["screenshots"]:
        session.run("python", "-m", "tests.pages.screenshots")
        return
    session.run("pytest", *(session.posargs or ("tests/pages",)))


@nox.session
def newest(session: nox.Session) -> None:
    """``tests``, ``slow`` and mypy with the newest of all that this interpreter can have, whatever uv.lock says."""
    session.install("--upgrade", "-e", ".[tensorflow,codemods,testing,dev]")
    session.run("mypy")
    session.run("pytest", "-m", MINUTES, *session.posargs)


def _lock(cell: dict) -> str:
    """The lock that ``python -m compat_matrix resolve`` made of a cell, named as parity/check/cells.py does."""
    keras = cell["keras"].replace("-", "") if cell["keras"][0].isalpha() else f"keras{cell['keras']}"
    return str(LOCKS / f"tf{cell['tensorflow']}-{keras}-wandb{cell['wandb']}-py{cell['python']}.txt")


def _cell_session(cell: dict) -> None:
    @nox.session(name=f"cell-{cell['name']}", python=cell["python"])
    def run(session: nox.Session) -> None:
        session.install("-r", _lock(cell), *TEST_TOOLS, "-e", ".[testing]")
        legacy = {"TF_USE_LEGACY_KERAS": "1"} if cell["keras"] == "tf-keras" else {}
        if session.posargs:  # a push plays a part; that the schedule can import the rest is known before it fails there
            session.run("pytest", "-m", "not cell", "--collect-only", "-qq", silent=True, env=legacy)
        session.run("pytest", "-m", "not cell", *session.posargs, env=legacy)

    run.__doc__ = f"The suite with TensorFlow {cell['tensorflow']}, wandb {cell['wandb']}: {cell['why']}."


for _cell in CELLS:
    _cell_session(_cell)


#: What is played where Keras computes without TensorFlow.
WITHOUT_TENSORFLOW = [
    *(f"tests/backends/test_{name}.py" for name in ("batch_hooks", "choice", "gradients", "operation_counts")),
    "tests/backends/test_training_is_untouched.py",
    "tests/sdk/test_own_callbacks.py",
    "tests/hook/test_without_tensorflow.py",
    *(f"tests/parity/test_{name}.py" for name in ("frameworks", "ledger", "scenarios")),
    "tests/parity/check/test_run.py",
    "tests/testing/any_program",  # that of PyTorch has it here only
    "tests/commands/test_demo.py",
    "tests/commands/test_missing_keras.py",
    "tests/end_to_end/test_demo.py",
    "tests/end_to_end/test_documented_uses.py",
    "tests/end_to_end/test_data_parallel.py",
]

#: Of PyTorch's operators: with more, those of two workers wait for one another for longer than they compute.
ONE_THREAD = {"OMP_NUM_THREADS": "1"}


def _compiled_once(session: nox.Session) -> dict[str, str]:
    """Lets JAX keep what it compiled, however small, for the other processes of the session: a quarter of its time."""
    return {
        "JAX_COMPILATION_CACHE_DIR": str(_folder(session) / "compiled"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }


def _framework_session(framework: dict) -> None:
    @nox.session(name=f"keras-{framework['name']}", python=framework["python"], venv_backend="uv")
    def run(session: nox.Session) -> None:
        more, backend = [], framework.get("backend", framework["name"])
        if not _tell_uv(session) and backend == "torch":  # the build for the CPU is on PyTorch's own index only
            more = ["--extra-index-url", "https://download.pytorch.org/whl/cpu"]
            more += ["--index-strategy", "unsafe-best-match"]
        session.install(*more, *framework["requirements"], *PYTEST, "-e", ".[testing,demo]")
        session.env.update(KERAS_BACKEND=backend, **ONE_THREAD, **_compiled_once(session))
        played = ["-n", "2", "--dist", "loadfile", *framework.get("tests", WITHOUT_TENSORFLOW)]
        session.run("pytest", "-m", MINUTES, *(session.posargs or played))

    beside = "with TensorFlow installed beside it" if "tests" in framework else "and no TensorFlow is installed"
    run.__doc__ = f"The callbacks where Keras computes with {framework.get('backend', framework['name'])}, {beside}."


for _framework in MATRIX["framework"]:
    _framework_session(_framework)


@nox.session(python=next(cell["python"] for cell in CELLS if cell["name"] == "oracle"))
def oracle(session: nox.Session) -> None:
    """Records the goldens again with the real class and demands that they are the committed ones."""
    cell = next(cell for cell in CELLS if cell["name"] == "oracle")
    session.install("-r", _lock(cell), *TEST_TOOLS, "-e", ".[testing]")
    uses = "src/wandb_keras_compat/parity/goldens/uses"
    _side_by_side(
        session,
        *(  # the longest first
            ("python", "-m", f"wandb_keras_compat.parity.{recorder}", "--check", *more)
            for recorder, *more in (
                ("keras2.record",), ("record_goldens",), ("uses.play", "legacy", uses), ("record_oracle",), ("rules",),
            )
        ),
    )  # fmt: skip


@nox.session(python=oracle.python)
def mutation(session: nox.Session) -> None:
    """Mutates the features and looks which mutants the parity suite tells; without arguments all that changed."""
    cell = next(cell for cell in CELLS if cell["name"] == "oracle")
    session.install("-r", _lock(cell), *TEST_TOOLS, "mutmut>=3.8", "-e", ".[testing]")
    session.run("python", "-m", "tests.parity.mutation", *session.posargs)
    if not session.posargs:
        session.run("python", "-m", "tests.parity.mutation", "--report")
        session.run("python", "-m", "tests.parity.mutation", "--check")


@nox.session
def instrument(session: nox.Session) -> None:
    """Puts hand-made bugs and mutants into the instrument, and looks whether the tests of its modules tell them."""
    _install_locked(session, "tensorflow", "codemods", "testing", "dev")
    session.install("mutmut>=3.8")
    session.run("python", "-m", "tests.parity.mutation.hand_made")
    session.run("python", "-m", "tests.parity.mutation.instrument", *session.posargs)
    session.run("python", "-m", "tests.parity.mutation.instrument", "--report")


@nox.session
def sdk(session: nox.Session) -> None:
    """The real SDK of several wandb versions, each in an environment of its own: fake backend, recorder, files.

    ``nox -s sdk -- record`` looks instead what each is told and asks, keeps it, and renders the pages of it.
    """
    _install_locked(session, "testing", "dev")
    interpreters = []
    for entry in MATRIX["sdk"]:
        folder = _folder(session) / entry["requirements"][0].replace("==", "-")
        session.run("uv", "venv", "--quiet", "--clear", "--python", entry["python"], str(folder))
        python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        session.run("uv", "pip", "install", "--quiet", "--python", str(python), *entry["requirements"])
        interpreters.append(str(python))
    if session.posargs == ["record"]:
        session.run("python", "-m", "tests.testing.doors.server.record_sdks", "record", *interpreters)
        session.run("python", "-m", "tests.testing.doors.server.record_sdks", "render")
        return
    session.env["WANDB_KERAS_COMPAT_SDKS"] = os.pathsep.join(interpreters)
    alone = (
        "testing/doors/recorder/test_every_sdk.py", "sdk/test_published_files.py", "sdk/test_silent_server.py",
        "sdk/test_every_wandb.py", "end_to_end/test_killed.py",
    )  # fmt: skip
    session.run(
        "pytest",
        "-m",
        MINUTES,
        *(session.posargs or ("tests/testing/doors/server", *(f"tests/{path}" for path in alone))),
    )


@nox.session
def migration(session: nox.Session) -> None:
    """Every program of the migration suite, before and after the codemods; --only and --json choose and keep."""
    _install_locked(session, "tensorflow", "codemods", "testing", "dev")
    session.run("python", "-m", "wandb_keras_compat.parity.migration", *session.posargs)
    session.run("python", "-m", "tests.parity.migration.results", "--check")


@nox.session
def benchmarks(session: nox.Session) -> None:
    """The ratios of benchmarks/README.md."""
    _install_locked(session, "tensorflow", "codemods", "testing", "dev")
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session
def matrix(session: nox.Session) -> None:
    """Whether what is rendered of the matrix is what its results say, and its corners again, each from its lock."""
    _install_locked(session, "tensorflow", "testing", "dev")  # TensorFlow reads the checkpoints of traces
    session.run("python", "-m", "compat_matrix", "workflow", "--check")
    session.run("python", "-m", "compat_matrix", "report", "--check")
    results = str(_folder(session) / "results")
    _tell_uv(session)
    session.run("python", "-m", "compat_matrix", "run", "--tier", "corner", "--results", results, *session.posargs)
