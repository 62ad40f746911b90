"""Arguments of GraphQL fields: a resolver says which it takes, and every other one is refused.

An argument that nobody reads would give the answer to another question: all runs where some were asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .http_errors import NotDoneError, RefusedError
from .json_types import Arguments

Resolver = TypeVar("Resolver", bound=Callable[..., Any])

#: Arguments of every list that is given in pages.
PAGES = ("first", "after")

#: What every mutation may be given and none reads, with the reason why that is right.
ANY_MUTATION = {"clientMutationId": "the answer is found by its request"}


def takes(*names: str, no_effect: Mapping[str, str] | None = None) -> Callable[[Resolver], Resolver]:
    """Declares the arguments that a resolver reads.

    Args:
        no_effect: further ones that are accepted and change nothing, each with the reason why that is right.
    """

    def declare(resolver: Resolver) -> Resolver:
        vars(resolver).update(takes=frozenset(names), no_effect=dict(no_effect or {}))
        return resolver

    return declare


def check_arguments(resolver: object, arguments: Arguments, place: str) -> None:
    """Every argument with a value must be declared; null and what is empty ask for nothing.

    Raises:
        NotDoneError: one is not, or *resolver* takes none at all.
    """
    known = {*getattr(resolver, "takes", ()), *getattr(resolver, "no_effect", ())}
    for name, value in arguments.items():
        if name not in known and value not in (None, "", [], {}):
            raise NotDoneError(f"the argument `{name}` of `{place}` is not known to this backend")


def text(arguments: Arguments, name: str) -> str | None:
    """Raises:
    RefusedError: 400, it is there and no text.
    """
    value = arguments.get(name)
    if not isinstance(value, (str, type(None))):
        raise RefusedError(400, f"`{name}` must be a text, not {value!r}")
    return value


def texts(arguments: Arguments, name: str) -> list[str]:
    """The texts of a list; empty where there is none.

    Raises:
        RefusedError: 400, it is there and no list of texts.
    """
    value = arguments.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RefusedError(400, f"`{name}` must be a list of texts")
    return list(value)


def number(arguments: Arguments, name: str, least: int = 0) -> int | None:
    """Raises:
    RefusedError: 400, it is there and no whole number from *least* on that a list can have as a place.
    """
    value = arguments.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**63:
        raise RefusedError(400, f"`{name}` must be a whole number from {least} on, not {value!r:.60}")
    return value
