"""What can go wrong beside a cell's own failing, each with the sentence that helps."""

from __future__ import annotations

import errno


class Problem(Exception):
    """Something that is no property of the versions: nothing is recorded, and the call can be repeated."""


class NoUv(Problem):
    def __init__(self) -> None:
        super().__init__("uv is not installed here; pip install uv, or the extra dev of this package")


class NoInterpreter(Problem):
    def __init__(self, python: str) -> None:
        super().__init__(
            f"no Python {python} on this machine: uv finds none on PATH, and nothing is downloaded; "
            f"install one, then call this again"
        )


class OtherTree(Problem):
    def __init__(self, imported: object, wanted: object) -> None:
        super().__init__(
            f"the wandb_keras_compat imported here is that of {imported}, and what cells do is judged by it; "
            f"install this tree ({wanted}): pip install -e '.[testing,dev]'"
        )


class NoSpace(Problem):
    def __init__(self, where: object) -> None:
        super().__init__(
            f"no space left on the disk of {where}; make room (or give --scratch another place), and call again"
        )


class UvFailed(Problem):
    """uv ended for another reason than versions that do not go together."""

    def __init__(self, what: str, printed: str) -> None:
        super().__init__(f"uv could not {what}:\n{printed.strip()[-2000:]}")


class Stopped(Problem):
    def __init__(self) -> None:
        super().__init__("interrupted; what was finished stays, and the next call goes on from there")


#: How programs say that a disk is full.
_FULL = ("no space left on device", "disk quota exceeded", "file too large")


def mentions_full_disk(text: str) -> bool:
    return any(phrase in text.lower() for phrase in _FULL)


def means_full_disk(error: BaseException) -> bool:
    """Whether *error* means that nothing more can be written."""
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
