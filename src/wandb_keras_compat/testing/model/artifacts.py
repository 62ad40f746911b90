"""Artifacts as W&B keeps them: collections of versions, each with its entries and aliases, and portfolios of links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class RunKey(NamedTuple):
    """The key of a run: entity, project and id."""

    entity: str
    project: str
    id: str


@dataclass
class Entry:
    """One path in an artifact: *content* is None where the door does not see the bytes, or for a reference."""

    size: int | None = None
    digest: str | None = None
    reference: str | None = None
    content: bytes | None = None


@dataclass
class ArtifactVersion:
    """One version in a collection: *asked_aliases* are those of ``log_artifact``, *aliases* those it has now."""

    collection: ArtifactCollection
    id: str
    index: int
    asked_aliases: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    description: str | None = None
    digest: str = ""
    state: str = "PENDING"
    entries: dict[str, Entry] = field(default_factory=dict)
    logged_by: RunKey | None = None
    used_by: list[RunKey] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def delete(self) -> None:
        """Takes the version away, with its aliases, links and contents; its number is not given again."""
        for link in list(self.links):
            link.portfolio.unlink(self)
        self.state = "DELETED"
        self.aliases.clear()
        self.entries.clear()

    def reference(self, path: str) -> str:
        """The reference to *path* in this artifact, for an entry of another one; by name instead of by id."""
        return f"wandb-artifact://{self.collection.name}:v{self.index}/{path}"


@dataclass
class ArtifactCollection:
    """All versions of an artifact name in a project, oldest first."""

    entity: str
    project: str
    name: str
    type: str
    versions: list[ArtifactVersion] = field(default_factory=list)

    def add(self, version_id: str) -> ArtifactVersion:
        version = ArtifactVersion(self, version_id, len(self.versions))
        self.versions.append(version)
        return version

    def with_content(self, digest: str, *, newest_only: bool = False) -> ArtifactVersion | None:
        """The committed version of the content *digest*, which W&B reuses where the same content is logged again.

        Args:
            newest_only: compare with the newest committed version alone, as the server does for wandb 0.13.

        Returns:
            Of several the newest; None where the content is new or unknown (an empty *digest*).
        """
        committed = [version for version in self.versions if version.state == "COMMITTED"]
        candidates = committed[-1:] if newest_only else committed
        return next((version for version in reversed(candidates) if digest and version.digest == digest), None)

    def point(self, alias: str, version: ArtifactVersion) -> None:
        """Moves *alias* to *version*: an alias names one version of a collection."""
        for other in self.versions:
            if alias in other.aliases:
                other.aliases.remove(alias)
        version.aliases.append(alias)

    def release(self, version: ArtifactVersion, aliases: Iterable[str]) -> None:
        """Gives *version* its aliases, and ``latest``, since it was logged last."""
        for alias in dict.fromkeys((*aliases, "latest")):
            self.point(alias, version)


@dataclass(eq=False)
class Link:
    """A version as a member of a portfolio, under a number and aliases of its own."""

    portfolio: Portfolio
    version: ArtifactVersion
    index: int
    aliases: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Where it is: ``entity/project/portfolio:v0``."""
        portfolio = self.portfolio
        return f"{portfolio.entity}/{portfolio.project}/{portfolio.name}:v{self.index}"


@dataclass(eq=False)
class Portfolio:
    """What ``link_artifact`` fills: all links of one name in a project, oldest first, to versions of the same type."""

    entity: str
    project: str
    name: str
    type: str
    links: list[Link] = field(default_factory=list)
    made: int = 0

    def link(self, version: ArtifactVersion, aliases: Iterable[str]) -> Link:
        """Makes *version* a member, as ``latest`` and by *aliases*; one that is there already keeps its number."""
        found = next((link for link in self.links if link.version is version), None)
        if found is None:
            found = Link(self, version, self.made)
            self.made += 1
            self.links.append(found)
            version.links.append(found)
        for alias in dict.fromkeys((*aliases, "latest")):
            self.point(alias, found)
        return found

    def point(self, alias: str, link: Link) -> None:
        """Moves *alias* to *link*: it names one member of a portfolio."""
        for other in self.links:
            if alias in other.aliases:
                other.aliases.remove(alias)
        link.aliases.append(alias)

    def unlink(self, version: ArtifactVersion) -> bool:
        """Takes *version* out; its number is not given again. False where it is no member."""
        gone = [link for link in self.links if link.version is version]
        self.links = [link for link in self.links if link.version is not version]
        version.links = [link for link in version.links if link.portfolio is not self]
        return bool(gone)

    def member(self, alias: object) -> Link | None:
        """The link to a committed version with that alias, number or digest."""
        for link in self.links:
            if link.version.state == "COMMITTED" and alias in (*link.aliases, f"v{link.index}", link.version.digest):
                return link
        return None
