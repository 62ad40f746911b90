"""What is no result of a cell is a sentence that helps."""

from __future__ import annotations

import errno

import pytest

from wandb_keras_compat.parity.check.problems import (
    NoInterpreter,
    NoSpace,
    NoUv,
    OtherTree,
    Problem,
    Stopped,
    UvFailed,
    means_full_disk,
    mentions_full_disk,
)


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("error: No space left on device (os error 28)", True),
        ("OSError: [Errno 122] Disk quota exceeded", True),
        ("FILE TOO LARGE", True),
        ("no such file or directory", False),
        ("", False),
    ],
)
def test_a_full_disk_is_told_from_what_a_program_prints(text: str, full: bool) -> None:
    assert mentions_full_disk(text) is full


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, ""), True),
        (OSError(errno.EDQUOT, ""), True),
        (OSError(errno.EFBIG, ""), True),
        (FileNotFoundError(errno.ENOENT, ""), False),
        (OSError("no space left on device"), False),
        (ValueError(errno.ENOSPC), False),
    ],
)
def test_a_full_disk_is_told_from_an_error(error: BaseException, full: bool) -> None:
    assert means_full_disk(error) is full


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (NoUv(), "pip install uv"),
        (NoInterpreter("3.99"), "no Python 3.99 on this machine"),
        (OtherTree("/here", "/there"), "(/there): pip install -e"),
        (OtherTree("/here", "/there"), "is that of /here"),
        (NoSpace("/tmp"), "the disk of /tmp"),
        (UvFailed("find it", " why\n"), "uv could not find it:\nwhy"),
        (Stopped(), "the next call goes on from there"),
    ],
)
def test_each_says_what_it_is_about_and_what_to_do(problem: Problem, says: str) -> None:
    assert says in str(problem)


def test_of_what_uv_printed_the_end_is_shown() -> None:
    assert str(UvFailed("find it", "y" + "x" * 2000 + "\n")) == "uv could not find it:\n" + "x" * 2000
