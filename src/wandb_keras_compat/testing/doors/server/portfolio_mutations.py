"""Portfolios, which hold links to artifacts, as GraphQL sees them; ``linkArtifact`` and ``unlinkArtifact``."""

from __future__ import annotations

from ...model.artifacts import ArtifactVersion
from . import account
from .alias_mutations import alias_names
from .arguments import ANY_MUTATION, takes, text
from .artifact_resolvers import ArtifactResolvers
from .http_errors import NoAnswerError, NotDoneError, RefusedError
from .json_types import Arguments, Object
from .limits import clean_name
from .server_state import ServerState, decoded

#: W&B keeps a registry in a project of the organization. Each organization has these two; others have to be made.
_REGISTRY, _REGISTRIES = "wandb-registry-", ("wandb-registry-model", "wandb-registry-dataset")


class PortfolioMutations:
    """What links artifacts, and takes links away."""

    def __init__(self, state: ServerState, resolvers: ArtifactResolvers) -> None:
        self._state = state
        self._resolvers = resolvers

    @takes(
        *("artifactID", "clientID", "artifactPortfolioName", "entityName", "projectName", "aliases"),
        no_effect=ANY_MUTATION,
    )
    def link(self, arguments: Arguments) -> Object:
        """``linkArtifact``: a version, also one that is not committed yet, becomes a member of a portfolio.

        Raises:
            RefusedError: 400, a name cannot be part of a path; 404, there is no such artifact.
            NotDoneError: the project is a registry.
            NoAnswerError: there is a portfolio of another type, or a collection of that name.
        """
        version = self._version(arguments)
        entity = clean_name(arguments.get("entityName") or account.ENTITY, "an entity")
        project = clean_name(arguments.get("projectName"), "a project")
        name = clean_name(arguments.get("artifactPortfolioName"), "a portfolio")
        aliases = alias_names(arguments)
        if project.startswith(_REGISTRY) and (project not in _REGISTRIES or entity != account.ORGANIZATION):
            there = ", ".join(f"{account.ORGANIZATION}/{name}" for name in _REGISTRIES)
            raise NotDoneError(f"this backend has no registry {entity}/{project:.60}: it has {there}")
        try:
            portfolio = self._state.store.portfolio(entity, project, name, version.collection.type)
        except ValueError as error:
            raise NoAnswerError(str(error)) from None
        link = portfolio.link(version, aliases)
        membership = self._resolvers.portfolios.membership(link)
        return {"versionIndex": link.index, "artifactMembership": membership, "clientMutationId": None}

    @takes("artifactID", "artifactPortfolioID", no_effect=ANY_MUTATION)
    def unlink(self, arguments: Arguments) -> Object:
        """``unlinkArtifact``.

        Raises:
            RefusedError: 404, there is no such artifact or portfolio, or the one is not linked to the other.
        """
        record = self._state.artifact(arguments.get("artifactID"))
        kind, _, place = decoded(arguments.get("artifactPortfolioID")).partition(":")
        portfolio = next((p for key, p in self._state.store.portfolios.items() if "/".join(key) == place), None)
        if kind != "ArtifactPortfolio" or portfolio is None or not portfolio.unlink(record.version):
            raise RefusedError(404, f"the artifact is no member of the portfolio {place!r:.100}")
        return {"artifactID": record.version.id, "success": True, "clientMutationId": None}

    def _version(self, arguments: Arguments) -> ArtifactVersion:
        client_id = text(arguments, "clientID")
        if arguments.get("artifactID") or not client_id:
            return self._state.artifact(arguments.get("artifactID")).version
        record = self._state.by_client_id(client_id)
        if record is None:
            raise RefusedError(404, f"there is no artifact with the client id {client_id!r:.100}")
        return record.version
