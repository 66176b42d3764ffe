"""What every collector keeps to, found by discovery: a new file in the folder is covered."""

import csv
import re
from pathlib import Path

import pytest

from campaigns import simulate
from campaigns.collectors import _sheets as sheets
from campaigns.collectors import formats, normal
from campaigns.errors import Message
from campaigns.imports import FileOptions, Options, import_paths
from campaigns.imports.facts import parse
from campaigns.schema import TABLES
from campaigns.store import Store

DATA = Path(__file__).parents[2] / "data"
ALL = pytest.mark.parametrize("format_", formats(), ids=lambda each: each.name)
READ = pytest.mark.parametrize(
    "format_", [each for each in formats() if each.nothing is None], ids=lambda each: each.name
)
"""All formats but those that are known only to be left alone."""
FILLED_IN = {"platform", "account_id", "import_id", "collected_at"}
"""Columns that importing adds by itself."""


@pytest.fixture(scope="session")
def samples(tmp_path_factory):
    """Every made-up file of the tests (a folder is one source), and three simulated months."""
    folder = tmp_path_factory.mktemp("samples")
    written = simulate.write(simulate.organisation(seed=3, months=3), folder)
    return [path for path in [*sorted(DATA.glob("*/*")), *written] if path.suffix != ".toml"]


@pytest.fixture(scope="session")
def imported(samples, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEREIK_LANGUAGE", "en")
        patch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
        store = tmp_path_factory.mktemp("contract") / "store"
        # a file that does not name its account gets one of its own
        accounts = [(path.name, f"account_{n}") for n, path in enumerate(samples)
                    if "overview" in path.name or path.suffix != ".csv"
                    or "archive" in path.parent.name]  # fmt: skip
        reports = import_paths(store, samples, Options(accounts=accounts, role="own"))
        yield store, reports, accounts


@pytest.fixture(scope="session")
def read(imported):
    """What the collector makes of its first sample: a function of the format's name."""
    _store, reports, _accounts = imported

    def read(name):
        known = [r.path for r in reports if r.format == name and r.status != "failed"]
        [path, *_rest] = [path for path in known if path.is_file()]
        probe = sheets.probe(path)
        recognition = sheets.recognise(probe, formats(), {})
        assert recognition.format.name == name
        return parse(path, probe, recognition, FileOptions(account="demo"))

    return read


def test_names_are_unique():
    names = [each.name for each in formats()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


@ALL
def test_people_can_read_what_it_is(format_):
    assert format_.title.strip()
    if format_.account_in_name:
        assert "account" in re.compile(format_.account_in_name).groupindex


@ALL
def test_labels_mean_known_fields(format_):
    for layout in format_.layouts:
        fields = {field for labels in layout.labels.values() for field in labels.values()}
        assert layout.required <= fields | set(layout.positions), layout.name
        for labels in layout.labels.values():
            together = {}
            for label, field in labels.items():
                assert together.setdefault(normal(label), field) == field, label


@READ
def test_it_fills_columns_that_exist_and_all_that_are_required(format_, read):
    facts = read(format_.name)
    assert facts.parsed
    for sheet in facts.parsed:
        for cell in sheet.cells.values():
            assert cell.field in facts.payload.fields[sheet.sheet]
        assert all(isinstance(skip.reason, Message) for skip in sheet.skip)
        for rows in sheet.rows:
            table = TABLES[rows.table]
            assert set(rows.columns) <= set(table.names), rows.table
            required = {column.name for column in table if column.required}
            assert required <= set(rows.columns) | FILLED_IN, rows.table


@READ
def test_parsing_is_pure(format_, read):
    facts = read(format_.name)
    assert list(format_.parse(facts.payload)) == list(facts.parsed)


@pytest.mark.parametrize("format_", [each for each in formats() if each.nothing is not None])
def test_a_sample_of_what_is_left_alone_says_why(format_, imported):
    _store, reports, _accounts = imported
    [report, *_rest] = [r for r in reports if r.format == format_.name]
    assert report.status == "ignored"
    assert [str(note) for note in report.notes] == [str(format_.nothing)]


@READ
def test_a_sample_of_it_is_imported(format_, imported):
    _store, reports, _accounts = imported
    assert any(r.format == format_.name and r.status == "imported" for r in reports)


def test_no_sample_fails(imported):
    _store, reports, _accounts = imported
    assert [str(r.error) for r in reports if r.status == "failed"] == []


def test_importing_all_again_changes_nothing(imported):
    store, reports, accounts = imported
    version = Store.open(store).read(lambda snapshot: snapshot.version)
    again = import_paths(store, [r.path for r in reports], Options(accounts=accounts, role="own"))
    assert {r.status for r in again} <= {"unchanged", "ignored"}
    assert Store.open(store).read(lambda snapshot: snapshot.version) == version


def test_the_report_counts_the_rows_that_came(imported):
    store, reports, _accounts = imported

    def question(snapshot):
        return {
            (row["import_id"], name): row["n"]
            for name in TABLES
            if name != "imports"
            for row in snapshot.rows(
                f"SELECT import_id, count(DISTINCT ({', '.join(TABLES[name].key)})) AS n "
                f"FROM {name}_log GROUP BY 1"
            )
        }

    stored = Store.open(store).read(question)
    for report in reports:
        if report.status == "imported":
            gone = withdrawn(report.path) if report.path.name == "ambassadors.csv" else 0
            for name, rows in report.tables.items():
                assert stored[report.import_id, name] >= rows - gone, (report.path.name, name)


def withdrawn(path):
    """How many colleagues withdrew according to a list: their rows are destroyed at once."""
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines(), delimiter=";"))
    [place] = [n for n, label in enumerate(rows[0]) if label == "Ingetrokken op"]
    return sum(bool(row[place].strip()) for row in rows[1:])


def damaged(path):
    """A file cut off, emptied, made binary, written in other encodings, quoted wrongly, too long."""
    raw = path.read_bytes()
    yield "half", raw[: len(raw) // 2]
    yield "nearly whole", raw[:-7]
    yield "only the beginning", raw[:40]
    yield "zeros inside", raw[: len(raw) // 3] + b"\0" * 64 + raw[len(raw) // 3 :]
    yield "noise inside", raw[: len(raw) // 3] + bytes(range(256)) + raw[len(raw) // 3 :]
    yield "twice", raw + raw
    if path.suffix == ".csv":
        yield "a stray quote", raw.replace(b",", b',"', 9)
        yield "a huge cell", raw + b'\n"' + b"x" * 5_000_000 + b'"'
        yield "another encoding", raw.decode("utf-8", "ignore").encode("utf-16")
        yield "Mac line ends", raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r")


@READ
def test_damaged_files_end_in_an_import_or_a_clear_error(format_, imported, tmp_path):
    _store, reports, _accounts = imported
    known = [r.path for r in reports if r.format == format_.name]
    [sample, *_rest] = [path for path in known if path.is_file()]
    for number, (_damage, content) in enumerate(damaged(sample)):
        path = tmp_path / f"{number}_{sample.name}"
        path.write_bytes(content)
        [report] = import_paths(
            tmp_path / f"store{number}", [path], Options(accounts=[(None, "a")])
        )
        assert report.status in {"imported", "failed"}
        if report.status == "failed":
            assert "Error:" not in str(report.error), report.error  # the engine's own words
            assert path.name in str(report.error)
        else:
            assert sum(report.tables.values()) > 0
