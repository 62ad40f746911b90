"""A task in a child of this process, which has what this one has imported and can be ended."""

from __future__ import annotations

import os
import pickle
import selectors
import signal
from collections.abc import Callable
from typing import Any

from .swap import file_of


def in_a_child(task: Callable[[], Any], seconds: float, *, failed: Callable[[BaseException], Any], died: Any) -> Any:
    """What *task* returns in a child of this process; None where that takes longer than *seconds*.

    Args:
        task: says nothing that is seen: the child's output is thrown away.
        failed: what is returned in the place of an exception.
        died: what is returned where the child ends without an answer.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.setsid()
        try:
            result = task()
        except BaseException as error:
            result = failed(error)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(result, pipe)
        os._exit(0)
    os.close(writing)
    try:
        with selectors.DefaultSelector() as selector, os.fdopen(reading, "rb") as pipe:
            selector.register(pipe, selectors.EVENT_READ)
            return pickle.load(pipe) if selector.select(seconds) else None
    except EOFError:
        return died
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        file_of(pid).unlink(missing_ok=True)
