"""The filters of the public API, ``Api().runs(filters=...)``: a subset of MongoDB's query language.

A key names a column, the columns of what is asked for come from the caller. Operators and columns that are not known
are refused, never passed over. As in MongoDB a value that is not there equals null, values of different kinds are
never less or greater, and a condition on a list holds where it holds for one of its items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from .http_errors import NotDoneError, RefusedError
from .limits import json_object

#: Gives the value of a column; MISSING where it has none.
Column = Callable[[str], Any]
Test = Callable[[Column], bool]

MISSING = object()

#: Operators below this many levels of ``$and``, ``$or``, ``$not``.
MAX_DEPTH = 20
_MAX_PATTERN = 500


def parsed(filters: object) -> Test:
    """The test that *filters*, a JSON text, asks for; everything passes where there are none.

    Raises:
        RefusedError: 400, it has not the form of a filter.
        NotDoneError: an operator is not known here.
    """
    if filters is None or filters == "":
        return lambda _: True
    if not isinstance(filters, (str, dict)):
        raise RefusedError(400, "the filters must be a JSON object")
    return _all_of(json_object(filters, "the filter") if isinstance(filters, str) else filters, 0)


def keys_of(filters: object) -> set[str]:
    """The columns that a filter which :func:`parsed` reads has in it."""
    if isinstance(filters, str) and filters:
        return keys_of(json_object(filters, "the filter"))
    if isinstance(filters, list):
        return {key for part in filters for key in keys_of(part)}
    found: set[str] = set()
    for key, value in filters.items() if isinstance(filters, dict) else ():
        found |= keys_of(value) if key.startswith("$") else {key}
    return found


def _all_of(filters: object, depth: int) -> Test:
    if not isinstance(filters, dict):
        raise RefusedError(400, f"a filter must be an object, not {filters!r:.60}")
    if depth > MAX_DEPTH:
        raise RefusedError(400, f"the filters are nested more than {MAX_DEPTH} deep")
    tests = [_one(key, value, depth) for key, value in filters.items()]
    return lambda column: all(test(column) for test in tests)


def _one(key: str, value: object, depth: int) -> Test:
    if key in {"$and", "$or", "$nor"}:
        if not isinstance(value, list):
            raise RefusedError(400, f"{key} takes a list of filters")
        parts = [_all_of(part, depth + 1) for part in value]
        if key == "$and":
            return lambda column: all(part(column) for part in parts)
        wanted = key == "$or"
        return lambda column: any(part(column) for part in parts) is wanted
    if key == "$not":
        inner = _all_of(value, depth + 1)
        return lambda column: not inner(column)
    if key.startswith("$"):
        raise NotDoneError(f"the operator {key} in a filter is not known to this backend")
    condition = _condition(value, depth, date=is_date(key))
    return lambda column: condition(column(key))


def _condition(value: object, depth: int, *, date: bool) -> Callable[[Any], bool]:
    """The test of one value: equality, or all of an object's operators."""
    if not (isinstance(value, dict) and value and all(name.startswith("$") for name in value)):
        return _operator("$eq", value, depth, date=date)
    tests = [_operator(name, operand, depth, date=date) for name, operand in value.items()]
    return lambda found: all(test(found) for test in tests)


def _operator(name: str, operand: Any, depth: int, *, date: bool) -> Callable[[Any], bool]:
    if depth > MAX_DEPTH:
        raise RefusedError(400, f"the filters are nested more than {MAX_DEPTH} deep")
    if name == "$not":
        inner = _condition(operand, depth + 1, date=date)
        return lambda found: not inner(found)
    if name == "$exists":
        return lambda found: (found is not MISSING and found is not None) is bool(operand)
    if name == "$regex":
        pattern = _pattern(operand)
        return lambda found: any(isinstance(item, str) and pattern.search(item) for item in _items(found))
    if name in {"$in", "$nin"}:
        if not isinstance(operand, list):
            raise RefusedError(400, f"{name} takes a list of values")
        among = [_read(item, date) for item in operand]
        return lambda found: any(_equal(found, item) for item in among) is (name == "$in")
    wanted = _read(operand, date)
    if name in {"$eq", "$ne"}:
        return lambda found: _equal(found, wanted) is (name == "$eq")
    if name in _ORDERS:
        order = _ORDERS[name]
        return lambda found: any(_comparable(item, wanted) and order(item, wanted) for item in _items(found))
    raise NotDoneError(f"the operator {name} in a filter is not known to this backend")


_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$gt": lambda a, b: bool(a > b),
    "$gte": lambda a, b: bool(a >= b),
    "$lt": lambda a, b: bool(a < b),
    "$lte": lambda a, b: bool(a <= b),
}


def is_date(key: str) -> bool:
    """Whether a column holds points in time."""
    return key in {"createdAt", "created_at", "updatedAt", "updated_at", "heartbeatAt", "heartbeat_at"}


def moment(value: object) -> datetime:
    """A point in time as the public API writes it; without a zone it is UTC.

    Raises:
        RefusedError: 400, it is none.
    """
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        raise RefusedError(400, f"{value!r:.60} is no date and time, like 2026-01-31T12:00:00") from None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _read(operand: Any, date: bool) -> Any:
    return moment(operand) if date and operand is not None else operand


def _pattern(operand: object) -> re.Pattern[str]:
    if not isinstance(operand, str) or len(operand) > _MAX_PATTERN:
        raise RefusedError(400, f"$regex takes a text of at most {_MAX_PATTERN} characters")
    try:
        return re.compile(operand)
    except (re.error, OverflowError, RecursionError) as error:
        raise RefusedError(400, f"{operand!r:.60} is no regular expression: {error}") from None


def _items(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def _equal(found: Any, wanted: Any) -> bool:
    if wanted is None:
        return found is MISSING or found is None
    if isinstance(found, list) and not isinstance(wanted, list):
        return any(_equal(item, wanted) for item in found)
    return isinstance(found, bool) is isinstance(wanted, bool) and bool(found == wanted)


def _comparable(found: Any, wanted: Any) -> bool:
    kinds: tuple[type | tuple[type, ...], ...] = (str, (int, float), datetime)
    if isinstance(found, bool) or isinstance(wanted, bool):
        return isinstance(found, bool) and isinstance(wanted, bool)
    return any(isinstance(found, kind) and isinstance(wanted, kind) for kind in kinds)
