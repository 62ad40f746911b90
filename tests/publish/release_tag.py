"""``python release_tag.py TAG``: whether a tag names the version, the changelog has an entry for it with a date, and the
repository has an address.

The release workflow asks before it builds anything (standard library only).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def version() -> str:
    """The one that is written down, which hatch reads in the same place."""
    text = (ROOT / "src" / "wandb_keras_compat" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    assert found is not None
    return found[1]


def repository() -> str:
    """The address that hatch_build.py has from pyproject.toml; empty as long as there is none."""
    found = re.search(r'^repository = "(.*)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


def faults_of(tag: str, changelog: str, address: str) -> list[str]:
    """Why *tag* cannot be released, with the text of the changelog and the address of the repository."""
    found = []
    if not address.startswith("https://"):
        found.append("pyproject.toml has no address of the repository: the links of the README would lead nowhere")
    if tag != f"v{version()}":
        found.append(f"the tag is {tag}, and __version__ is {version()}: the tag must be v{version()}")
    heading = re.search(r"^## (.+)$", changelog, re.MULTILINE)
    if heading is None or not re.fullmatch(rf"{re.escape(version())} \(\d{{4}}-\d{{2}}-\d{{2}}\)", heading[1]):
        said = heading[1] if heading else "none"
        found.append(f'the first heading of CHANGELOG.md is "{said}", and must be "{version()} (YYYY-MM-DD)"')
    return found


def main(tag: str) -> None:
    found = faults_of(tag, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), repository())
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
