"""Asks for every name of the releases under the option, in this process, and says which are not there."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent
RELEASES = ("2.2.4", "2.3.1", "2.6.0", "2.12.0")


def names_of(release: str) -> dict[str, list[str]]:
    """Module, or "module:Class" -> its names, as :mod:`.derive` wrote them down."""
    lines = (FOLDER / f"{release}.txt").read_text(encoding="utf-8").splitlines()
    return {place: names for place, *names in map(str.split, lines)}


def missing(release: str) -> dict[str, str]:
    """Module, or module.name -> what was said, of those that the option does not serve."""
    found: dict[str, str] = {}
    for place, names in names_of(release).items():
        module, _, kind = place.partition(":")
        try:
            owner = import_module(module)
            owner = getattr(owner, kind) if kind else owner
        except ImportError as error:
            found[module] = str(error)
            continue
        except AttributeError:
            continue  # said of the module
        for name in names:
            try:
                getattr(owner, name)
            except AttributeError as error:
                found[f"{place.replace(':', '.')}.{name}"] = str(error)
    return found
