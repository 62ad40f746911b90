"""What is asked about installing the package, and how it is found out: the resolver, and environments that are made."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from wandb_keras_compat.parity.check import uv
from wandb_keras_compat.parity.check.cell_environment import interpreter_of
from wandb_keras_compat.parity.check.requirements import PYTHONS
from wandb_keras_compat.testing.child_environment import inherited_environment

from .axes import HERE

ROOT = HERE.parent
RESULTS = HERE / "install_proofs.json"
#: Where what was required earlier is measured as well; everything else is made on every Python.
MEASURED_ON = "3.11"
#: What an environment has before, and the extras that are asked for in it.
BEFORE = {
    "tensorflow": (("tensorflow", "wandb"), ("", "wandb", "tensorflow")),
    "tensorflow-cpu": (("tensorflow-cpu", "wandb"), ("", "wandb", "tensorflow")),
    "nothing": ((), ("", "wandb", "tensorflow", "jax", "torch", "codemods", "testing", "demo")),
}
PLATFORMS = {
    "x86_64-unknown-linux-gnu": "Linux, x86-64",
    "aarch64-unknown-linux-gnu": "Linux, Arm",
    "aarch64-apple-darwin": "macOS, Arm",
    "x86_64-pc-windows-msvc": "Windows, x86-64",
}
#: What no wheel exists of: whether a resolver that looks at another platform says no at all.
CONTROLS = tuple(
    f"{platform}|={name}|3.12" for platform, name in zip(list(PLATFORMS)[1:], ("pywin32", "tensorflow-cpu", "uvloop"))
)
EXTRAS = ("", "wandb", "codemods", "testing", "parity", "demo", "tensorflow", "jax", "torch")
#: What the package required until the codemods' environment was made lean, to measure what that saves.
EARLIER = ("wandb>=0.13.4", "numpy", "pillow", "packaging>=21", "click>=8.0", "rich>=12.0")
#: Environments that are really made: what is there before, the extras, and the requirements of before.
KINDS: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "codemods": ((), "codemods", ()),
    "codemods, earlier": ((), "codemods", EARLIER),
    "alone": ((), "", ()),
    "alone, earlier": ((), "", EARLIER),
    "testing": ((), "testing", ()),
    "beside tensorflow": (("tensorflow", "wandb"), "", ()),
    "beside tensorflow-cpu": (("tensorflow-cpu", "wandb"), "", ()),
    "tensorflow,wandb": ((), "tensorflow,wandb", ()),
}
#: Ends well if the callback can be imported, and that leaves TensorFlow whole.
PROGRAM = (
    "from wandb_keras_compat import WandbCallback; import tensorflow as tf; "
    "print(tf.__version__, tf.keras.__name__, int(tf.reduce_sum(tf.ones(3))))"
)


class Answer(TypedDict, total=False):
    """What came of a question: a refusal alone, or what the part of the results has."""

    refused: str
    added: list[str]
    changed: list[str]
    packages: int
    frameworks: dict[str, str]
    megabytes: float
    megabytes_before: float
    program: str


def compiled(given: list[str], python: str, extra: str | None, *options: str) -> dict[str, str]:
    """What the resolver takes for *given* and, unless *extra* is None, the package: version by name.

    Raises:
        Refused: nothing fits.
    """
    package = [] if extra is None else ["pyproject.toml", *(f"--extra={each}" for each in extra.split(",") if each)]
    text = uv.run(
        "resolve", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--only-binary", ":all:",
        "--python-version", python, *options, *package, "-", given="\n".join(given), cwd=ROOT,
    )  # fmt: skip
    return versions_in(text)


def versions_in(lock: str) -> dict[str, str]:
    """Name to version of the lines of a lock."""
    found = re.findall(r"^([\w.-]+)(?:\[[\w,.-]+\])?==([^\s;]+)", lock, re.MULTILINE)
    return {name.lower(): version for name, version in found}


def asked_beside(before: str, extra: str, python: str) -> Answer:
    """What the package with *extra* adds where all that was there before must stay as it is."""
    wanted, _ = BEFORE[before]
    there = compiled(list(wanted), python, None) if wanted else {}
    try:
        after = compiled([f"{name}=={version}" for name, version in there.items()], python, extra)
    except uv.Refused as proof:
        return {"refused": sentence(proof)}
    return {"added": sorted(after.keys() - there.keys()), "changed": sorted(n for n in there if after[n] != there[n])}


def asked_of_platform(platform: str, extra: str, python: str) -> Answer:
    """Whether all has a wheel for *platform* in the configured index, and which framework that is; or =NAME alone."""
    given, package = ([extra[1:]], None) if extra.startswith("=") else ([], extra)
    try:
        found = compiled(given, python, package, "--python-platform", platform)
    except uv.Refused as proof:
        return {"refused": sentence(proof)}
    frameworks = {
        name: version for name, version in found.items() if name in {"tensorflow", "tensorflow-cpu", "jax", "torch"}
    }
    return {"packages": len(found), "frameworks": frameworks}


def sentence(proof: object) -> str:
    """A resolver's proof in one line, without what depends on the machine."""
    return textwrap.shorten(str(proof).removeprefix("error: "), 300, placeholder=" …")


def made(kind: str, version: str) -> Answer:
    """What came of an environment of *kind* on that Python: packages, size, what was changed, what a program says.

    Raises:
        Refused, UvFailed
    """
    before, extra, earlier = KINDS[kind]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "environment")
        uv.run("make", "venv", "--quiet", "--python", uv.interpreter(version), str(place))
        python = str(interpreter_of(place))
        install = ("pip", "install", "--quiet", "--python", python)
        if before:
            uv.run("install what is there before", *install, *before)
        there, size = listed(python), size_of(place)
        uv.run("install the package", *install, f"{ROOT}[{extra}]" if extra else str(ROOT), *earlier)
        after = listed(python)
        uv.run("check", "pip", "check", "--quiet", "--python", python)
        answer: Answer = {
            "packages": len(after),
            "megabytes": round(size_of(place) / 1e6, 1),
            "megabytes_before": round(size / 1e6, 1),
            "added": sorted(after.keys() - there.keys()),
            "changed": sorted(name for name in there if after.get(name) != there[name]),
        }
        if {"tensorflow", "tensorflow-cpu"} & after.keys():
            answer["program"] = program(python, folder)
        return answer


def program(python: str, folder: str) -> str:
    """The last line that :data:`PROGRAM` prints, or of its error."""
    environment = inherited_environment({"WANDB_MODE": "disabled", "TF_CPP_MIN_LOG_LEVEL": "3"}, drop=["KERAS_"])
    ended = subprocess.run(
        [python, "-I", "-c", PROGRAM], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    lines = (ended.stderr if ended.returncode else ended.stdout).strip().splitlines() or [""]
    return f"ended with {ended.returncode}: {lines[-1]}"


def listed(python: str) -> dict[str, str]:
    text = uv.run("list", "pip", "list", "--quiet", "--python", python, "--format", "json")
    return {entry["name"].lower(): entry["version"] for entry in json.loads(text or "[]")}


def size_of(place: Path) -> int:
    """The bytes of all files, without bytecode."""
    return sum(p.stat().st_size for p in place.rglob("*") if p.is_file() and not p.is_symlink() and p.suffix != ".pyc")


def questions() -> Iterator[tuple[str, str]]:
    """The part of the results, and the name of each answer in it."""
    for before, (_, extras) in BEFORE.items():
        for extra in extras:
            yield from (("beside", f"{before}|{extra}|{python}") for python in PYTHONS)
    for platform in PLATFORMS:
        for extra in EXTRAS:
            yield from (("platforms", f"{platform}|{extra}|{python}") for python in PYTHONS)
    yield from (("controls", name) for name in CONTROLS)
    for kind in KINDS:
        yield from (("made", f"{kind}|{python}") for python in made_on(kind))


def made_on(kind: str) -> tuple[str, ...]:
    """The Pythons on which a kind of environment is made."""
    _, _, earlier = KINDS[kind]
    return (MEASURED_ON,) if earlier else PYTHONS


def answer_to(part: str, name: str) -> Answer:
    if part == "made":
        return made(*name.split("|"))
    first, extra, python = name.split("|")
    return (asked_beside if part == "beside" else asked_of_platform)(first, extra, python)


def known() -> dict[str, dict[str, Answer]]:
    """What was found."""
    found: dict[str, dict[str, Answer]] = {"beside": {}, "platforms": {}, "controls": {}, "made": {}}
    if RESULTS.exists():
        found |= json.loads(RESULTS.read_text(encoding="utf-8"))
    return found
