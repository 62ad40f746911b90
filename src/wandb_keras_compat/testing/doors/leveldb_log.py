"""The framing of a ``run-<id>.wandb`` file: LevelDB's log format behind a seven byte file header.

The file is a sequence of 32 KiB blocks, the first of which starts with the file header (``:W&B``, a
two byte magic number and a version byte). A block holds chunks and, where fewer than seven bytes are left,
zero padding. A chunk is a seven byte header (CRC-32 of type and data, length, type; little endian) and its
data; a payload is one FULL chunk, or a FIRST, any number of MIDDLE and a LAST chunk in consecutive blocks.
Unlike LevelDB the checksum is the plain CRC-32 of zlib, neither Castagnoli nor masked.

Source: https://github.com/google/leveldb/blob/main/doc/log_format.md
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

BLOCK_SIZE = 32 * 1024
FILE_HEADER = struct.pack("<4sHB", b":W&B", 0xBEE1, 0)

_CHUNK_HEADER = struct.Struct("<IHB")
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_CRC_OF_TYPE = {kind: zlib.crc32(bytes([kind])) for kind in (_FULL, _FIRST, _MIDDLE, _LAST)}


class NotARunLogError(ValueError):
    """The file does not begin like a W&B run log."""


@dataclass
class ReadReport:
    """What could not be read in a log.

    Attributes:
        truncated: the file ends inside a chunk or a payload, as after a crash or while a run goes on.
        damaged: places where a checksum, length, type or fragment order was wrong. Reading goes on at the
            next block, as LevelDB's own reader does, so a damaged place can cost more than one payload.
        unparsed: payloads that are whole but are no record of the installed wandb.
        broke_at: the offset in bytes of the first thing that could not be read: everything before it was. None
            where there is no such thing.
    """

    truncated: bool = False
    damaged: int = 0
    unparsed: int = 0
    broke_at: int | None = None

    def broke(self, offset: int) -> None:
        """Notes that something at *offset* could not be read."""
        self.broke_at = offset if self.broke_at is None else min(self.broke_at, offset)


def read_payloads(path: Path, report: ReadReport | None = None) -> Iterator[tuple[int, bytes]]:
    """Yield the payloads of a run log in order, each after the offset in bytes of its first chunk.

    Args:
        path: the ``.wandb`` file.
        report: filled in while reading; complete once the iterator is exhausted.

    Raises:
        NotARunLogError: the file begins with something other than the header of version 0. A file that
            ends inside the header is a truncated log without payloads.
    """
    report = ReadReport() if report is None else report
    with path.open("rb") as stream:
        header = stream.read(len(FILE_HEADER))
        if header != FILE_HEADER:
            if FILE_HEADER.startswith(header):
                report.truncated = True
                report.broke(0)
                return
            raise NotARunLogError(
                f"{path} is not a run log of a known version: it begins with {header!r}, not {FILE_HEADER!r}"
            )
        yield from _payloads(_chunks(stream, report), report)


# Where a chunk begins in the file, its type and its data.
_Chunk: TypeAlias = tuple[int, int, bytes]


def _payloads(chunks: Iterator[_Chunk | None], report: ReadReport) -> Iterator[tuple[int, bytes]]:
    """Join chunks to payloads; ``None`` is a gap, after which fragments may lack their beginning."""
    fragments: list[bytes] = []
    begin, after_gap = 0, False
    for chunk in chunks:
        if chunk is None:
            if fragments:
                report.broke(begin)
            fragments, after_gap = [], True
            continue
        offset, kind, data = chunk
        if kind in (_FULL, _FIRST):
            if fragments:  # the payload begun before never ended
                report.damaged += 1
                report.broke(begin)
            begin, fragments = offset, [data]
        elif fragments:
            fragments.append(data)
        else:
            if not after_gap:  # otherwise the gap has been counted
                report.damaged += 1
                report.broke(offset)
            continue
        after_gap = False
        if kind in (_FULL, _LAST):
            yield begin, b"".join(fragments)
            fragments = []
    if fragments:
        report.truncated = True
        report.broke(begin)


def _chunks(stream: BinaryIO, report: ReadReport) -> Iterator[_Chunk | None]:
    at = len(FILE_HEADER)
    block_at = 0
    stream.seek(0)
    while block := stream.read(BLOCK_SIZE):
        ends_file = len(block) < BLOCK_SIZE
        while len(block) - at >= _CHUNK_HEADER.size:
            begin = block_at + at
            checksum, length, kind = _CHUNK_HEADER.unpack_from(block, at)
            at += _CHUNK_HEADER.size
            data = block[at : at + length]
            if len(data) < length and ends_file and kind in _CRC_OF_TYPE:
                report.truncated = True
                report.broke(begin)
                return
            if kind not in _CRC_OF_TYPE or zlib.crc32(data, _CRC_OF_TYPE[kind]) != checksum:
                report.damaged += 1
                report.broke(begin)
                yield None
                break
            yield begin, kind, data
            at += length
        else:
            # Fewer bytes than a chunk header are padding at the end of a whole block only.
            if ends_file and at < len(block):
                report.truncated = True
                report.broke(block_at + at)
        at = 0
        block_at += BLOCK_SIZE
