"""The reader gives back what an independent writer framed, and survives every cut and flipped byte."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wandb_keras_compat.testing.doors.leveldb_log import NotARunLogError, ReadReport, read_payloads

BLOCK = 32768
HEADER = b":W&B\xe1\xbe\x00"
FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4

per_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def chunk(kind: int, data: bytes) -> bytes:
    return struct.pack("<IHB", zlib.crc32(bytes([kind]) + data), len(data), kind) + data


def frame(payloads: list[bytes]) -> bytes:
    """Write a log the way the format's description says, sharing nothing with the reader."""
    out = bytearray(HEADER)
    for payload in payloads:
        begun = False
        while True:
            room = BLOCK - len(out) % BLOCK
            if room < 7:
                out += bytes(room)
                room = BLOCK
            part, payload = payload[: room - 7], payload[room - 7 :]
            done = not payload
            kind = (LAST if begun else FULL) if done else (MIDDLE if begun else FIRST)
            out += chunk(kind, part)
            begun = True
            if done:
                break
    return bytes(out)


def read(folder: Path, content: bytes) -> tuple[list[bytes], ReadReport]:
    path = folder / "run-test.wandb"
    path.write_bytes(content)
    report = ReadReport()
    return [payload for _, payload in read_payloads(path, report)], report


def is_subsequence(part: list[bytes], whole: list[bytes]) -> bool:
    rest = iter(whole)
    return all(item in rest for item in part)


# Sizes near a block's border are where fragmentation and padding happen.
near_border = st.integers(-20, 20).map(lambda n: BLOCK + n)
size = st.one_of(st.integers(0, 60), near_border, st.integers(0, 3 * BLOCK))
payload = st.one_of(
    st.binary(max_size=60),
    st.builds(lambda n, seed: (bytes(range(seed, 256)) * (n // 8 + 1))[:n], size, st.integers(0, 200)),
)


@per_file
@given(payloads=st.lists(payload, max_size=8))
def test_payloads_round_trip(payloads: list[bytes], tmp_path: Path) -> None:
    assert read(tmp_path, frame(payloads)) == (payloads, ReadReport())


@pytest.mark.parametrize("left", range(16))
def test_every_remainder_at_a_block_border(left: int, tmp_path: Path) -> None:
    """The first payload leaves 0 to 15 bytes of its block: none, padding, an empty fragment, a short one."""
    payloads = [b"a" * (BLOCK - len(HEADER) - 7 - left), b"", b"second", b"b" * (2 * BLOCK), b"end"]
    content = frame(payloads)
    assert read(tmp_path, content) == (payloads, ReadReport())


@per_file
@given(payloads=st.lists(payload, min_size=1, max_size=5), data=st.data())
def test_a_cut_file_gives_the_payloads_before_the_cut(
    payloads: list[bytes], data: st.DataObject, tmp_path: Path
) -> None:
    content = frame(payloads)
    cut = data.draw(st.integers(0, len(content) - 1))
    read_back, report = read(tmp_path, content[:cut])
    complete = sum(len(frame(payloads[:n])) <= cut for n in range(1, len(payloads) + 1))
    assert read_back == payloads[:complete]
    assert report.damaged == 0
    border = len(frame(payloads[:complete]))
    padding = range(border, border + -border % BLOCK + 1) if -border % BLOCK < 7 else [border]
    assert report.truncated == (cut not in padding)
    assert report.broke_at == (None if cut in padding else 0 if cut < len(HEADER) else pytest.approx(border, abs=6))


@per_file
@given(payloads=st.lists(payload, min_size=1, max_size=5), data=st.data(), bits=st.integers(1, 255))
def test_a_flipped_byte_is_noticed_and_never_invents_a_payload(
    payloads: list[bytes], data: st.DataObject, bits: int, tmp_path: Path
) -> None:
    content = bytearray(frame(payloads))
    at = data.draw(st.integers(len(HEADER), len(content) - 1))
    content[at] ^= bits
    read_back, report = read(tmp_path, bytes(content))
    assert is_subsequence(read_back, payloads)
    if read_back != payloads:
        assert report.damaged or report.truncated
    if report.broke_at is not None:
        before = sum(len(frame(payloads[:n])) <= report.broke_at for n in range(1, len(payloads) + 1))
        assert read_back[:before] == payloads[:before], "what is before the place is there"
        assert report.broke_at <= at, "the place is not behind the damage"


def test_reading_goes_on_after_a_damaged_block(tmp_path: Path) -> None:
    payloads = [b"a" * (BLOCK - len(HEADER) - 7), b"b" * (2 * BLOCK), b"c" * 10]
    content = bytearray(frame(payloads))
    content[2 * BLOCK + 100] ^= 1  # the MIDDLE chunk of the second payload
    assert read(tmp_path, bytes(content)) == ([payloads[0], payloads[2]], ReadReport(damaged=1, broke_at=BLOCK))


@pytest.mark.parametrize(
    ("chunks", "whole"),
    [
        ([(FIRST, b"a"), (FULL, b"b")], [b"b"]),
        ([(FIRST, b"a"), (FIRST, b"b"), (LAST, b"c")], [b"bc"]),
        ([(LAST, b"a"), (FULL, b"b")], [b"b"]),
        ([(MIDDLE, b"a"), (FULL, b"b")], [b"b"]),
    ],
)
def test_fragments_out_of_order_are_damage(chunks: list[tuple[int, bytes]], whole: list[bytes], tmp_path: Path) -> None:
    content = HEADER + b"".join(chunk(kind, data) for kind, data in chunks)
    assert read(tmp_path, content) == (whole, ReadReport(damaged=1, broke_at=len(HEADER)))


def test_a_payload_that_ends_with_its_first_block_is_cut_off(tmp_path: Path) -> None:
    """As where the process ends after a block was written: each chunk is whole, and the payload is not."""
    content = HEADER + chunk(FIRST, b"a" * (BLOCK - len(HEADER) - 7))
    assert read(tmp_path, content) == ([], ReadReport(truncated=True, broke_at=len(HEADER)))


@per_file
@given(content=st.binary(max_size=100))
@example(content=HEADER[:6] + b"\x01")
@example(content=b"PK\x03\x04 a zip archive")
def test_another_file_is_refused(content: bytes, tmp_path: Path) -> None:
    if HEADER.startswith(content[:7]) or content.startswith(HEADER):
        content = b"x" + content
    with pytest.raises(NotARunLogError, match="not a run log"):
        read(tmp_path, content)
