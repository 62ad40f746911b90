"""Calls a function for many items in other processes, so that one that a library crashes on is lost alone.

LibCST's parser is native code, and the stack or the memory that it wants may end a process. A worker has one item at a
time in hand: whose process ended is known, nothing is tried twice, and another worker goes on with the rest.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


_WORTH_PROCESSES = 600_000
"""Bytes of files to parse from which starting further processes pays."""


def can_fork() -> bool:
    """Whether a worker starts at once: as a copy of this process, which is safe where that has a single thread."""
    return sys.platform == "linux" and threading.active_count() == 1


def parsed(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    size: Callable[[Item], int],
    lost: Callable[[Item, str], Result],
    processes: int = 0,
) -> Iterator[Result]:
    """The results of a function that parses files, in any order.

    Other processes are used wherever one starts at once, and elsewhere where there is enough to parse.

    Args:
        size: how many bytes of an item are to be parsed; the long ones come first.
        lost: makes the result of an item whose process ended, and is told how.
        processes: how many to use; 0 for as many as pay.
    """
    if processes == 0:
        total = sum(map(size, items))
        processes = min(os.cpu_count() or 1, len(items)) if total > _WORTH_PROCESSES else 1
    if processes <= 1 and not can_fork():
        return map(function, items)
    return each(function, sorted(items, key=size, reverse=True), lost, processes)


def each(
    function: Callable[[Item], Result], items: Sequence[Item], lost: Callable[[Item, str], Result], processes: int
) -> Iterator[Result]:
    """The results of a function, in the order in which they are done.

    Args:
        function: can be pickled, as can its results.
        lost: makes the result of an item whose process ended, and is told how.
        processes: how many to use, at least one.
    """
    pending = deque(items)
    workers: list[_Worker[Item, Result]] = []
    try:
        while pending or workers:
            while pending and len(workers) < processes:
                workers.append(_Worker(function))
                workers[-1].give(pending.popleft())
            ready = wait([worker.connection for worker in workers])
            for worker in [worker for worker in workers if worker.connection in ready]:
                item = worker.item
                try:
                    result = worker.take()
                except (EOFError, ConnectionError):
                    workers.remove(worker)
                    yield lost(item, worker.end())
                    continue
                if pending:
                    worker.give(pending.popleft())
                else:
                    workers.remove(worker)
                    worker.dismiss()
                yield result
    finally:
        for worker in workers:
            worker.process.terminate()
            worker.end()


@dataclass(frozen=True)
class _Raised:
    """What a function raised."""

    error: BaseException


class _Dismissed:
    """Sent to a worker that has no more to do."""


_DISMISSED = _Dismissed()


class _Worker(Generic[Item, Result]):
    """A process that calls the function for what it is given, one item after another."""

    item: Item
    """What it has in hand."""

    def __init__(self, function: Callable[[Item], Result]) -> None:
        context = multiprocessing.get_context("fork") if can_fork() else multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_work, args=(theirs, function), daemon=True)
        self.process.start()
        theirs.close()  # so that this end notices when the process has ended

    def give(self, item: Item) -> None:
        self.item = item
        with contextlib.suppress(ConnectionError):  # it has ended, which the waiting notices
            self.connection.send(item)

    def take(self) -> Result:
        """The result of what it has in hand.

        Raises:
            EOFError, ConnectionError: the process has ended.
        """
        result: Result | _Raised = self.connection.recv()
        if isinstance(result, _Raised):
            raise result.error
        return result

    def dismiss(self) -> None:
        """Let it end. Closing the connection would not do: a worker that was forked later has a copy of this end."""
        with contextlib.suppress(ConnectionError):
            self.connection.send(_DISMISSED)
        self.end()

    def end(self) -> str:
        """Wait for the process, which is about to end; how it did."""
        self.connection.close()
        self.process.join()
        code = self.process.exitcode
        if code is not None and code < 0:
            try:
                return signal.Signals(-code).name
            except ValueError:
                return f"signal {-code}"
        return f"exit code {code}"


def _work(connection: Connection, function: Callable[[Item], Result]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the parent's to handle
    while True:
        try:
            item: Item | _Dismissed = connection.recv()
        except (EOFError, ConnectionError):
            return  # the parent is gone
        if isinstance(item, _Dismissed):
            return
        try:
            result: Result | _Raised = function(item)
        except BaseException as error:
            result = _Raised(error)
        connection.send(result)
