"""Collections of links to versions: what ``link_artifact`` fills, and what nothing is logged to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .artifacts import ArtifactVersion


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
    """All links of one name in a project, oldest first; each to a version of the same type."""

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
