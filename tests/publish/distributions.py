"""What the nox session ``publish`` holds of the built files: ``python distributions.py FOLDER`` (standard library only).

What is in the source distribution and what is not, and how large both may get; with ``--release`` also whether the page that
an index would show has links that lead somewhere.
"""

from __future__ import annotations

import email
import re
import sys
import tarfile
import zipfile
from email.message import Message
from pathlib import Path

#: Bytes that neither may exceed: what they had when this was written, and a fifth more; of sources a tenth more again since
#: each module of the instrument has tests of its own.
MOST = {".tar.gz": 3_300_000, ".whl": 2_900_000}
#: Without these nobody could build it, test it or know what it is.
NEEDED = (
    "pyproject.toml",
    "hatch_build.py",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "PKG-INFO",
    "src/wandb_keras_compat/__init__.py",
    "src/wandb_keras_compat/py.typed",
    "codemods/wandb_keras_codemods/__init__.py",
    "codemods/wandb_keras_codemods/engine/report.schema.json",
    "examples/digits_legacy.py",
    "examples/digits_keras3.py",
    "tests/conftest.py",
    "docs/index.md",
    "compat_matrix/matrix.toml",
)
#: Results and locks of the matrix, results of mutants, and what only the repository has a use for.
LEFT_OUT = (
    "compat_matrix/results",
    "compat_matrix/locks",
    "compat_matrix/answers.jsonl",
    "compat_matrix/results.html",
    "tests/parity/mutation/instrument.json",
    "uv.lock",
    "action.yml",
    "conda",
    ".github",
    ".ci",
)


def faults_of(names: set[str]) -> list[str]:
    """What is wrong with a source distribution that has the files *names*."""
    found = [f"{name} is missing" for name in NEEDED if name not in names]
    for name in sorted(names):
        if any(name == entry or name.startswith(f"{entry}/") for entry in LEFT_OUT):
            found.append(f"{name} should not be there")
        if "__pycache__" in name or name.endswith(".pyc"):
            found.append(f"{name} is bytecode")
    return found


LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#)([^)\s]+)\)")


def faults_of_links(metadata: Message) -> list[str]:
    """Why what an index shows of a wheel with that metadata would lead nowhere."""
    found = [f"the description links to {target}" for target in LINK.findall(str(metadata.get_payload()))]
    return found if metadata.get_all("Project-URL") else ["there is no Project-URL", *found]


def metadata_of(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return email.message_from_string(archive.read(name).decode("utf-8"))


def names_in(sdist: Path) -> set[str]:
    """The files of *sdist*, from its top folder."""
    with tarfile.open(sdist) as archive:
        return {member.name.partition("/")[2] for member in archive if member.isfile()}


def main(folder: str, option: str = "") -> None:
    found = []
    for ending, most in MOST.items():
        (built,) = Path(folder).glob(f"*{ending}")
        size = built.stat().st_size
        print(f"{built.name}: {size:,} bytes, at most {most:,}")
        if size > most:
            found.append(f"{built.name} has {size:,} bytes, and may have {most:,}")
        if ending == ".tar.gz":
            found += faults_of(names_in(built))
        elif option == "--release":
            found += faults_of_links(metadata_of(built))
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
