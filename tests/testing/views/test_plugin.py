"""The pytest plugin in sessions of its own: what a user's tests see, in one process and under xdist."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from wandb_keras_compat.testing.child_environment import inherited_environment

pytestmark = pytest.mark.slow

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[3]
PLUGIN = "wandb_keras_compat.testing.plugin"

LOG_HERE = """
    import wandb

    def train(rows):
        run = wandb.init(project="p", config={"rows": rows})
        for row in range(rows):
            wandb.log({"loss": 1 / (row + 1)})
        run.summary["best"] = rows
        wandb.finish()
"""


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A session without the plugins of this environment but with ours, as if ours alone were installed."""
    for name in [name for name in os.environ if name.startswith(("WANDB_", "PYTEST_XDIST"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("WANDB_MODE", "offline")
    return pytester


def run(session: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return session.runpytest_subprocess("-p", PLUGIN, "-p", "no:cacheprovider", *arguments, timeout=240)


def test_a_run_of_the_whole_session_ends_in_order_where_a_test_takes_the_fixture(session: pytest.Pytester) -> None:
    """Its own fixture, whose last act is ``wandb.finish()``, is set up before the server's and is taken down after it."""
    session.makepyfile("""
    import pytest
    import wandb

    @pytest.fixture(scope="session")
    def shared(tmp_path_factory):
        yield wandb.init(mode="offline", dir=str(tmp_path_factory.mktemp("wandb")))
        wandb.finish()

    def test_the_run(shared):
        shared.log({"loss": 1})

    def test_the_fixture(wandb_backend):
        wandb.init(project="p").log({"loss": 2})
        wandb.finish()
        assert wandb_backend.history() == [{"loss": 2}]
    """)
    result = run(session)
    result.assert_outcomes(passed=2, warnings=1)
    result.stdout.fnmatch_lines(
        ["*PytestWarning: The run * was open where wandb is led to another address, and is finished*"]
    )


def test_a_training_in_the_process_of_the_test(session: pytest.Pytester) -> None:
    session.makepyfile(
        LOG_HERE
        + """
    import os
    import pytest

    @pytest.mark.parametrize("rows", [3, 1])
    def test_each_test_begins_empty(wandb_backend, rows):
        assert wandb_backend.runs() == ()
        train(rows)
        assert wandb_backend.history() == [{"loss": pytest.approx(1 / (row + 1))} for row in range(rows)]
        assert wandb_backend.summary()["best"] == rows
        assert wandb_backend.config() == {"rows": rows}
        assert wandb_backend.run().exit_code == 0
        assert wandb_backend.trace()["door"] == "http"

    def test_answers_are_copies(wandb_backend):
        train(1)
        for question in (wandb_backend.history, wandb_backend.summary, wandb_backend.config, wandb_backend.files):
            question().clear()
            assert question()

    def test_without_the_fixture_nothing_is_left_of_it(tmp_path):
        assert "WANDB_BASE_URL" not in os.environ
        run = wandb.init(project="p", dir=str(tmp_path))
        assert run.settings.mode == "offline" and "127.0.0.1" not in run.settings.base_url
        wandb.finish()

    def test_and_with_it_again(wandb_backend):
        train(2)
        assert len(wandb_backend.history()) == 2
    """
    )
    run(session).assert_outcomes(passed=5)


def test_a_training_in_another_process(session: pytest.Pytester) -> None:
    session.makepyfile(train=LOG_HERE + "\n    train(4)\n")
    session.makepyfile(
        """
    import subprocess, sys

    def test_child(wandb_backend, tmp_path):
        subprocess.run([sys.executable, "train.py"], check=True)
        assert len(wandb_backend.history()) == 4
        assert not list(tmp_path.iterdir())
    """
    )
    run(session).assert_outcomes(passed=1)
    assert not (session.path / "wandb").exists()


def test_a_run_left_open_is_finished(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
    import wandb

    def test_forgets_to_finish(wandb_backend):
        wandb.init(project="p").log({"a": 1})

    def test_next(wandb_backend):
        assert wandb.run is None and wandb_backend.runs() == ()
    """
    )
    run(session).assert_outcomes(passed=2)


def test_something_unknown_fails_the_test(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
    import urllib.error, urllib.request

    def test_asks(wandb_backend):
        try:
            urllib.request.urlopen(wandb_backend.url + "/api/no/such/thing")
        except urllib.error.HTTPError:
            pass

    def test_the_next_is_not_to_blame(wandb_backend):
        pass

    def test_asks_the_recorder(wandb_recorder):
        wandb_recorder._recorder.store.unknown.append("recorder: request of_tomorrow")

    def test_the_next_is_not_to_blame_either(wandb_recorder):
        pass
    """
    )
    result = run(session)
    result.assert_outcomes(passed=4, errors=2)
    result.stdout.re_match_lines(
        [r".*asked what it does not know", r".*no/such/thing.*", r".*asked what it does not know", r".*of_tomorrow.*"]
    )


def test_a_server_that_a_test_killed_is_there_for_the_next(session: pytest.Pytester) -> None:
    session.makepyfile(
        LOG_HERE
        + """
    def test_kills(wandb_backend):
        wandb_backend.kill()

    def test_next(wandb_backend):
        train(1)
        assert len(wandb_backend.history()) == 1
    """
    )
    run(session).assert_outcomes(passed=2)


def test_the_recorder(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
    import wandb

    def test_records(wandb_recorder):
        run = wandb_recorder.start_run(config={"a": 1})
        assert wandb.run is run
        wandb.log({"loss": 0.5})
        wandb.finish()
        assert wandb_recorder.history() == [{"loss": 0.5}]
        assert wandb_recorder.config() == {"a": 1}
        assert wandb_recorder.trace()["door"] == "recorder"

    def test_forgets(wandb_recorder):
        assert wandb_recorder.runs() == () and wandb.run is None
    """
    )
    run(session).assert_outcomes(passed=2)


def test_under_xdist_each_worker_has_its_server(session: pytest.Pytester) -> None:
    pytest.importorskip("xdist", reason="pytest-xdist is not in this environment")
    session.makepyfile(
        LOG_HERE
        + """
    import os
    import pytest

    @pytest.mark.parametrize("rows", range(1, 9))
    def test_rows(wandb_backend, rows):
        train(rows)
        assert len(wandb_backend.history()) == rows
        with open("servers.txt", "a") as file:
            file.write(f"{os.environ['PYTEST_XDIST_WORKER']} {wandb_backend.url}\\n")
    """
    )
    run(session, "-p", "xdist", "-n", "2").assert_outcomes(passed=8)
    servers = {tuple(line.split()) for line in (session.path / "servers.txt").read_text().splitlines()}
    assert len({worker for worker, _ in servers}) == len({url for _, url in servers}) == len(servers) == 2


def test_pytest_finds_it_by_its_entry_point(session: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the entry point of pyproject.toml in a distribution of its own on the path."""
    table = re.search(
        r"\[project\.entry-points\.pytest11\]\n(.+?)\n\n", (ROOT / "pyproject.toml").read_text(), re.DOTALL
    )
    assert table is not None
    here = session.path / "site" / "made_for_this_test-0.dist-info"
    here.mkdir(parents=True)
    (here / "METADATA").write_text("Metadata-Version: 2.1\nName: made-for-this-test\nVersion: 0\n")
    (here / "entry_points.txt").write_text("[pytest11]\n" + table[1].replace('"', ""))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(here.parent), os.environ["PYTHONPATH"]]))
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    result = session.runpytest_subprocess("--fixtures", "-q", timeout=120)
    result.stdout.fnmatch_lines_random(["wandb_backend*", "wandb_recorder*"])


def test_without_the_testing_extra_other_tests_go_on(session: pytest.Pytester) -> None:
    missing = ("starlette", "uvicorn", "graphql", "jsonschema", "ruamel", "jinja2", "h5py")
    session.makepyfile(
        sitecustomize=f"import sys\nfor name in {missing}:\n    sys.modules[name] = None\n",
    )
    session.makepyfile(
        test_it="""
    import sys

    def test_other():
        assert sys.modules["starlette"] is None and "wandb" not in sys.modules

    def test_ours(wandb_backend):
        pass
    """
    )
    session.syspathinsert()
    os.environ["PYTHONPATH"] = os.pathsep.join([str(session.path), os.environ["PYTHONPATH"]])
    result = run(session)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*pip install 'wandb-keras-compat*testing*'*"])


def test_importing_the_plugin_imports_nothing_heavy() -> None:
    code = f"import sys, pytest; before = set(sys.modules); import {PLUGIN}; print(*set(sys.modules) - before)"
    environment = inherited_environment(path=[ROOT / "src"])
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    own = {"wandb_keras_compat", "wandb_keras_compat.testing", PLUGIN}
    assert set(done.stdout.split()) - {"__future__"} == own, "of this package, too, nothing that a project could notice"
