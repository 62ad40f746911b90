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


def test_the_last_bar_is_compared() -> None:
    one, other = lines("\r1/3 - loss: 0.5\r3/3 - loss: 0.25\n"), lines("\r3/3 - loss: 0.26\n")
    assert not same(one[0], other[0])
