"""Which values the runs of a sweep get: all combinations (``grid``), or drawn ones (``random``, and ``bayes``).

What is drawn depends on the configuration and on the number of the run alone, so a test sees the same values each time.
The distributions and their parameters are those of W&B's documentation of sweep configurations.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Mapping
from typing import Any

from .http_errors import NotDoneError, RefusedError
from .json_types import Arguments, Object

Values = Object
Parameter = Arguments

METHODS = ("grid", "random", "bayes")

#: Combinations of a grid.
MAX_GRID = 100_000
#: A number of a distribution; the difference of two is a float, too.
MAX_NUMBER = 1e300


def check(config: Arguments) -> list[str]:
    """What this backend does otherwise than W&B, as sentences.

    Raises:
        RefusedError: 400, the configuration cannot be a sweep's.
        NotDoneError: it needs what is not known here.
    """
    method = config.get("method")
    if method not in METHODS:
        raise RefusedError(400, f"the method of a sweep must be one of {', '.join(METHODS)}, not {method!r:.60}")
    cap = config.get("run_cap")
    if cap is not None and (not isinstance(cap, int) or isinstance(cap, bool) or cap < 1):
        raise RefusedError(400, f"run_cap must be a whole number from 1 on, not {cap!r:.60}")
    values_of(config, 0)
    found = []
    if method == "bayes":
        found.append(
            "the local backend draws the values of the method bayes at random: it learns nothing from the runs"
        )
    if config.get("early_terminate"):
        found.append("the local backend keeps early_terminate and ends no run early")
    return found


def expected(config: Arguments) -> int | None:
    """How many runs there will be; None where there is no end."""
    cap = config.get("run_cap")
    if config["method"] != "grid":
        return cap
    size = math.prod(len(choices) for choices in _grid(_parameters(config)).values())
    return size if cap is None else min(size, cap)


def values_of(config: Arguments, number: int) -> Values | None:
    """The values of run *number*, counted from 0; None where the sweep is at its end."""
    parameters = _parameters(config)
    if config["method"] == "grid":
        grid = _grid(parameters)
        combinations = itertools.product(*grid.values())
        found = next(itertools.islice(combinations, number, None), None)
        flat = None if found is None else dict(zip(grid, found, strict=True))
    else:
        drawn_from = sorted(parameters.items(), key=lambda pair: pair[0])
        source = random.Random(f"{number} {drawn_from!r}")  # noqa: S311 - no secret
        flat = {path: _drawn(".".join(path), parameter, source) for path, parameter in parameters.items()}
    cap = config.get("run_cap")
    if flat is None or (cap is not None and number >= cap):
        return None
    nested: Values = {}
    for path, value in flat.items():
        place = nested
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = value
    return nested


def _parameters(config: Arguments) -> dict[tuple[str, ...], Parameter]:
    given = config.get("parameters")
    if not isinstance(given, Mapping) or not given:
        raise RefusedError(400, "a sweep must have `parameters`")
    found: dict[tuple[str, ...], Parameter] = {}
    waiting: list[tuple[tuple[str, ...], Any]] = [((str(name),), parameter) for name, parameter in given.items()]
    while waiting:
        path, parameter = waiting.pop(0)
        if not isinstance(parameter, Mapping) or len(path) > 20:
            raise RefusedError(400, f"the parameter {'.'.join(path)} must be an object")
        inner = parameter.get("parameters")
        if isinstance(inner, Mapping):
            waiting = [((*path, str(name)), below) for name, below in inner.items()] + waiting
        else:
            found[path] = parameter
    return found


def _grid(parameters: Mapping[tuple[str, ...], Parameter]) -> dict[tuple[str, ...], list[Any]]:
    grid = {path: _choices(".".join(path), parameter) for path, parameter in parameters.items()}
    if math.prod(len(choices) for choices in grid.values()) > MAX_GRID:
        raise RefusedError(400, f"the grid has more than {MAX_GRID} combinations")
    return grid


def _choices(name: str, parameter: Parameter) -> list[Any]:
    """All values of a parameter, for a grid."""
    kind = _kind(name, parameter)
    if kind == "constant":
        return [parameter["value"]]
    if kind == "categorical":
        return list(parameter["values"])
    low, high = (_number(name, parameter, end) for end in ("min", "max"))
    step = 1 if kind == "int_uniform" else _number(name, parameter, "q", 1.0)
    if kind not in {"int_uniform", "q_uniform"} or step <= 0:
        raise RefusedError(
            400, f"the parameter {name} has no end of values: a grid takes value, values, or whole numbers"
        )
    if kind == "int_uniform":
        low, high = math.ceil(low), math.floor(high)
    _check_order(name, low, high)
    if high - low >= MAX_GRID * step:
        raise RefusedError(400, f"the grid has more than {MAX_GRID} combinations")
    count = math.floor((high - low) / step + 1e-9) + 1
    return [low + place * step for place in range(count)]


def _check_order(name: str, low: float, high: float) -> None:
    if low > high:
        raise RefusedError(400, f"the parameter {name} has no values between {low!r:.60} and {high!r:.60}")


def _kind(name: str, parameter: Parameter) -> str:
    given = parameter.get("distribution")
    if "value" in parameter:
        kind = "constant"
    elif "values" in parameter:
        kind = "categorical"
        if not isinstance(parameter["values"], list) or not parameter["values"]:
            raise RefusedError(400, f"the values of the parameter {name} must be a list")
    elif given is None and {"min", "max"} <= parameter.keys():
        whole = all(isinstance(parameter[end], int) for end in ("min", "max"))
        kind = "int_uniform" if whole else "uniform"
    elif given in {"normal", "q_normal", "log_normal", "q_log_normal"} or {"min", "max"} <= parameter.keys():
        kind = str(given)
    else:
        raise RefusedError(400, f"the parameter {name} needs value, values, min and max, or a distribution")
    if given == "categorical_w_probabilities" and kind == "categorical":
        return kind
    if given not in {None, kind}:
        raise RefusedError(400, f"the parameter {name} cannot be {given!r:.60} with what it has")
    return kind


def _number(name: str, parameter: Parameter, end: str, usual: float | None = None) -> float:
    value = parameter.get(end, usual)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= MAX_NUMBER:
        raise RefusedError(400, f"{end} of the parameter {name} must be a number up to {MAX_NUMBER}, not {value!r:.60}")
    return value


def _between(low: float, high: float, source: random.Random) -> float:
    return low + (high - low) * source.random()


_DRAWS: Mapping[str, Callable[[float, float, random.Random], float]] = {
    "int_uniform": lambda low, high, source: source.randint(math.ceil(low), math.floor(high)),
    "uniform": _between,
    "log_uniform": lambda low, high, source: math.exp(_between(low, high, source)),
    "log_uniform_values": lambda low, high, source: math.exp(_between(math.log(low), math.log(high), source)),
    "inv_log_uniform": lambda low, high, source: 1 / math.exp(_between(low, high, source)),
    "inv_log_uniform_values": lambda low, high, source: 1 / math.exp(_between(-math.log(high), -math.log(low), source)),
    "normal": lambda mean, deviation, source: source.gauss(mean, deviation),
    "log_normal": lambda mean, deviation, source: math.exp(source.gauss(mean, deviation)),
}


def _drawn(name: str, parameter: Parameter, source: random.Random) -> Any:
    kind = _kind(name, parameter)
    if kind == "constant":
        return parameter["value"]
    if kind == "categorical":
        return _one_of(name, parameter, source)
    plain = kind.removeprefix("q_")
    if plain not in _DRAWS:
        raise NotDoneError(f"the distribution {kind!r:.60} of the parameter {name} is not known to this backend")
    ends = {"mu": 0.0, "sigma": 1.0} if plain.endswith("normal") else {"min": None, "max": None}
    low, high = (_number(name, parameter, end, usual) for end, usual in ends.items())
    if "min" in ends:
        _check_order(name, low, high)
        if plain.endswith("_values") and low <= 0:
            raise RefusedError(400, f"min of the parameter {name} must be more than 0")
    step = _number(name, parameter, "q", 1.0)
    if plain != kind and step <= 0:
        raise RefusedError(400, f"q of the parameter {name} must be more than 0")
    try:
        value = _DRAWS[plain](low, high, source)
        if plain != kind:
            value = round(value / step) * step  # whole where the step is
        fits = math.isfinite(value)
    except (OverflowError, ValueError, ZeroDivisionError):
        fits = False
    if not fits:
        raise RefusedError(400, f"the parameter {name} has values that no float can be")
    return value


def _one_of(name: str, parameter: Parameter, source: random.Random) -> Any:
    values, weights = parameter["values"], parameter.get("probabilities")
    if weights is None:
        return source.choice(values)
    fitting = isinstance(weights, list) and len(weights) == len(values)
    if not fitting or not all(isinstance(w, (int, float)) and w >= 0 for w in weights) or not sum(weights) > 0:
        raise RefusedError(400, f"the probabilities of the parameter {name} must be a number for each of its values")
    return source.choices(values, weights)[0]
