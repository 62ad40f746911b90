"""What a program printed is what stands there in the end, without what the clock decides."""

from __future__ import annotations

import pytest

from wandb_keras_compat.parity.migration.printed import lines, normalized, same

_BAR = "\x1b[1m{}/3\x1b[0m \x1b[32m━━━━\x1b[0m \x1b[1m{}s\x1b[0m {}ms/step - loss: {}"
_END = _BAR.format(3, 1, 40, "0.25")


@pytest.mark.parametrize("drawn", [[], [(1, 0, "0.5")], [(1, 1, "0.5"), (2, 1, "0.375")]])
@pytest.mark.parametrize("padding", ["", "   "])
@pytest.mark.parametrize("back", ["\r", "\b" * 30 + "\r"])
def test_a_progress_bar_is_what_is_drawn_last(drawn: list[tuple[int, int, str]], back: str, padding: str) -> None:
    bars = "".join(f"{back}{_BAR.format(at, seconds, 7, loss)}" for at, seconds, loss in drawn)
    found = [normalized(line, "/nowhere", []) for line in lines(f"Epoch 1/1\n{bars}{back}{_END}{padding}\ndone\n")]
    assert found == ["Epoch 1/1", "3/3 ━━━━ <time> <time> - loss: 0.25", "done"]


def test_other_lines_stay_as_they_are() -> None:
    assert lines("one \n\n two\r\nthree\x0cfour\nfive") == ["one ", "", " two", "three\x0cfour", "five"]
    assert lines("") == []
    assert lines("X\r\nof X\r") == ["X", "of X"]


def test_the_last_bar_is_compared() -> None:
    one, other = lines("\r1/3 - loss: 0.5\r3/3 - loss: 0.25\n"), lines("\r3/3 - loss: 0.26\n")
    assert not same(one[0], other[0])


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("<Model object at 0x7f0ABC12>", "<Model object at <address>>"),
        ("code 0x1f and 0x12345", "code 0x1f and 0x12345"),
        ("saved to /tmp/here/x.txt", "saved to <folder>/x.txt"),
        ("'/tmp/wandb-recorder-a_1/wandb' is there", "'<run folder>/wandb' is there"),
        ("in /home/me/wandb/offline-run-20260101_000000-abc/files", "in <run folder>/files"),
        ("in ./wandb/run-1", "in ./wandb/run-1"),
        ("CPU times: user 1 s, sys: 2 ms", "<time>"),
        ("Wall time: 3 s", "<time>"),
        ("The Wall time", "The Wall time"),
        ("3s 40ms/step 1.5 us/sample 2ns 7μs 5 m", "<time> <time> <time> <time> <time> 5 m"),
        ("12 samples, 3d", "12 samples, 3d"),
        ("run abcd1234 and wxyz5678, not named", "run <run id 0> and <run id 1>, not named"),
        ("named twice: abcd1234 abcd1234", "named twice: <run id 0> <run id 0>"),
    ],
)
def test_what_chance_decides_is_left_out(line: str, kept: str) -> None:
    ids = ["abcd1234", "not named", "abcd1234", "named", "wxyz5678"]
    assert normalized(line, "/tmp/here", iter(ids)) == kept


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("loss 0.5", "loss 0.5", True),
        ("loss 0.5", "loss 0.50001", True),
        ("loss 0.5", "loss 0.5001", False),
        ("loss -0.5", "loss 0.5", False),
        ("loss 1.5e-05", "loss 1.5e+05", False),
        ("loss 1.5e-05", "loss 0.000015", True),
        ("loss 0.5", "mae 0.5", False),
        ("loss 0.5", "loss 1", False),
        ("epoch 1", "epoch 2", False),  # what has no point is exact
        ("0.5 0.25", "0.5 0.75", False),
        ("0.5", "0.5 0.5", False),
        ("", "", True),
    ],
)
def test_numbers_with_a_point_are_as_near_as_in_a_trace(one: str, other: str, alike: bool) -> None:
    assert same(one, other) is same(other, one) is alike
