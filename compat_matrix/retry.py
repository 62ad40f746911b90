"""Many things that one process does in order, and a process that may die or hang at any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .judge import Verdict, last_line
from .process import ProcessResult, TimeLimits

#: Processes in a row that got nowhere, after which no other is started for the same.
_ENOUGH = 3


def failure_of(name: str, ended: ProcessResult) -> Verdict:
    """How a process failed at *name*, by its end."""
    if ended.hung:
        how = ended.hung
    elif ended.code == 0:
        how = "a mistake of the matrix itself, not a result: the process ended with 0 and said nothing about this"
    else:
        how = f"the process ended with {ended.code}: {last_line(ended.err)}"
    return Verdict(name, how=how, traceback=ended.err[-6000:] or ended.out[-6000:])


def each(
    names: Sequence[str],
    attempt: Callable[[Sequence[str]], ProcessResult],
    verdict: Callable[[str], Verdict | None],
    limits: TimeLimits,
    failure_of: Callable[[str, ProcessResult], Verdict] = failure_of,
    got_there: Callable[[ProcessResult], bool] = lambda ended: False,
) -> Iterator[Verdict]:
    """The verdicts on *names*, tried in order; the one a process died or hung at has failed, and the rest go on.

    Where so many processes in a row get nowhere, the next would not either, and all that is left failed the same way.
    What is left when the cell's time is over has no verdict.

    Args:
        attempt: does what it is given in a process.
        verdict: on one of them; None where the process did not come to it, or not through.
        told: the verdict on the one it did not come through.
        got_there: whether a process that died says something of that one alone, and nothing of the next.
    """
    left, stuck = list(names), 0
    while left and not limits.over:
        ended = attempt(left)
        got = 0
        while left and (found := verdict(left[0])) is not None:
            yield found
            left.pop(0)
            got += 1
        if not left:
            return
        stuck = 0 if got or got_there(ended) else stuck + 1
        for name in left if stuck == _ENOUGH else left[:1]:
            yield failure_of(name, ended)
        left = [] if stuck == _ENOUGH else left[1:]
