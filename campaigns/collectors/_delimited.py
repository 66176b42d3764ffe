"""CSV-like text: its encoding and dialect, and its records one by one with what is wrong in them.

The fast way to read such text is the engine's own reader; this is the exact way, used for the
head of a file and for files which the engine refuses.
"""

from __future__ import annotations

import csv
import io
import itertools
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TextIO

from campaigns.collectors import Record
from campaigns.errors import N_, Message

SAMPLE_BYTES = 1 << 20
"""How much of a file is looked at to know its encoding, delimiter and header."""

HEAD_ROWS = 60

MAX_RECORD = 2_000_000
"""The longest row, in characters: a longer one is an unclosed quote or no table."""

MAX_CELL = 131_072
"""The longest cell, in characters (the limit of Python's csv); posts have at most 25,000."""

MAX_REREAD = 50_000_000
"""Characters that may be read again behind stray quotes, before the rest is given up."""

DELIMITERS = ",;\t|"

CONTROLS = {0: None, 31: None}
"""Characters that no cell keeps: NUL, and U+001F, which marks typed cells of spreadsheets."""

TOO_FEW = N_("the row has fewer cells than the header")
TOO_MANY = N_("the row has more cells than the header")
MISQUOTED = N_("the quotes in the row are not closed, or closed too early")
TOO_LONG = N_("a cell or row is too long")
CUT_OFF = N_("the file ends within this row: it was cut off")
REST = N_("not read: too many rows with broken quotes came before")


@dataclass(frozen=True)
class Dialect:
    """How cells are told apart. ``escape`` is the quote itself (``""``) or a backslash."""

    delimiter: str = ","
    escape: str = '"'


def encoding_of(sample: bytes, *, whole: bool) -> tuple[str, bool]:
    """The encoding of text, and whether it is damaged.

    A byte-order mark decides; else NULs at every other byte mean UTF-16; else what is valid
    UTF-8 is UTF-8, as is what has more valid sequences than broken bytes (damaged); the rest is
    cp1252. ``whole`` says that the sample is the whole text and not only its beginning.

    >>> encoding_of("é".encode("cp1252"), whole=True)
    ('cp1252', False)
    >>> encoding_of("é€".encode() + b" \\xe9", whole=True)
    ('utf-8', True)
    """
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if sample.startswith(mark):
            return name, False
    even, odd = sample[0::2], sample[1::2]
    if odd.count(0) > len(odd) * 0.6 and even.count(0) < len(even) * 0.1:
        return "utf-16-le", False
    if even.count(0) > len(even) * 0.6 and odd.count(0) < len(odd) * 0.1:
        return "utf-16-be", False
    return _utf8_or_cp1252(sample, whole=whole)


def _utf8_or_cp1252(sample: bytes, *, whole: bool) -> tuple[str, bool]:
    try:
        sample.decode()
    except UnicodeDecodeError as error:
        if not whole and error.end == len(sample) and error.start >= len(sample) - 3:
            return "utf-8", False
        text = sample.decode(errors="replace")
        broken = text.count("\ufffd")
        good = sum(1 for letter in text if letter > "\x7f") - broken
        return ("utf-8", True) if good > broken else ("cp1252", False)
    return "utf-8", False


def encoding_of_file(path: Path) -> tuple[str, int]:
    """UTF-8 or cp1252 by the whole of a file, and how many of its characters are damaged."""
    good = broken = 0
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        while block := file.read(1 << 20):
            if not block.isascii():
                lost = block.count("\ufffd")
                broken += lost
                good += sum(1 for letter in block if letter > "\x7f") - lost
    return ("cp1252", 0) if broken and broken >= good else ("utf-8", broken)


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text, line ends untouched; bytes that mean nothing become U+FFFD."""
    return path.open(encoding=encoding, errors="replace", newline="")


def dialect_of(text: str) -> Dialect:
    """The delimiter and escape with which the head of a text parses into the best table.

    >>> dialect_of("a;b;c\\n1,5;2;3\\n").delimiter
    ';'
    """
    best, best_score = Dialect(), (-1.0, 0.0)
    has_escapes = '\\"' in text  # the first may stand far below the head
    there = [delimiter for delimiter in DELIMITERS if delimiter in text]
    if len(there) == 1 and not has_escapes:
        return Dialect(there[0])
    for delimiter, escape in itertools.product(there, '"\\' if has_escapes else '"'):
        dialect = Dialect(delimiter, escape)
        score = _score(text, dialect, 100 * HEAD_ROWS if has_escapes else HEAD_ROWS)
        if score > best_score:
            best, best_score = dialect, score
    return best


def _score(text: str, dialect: Dialect, rows_seen: int) -> tuple[float, float]:
    """How much of a table a dialect makes of a text: rows of the commonest width, its width."""
    widths: Counter[int] = Counter()
    bad = 0
    for record in itertools.islice(records(io.StringIO(text, newline=""), dialect), rows_seen):
        if record.fault is None:
            widths[len(record.cells)] += 1
        elif record.fault != CUT_OFF:
            bad += 1
    wide = {width: rows for width, rows in widths.items() if width > 1}
    if not wide:
        return (0.0, 0.0)
    width, rows = max(wide.items(), key=lambda item: (item[1], item[0]))
    return (rows / (sum(widths.values()) + bad), float(width))


def records_of(text: str, dialect: Dialect) -> Iterable[Record]:
    """`records` of a text that is in memory: at once where nothing is wrong in it."""
    if "\0" in text or "\x1f" in text:
        text = text.translate(CONTROLS)
    reader = _reader(io.StringIO(text, newline=""), dialect)
    try:
        return [
            Record(tuple(cells))
            for cells in reader
            if len(cells) > 1 or (cells and cells[0].strip())
        ]
    except csv.Error:
        return records(io.StringIO(text, newline=""), dialect)


def _is_filled(cells: Sequence[str]) -> bool:
    return bool(cells and cells[0].strip())


class _Lines:
    """Lines that can be put back, counting what the record at hand has taken."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.length = 0
        self.reread = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else self.file.readline(MAX_RECORD)
        if not line:
            raise StopIteration
        self.taken.append(line)
        self.length += len(line)
        if self.length > MAX_RECORD:
            raise csv.Error("record too long")
        return line

    def begin(self) -> None:
        self.taken.clear()
        self.length = 0

    def put_back_all_but_first(self) -> bool:
        """Put lines back; false when too much was read twice already."""
        self.waiting.extendleft(reversed(self.taken[1:]))
        self.reread += self.length - len(self.taken[0]) if self.taken else 0
        return self.reread <= MAX_REREAD


def records(file: IO[str], dialect: Dialect) -> Iterator[Record]:
    """The rows of a text, blank lines left out; a broken row is one record with its fault.

    After a row whose quotes are wrong, reading goes on at the next line, so that one stray
    quote does not swallow the rest of the file. A row that the end of the file cuts off is one
    record, however many lines of it there are.

    >>> text = io.StringIO('a,"b\\nc"\\n1,"x" y\\n2,3\\n4,"cut\\noff')
    >>> [record.cells or record.fault for record in records(text, Dialect())][:2]
    [('a', 'b\\nc'), 'the quotes in the row are not closed, or closed too early']
    """
    width = 0
    held: list[Record] = []
    for record in _records(_Lines(file), dialect):
        if held or record.fault == CUT_OFF:
            held.append(record)
            if record.cells and len(record.cells) == width:
                yield Record((), MISQUOTED)
                yield from held[1:]
                held.clear()
            continue
        width = len(record.cells) or width
        yield record
    if held:
        yield Record((), CUT_OFF)


def _records(lines: _Lines, dialect: Dialect) -> Iterator[Record]:
    while True:
        reader = _reader(lines, dialect)
        try:
            while True:
                lines.begin()
                cells = next(reader)
                if cells and (len(cells) > 1 or cells[0].strip()):
                    yield Record(tuple(cell.translate(CONTROLS) for cell in cells))
        except StopIteration:
            return
        except csv.Error as error:
            yield Record((), _fault(str(error), lines))
        if not lines.put_back_all_but_first():
            lines.length = -sys.maxsize
            yield from (Record((), REST) for _ in lines)
            return


def _reader(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    if dialect.escape == "\\":
        return csv.reader(lines, delimiter=dialect.delimiter, escapechar="\\", strict=True)
    return csv.reader(lines, delimiter=dialect.delimiter, strict=True)


def _fault(error: str, lines: _Lines) -> str:
    if "unexpected end" in error:
        return CUT_OFF
    is_long = "too long" in error or "field larger" in error
    return TOO_LONG if is_long and len(lines.taken) == 1 else MISQUOTED


def copy_below(file: TextIO, dialect: Dialect, skip: int, target: TextIO) -> int | None:
    """Copy a text without its first records, but with a first line that the engine may skip.

    That line ends as the others do: by it the engine knows ends of lines from those in cells.
    Returns how many characters were undecodable. Null when the records above are broken, so
    that nobody can say where they end.
    """
    lines = _Lines(file)
    above = _records(lines, dialect)
    if any(record.fault for record in itertools.islice(above, skip)) or lines.waiting:
        return None
    last = lines.taken[-1] if lines.taken else "\n"
    target.write("-" + last[len(last.rstrip("\r\n")) :])
    broken = 0
    while block := file.read(1 << 20):
        broken += block.count("\ufffd")
        target.write(block.translate(CONTROLS) if "\0" in block or "\x1f" in block else block)
    return broken


def fit(record: Record, width: int) -> tuple[tuple[str, ...], str | None]:
    """The cells of a record cut to the width of the table, or the fault.

    Empty cells beyond the last column are left out; a missing cell is a fault, for nobody can
    say which one is missing.

    >>> fit(Record(("1", "2", "")), 2)
    (('1', '2'), None)
    >>> fit(Record(("1",)), 2)
    ((), 'the row has fewer cells than the header')
    """
    if record.fault:
        return (), record.fault
    if len(record.cells) < width:
        return (), TOO_FEW
    if any(cell.strip() for cell in record.cells[width:]):
        return (), TOO_MANY
    return record.cells[:width], None


def clean(
    found: Iterable[Record], width: int, write: Callable[[tuple[str, ...]], object]
) -> list[tuple[Message, int]]:
    """Write the usable rows, each with its number from 1; returns the others by their fault."""
    faults: Counter[str] = Counter()
    for number, record in enumerate(found, start=1):
        cells, fault = fit(record, width)
        if fault:
            faults[fault] += 1
        else:
            write((str(number), *cells))
    return [(Message(text), rows) for text, rows in faults.items()]
