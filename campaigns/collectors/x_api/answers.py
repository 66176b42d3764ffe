"""The answers in a file, one at a time: JSON lines or one JSON text, plain or compressed."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from campaigns.collectors._delimited import CUT_OFF
from campaigns.errors import N_

BROKEN = N_("the answer is not valid JSON")

MAX_LINE = 64 << 20
"""The longest answer in bytes; a page of 100 posts with all that X knows of them has 1 MB."""

Answer = dict[str, Any]


def opened(path: Path, container: str) -> BinaryIO:
    """A file for reading, unpacked on the way where it is compressed."""
    return cast("BinaryIO", gzip.open(path)) if container == "gzip" else path.open("rb")


def answers(file: BinaryIO) -> Iterator[Answer | str]:
    """What stands in a file; a text where something cannot be read says why.

    A line that is broken costs no other one. A list counts as its items.

    >>> import io
    >>> list(answers(io.BytesIO(b'{"data": []}\\n\\n{"da\\n{"id": "1"}')))
    [{'data': []}, 'the answer is not valid JSON', {'id': '1'}]
    >>> list(answers(io.BytesIO(b'[\\n {"id": "1"},\\n {"id": "2"}\\n]')))
    [{'id': '1'}, {'id': '2'}]
    """
    lines = _lines(file)
    first = next(lines, None)
    if first is None:
        return
    value = _value(first)
    if value is None:  # perhaps one text over several lines
        rest = [first, *_up_to(lines, MAX_LINE)]
        whole = _value(b"\n".join(rest))
        if whole is not None:
            yield from _each(whole)
            return
        for line in rest:
            yield from _of_line(line)
    else:
        yield from _each(value)
    for line in lines:
        yield from _of_line(line)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines that are not empty; b"" stands for what a cut-off file had after them."""
    try:
        while line := file.readline(MAX_LINE):
            if line := line.removeprefix(b"\xef\xbb\xbf").strip():
                yield line
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield b""


def _up_to(lines: Iterator[bytes], most: int) -> Iterator[bytes]:
    for line in lines:
        yield line
        most -= len(line)
        if most < 0:
            return


def _of_line(line: bytes) -> Iterator[Answer | str]:
    value = _value(line)
    if value is None:
        yield BROKEN if line else CUT_OFF
    else:
        yield from _each(value)


def _each(value: Any) -> Iterator[Answer | str]:
    for one in value if isinstance(value, list) else [value]:
        yield one if isinstance(one, dict) else BROKEN


def _value(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
