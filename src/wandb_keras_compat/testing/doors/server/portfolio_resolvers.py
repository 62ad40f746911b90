"""Portfolios, which hold links to artifacts, as GraphQL sees them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ...model.artifacts import Link, Portfolio
from .arguments import PAGES, takes
from .connections import connection
from .json_types import Arguments, Object
from .run_resolvers import project_head
from .server_state import ArtifactRecord, ServerState, encoded

_NEVER_CHANGED = "2020-01-01T00:00:00Z"


class PortfolioResolvers:
    """Objects of portfolios and of their members.

    Args:
        artifact, files: the object of an artifact, and its files, which arguments choose.
    """

    def __init__(
        self,
        state: ServerState,
        artifact: Callable[[ArtifactRecord], Object],
        files: Callable[[ArtifactRecord, Arguments], Object],
    ) -> None:
        self._state = state
        self._artifact = artifact
        self._files = files

    def named(self, entity: str, project: str, name: object) -> tuple[Portfolio, str] | None:
        """The portfolio and the alias of ``portfolio:alias``; ``latest`` where no alias is given."""
        portfolio, _, alias = str(name).partition(":")
        found = self._state.store.portfolios.get((entity, project, portfolio))
        return (found, alias or "latest") if found else None

    def of_type(self, entity: str, project: str, kind: object) -> list[Portfolio]:
        there = self._state.store.portfolios.values()
        return [found for found in there if (found.entity, found.project, found.type) == (entity, project, kind)]

    def artifact(self, entity: str, project: str, name: object) -> Object | None:
        """The artifact that a member of a portfolio leads to."""
        found = self.named(entity, project, name)
        link = found[0].member(found[1]) if found else None
        return self._of(link) if link else None

    def _of(self, link: Link) -> Object:
        return self._artifact(self._state.artifact(link.version.id))

    def portfolio(self, portfolio: Portfolio) -> Object:
        type_name = {
            "id": encoded(portfolio.type),
            "name": portfolio.type,
            "project": project_head(portfolio.entity, portfolio.project),
        }
        committed = [link for link in portfolio.links if link.version.state == "COMMITTED"]
        return {
            "__typename": "ArtifactPortfolio",
            "id": encoded(f"ArtifactPortfolio:{portfolio.entity}/{portfolio.project}/{portfolio.name}"),
            "name": portfolio.name,
            "description": None,
            "state": "READY",
            "createdAt": _NEVER_CHANGED,
            "updatedAt": _NEVER_CHANGED,
            "project": project_head(portfolio.entity, portfolio.project),
            "type": type_name,
            "defaultArtifactType": type_name,
            "tags": connection([], {}),
            "artifactMembership": takes("aliasName")(lambda a: self.member(portfolio, a.get("aliasName"))),
            "artifacts": takes(*PAGES)(partial(self._versions, committed)),
            "aliases": takes(*PAGES)(lambda a: connection([o for link in committed for o in self.aliases(link)], a)),
        }

    def member(self, portfolio: Portfolio, alias: object) -> Object | None:
        link = portfolio.member(alias)
        return self.membership(link) if link else None

    def membership(self, link: Link) -> Object:
        record = self._state.artifact(link.version.id)
        return {
            "__typename": "ArtifactCollectionMembership",
            "id": encoded(f"ArtifactCollectionMembership:{link.path}"),
            "versionIndex": link.index,
            "createdAt": record.created,
            "aliases": lambda _: self.aliases(link),
            "artifactCollection": lambda _: self.portfolio(link.portfolio),
            "artifact": lambda _: self._artifact(record),
            "files": takes("names", *PAGES)(lambda a: self._files(record, a)),
        }

    def aliases(self, link: Link) -> list[Object]:
        return [
            {
                "__typename": "ArtifactAlias",
                "id": encoded(f"ArtifactAlias:{link.path}:{alias}"),
                "alias": alias,
                "artifactCollectionName": link.portfolio.name,
                "artifactCollection": lambda _: self.portfolio(link.portfolio),
            }
            for alias in (*link.aliases, f"v{link.index}")
        ]

    def _versions(self, links: list[Link], arguments: Arguments) -> Object:
        """The members, newest first, under their numbers here."""
        newest_first = links[::-1]
        found = connection([self._of(link) for link in newest_first], arguments)
        for edge in found["edges"]:
            edge["version"] = f"v{newest_first[int(edge['cursor']) - 1].index}"
        return found
