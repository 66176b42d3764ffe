"""Who must not be in the store any more, and the rows without them, as SQL.

A person is known by accounts and by phrases: names and handles as the words that they are made
of. One change per table does for the rows in the store and for those of a new file alike.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.privacy.masking import Runs
from campaigns.schema import TABLES, Table
from campaigns.store import Change, literal

GONE = "[gewist]"
"""What stands where a name was."""

SHORTEST_WORD = 6
"""A single word of fewer letters is only taken for a name behind an @ or /, or alone."""

_WORD = r"[\p{L}\p{N}]+"
_BETWEEN = r"[^\p{L}\p{N}]{1,3}"
_NO_TEXTS = frozenset({"import_id", "platform", "delivery", "state", "format"})
_OF_POSTS = ("posts", "post_metrics", "post_days", "post_reposts", "post_aliases", "campaign_posts",
             "image_posts")  # fmt: skip
_OF_ACCOUNTS = ("accounts", "account_days", "account_periods", "posts", "post_reposts",
                "audience_shares")  # fmt: skip
_UNTOUCHED = ("erasures", "destructions")


def phrase(name: str) -> str:
    """A name or handle as the words that it is made of, in lower case.

    >>> phrase("Sanne de Vries"), phrase("@Sanne_de-Vries")
    ('sanne de vries', 'sanne de vries')
    """
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name).lower()))


@dataclass(frozen=True)
class Person:
    """Who is taken out. ``accounts`` are (platform, handle); ``phrases`` as `phrase` gives them.

    ``pseudonyms`` are those under which other people's texts name the person.
    """

    accounts: frozenset[tuple[str, str]] = frozenset()
    phrases: frozenset[str] = frozenset()
    pseudonyms: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.accounts or self.phrases)


def words(text: str) -> str:
    """SQL for the words of a text, as in `phrase`."""
    return f"regexp_extract_all(lower(nfc_normalize({text})), '{_WORD}')"


def texts(table: Table) -> list[str]:
    """The columns of a table in which somebody may be named."""
    return [c.name for c in table if c.type == "text" and c.name not in _NO_TEXTS]


def find_posts(engine: Runs, person: Person, posts: str) -> None:
    """Note which posts are the person's: `changes` needs it. ``posts`` is SQL for rows."""
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE gone_posts AS SELECT DISTINCT platform || '/' || post_id "
        f"AS post FROM ({posts}) WHERE {_is_account(person)}"
    )


def changes(person: Person) -> dict[str, Change]:
    """For each table the rows that name the person, and SQL for the rows without the person.

    Accounts, their days and posts go; a cost stays without the account, an ad without the post
    that it showed. Wherever else the person is named, `GONE` stands instead.
    """
    return {
        name: _change(table, person)
        for name, table in TABLES.items()
        if name not in _UNTOUCHED and person
    }


def _change(table: Table, person: Person) -> Change:
    gone = _is_gone(table, person)
    shown = "false"
    values = {name: _masked(name, person) for name in texts(table)}
    named = _is_named(texts(table), person)
    if table.name == "costs":
        shown = _is_account(person)
        values["account_id"] = f"CASE WHEN ({shown}) IS NOT TRUE THEN {values['account_id']} END"
    if table.name == "ad_periods":
        shown = _is_post()
        for column in ("post_id", "text", "headline", "ad_name"):
            values[column] = f"CASE WHEN ({shown}) IS NOT TRUE THEN {values[column]} END"
    if table.name == "campaign_rules":
        shown = "value IN (SELECT split_part(post, '/', 2) FROM gone_posts)"
        values["value"] = f"CASE WHEN {shown} THEN {literal(GONE)} ELSE {values['value']} END"
    replaced = ", ".join(f"{value} AS {name}" for name, value in values.items())

    def query(rows: str) -> str:
        return f"SELECT * REPLACE ({replaced}) FROM {rows} WHERE ({gone}) IS NOT TRUE"

    return f"(({gone}) OR ({shown}) OR {named})", query


def _is_gone(table: Table, person: Person) -> str:
    pieces = ["false"]
    if table.name in _OF_ACCOUNTS:
        pieces.append(_is_account(person))
    if table.name in _OF_POSTS:
        pieces.append(_is_post())
    if table.name == "accounts" and person.phrases:
        listed = ", ".join(map(literal, sorted(person.phrases)))
        pieces += [
            f"array_to_string({words(column)}, ' ') IN ({listed})" for column in ("person", "name")
        ]
    return " OR ".join(f"coalesce({piece}, false)" for piece in pieces)


def _is_account(person: Person) -> str:
    accounts = ", ".join(literal(f"{p}/{account}") for p, account in sorted(person.accounts))
    return f"platform || '/' || account_id IN ({accounts})" if accounts else "false"


def _is_post() -> str:
    return "platform || '/' || post_id IN (SELECT post FROM gone_posts)"


def _is_named(columns: Sequence[str], person: Person) -> str:
    together = f"concat_ws(chr(31), {', '.join(columns)})"
    found = (f"regexp_matches({together}, {literal(one)})" for one in _patterns(person))
    return " OR ".join(found) or "false"


def _masked(column: str, person: Person) -> str:
    """Twice: the end of one name may be the beginning of the next."""
    for pattern in _patterns(person):
        for _time in range(2):
            mark = literal(rf"\1{GONE}\3")
            column = f"regexp_replace({column}, {literal(pattern)}, {mark}, 'g')"
    return column


def _patterns(person: Person) -> list[str]:
    """What names the person in a text, as the second of three groups."""
    long: list[str] = []
    short: list[str] = []
    for one in sorted(person.phrases, key=len, reverse=True):
        is_long = " " in one or len(one) >= SHORTEST_WORD
        (long if is_long else short).append(_BETWEEN.join(one.split()))
        if not one.isascii():  # as JSON writes it
            words = (re.escape(json.dumps(word)[1:-1]) for word in one.split())
            long.append(_BETWEEN.join(words))
    known = [f"@?{name.removeprefix('@')}" for name in sorted(person.pseudonyms)]
    choices = [
        (r"^|[^\p{L}\p{N}#]", long, r"$|[^\p{L}\p{N}]"),
        (r"[@＠/]", short, r"$|[^\p{L}\p{N}_]"),
        (r"^|\x1f", short, r"$|\x1f"),
        ("", known, ""),
    ]
    return [f"(?i)({before})({'|'.join(n)})({after})" for before, n, after in choices if n]
