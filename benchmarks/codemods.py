"""How long ``migrate`` takes on a large tree, against a byte search and against LibCST's own codemod runner.

    python benchmarks/codemods.py [TREE] [--repeat 5] [--libcst-files 200]
    python benchmarks/codemods.py --files    # one file that hits, over parsing it (at most 3); half a minute

TREE is a directory with many Python files (default: this interpreter's site-packages). Nothing is written. Printed:

* the time of a plain search for ``wandb`` in the same files, in the same process;
* the time of a ``migrate --check`` over the tree in the same process, less what parsing the files that hit costs,
  and the ratio of the two (to be at most 2);
* the same as a command of its own, less the command on the files that hit;
* the ratio to LibCST's runner with this package's command (``ToCompat``) on the same tree. The runner parses every
  file; it is timed, as is ours, in one process, on a sample of the files, and scaled by their bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import inspect
import io
import random
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

import libcst as cst
from libcst.codemod import CodemodContext, parallel_exec_transform_with_prettyprint
from wandb_keras_codemods.command import ToCompat
from wandb_keras_codemods.engine.discover import discover, read
from wandb_keras_codemods.engine.migrate_file import Job, may_apply, migrate_file
from wandb_keras_codemods.engine.runner import Options, run
from wandb_keras_codemods.rules import selected


def median(function: Callable[[], object], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def search(paths: list[str]) -> int:
    found = 0
    for path in paths:
        found += b"wandb" in Path(path).read_bytes()
    return found


def as_command(paths: list[str]) -> None:
    arguments = [sys.executable, "-m", "wandb_keras_codemods", "--check", "--jobs", "1", *paths]
    subprocess.run(arguments, capture_output=True, check=False)


def libcst_runner(paths: list[str]) -> None:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        parallel_exec_transform_with_prettyprint(
            ToCompat(CodemodContext()), paths, jobs=1, unified_diff=3, hide_progress=True
        )


HIT = """\
import wandb
from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback(), wandb.keras.WandbCallback()])
"""


def files_that_hit() -> dict[str, str]:
    """Texts of several sizes with the same two hits; the code is that of a module of the standard library."""
    code = inspect.getsource(argparse)
    functions = "".join(f"def f{n}(a, b):\n    c = a + b * {n}\n    return [c, a]\n\n\n" for n in range(28))
    numbers = "".join(f"    {n}, {n + 1}, -{n}.5,\n" for n in range(0, 270_000, 3))
    return {
        "2 KB": HIT + functions,
        "50 KB": HIT + code[:50_000].rpartition("\nclass ")[0] + "\n",
        "500 KB": HIT + (code + "\n") * 5,
        "a list of 2 MB": f"{HIT}DATA = [\n{numbers}]\n",
        "5 MB": HIT + (code + "\n") * 50,
    }


def over_parsing(repeat: int) -> None:
    """What a file that hits costs, over what LibCST takes to parse it: pairs in turns, processor time, medians."""
    for name, text in files_that_hit().items():
        job = Job("train.py", "python", text.encode(), selected(1))
        outcome = migrate_file(job)
        if outcome.failed:
            print(f"{name:15} {len(text) / 1e6:5.2f} MB  one error line: {outcome.records[0].reason}")
            continue
        assert outcome.after is not None
        ratios, times = [], []
        for _ in range(repeat if len(text) < 1e5 else 1):
            start = time.process_time()
            cst.parse_module(text)
            between = time.process_time()
            migrate_file(job)
            times.append(time.process_time() - between)
            ratios.append(times[-1] / (between - start))
        print(
            f"{name:15} {len(text) / 1e6:5.2f} MB  {statistics.median(times):7.3f} s,"
            f" {statistics.median(ratios):5.2f} times parsing ({min(ratios):.2f} to {max(ratios):.2f}; at most 3)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", nargs="?", default=sysconfig.get_paths()["purelib"])
    parser.add_argument("--files", action="store_true")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--libcst-files", type=int, default=200)
    arguments = parser.parse_args()
    tree, repeat = str(arguments.tree), int(arguments.repeat)
    if arguments.files:
        over_parsing(3 * repeat)
        return
    options = Options(selected(1), jobs=1)

    found = list(discover([tree]))
    paths = [item.path for item in found]
    jobs = [
        Job(item.path, item.kind, data, options.rules)
        for item in found
        if may_apply(item.kind, data := read(item.path))
    ]
    size = sum(Path(path).stat().st_size for path in paths)
    print(f"{len(paths)} files, {size / 1e6:.1f} MB, {len(jobs)} of them looked at more closely")

    plain = median(lambda: search(paths), repeat)
    hits = median(lambda: [migrate_file(job) for job in jobs], max(1, repeat // 2))
    whole = median(lambda: run([tree], options), repeat)
    command = median(lambda: as_command([tree]), max(1, repeat // 2))
    hits_command = median(lambda: as_command([job.file for job in jobs] or [__file__]), max(1, repeat // 2))
    print(f"byte search            {plain:8.2f} s")
    print(f"files that hit         {hits:8.2f} s")
    inside, outside = (whole - hits) / plain, (command - hits_command) / plain
    print(f"migrate, in process    {whole:8.2f} s   less hits: {inside:5.2f} times the byte search (at most 2)")
    print(f"migrate, as a command  {command:8.2f} s   less the command on the hits: {outside:5.2f} times")

    python = [path for path in paths if path.endswith(".py")]
    sample = random.Random(0).sample(python, min(len(python), int(arguments.libcst_files)))
    share = sum(Path(path).stat().st_size for path in sample) / sum(Path(path).stat().st_size for path in python)
    theirs = median(lambda: libcst_runner(sample), 1) / share
    print(f"LibCST's runner        {theirs:8.2f} s   (from {len(sample)} files, {share:.1%} of the bytes)")
    print(f"  {theirs / whole:.1f} times migrate in process, {theirs / command:.1f} times the command (aim: 50)")


if __name__ == "__main__":
    main()
