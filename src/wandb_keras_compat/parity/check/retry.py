"""Runs many items in one process, and starts another behind the item at which it died or hung."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .judge import Verdict, last_line
from .process import ProcessResult, TimeLimits

#: Processes in a row that got nowhere, after which no other is started for the same.
_ENOUGH = 3


def failure_of(name: str, ended: ProcessResult) -> Verdict:
    """The verdict on the item *name*, at which a process ended."""
    if ended.hung:
        how = ended.hung
    elif ended.code == 0:
        how = "a mistake of the matrix itself, not a result: the process ended with 0 and said nothing about this"
    else:
        how = f"the process ended with {ended.code}: {last_line(ended.err)}"
    return Verdict(name, how=how, traceback=ended.err[-6000:] or ended.out[-6000:], hung=bool(ended.hung))


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
        attempt: starts a process for the items it is given, and waits for its end.
        verdict: on one item; None where the process did not reach it, or ended within it.
        failure_of: the verdict on the item at which a process ended, by how it ended.
        got_there: whether a process that died concerns that item alone, so that the next is tried as well.
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
