"""What the built files say of where the repository is: its addresses, and where the links of the README lead.

Hatchling runs this. Everything follows from one line, ``repository`` below ``[tool.hatch.metadata.hooks.custom]`` of
pyproject.toml; as long as that is empty there are no addresses, and the README is as it lies here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

VERSION = Path("src", "wandb_keras_compat", "__init__.py")
LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!\w+:|#)([^)\s]+)\)")


def addresses(repository: str) -> dict[str, str]:
    """The links that a package index shows beside the text."""
    return {
        "Homepage": repository,
        "Documentation": f"{repository}/blob/HEAD/docs/index.md",
        "Changelog": f"{repository}/blob/HEAD/CHANGELOG.md",
        "Issues": f"{repository}/issues",
    }


def with_absolute_links(text: str, repository: str, version: str) -> str:
    """A page of the repository as it is to be read elsewhere: its links lead to what the version's tag has."""

    def link(found: re.Match[str]) -> str:
        image, words, target = found.groups()
        path, _, _ = target.partition("#")
        kind = "raw" if image else "blob" if "." in path.rpartition("/")[2] else "tree"
        return f"{image}[{words}]({repository}/{kind}/v{version}/{target})"

    return LINK.sub(link, text)


class Metadata(MetadataHookInterface):
    """The README, and the addresses where there are some."""

    def update(self, metadata: dict[str, Any]) -> None:
        root = Path(self.root)
        text = (root / "README.md").read_text(encoding="utf-8")
        repository = self.config["repository"].rstrip("/")
        if repository:
            version = re.search(r'^__version__ = "(.+)"$', (root / VERSION).read_text(encoding="utf-8"), re.MULTILINE)
            assert version is not None
            metadata["urls"] = addresses(repository)
            text = with_absolute_links(text, repository, version[1])
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
