"""Mutants of a sample, each made anew from its number alone: a failure can always be repeated."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import damage, hostile, posts
from tests.fuzz.samples import Sample
from tests.fuzz.tables import as_book, as_old_book, as_text, is_seen, table_of

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
        files = ((sample.path, as_old_book(changed)),)
        return Mutant(sample, number, classes, files, sample.path, rows=count)
    is_book = table.kind == "workbook" or luck.random() < 0.15
    content = as_book(changed, luck) if is_book else as_text(changed[0][1], table, luck)
    path = str(Path(sample.path).with_suffix(".xlsx")) if is_book else sample.path
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


def _of_posts(sample: Sample, number: int) -> Mutant:
    luck = random.Random(f"{sample.name}/rows/{number}")
    files, count = posts.damaged(dict(sample.members), ROWS, luck)
    if sample.kind == "script":
        return Mutant(sample, number, ("posts",), (*files.items(),), sample.path, rows=count)
    inside = tuple((f"archive/{name}", content) for name, content in files.items())
    return Mutant(sample, number, ("posts",), inside, "archive", rows=count)


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
        if sum(map(is_seen, row)) > 1:
            many -= 1
            yield row
