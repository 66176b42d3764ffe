"""Whether an import of mutants ended as it must: what is in them is counted by other means."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaigns.errors import UserError
from campaigns.imports import FileReport, Options, facts, import_paths, staging
from campaigns.schema import TABLES
from campaigns.store import Snapshot, Store
from tests.fuzz.mutants import Mutant, whole

SECONDS = 30.0
"""No mutant may take longer, in seconds of computing: other work on the machine does not count."""

SIDE_BY_SIDE = {("linkedin_creator", "posts")}
"""Sheets of two tables side by side, by format: a row with nothing of one of them is none of it."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with the outcome of a mutant."""

    mutant: Mutant
    what: str

    def __str__(self) -> str:
        return f"{self.mutant.sample.name} {self.mutant.number} {self.mutant.classes}: {self.what}"


@dataclass
class _Seen:
    """What importing made of a file, caught on the way; ``lost`` rows of it went nowhere."""

    probe: Any = None
    recognition: Any = None
    staged: Any = None
    lost: int = 0


def run(
    mutants: Sequence[Mutant], folder: Path, began: Callable[[Mutant], None] = lambda _mutant: None
) -> Iterator[Problem]:
    """Import mutants together and yield what is wrong.

    A failure that has no report (an exception, which no file may cause) is looked for by halves.
    """
    try:
        yield from _together(mutants, folder, began)
    except Exception as error:  # noqa: BLE001 - it is what is looked for
        if len(mutants) == 1:
            yield Problem(mutants[0], f"{type(error).__name__}: {error}"[:900])
            return
        half = len(mutants) // 2
        for n, some in enumerate((mutants[:half], mutants[half:])):
            yield from run(some, folder / str(n), began)


def _together(
    mutants: Sequence[Mutant], folder: Path, began: Callable[[Mutant], None]
) -> Iterator[Problem]:
    """Each mutant in a folder of its own, before them the samples of which some are the same."""
    retold = {mutant.sample.name: mutant.sample for mutant in mutants if mutant.same}
    every = [*map(whole, retold.values()), *mutants]
    written = {f"m{number}": mutant for number, mutant in enumerate(every)}
    paths = [path for key, m in written.items() if (path := m.write(folder / key)) is not None]
    times: dict[str, float] = {}

    def progress(_at: int, _of: int, path: Path) -> None:
        times[_key(path)] = time.process_time()
        began(written[_key(path)])

    accounts = [(f"{key}/*", "demo") for key, m in written.items() if m.has_account]
    with _watched() as seen:
        options = Options(accounts=accounts, role="own")
        reports = import_paths(folder / "store", paths, options, progress)
    moments = [*times.items(), ("", time.process_time())]
    for (key, start), (_next, end) in itertools.pairwise(moments):
        if end - start > SECONDS and len(mutants) == 1:
            yield Problem(written[key], f"took {end - start:.0f} s")
        elif end - start > SECONDS + len(mutants):  # which of them it was shows when it is alone
            raise TimeoutError(f"{end - start:.0f} s")
    for report in reports:
        mutant = written[_key(report.path)]
        for what in _wrong(report, mutant, seen[str(report.path)]):
            yield Problem(mutant, what)
    yield from _stored(folder / "store", reports, written)


def _key(path: Path) -> str:
    return next(part for part in path.parts if re.fullmatch(r"m\d+", part))


@contextlib.contextmanager
def _watched() -> Iterator[dict[str, _Seen]]:
    """Looks over the shoulder of importing: what was read of each file."""
    seen: dict[str, _Seen] = defaultdict(_Seen)
    parse, stage = facts.parse, staging.stage

    def parsed(path: Path, probe: Any, recognition: Any, options: Any) -> Any:
        seen[str(path)] = _Seen(probe, recognition)
        return parse(path, probe, recognition, options)

    def staged(engine: Any, pile: Any) -> Any:
        answers = stage(engine, pile)
        for number, answer in answers.items():
            if not isinstance(answer, UserError):
                one = seen[str(pile.files[number].path)]
                one.staged, one.lost = answer, _lost(engine, pile, number, answer.relations)
        return answers

    facts.parse, staging.stage = parsed, staged
    try:
        yield seen
    finally:
        facts.parse, staging.stage = parse, stage


def _lost(engine: Any, pile: Any, number: int, relations: Sequence[str]) -> int:
    """Rows that are not skipped with a reason, and that no table gets."""
    format_name = pile.files[number].recognition.format.name
    lost = 0
    for sheet, relation in zip(pile.sheets, relations, strict=True):
        columns = {name for name, *_ in engine.execute(f"DESCRIBE {relation}").fetchall()}
        is_shared = "file_number" in columns  # by several files
        wheres = [pile.sql(rows.where) if is_shared else rows.where for rows in sheet.parsed.rows]
        used = " OR ".join(f"coalesce(({where}), false)" for where in wheres)
        own = f"AND file_number = {number}" if is_shared else ""
        if (format_name, sheet.parsed.sheet) in SIDE_BY_SIDE:
            own += f" AND coalesce({', '.join(f'{c}::VARCHAR' for c in sheet.parsed.cells)}) IS NOT NULL"
        lost += engine.execute(
            f"SELECT count(*) FROM (SELECT *, {used} AS used FROM {relation}) "
            f"WHERE skip IS NULL AND NOT used {own}"
        ).fetchone()[0]
    return lost


def _wrong(report: FileReport, mutant: Mutant, seen: _Seen) -> Iterator[str]:
    error = "" if report.error is None else str(report.error)
    said = " ".join([error, *map(str, report.notes), *(str(why) for why, _ in report.skipped)])
    if re.search(r"\w Error:|Traceback|\x1f|<class|Errno|object at 0x", said):
        yield f"words of a machine: {said[:400]}"
    if report.status == "failed":
        if report.path.name.removesuffix("!")[:100] not in error:
            yield f"the error does not name the file: {error[:300]}"
        if mutant.same in {"encoding", "line ends", "quoted", "mark", "delimiter"}:
            yield f"refused though it says the same: {error[:300]}"
    if report.status == "imported":
        yield from _accounted(seen, mutant)


def _accounted(one: _Seen, mutant: Mutant) -> Iterator[str]:
    """Rows in the file = rows used + rows skipped with a reason, by a count of our own."""
    staged = one.staged
    read = [source.rows + sum(rows for _why, rows in source.rejects) for source in staged.sources]
    told = staged.rows + sum(rows for _why, rows in staged.skipped)
    if told < sum(read):
        yield f"{sum(read)} rows were read, {told} are told"
    if one.lost:
        yield f"{one.lost} rows feed no table and no reason is given"
    # a table that is read in two ways is one table
    tables = dict(zip(map(id, staged.sources), read, strict=True))
    # of a sheet whose cells are nearly all damaged it is said that it was not read
    is_whole = not any("not read" in str(note) for note in staged.notes)
    if mutant.rows is not None and is_whole and sum(tables.values()) != mutant.rows:
        yield f"{mutant.rows} rows are there, {sum(tables.values())} were read"
    path = Path(one.probe.path)
    is_text = one.probe.container == "csv" and one.recognition.format.read is None
    is_text = is_text and one.probe.escape == '"'  # with another, an open quote is anybody's guess
    if mutant.rows is None and is_text and len(tables) == 1 and path.is_file():
        [found] = one.recognition.found.values()
        counted = records(path.read_bytes(), one.probe, found)
        if read[0] not in counted:
            yield f"{read[0]} rows were read, {counted} are there by our own count"


def _stored(
    path: Path, reports: Sequence[FileReport], written: dict[str, Mutant]
) -> Iterator[Problem]:
    """What the store has of each import, against its report; and the same said otherwise."""
    imported = [report for report in reports if report.status == "imported"]
    if not imported:
        return
    names = sorted({name for report in imported for name in report.tables})
    yield from Store.open(path).read(
        lambda snapshot: [*_in_snapshot(snapshot, names, imported, written)]
    )


def _in_snapshot(
    snapshot: Snapshot,
    names: Sequence[str],
    imported: Sequence[FileReport],
    written: dict[str, Mutant],
) -> Iterator[Problem]:
    counts = {
        (row["import_id"], name): row["n"]
        for name in names
        for row in snapshot.rows(
            f"SELECT import_id, count(DISTINCT ({', '.join(TABLES[name].key)})) AS n "
            f"FROM {name}_log GROUP BY 1"
        )
    }
    for report in imported:
        for name, rows in report.tables.items():
            found = counts.get((report.import_id, name), 0)
            is_masked = name == "search_terms"  # two terms can be one without the names in them
            if found < rows and not is_masked:
                what = f"{rows} rows of {name} are reported, {found} are stored"
                yield Problem(written[_key(report.path)], what)
    bases = {
        m.sample.name: report for report in imported if (m := written[_key(report.path)]).number < 0
    }
    for report in imported:
        mutant = written[_key(report.path)]
        base = bases.get(mutant.sample.name)
        if mutant.same and base is not None:
            for name in names:
                one, other = (
                    _rows(snapshot, name, each.import_id, mutant.same) for each in (base, report)
                )
                if one != other:
                    what = f"{name} differs: {[*(one - other)][:2]} {[*(other - one)][:2]}"
                    yield Problem(mutant, what[:900])


def _rows(snapshot: Snapshot, table: str, import_id: str | None, way: str) -> Counter[str]:
    if table == "accounts":
        return Counter()
    without = "import_id, collected_at"
    if table == "campaign_rules" and way == "rows":
        without += ", position"  # rules are asked in the order of their rows
    query = f"SELECT * EXCLUDE ({without}) FROM {table}_log WHERE import_id = $import_id"
    return Counter(map(repr, snapshot.rows(query, {"import_id": import_id})))


# --- a count of our own ----------------------------------------------------------------------


def records(raw: bytes, probe: Any, found: Any) -> set[int]:
    """How many records of a text there can be below its header, by a grammar of CSV of our own.

    A record that breaks it is one with the rest of its line. A quote that is never closed may
    have been meant or not, so both are right: one record that was cut off, or one broken line
    and what comes below. Records that repeat the header are none.
    """
    text = raw.decode(probe.encoding, "replace")
    if probe.encoding in {"utf-8", "utf-8-sig"}:
        with contextlib.suppress(UnicodeDecodeError):
            text = raw.decode("utf-8")
    text = re.sub("[\x00\x1f]", "", text.removeprefix("\ufeff"))
    mark = re.escape(probe.delimiter)
    quoted = r'"(?:[^"\\]|\\.)*+"' if probe.escape == "\\" else r'"(?:[^"]|"")*+"'
    cell = rf"(?:{quoted}|[^\"{mark}\r\n][^{mark}\r\n]*+|)"
    record = re.compile(rf"{cell}(?:{mark}{cell})*+(?=[\r\n]|\Z)", re.DOTALL)
    header = [*found.sheet.head[found.header_row]]
    first = sorted(found.columns.values())[:3]

    def is_header(line: str) -> bool:
        cells = next(csv.reader(io.StringIO(line, newline=""), delimiter=probe.delimiter), [])
        return len(cells) > max(first) and all(cells[at] == header[at] for at in first)

    counted = set()
    for blank in (r"[ \t]*", r'[ \t]*(?:"")*[ \t]*'):  # whether "" alone is a record is open too
        counted |= _counted(text, record, -found.header_row - 1, is_header, re.compile(blank))
    return {max(n, 0) for n in counted}


def _counted(
    text: str,
    record: re.Pattern[str],
    done: int,
    is_header: Callable[[str], bool],
    blank: re.Pattern[str],
) -> set[int]:
    at = 0
    while at < len(text):
        line = re.compile(r"[^\r\n]*").match(text, at)
        assert line is not None
        if blank.fullmatch(line[0]):
            at = line.end() + 1
            continue
        match = record.match(text, at)
        if match is None and text.count('"', at) % 2:
            rest = _counted(text[line.end() :], record, done + 1, is_header, blank)
            return {done + 1, *rest}
        at = line.end() if match is None else match.end()
        done += not (done >= 0 and match is not None and is_header(match[0]))
    return {done}
