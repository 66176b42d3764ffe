"""From one recognised file to rows for tables: everything happens in the engine.

The cells of each sheet are computed once, into a temporary table; what the tables get are
queries over it. Nothing is committed here.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from campaigns import privacy
from campaigns.collectors import Parsed, Payload, Probe, Recognition, Rows
from campaigns.collectors import _cells as cells
from campaigns.collectors import _sheets as sheets
from campaigns.errors import N_, Message, NothingToImport
from campaigns.imports.options import FileOptions
from campaigns.schema import TABLES
from campaigns.store import literal

if TYPE_CHECKING:
    from campaigns.store import Engine

FILE_DAYS = ("file_first_day", "file_last_day")
"""What expressions call the period of the file."""

UNKNOWN = "unknown"
"""The account of files that do not say whose they are."""

SMALL_SHEET = 20_000
"""Rows up to which the plainest reading of cells is tried first; it is quick to plan."""

_numbers = itertools.count(1)


@dataclass
class Staged:
    """One file, ready to be committed: its queries and what its report says.

    ``described`` has the role and name of accounts where the file says them.
    """

    queries: dict[str, list[str]] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)
    skipped: list[tuple[Message, int]] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    accounts: set[tuple[str, str]] = field(default_factory=set)
    described: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    first: dt.date | None = None
    last: dt.date | None = None
    rows: int = 0
    sources: list[object] = field(default_factory=list)  # they keep temporary files alive
    relations: list[str] = field(default_factory=list)

    @property
    def period(self) -> tuple[dt.date, dt.date] | None:
        """First and last day in the file."""
        return None if self.first is None or self.last is None else (self.first, self.last)


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file before its rows are read."""

    path: Path
    probe: Probe
    recognition: Recognition
    payload: Payload
    parsed: tuple[Parsed, ...]
    options: FileOptions
    import_id: str

    @property
    def platform(self) -> str:
        """The platform of the format."""
        return self.recognition.format.platform


def parse(path: Path, probe: Probe, recognition: Recognition, options: FileOptions) -> FileFacts:
    """What the collector makes of a recognised file; the import_id is still to be given."""
    payload = Payload(
        recognition=recognition,
        fields={name: frozenset(found.columns) for name, found in recognition.found.items()},
        preamble={
            name: found.sheet.head[: found.header_row] for name, found in recognition.found.items()
        },
        file_name=path.name,
        account=options.account,
        role=options.role,
        options={
            "folder": path.parent.name,
            **({"date_order": options.date_order} if options.date_order else {}),
        },
    )
    parsed = tuple(recognition.format.parse(payload))
    return FileFacts(path, probe, recognition, payload, parsed, options, "")


def account_in_name(facts: FileFacts) -> str | None:
    """The account that the file's name tells, where the format has such names."""
    pattern = facts.recognition.format.account_in_name
    match = re.fullmatch(pattern, facts.path.name) if pattern else None
    return handle(match["account"]) if match else None


def handle(name: str) -> str:
    """An account's name as it is kept: in lower case, without @.

    >>> handle(" @RijksDemo ")
    'rijksdemo'
    """
    return name.strip().removeprefix("@").casefold()


def stage(engine: Engine, facts: FileFacts) -> Staged:
    """Read a file into the engine and say what each table gets of it.

    Raises a `UserError` for what makes the file as a whole unusable.
    """
    staged = Staged(notes=list(facts.recognition.notes))
    sources = sheets.read(facts.probe, facts.recognition, engine)
    pairs = [(parsed, sources[parsed.sheet]) for parsed in facts.parsed]
    staged.sources += sources.values()
    resolved = cells.resolve_all(
        pairs,
        engine,
        path=facts.path.name,
        date_order=facts.options.date_order,
        format_order=facts.recognition.format.date_order,
        stated=_stated_in_name(facts.path.name),
        language=facts.recognition.language,
    )
    usable = [
        (parsed, _cell_table(engine, parsed, source, values, staged))
        for (parsed, source), values in zip(pairs, resolved, strict=True)
    ]
    staged.notes = list(dict.fromkeys(staged.notes))
    if staged.rows == 0:
        raise _nothing(facts, staged)
    _settle_period(facts, staged)
    for parsed, relation in usable:
        for rows in parsed.rows:
            _stage_rows(engine, facts, parsed, rows, relation, staged)
    _count_once(engine, facts, staged)
    if not staged.tables and staged.period is None:
        raise _nothing(facts, staged)
    return staged


def _nothing(facts: FileFacts, staged: Staged) -> NothingToImport:
    reasons = [why for why, _rows in staged.skipped] or [Message(N_("it has no rows"))]
    return NothingToImport(
        path=facts.path,
        format=Message(facts.recognition.format.title),
        reasons=_joined(reasons),
    )


def _joined(messages: Sequence[Message]) -> Message:
    fields = {f"reason_{at}": message for at, message in enumerate(messages[:5])}
    return Message("; ".join("{" + name + "}" for name in fields), fields)


def _settle_period(facts: FileFacts, staged: Staged) -> None:
    """The period of a file is that of its days and what it states; else what its name states."""
    days = [day for day in (staged.first, staged.last) if day is not None]
    for parsed in facts.parsed:
        days += parsed.stated or ()
    if not days and any(_needs_period(rows) for parsed in facts.parsed for rows in parsed.rows):
        days += _stated_in_name(facts.path.name) or ()
    staged.first, staged.last = min(days, default=None), max(days, default=None)


def _count_once(engine: Engine, facts: FileFacts, staged: Staged) -> None:
    """Count a row once to which several tables of the file contribute."""
    fed = [{rows.table for rows in parsed.rows} for parsed in facts.parsed]
    for name, queries in staged.queries.items():
        if len(queries) > 1 and sum(name in tables for tables in fed) > 1:
            whole = " UNION ALL BY NAME ".join(f"({query})" for query in queries)
            key = ", ".join(column for column in TABLES[name].key)
            counted = engine.execute(f"SELECT count(DISTINCT ({key})) FROM ({whole})").fetchone()
            staged.tables[name] = counted[0] if counted else 0


def period_in_name(facts: FileFacts) -> list[str]:
    """The period that the file's name states, where rows of the file may have none else."""
    needs = any(_needs_period(rows) for parsed in facts.parsed for rows in parsed.rows)
    stated = _stated_in_name(facts.path.name) if needs else None
    return [] if stated is None else [f"{stated[0]} {stated[1]}"]


def _needs_period(rows: Rows) -> bool:
    return any(name in rows.columns.values() for name in FILE_DAYS)


# --- the cells of a sheet --------------------------------------------------------------------


def _cell_table(
    engine: Engine,
    parsed: Parsed,
    source: sheets.Source,
    resolved: cells.Resolved,
    staged: Staged,
) -> str:
    """A temporary table with the cells of a sheet, and ``skip``: which reason, if any."""
    reasons = _reasons(parsed, source)
    relation = f"cells_{next(_numbers)}"
    is_quick = source.rows <= SMALL_SHEET
    engine.execute(_cells(parsed, source, resolved, relation, reasons, is_quick=is_quick))
    if is_quick and engine.execute(f"SELECT 1 FROM {relation} WHERE odd > 0 LIMIT 1").fetchone():
        engine.execute(_cells(parsed, source, resolved, relation, reasons, is_quick=False))
    staged.relations.append(relation)
    has_odd = _count(engine, parsed, relation, [why for why, _where in reasons], staged)
    staged.skipped += source.rejects
    staged.notes += [*parsed.notes, *source.notes, *resolved.notes]
    if has_odd:
        staged.notes += _odd_cells(engine, parsed, source, resolved)
    return relation


def _cells(
    parsed: Parsed,
    source: sheets.Source,
    resolved: cells.Resolved,
    relation: str,
    reasons: Sequence[tuple[Message, str]],
    *,
    is_quick: bool,
) -> str:
    """SQL that makes the table: ``odd`` counts cells that may not have been read."""
    inner = [
        f"{cell.quick if is_quick else cell.sql} AS {name}" for name, cell in resolved.cells.items()
    ]
    # Whether a value is missing though its cell is not empty is asked of the value by name:
    # naming its expression twice would double the time it takes to plan this query.
    read = [name for name, cell in resolved.cells.items() if cell.unreadable != "false"]
    inner += [f"{resolved.cells[name].raw} AS raw_{name}" for name in read]
    odd = [
        f"({name} IS NULL AND raw_{name} IS NOT NULL AND raw_{name} NOT IN ('', '-'))::SMALLINT"
        for name in read
    ]
    outer = f"* EXCLUDE ({', '.join(f'raw_{name}' for name in read)})" if read else "*"
    if _uses(parsed, "row_number"):
        inner.append("row_number")
    cases = " ".join(f"WHEN {where} THEN {at}" for at, (_why, where) in enumerate(reasons))
    skip = f"CASE {cases} END" if cases else "NULL::INTEGER"
    return (
        f"CREATE OR REPLACE TEMP TABLE {relation} AS SELECT {outer}, {' + '.join(odd) or '0'} AS "
        f"odd, {skip} AS skip FROM (SELECT {', '.join(inner)} FROM {source.relation})"
    )


def _uses(parsed: Parsed, name: str) -> bool:
    texts = [parsed.account, parsed.period, *(skip.where for skip in parsed.skip)]
    for rows in parsed.rows:
        texts += [rows.where, *rows.columns.values()]
    return any(re.search(rf"\b{name}\b(?!\()", text) for text in texts)


def _reasons(parsed: Parsed, source: sheets.Source) -> list[tuple[Message, str]]:
    """Why a row cannot be used: what the collector says, then what a table cannot do without."""
    reasons = [(skip.reason, f"({skip.where})") for skip in parsed.skip]
    for rows in parsed.rows:
        table = TABLES[rows.table]
        for column in table:
            expression = rows.columns.get(column.name)
            if expression in FILE_DAYS:
                continue
            if column.required and expression is not None and not expression.startswith("'"):
                field_name = parsed.cells[expression].field if expression in parsed.cells else None
                label = source.labels.get(field_name or "", column.name)
                why = Message(N_("nothing usable in '{column}'"), {"column": label})
                where = f"(({rows.where}) AND ({expression}) IS NULL)"
                if why not in [known for known, _where in reasons]:
                    reasons.append((why, where))
                else:
                    at = [known for known, _where in reasons].index(why)
                    reasons[at] = (why, f"({reasons[at][1]} OR {where})")
    return reasons


def _count(
    engine: Engine, parsed: Parsed, relation: str, reasons: Sequence[Message], staged: Staged
) -> bool:
    """Count rows, skipped rows and days of a sheet; returns whether a usable row has odd cells."""
    day, since = f"({parsed.period})::DATE", f"({parsed.since or parsed.period})::DATE"
    counted = engine.execute(
        "SELECT skip, count(*), sum(odd), min(since), max(day) "
        # columns first, because a period may look at other rows of the sheet
        f"FROM (SELECT skip, odd, {since} AS since, {day} AS day FROM {relation}) "
        "GROUP BY skip ORDER BY skip"
    ).fetchall()
    has_odd = False
    for skip, rows, odd, first, last in counted:
        if skip is not None:
            staged.skipped.append((reasons[skip], rows))
            continue
        has_odd = bool(odd)
        staged.rows += rows
        staged.first = min((d for d in (staged.first, first) if d is not None), default=None)
        staged.last = max((d for d in (staged.last, last) if d is not None), default=None)
    return has_odd


def _odd_cells(
    engine: Engine, parsed: Parsed, source: sheets.Source, resolved: cells.Resolved
) -> list[Message]:
    """Which cells could not be read, or give only a bound: they are not reported, never 0."""
    names = [name for name, cell in resolved.cells.items() if cell.unreadable != "false"]
    wanted = []
    for name in names:
        cell = resolved.cells[name]
        raw = '"' + parsed.cells[name].field + '"'
        wanted += [
            f"count_if({cell.unreadable})",
            f"min({raw}) FILTER ({cell.unreadable})",
            f"count_if({cell.withheld})",
        ]
    row = engine.execute(f"SELECT {', '.join(wanted)} FROM {source.relation}").fetchone() or ()
    notes = []
    for at, name in enumerate(names):
        unreadable, example, withheld = row[3 * at : 3 * at + 3]
        label = source.labels[parsed.cells[name].field]
        if unreadable:
            text = N_(
                "{rows} cells in '{column}' could not be read (such as '{example}'): they "
                "count as not reported"
            )
            shown = str(example).lstrip("\x1f")[:40]
            notes.append(Message(text, {"rows": unreadable, "column": label, "example": shown}))
        if withheld:
            text = N_(
                "{rows} cells in '{column}' give only a bound (such as < 1%): they count as "
                "not reported"
            )
            notes.append(Message(text, {"rows": withheld, "column": label}))
    return notes


# --- rows for a table ------------------------------------------------------------------------


def _stage_rows(
    engine: Engine,
    facts: FileFacts,
    parsed: Parsed,
    rows: Rows,
    relation: str,
    staged: Staged,
) -> None:
    table = TABLES[rows.table]
    columns = dict(rows.columns)
    if "platform" in table.names:
        columns.setdefault("platform", literal(facts.platform))
    if "account_id" in table.names and not facts.recognition.format.is_statement:
        columns.setdefault("account_id", _account(facts, parsed))
    # a column first, because a condition may look at other rows of the sheet
    chosen = f"SELECT *, ({rows.where}) AS is_chosen FROM {relation} WHERE skip IS NULL"
    source = f"({chosen}) WHERE is_chosen"
    if _needs_period(rows):
        if staged.period is None:
            counted = engine.execute(f"SELECT count(*) FROM {source}").fetchone()
            why = Message(N_("the file does not say of which period they are"))
            staged.skipped.append((why, counted[0] if counted else 0))
            return
        days = zip(FILE_DAYS, staged.period, strict=True)
        known = {name: f"DATE {literal(day.isoformat())}" for name, day in days}
        columns = {name: known.get(expression, expression) for name, expression in columns.items()}
    varying = [c for c in table.key if not columns[c].startswith("'")]
    key = ", ".join(columns[name] for name in varying) or "1"
    [(count, distinct)] = engine.execute(
        f"SELECT count(*), count(DISTINCT k) FROM (SELECT {_one(key, varying)} AS k FROM {source})"
    ).fetchall()
    if not count:
        return
    listed = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
    equal = "DISTINCT " if distinct < count else ""
    staged.queries.setdefault(table.name, []).append(f"SELECT {equal}{listed} FROM {source}")
    staged.tables[table.name] = staged.tables.get(table.name, 0) + distinct
    is_export = not facts.recognition.format.is_statement
    if is_export and "account_id" in columns and table.name != "accounts":
        found = engine.execute(
            f"SELECT DISTINCT {columns['platform']}, {columns['account_id']}, {parsed.role}, "
            f"{parsed.account_name} FROM {source}"
        ).fetchall()
        staged.accounts |= {(platform, account) for platform, account, _, _ in found if account}
        staged.described |= {
            (platform, account): (role, name or account)
            for platform, account, role, name in found
            if account and role
        }


def _one(key: str, columns: Iterable[str]) -> str:
    return f"({key})" if len(list(columns)) < 2 else f"row({key})"


def _account(facts: FileFacts, parsed: Parsed) -> str:
    """The account of a row: as the user says, else the content, else the name of the file."""
    if facts.options.account is not None:
        return literal(handle(facts.options.account))
    named = literal(account_in_name(facts) or UNKNOWN)
    return named if parsed.account == "null" else f"coalesce({parsed.account}, {named})"


def private(table: str, query: str, *, is_person: bool = False) -> str:
    """SQL for the rows of a query without other people's identifiers.

    ``is_person`` says that persons wrote the texts; see COUNTING, People. Of a repost another
    did. The query has all columns of the table.
    """
    if table == "posts":
        others = f"CASE WHEN is_repost THEN {privacy.without_contacts('text')} ELSE text END"
        author, links = privacy.pseudonymised("author"), privacy.without_profiles("links")
        changed = f"{author} AS author, {others} AS text, {links} AS links"
        query = f"SELECT * REPLACE ({changed}) FROM ({query})"
        return privacy.masked(query, "text", by_person=is_person)
    if table == "ad_periods":
        return privacy.masked(query, "text", by_person=False)
    if table == "search_terms":  # people search for names, addresses and numbers too
        return privacy.masked(query, "term", by_person=True)
    return query


def collected_at(facts: FileFacts, staged: Staged, now: dt.datetime) -> dt.datetime:
    """The moment for which the figures of a file are true.

    What a row itself states comes first (the collector gives it per row); then a timestamp in
    the file's name; else the end of its period. A list that the operator wrote is true now.
    """
    if facts.recognition.format.is_statement or staged.last is None:
        return now
    if match := re.search(r"(?<!\d)(1[3-9]\d{11})(?!\d)", facts.path.name):
        return dt.datetime.fromtimestamp(int(match[1]) / 1000, dt.UTC)
    last = max([staged.last, *_days_in_name(facts.path.name)])
    return dt.datetime.combine(last, dt.time(23, 59, 59), dt.UTC)


def _days_in_name(name: str) -> list[dt.date]:
    """The period that an export's name states, as in ``..._20190101_20190201_en.csv``.

    >>> _days_in_name("content_2024-11-21_2025-02-19.csv")[-1]
    datetime.date(2025, 2, 19)
    """
    match = re.search(r"(\d{4})-?(\d{2})-?(\d{2})(?:_| - )(\d{4})-?(\d{2})-?(\d{2})(?!\d)", name)
    if match is None:
        return []
    try:
        numbers = [int(part) for part in match.groups()]
        days = [dt.date(*numbers[:3]), dt.date(*numbers[3:])]
    except ValueError:
        return []
    return days if days[0] <= days[1] and days[1].year < 2100 else []


def _stated_in_name(name: str) -> tuple[dt.date, dt.date] | None:
    days = _days_in_name(name)
    return (days[0], days[1]) if days else None


def finished(staged: Staged, import_id: str, moment: dt.datetime) -> Mapping[str, Sequence[str]]:
    """The queries with the import and the moment that every row carries."""
    stamp = f"{literal(import_id)} AS import_id"
    when = f"TIMESTAMPTZ {literal(moment.isoformat())}"
    result: dict[str, list[str]] = {}
    for table, queries in staged.queries.items():
        for query in queries:
            given = re.search(r" AS collected_at\b", query)
            moment_sql = f"coalesce(collected_at, {when})" if given else when
            rest = "* EXCLUDE (collected_at)" if given else "*"
            result.setdefault(table, []).append(
                f"SELECT {rest}, {stamp}, {moment_sql} AS collected_at FROM ({query})"
            )
    return result


def values(facts: FileFacts, staged: Staged) -> dict[str, Any]:
    """What the record of the import keeps, besides JSON texts that the caller adds."""
    account = sorted(account for _platform, account in staged.accounts)
    return {
        "file": facts.path.name,
        "format": facts.recognition.format.name,
        "language": facts.recognition.language,
        "account_id": account[0] if len(account) == 1 else None,
        "first_day": staged.first,
        "last_day": staged.last,
        "size": facts.probe.size,
        "options": facts.options.as_json(),
    }
