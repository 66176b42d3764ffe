"""From the cells of a sheet to rows for the tables, and other people's identifiers out of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from campaigns import privacy
from campaigns.collectors import Rows
from campaigns.errors import N_, Message
from campaigns.imports.facts import FILE_DAYS, needs_period
from campaigns.imports.piles import Pile, account_sql
from campaigns.imports.staged import Part, Staged
from campaigns.schema import TABLES
from campaigns.store import literal

if TYPE_CHECKING:
    from campaigns.store import Engine

OF_ANYBODY = ("posts", "account_periods", "account_days")
"""Tables whose rows may be of accounts that are not registered."""

_NO_PERIOD = Message(N_("the file does not say of which period they are"))


def stage_rows(
    engine: Engine, pile: Pile, at: int, rows: Rows, relation: str, staged: Mapping[int, Staged]
) -> None:
    """Say what one table gets of the cells of a sheet, and count it for each file."""
    parsed, table = pile.sheets[at].parsed, TABLES[rows.table]
    format_ = next(iter(pile.files.values())).recognition.format
    columns = {name: pile.sql(expression) for name, expression in rows.columns.items()}
    if "platform" in table.names:
        columns.setdefault("platform", literal(format_.platform))
    if "account_id" in table.names and not format_.is_statement:
        columns.setdefault("account_id", account_sql(pile, parsed))
    # a column first, because a condition may look at other rows of the sheet
    chosen = f"SELECT *, ({pile.sql(rows.where)}) AS is_chosen FROM {relation} WHERE skip IS NULL"
    source = f"({chosen}) WHERE is_chosen"
    if needs_period(rows):
        _skip_without_period(engine, pile, source, staged)
        days = {number: one.period for number, one in staged.items() if one.period is not None}
        if not days:
            return
        source = f"({chosen}) JOIN {_periods(pile, days)} WHERE is_chosen"
    counted = _counted(engine, pile, table.key, columns, source)
    if not counted:
        return
    listed = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
    equal = "DISTINCT " if any(distinct < count for count, distinct in counted.values()) else ""
    number = "" if pile.is_one else "file_number, "
    query = f"SELECT {equal}{number}{listed} FROM {source}"
    for file, (_count, distinct) in counted.items():
        one = staged[file]
        part = Part(query, None if pile.is_one else file)
        one.parts.setdefault(table.name, []).append(part)
        one.tables[table.name] = one.tables.get(table.name, 0) + distinct
    if not format_.is_statement and "account_id" in columns and table.name != "accounts":
        named = ", ".join(
            (columns["platform"], columns["account_id"], parsed.role, parsed.account_name)
        )
        _find_accounts(engine, pile, named, source, staged)


def _counted(
    engine: Engine, pile: Pile, keys: Iterable[str], columns: Mapping[str, str], source: str
) -> dict[int, tuple[int, int]]:
    """By file how many rows there are, and how many of them differ; only files that have any."""
    varying = [name for name in keys if not columns[name].startswith("'")]
    key = ", ".join(columns[name] for name in varying) or "1"
    one = f"({key})" if len(varying) < 2 else f"row({key})"
    number, by = ("", "") if pile.is_one else ("file_number, ", " GROUP BY file_number")
    found = engine.execute(
        f"SELECT {pile.column}, count(*), count(DISTINCT k) "
        f"FROM (SELECT {number}{one} AS k FROM {source}){by}"
    ).fetchall()
    return {file: (count, distinct) for file, count, distinct in found if count}


def _find_accounts(
    engine: Engine, pile: Pile, named: str, source: str, staged: Mapping[int, Staged]
) -> None:
    found = engine.execute(f"SELECT DISTINCT {pile.column}, {named} FROM {source}").fetchall()
    for file, platform, account, role, name in found:
        if account:
            staged[file].accounts.add((platform, account))
            if role:
                staged[file].described[platform, account] = (role, name or account)


def _skip_without_period(
    engine: Engine, pile: Pile, source: str, staged: Mapping[int, Staged]
) -> None:
    if all(one.period is not None for one in staged.values()):
        return
    by = "" if pile.is_one else " GROUP BY file_number"
    found = engine.execute(f"SELECT {pile.column}, count(*) FROM {source}{by}").fetchall()
    counts = dict(found)
    for file, one in staged.items():
        if one.period is None:
            one.skipped.append((_NO_PERIOD, counts.get(file, 0)))


def _periods(pile: Pile, days: Mapping[int, tuple[object, object]]) -> str:
    """SQL that joins the period of its file to each row, and leaves out files that have none."""
    first, last = FILE_DAYS
    if pile.is_one:
        [period] = days.values()
        one, other = (literal(str(day)) for day in period)
        return f"(SELECT DATE {one} AS {first}, DATE {other} AS {last}) ON true"
    listed = ", ".join(
        f"({file}, DATE {literal(str(one))}, DATE {literal(str(other))})"
        for file, (one, other) in days.items()
    )
    return f"(VALUES {listed}) AS periods(file_number, {first}, {last}) USING (file_number)"


def count_once(engine: Engine, pile: Pile, staged: Mapping[int, Staged]) -> None:
    """Count a row once to which several tables of a file contribute."""
    fed = [{rows.table for rows in sheet.parsed.rows} for sheet in pile.sheets]
    for name in {table for one in staged.values() for table in one.parts}:
        if sum(name in tables for tables in fed) < 2:
            continue
        several = {file for file, one in staged.items() if len(one.parts.get(name, ())) > 1}
        queries = {part.sql: None for file in several for part in staged[file].parts[name]}
        if not several:
            continue
        whole = " UNION ALL BY NAME ".join(f"({query})" for query in queries)
        key = ", ".join(TABLES[name].key)
        by = "" if pile.is_one else " GROUP BY file_number"
        counted = engine.execute(
            f"SELECT {pile.column}, count(DISTINCT ({key})) FROM ({whole}){by}"
        ).fetchall()
        for file, count in counted:
            if file in several:
                staged[file].tables[name] = count


def private(table: str, query: str, *, is_person: bool = False) -> str:
    """SQL for the rows of a query without other people's identifiers.

    ``is_person`` says that persons wrote the texts; see COUNTING, People. Of a repost another
    did, and those of accounts that are nobody's we know. The query has all columns of the table.
    """
    if table in OF_ANYBODY:
        query = f"SELECT * REPLACE ({_pseudonymous()} AS account_id) FROM ({query})"
    if table == "posts":
        is_others = f"is_repost OR starts_with(account_id, '{privacy.UNNAMED}')"
        others = f"CASE WHEN {is_others} THEN {privacy.without_contacts('text')} ELSE text END"
        author, links = privacy.pseudonymised("author"), privacy.without_profiles("links")
        changed = f"{author} AS author, {others} AS text, {links} AS links"
        query = f"SELECT * REPLACE ({changed}) FROM ({query})"
        return privacy.masked(query, "text", by_person=is_person)
    if table == "ad_periods":
        return privacy.masked(query, "text", by_person=False)
    if table == "search_terms":  # people search for names, addresses and numbers too
        return privacy.masked(query, "term", by_person=True)
    return query


def _pseudonymous() -> str:
    """SQL for an account: the pseudonym of one that is marked with @ as somebody else's."""
    hidden = f"substr({privacy.pseudonymised('substr(account_id, 2)')}, 2)"
    return f"CASE WHEN starts_with(account_id, '@') THEN {hidden} ELSE account_id END"
