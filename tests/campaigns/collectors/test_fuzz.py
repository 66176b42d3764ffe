"""Every sample of every format, damaged at random: a right import or a clear error, never else.

``BEREIK_FUZZ=10000`` damages each sample that often; the usual run does it a few times, each
time the same way, so that a failure can be repeated.
"""

import contextlib
import datetime as dt
import io
import os
import random
import re
import time
import zipfile
from pathlib import Path

import pytest

from campaigns import privacy, simulate
from campaigns.collectors import _sheets as sheets
from campaigns.collectors import formats
from campaigns.errors import UserError
from campaigns.imports import FileOptions, piles, staging
from campaigns.imports.facts import UNKNOWN, collected_at, parse
from campaigns.imports.staged import finished
from campaigns.imports.table_rows import private
from campaigns.privacy import Key
from campaigns.schema import TABLES
from campaigns.store import connect, typed_nulls

DATA = Path(__file__).parents[2] / "data"
TIMES = int(os.environ.get("BEREIK_FUZZ", "10"))
SECONDS = 30.0
"""No file of this size may take longer, on the slowest machine."""

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
HOSTILE = [
    b"\x00", b"\x1f", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b'""', b"'", b"\\", b"\r", b"\n", b"\t",
    b";", b",,,,,,,", b"=1+1", b'=HYPERLINK("http://x","y")', b"@SUM(1)", b"-2+3", b"../../etc/passwd",
    b"C:\\con", b"<script>alert(1)</script>", b"'; DROP TABLE posts; --", b"$name", b"{file}",
    b"1e999", b"-1", b"999999999999999999999999", b"NaN", b"inf", b"0x10", b"1,2,3.4,5", b"1.000,00",
    b"31/02/2026", b"02/31/2026", b"0000-00-00", b"9999-12-31", b"13/13/2026", "\u202e".encode(),
    "\ud83d\ude00".encode("utf-8", "surrogatepass"), "١٢٣".encode(), b"x" * 70_000,
]  # fmt: skip


def samples():
    """One sample per format at least: the made-up files, discovered like the formats."""
    return sorted(
        p for p in DATA.rglob("*") if p.is_file() and p.suffix in {".csv", ".xlsx", ".xls"}
    )


def damage(raw: bytes, luck: random.Random) -> bytes:
    """One to four random damages."""
    data = bytearray(raw)
    for _ in range(luck.randint(1, 4)):
        at = luck.randrange(len(data) + 1)
        match luck.randrange(9):
            case 0:
                data[at : at + luck.randint(1, 40)] = b""
            case 1:
                data[at:at] = luck.choice(HOSTILE)
            case 2:
                data = data[: max(at, 1)]
            case 3:
                for _ in range(luck.randint(1, 8)):
                    data[luck.randrange(len(data))] = luck.randrange(256)
            case 4:
                end = min(len(data), at + luck.randint(1, 3000))
                data[at:at] = data[at:end]
            case 5:
                numbers = [*re.finditer(rb"\d+", bytes(data))]
                if numbers:
                    one = luck.choice(numbers)
                    data[one.start() : one.end()] = luck.choice(HOSTILE)
            case 6:
                cells = [*re.finditer(rb"[^,;\t\r\n]+", bytes(data[:2000]))]
                if cells:
                    one = luck.choice(cells)
                    data[one.start() : one.end()] = luck.choice(
                        [b"", b"Date", b"Impressions", b"x"]
                    )
            case 7:
                lines = bytes(data).splitlines(keepends=True)
                luck.shuffle(lines)
                data = bytearray(b"".join(lines[: luck.randint(1, len(lines))])) if lines else data
            case _:
                encoding = luck.choice(["utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7"])
                data = bytearray(bytes(data).decode("utf-8", "ignore").encode(encoding, "replace"))
        if not data:
            data = bytearray(b"\n")
    return bytes(data)


def damage_workbook(raw: bytes, luck: random.Random) -> bytes:
    """Damage the archive itself, or a part of it that is packed again."""
    if luck.random() < 0.4:
        return damage(raw, luck)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(packed, "w") as new:
        parts = old.namelist()
        chosen = luck.choice([name for name in parts if name.endswith(".xml")])
        for name in parts:
            content = old.read(name)
            new.writestr(name, damage(content, luck) if name == chosen else content)
    return packed.getvalue()


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    connection = connect(tmp_path_factory.mktemp("spill") / "spill")
    connection.execute("SET preserve_insertion_order = true")
    connection.execute("SET TimeZone = 'Europe/Amsterdam'")
    privacy.prepare(connection, Key(b"k" * 32, "test"))
    return connection


@pytest.fixture(autouse=True)
def debug(monkeypatch):
    """An error of the engine is a failure here."""
    monkeypatch.setenv("BEREIK_DEBUG", "1")


def imported(engine, path):
    """What importing does up to its commit; checks that no row is lost on the way."""
    probe = sheets.probe(path)
    recognition = sheets.recognise(probe, formats(), {})
    facts = parse(path, probe, recognition, FileOptions(account=UNKNOWN))
    tables = sheets.tables(probe, recognition)
    pile = piles.large(engine, facts, None)
    [staged] = staging.stage(engine, pile).values()
    together = None if tables is None else with_others(engine, path.parent, facts, tables)
    if isinstance(staged, UserError):
        assert together is None or type(together) is type(staged)
        raise staged
    there = sum(one.rows + sum(rows for _why, rows in one.rejects) for one in staged.sources)
    accounted = staged.rows + sum(rows for _why, rows in staged.skipped)
    assert accounted >= there, (path.name, accounted, there)
    moment = collected_at(facts, staged.last, NOW)
    for table, queries in finished(staged, "i" * 32, moment).items():
        for query in queries:
            engine.execute(f"CREATE OR REPLACE TEMP TABLE fuzzed AS {query}")
            hidden = private(table, f"FROM ({whole(table)})", is_person=False)
            engine.execute(f"CREATE OR REPLACE TEMP TABLE hidden AS {hidden}")
    if together is not None:
        assert not isinstance(together, UserError), together
        assert alike(together) == alike(staged)
        staged.relations += dict.fromkeys(together.relations)
    for relation in staged.relations:
        engine.execute(f"DROP TABLE IF EXISTS {relation}")


def with_others(engine, folder, facts, tables):
    """The same file read as a small one, on a pile with itself."""
    small = piles.Piles(folder)
    [(one, _), _other] = [small.add(facts, tables), small.add(facts, tables)]
    [pile] = small.take(engine)
    with contextlib.closing(pile):
        return staging.stage(engine, pile)[one]


def alike(staged):
    """What must be the same however a file is read."""
    return (
        staged.tables,
        sorted((str(why), rows) for why, rows in staged.skipped),
        staged.accounts,
        staged.period,
        staged.rows,
    )


def whole(table):
    return f"{typed_nulls(TABLES[table].columns)} UNION ALL BY NAME FROM fuzzed"


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """A LinkedIn export as a workbook."""
    folder = tmp_path_factory.mktemp("simulated")
    written = simulate.write(simulate.organisation(seed=5, months=3), folder)
    return min((path for path in written if path.suffix == ".xlsx"), key=lambda p: p.stat().st_size)


def check(engine, path):
    began = time.monotonic()
    try:
        imported(engine, path)
    except UserError as error:
        assert path.name in str(error), str(error)
        assert "\x1f" not in str(error)
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("sample", samples(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_damaged_text(sample, engine, tmp_path):
    luck = random.Random(str(sample.name))
    raw = sample.read_bytes()
    for number in range(TIMES):
        path = tmp_path / f"{number}_{sample.name}"
        path.write_bytes(damage(raw, luck))
        check(engine, path)
        path.unlink()


def test_damaged_workbooks(workbook, engine, tmp_path):
    luck = random.Random(1)
    raw = workbook.read_bytes()
    for number in range(TIMES):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(damage_workbook(raw, luck))
        check(engine, path)
        path.unlink()
