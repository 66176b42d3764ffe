"""Mutants of a sample, each made anew from its number alone: a failure can always be repeated."""

from __future__ import annotations

import copy
import csv
import functools
import io
import json
import random
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import python_calamine
import xlsxwriter
import xlwt

from campaigns.collectors import Recognition, formats
from campaigns.collectors import _sheets as sheets
from campaigns.errors import UserError
from tests.fuzz import damage, hostile
from tests.fuzz.samples import Sample

ROWS = 100
"""Rows of a file each of which is a mutant of a row of the sample."""

BOMBS = 0.01
"""How many of the mutants of a zip are bombs: one takes as long as a hundred others."""


@dataclass(frozen=True)
class Mutant:
    """The files of a sample, to import as one source; ``classes`` says what was done to them.

    ``path`` is where they are below the folder that they are written to. ``rows`` is how many records it has, where its maker knows; ``same`` the way in which it says
    the same as the sample. ``has_account`` says whether it comes with an account.
    """

    sample: Sample
    number: int
    classes: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]
    path: str
    rows: int | None = None
    same: str = ""
    has_account: bool = True

    def write(self, folder: Path) -> Path | None:
        """Put the files under a folder; null where this system cannot hold their names."""
        try:
            for name, content in self.files:
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        except (OSError, ValueError):
            return None
        return folder / self.path


def whole(sample: Sample) -> Mutant:
    """The sample itself, whose files are undamaged."""
    return Mutant(sample, -1, (), sample.members, sample.path)


def of_file(sample: Sample, number: int) -> Mutant:
    """The mutant of this number: the files of the sample, damaged one to three times."""
    luck = random.Random(f"{sample.name}/{number}")
    has_account = luck.random() < 0.8
    if sample.kind == "text" and luck.random() < 0.1 and (mutant := retold(sample, number, luck)):
        return mutant
    if sample.kind == "folder":
        return _of_folder(sample, number, luck, has_account)
    name, content, classes = sample.path, sample.content, []
    if luck.random() < 0.9:
        content, classes = _damaged(sample.kind, content, luck)
    if luck.random() < 0.1:
        name = luck.choice(hostile.NAMES).replace("{}", name)
        classes.append("name")
    if luck.random() < 0.05:
        content, classes = damage.zipped(content, Path(name).name, luck), [*classes, "zipped"]
        name = "packed.zip"
    return Mutant(sample, number, tuple(classes), ((name, content),), name, has_account=has_account)


def of_bomb(sample: Sample, number: int) -> Mutant | None:
    """A bomb of this number; null where the sample is no zip."""
    if sample.kind not in {"workbook", "archive"}:
        return None
    content = damage.bomb(sample.content, random.Random(f"{sample.name}/bombs/{number}"))
    return Mutant(sample, number, ("bomb",), ((sample.path, content),), sample.path)


def _damaged(kind: str, content: bytes, luck: random.Random) -> tuple[bytes, list[str]]:
    if kind in {"workbook", "archive"}:
        if luck.random() < BOMBS:
            return damage.bomb(content, luck), ["bomb"]
        name = luck.choice([*["part"] * 6, "bytes", "truncation", "directory", "directory"])
        return damage.WORKBOOK[name](content, luck), [name]
    if kind == "xls":
        name = luck.choice(["bytes", "bytes", "bytes", "truncation"])
        return damage.WORKBOOK[name](content, luck), [name]
    known = damage.SCRIPT if kind == "script" else damage.TEXT
    classes = luck.choices(sorted(known), k=luck.choice([1, 1, 1, 2, 3]))
    for name in classes:
        content = known[name](content or b"\n", luck)
    return content, classes


def _of_folder(sample: Sample, number: int, luck: random.Random, has_account: bool) -> Mutant:
    members = dict(sample.members)
    classes: list[str] = []
    for name in luck.sample(sorted(members), luck.randint(1, 2)):
        kind = "script" if name.endswith(".js") else "text"
        members[name], done = _damaged(kind, members[name], luck)
        classes += done
    if luck.random() < 0.1:
        del members[luck.choice(sorted(members))]
        classes.append("missing member")
    if luck.random() < 0.3:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(f"archive/{name}", content)
        raw = packed.getvalue()
        if luck.random() < 0.3:
            raw, classes = damage.directory(raw, luck), [*classes, "directory"]
        files: tuple[tuple[str, bytes], ...] = (("archive.zip", raw),)
        return Mutant(sample, number, tuple(classes), files, "archive.zip", has_account=has_account)
    files = tuple((f"archive/{name}", content) for name, content in members.items())
    return Mutant(sample, number, tuple(classes), files, "archive", has_account=has_account)


# --- the same, told in another way -----------------------------------------------------------


def retold(sample: Sample, number: int, luck: random.Random) -> Mutant | None:
    table = table_of(sample)
    if table is None or table.kind != "text" or table.escape != '"':
        return None
    content, way = damage.retold(table.sheets[0][1], table.delimiter, luck)
    return Mutant(
        sample, number, (f"same: {way}",), ((sample.path, content),), sample.path, same=way
    )


# --- rows ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """A sample that is read: its sheets as rows of text, and where their tables begin.

    ``headers`` has the row of the header of each sheet by its number; it is empty where the
    format finds its rows itself, so that nobody else can say how many there are.
    """

    sheets: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    headers: dict[int, int]
    delimiter: str
    escape: str
    kind: str


@functools.cache
def table_of(sample: Sample) -> Table | None:
    """The rows of a sample; null where it is no table, or its rows are not all alike."""
    if sample.kind not in {"text", "workbook", "xls"}:
        return None
    with TemporaryDirectory() as folder:
        path = Path(folder, sample.path)
        path.write_bytes(sample.content)
        try:
            probe = sheets.probe(path)
            found = sheets.recognise(probe, formats(), {})
        except UserError:
            return None
    if sample.kind == "text" and probe.container != "csv":
        return None
    headers = {} if found.format.read is not None else _headers(found)
    if probe.container == "xls":
        old = python_calamine.load_workbook(io.BytesIO(sample.content))
        sheets_of = ((name, old.get_sheet_by_name(name).to_python()) for name in old.sheet_names)
        read = tuple(
            (name, tuple(tuple(map(_shown, row)) for row in rows)) for name, rows in sheets_of
        )
        return Table(read, headers, ",", '"', "xls")
    if probe.container != "csv":
        book = openpyxl.load_workbook(io.BytesIO(sample.content), read_only=True)
        read = tuple(
            (sheet.title, tuple(tuple("" if c is None else str(c) for c in row)
                                for row in sheet.iter_rows(values_only=True)))
            for sheet in book.worksheets
        )  # fmt: skip
        return Table(read, headers, ",", '"', "workbook")
    text = sample.content.decode(probe.encoding).removeprefix("\ufeff")
    escape = {"escapechar": "\\"} if probe.escape == "\\" else {}
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=probe.delimiter, **escape)
    rows = tuple(tuple(row) for row in lines if any(row))
    if headers:
        width = len(rows[headers[0]])
        if len(headers) != 1 or any(len(row) != width for row in rows[headers[0] :]):
            return None
    return Table(((probe.name, rows),), headers, probe.delimiter, probe.escape, "text")


def _shown(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _headers(found: Recognition) -> dict[int, int]:
    return {each.sheet.index: each.header_row for each in found.found.values()}


def of_rows(sample: Sample, number: int) -> Mutant | None:
    """A file of rows of the sample, each damaged in one to three cells; null for what has none.

    The structure is whole, so every row must be told, and their number is known beforehand.
    """
    if sample.kind in {"folder", "script"}:
        return _of_posts(sample, number)
    table = table_of(sample)
    if table is None:
        return None
    luck = random.Random(f"{sample.name}/rows/{number}")
    flavour = luck.choice(["iso", "day first", "month first", "impossible", "impossible"])
    values = (
        hostile.NUMBERS,
        hostile.DATES[flavour],
        hostile.FORMULAS,
        hostile.CONTROLS,
        hostile.TEXTS,
    )
    changed, count = [], 0
    for index, (name, rows) in enumerate(table.sheets):
        if index in table.headers:
            at = table.headers[index]
            body = [row for row in rows[at + 1 :] if any(row)] or [("1",) * len(rows[at])]
            each = ROWS // len(table.headers) or 1
            damaged = [*_rows(body, each, values, luck)]
            count += each
            changed.append((name, [*rows[: at + 1], *damaged]))
        elif table.headers:
            changed.append((name, [*rows]))
        else:
            changed.append((name, [*_in_place(rows, values, luck)]))
    classes = (f"rows, dates {flavour}",)
    if table.kind == "xls":
        files = ((sample.path, _old_book(changed)),)
        return Mutant(sample, number, classes, files, sample.path, rows=count)
    as_book = table.kind == "workbook" or luck.random() < 0.15
    content = _book(changed, luck) if as_book else _text(changed[0][1], table, luck)
    path = str(Path(sample.path).with_suffix(".xlsx")) if as_book else sample.path
    return Mutant(sample, number, classes, ((path, content),), path, rows=count or None)


def _in_place(
    rows: Sequence[Sequence[str]], values: Sequence[Sequence[str]], luck: random.Random
) -> Iterator[Sequence[str]]:
    """Rows with digits, each several times and damaged, between the others, which are labels."""
    some = [row for row in rows if any(map(str.isdecimal, "".join(row)))]
    for row in rows:
        if row in some:
            yield from _rows([row], ROWS // len(some) or 1, values, luck)
        else:
            yield row


# --- posts of an archive ---------------------------------------------------------------------

_POSTS = re.compile(r"(?:tweets?(?:-part\d+)?|\d{4}_\d\d)\.js")
_ODD = (None, [], {}, True, False, -1, 2**70, 1e308, [[]], [None], {"": None}, "\ud800", "\x00")


def _of_posts(sample: Sample, number: int) -> Mutant:
    """An archive of posts that are damaged in one to three values; its files can all be parsed."""
    luck = random.Random(f"{sample.name}/rows/{number}")
    files = dict(sample.members)
    names = [name for name in files if _POSTS.fullmatch(name.rpartition("/")[2])]
    for name in names:
        begin, _, text = files[name].decode().partition("=")
        posts = json.loads(text.rstrip("; \n"))
        made = [_post(luck.choice(posts), luck) for _ in range(ROWS // len(names))]
        written = json.dumps(made, ensure_ascii=luck.random() < 0.5)
        files[name] = f"{begin}= {written}".encode("utf-8", "surrogatepass")
    count = ROWS // len(names) * len(names)
    if sample.kind == "script":
        return Mutant(sample, number, ("posts",), (*files.items(),), sample.path, rows=count)
    inside = tuple((f"archive/{name}", content) for name, content in files.items())
    return Mutant(sample, number, ("posts",), inside, "archive", rows=count)


def _post(post: dict[str, object], luck: random.Random) -> dict[str, object]:
    post = copy.deepcopy(post)
    for _ in range(luck.choice([0, 1, 1, 1, 2, 3])):
        within, key = luck.choice([*_places(post)][1:] or [*_places(post)])
        if luck.random() < 0.15:
            del within[key]
            continue
        dates = hostile.DATES[luck.choice([*hostile.DATES])]
        texts = (hostile.NUMBERS, dates, hostile.CONTROLS, hostile.TEXTS)
        within[key] = luck.choice([luck.choice(luck.choice(texts)), luck.choice(_ODD)])
    return post


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Where the values stand in a post: what holds them, and their key or place in it."""
    if isinstance(value, dict | list):
        for key in [*value] if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _rows(
    body: Sequence[Sequence[str]],
    many: int,
    values: Sequence[Sequence[str]],
    luck: random.Random,
) -> Iterator[list[str]]:
    while many:
        row = [*luck.choice(body)]
        for _ in range(luck.choice([0, 1, 1, 1, 2, 3])):
            at = luck.randrange(len(row))
            value = luck.choice(luck.choice(values))
            if luck.random() < 0.2:
                cut = luck.randrange(len(row[at]) + 1)
                value = row[at][:cut] + value + row[at][cut:]
            row[at] = value
        # What is left of a row without what nobody sees must be a row still.
        if sum(map(_is_seen, row)) > 1:
            many -= 1
            yield row


def _is_seen(cell: str) -> bool:
    return any(unicodedata.category(letter)[0] not in "CZ" for letter in cell)


def _is_formula(cell: str) -> bool:
    return cell.startswith("=") and len(cell) < 200


def _text(rows: Sequence[Sequence[str]], table: Table, luck: random.Random) -> bytes:
    target = io.StringIO(newline="")
    escape = {"doublequote": False, "escapechar": "\\"} if table.escape == "\\" else {}
    csv.writer(
        target,
        delimiter=table.delimiter,
        lineterminator=luck.choice(["\n", "\r\n"]),
        quoting=csv.QUOTE_ALL,
        **escape,
    ).writerows(rows)
    return target.getvalue().encode("utf-8", "surrogatepass")


def _old_book(changed: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> bytes:
    """A workbook as Excel wrote it until 2003, whose cells are all text."""
    packed, book = io.BytesIO(), xlwt.Workbook()
    for name, rows in changed:
        sheet = book.add_sheet(name)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write(at, column, cell[:32_000])
    book.save(packed)
    return packed.getvalue()


def _book(changed: Sequence[tuple[str, Sequence[Sequence[str]]]], luck: random.Random) -> bytes:
    """A workbook: text where it is written as text, numbers as numbers half of the time."""
    packed = io.BytesIO()
    options = {"strings_to_formulas": True, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(packed, {**options, "in_memory": True}) as book:
        is_typed = luck.random() < 0.5
        for name, rows in changed:
            sheet = book.add_worksheet("".join(c for c in name if c not in "[]:*?/\\")[:31])
            for at, row in enumerate(rows):
                has_more = any(_is_seen(cell) and not _is_formula(cell) for cell in row)
                for column, cell in enumerate(row):
                    if is_typed and cell.isascii() and cell.isdigit() and len(cell) < 15:
                        sheet.write_number(at, column, int(cell))
                    elif _is_formula(cell):
                        result = luck.choice([0, "", "#REF!", 7])
                        if not has_more:  # nothing but errors and empty results is no row
                            result = 7 if result in ("", "#REF!") else result
                        sheet.write_formula(at, column, cell, value=result)
                    elif cell:
                        sheet.write_string(at, column, cell[:32_000])
    return packed.getvalue()
