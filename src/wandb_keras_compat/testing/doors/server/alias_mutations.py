"""The mutations of aliases, in the collection that an artifact was logged to and in those it is linked to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...model.artifacts import ArtifactCollection, ArtifactVersion, Link, Portfolio
from .arguments import ANY_MUTATION, takes, text
from .http_errors import NoAnswerError, RefusedError
from .json_types import Arguments, Object
from .limits import clean_name
from .server_state import ServerState

#: An alias, and the link whose portfolio has it; None is the artifact's own collection.
Place = tuple[str, "Link | None"]


class AliasMutations:
    """``addAliases`` and ``deleteAliases``."""

    def __init__(self, state: ServerState) -> None:
        self._state = state

    @takes("artifactID", "aliases", no_effect=ANY_MUTATION)
    def add(self, arguments: Arguments) -> Object:
        version = self._state.artifact(arguments.get("artifactID")).version
        point(version, placed(version, arguments))
        return {"success": True}

    @takes("artifactID", "aliases", no_effect=ANY_MUTATION)
    def delete(self, arguments: Arguments) -> Object:
        version = self._state.artifact(arguments.get("artifactID")).version
        for alias, link in placed(version, arguments):
            held = version.aliases if link is None else link.aliases
            held[:] = [kept for kept in held if kept != alias]
        return {"success": True}


def replace_aliases(version: ArtifactVersion, places: Iterable[Place]) -> None:
    """Gives *version* these aliases only, in the collections that they name; in its own where there are none."""
    places = list(places)
    for link in {id(link): link for _, link in places}.values() if places else [None]:
        (version.aliases if link is None else link.aliases).clear()
    point(version, places)


def point(version: ArtifactVersion, places: Iterable[Place]) -> None:
    """Moves each alias to *version*, in its collection."""
    for alias, link in places:
        if link is None:
            version.collection.point(alias, version)
        else:
            link.portfolio.point(alias, link)


def placed(version: ArtifactVersion, arguments: Arguments) -> list[Place]:
    """The ``aliases`` of a mutation, each with the collection that it names.

    Raises:
        RefusedError: 400, it is no list of aliases.
        NoAnswerError: *version* is in no collection of that name.
    """
    own = version.collection
    places: list[tuple[Link | None, ArtifactCollection | Portfolio]] = [(None, own)]
    places += [(link, link.portfolio) for link in version.links]
    found: list[Place] = []
    for alias, given in zip(alias_names(arguments), arguments.get("aliases") or []):
        spec = given if isinstance(given, dict) else {}
        wanted = [text(spec, name) for name in ("entityName", "projectName", "artifactCollectionName")]
        meant = [link for link, there in places if _is_meant(wanted, there)]
        if not meant:
            raise NoAnswerError(f"artifact {own.name}:v{version.index} is in no collection {wanted[-1]!r:.100}")
        found.append((alias, meant[0]))
    return found


def _is_meant(wanted: Sequence[str | None], there: ArtifactCollection | Portfolio) -> bool:
    return all(one in {None, other} for one, other in zip(wanted, (there.entity, there.project, there.name)))


def alias_names(arguments: Arguments) -> list[str]:
    """Raises:
    RefusedError: 400, ``aliases`` is no list of texts or of objects with an ``alias``.
    """
    given = arguments.get("aliases") or []
    if not isinstance(given, list):
        raise RefusedError(400, "the aliases must be a list")
    aliases = [alias.get("alias") if isinstance(alias, dict) else alias for alias in given]
    return [clean_name(alias, "an alias") for alias in aliases]
