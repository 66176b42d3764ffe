"""Other people's identifiers in texts, replaced by the engine: no row passes through Python."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Protocol

from campaigns.privacy.key import DIGITS, UNNAMED, Key

_MARK = "\x1f"  # readers take it out of every text, so it can only stand where it is put here


class Runs(Protocol):
    """What runs SQL for its effect: an engine, or a snapshot of the store."""

    def execute(self, query: str, /) -> object:
        """Run SQL."""


class Engine(Protocol):
    """The part of an engine that is needed here."""

    def execute(self, query: str, parameters: object = ..., /) -> object:
        """Run SQL."""


def prepare(engine: Engine, secret: Key) -> None:
    """Give an engine what the expressions below need; the key stays in its variables."""
    block = secret.secret if len(secret.secret) <= 64 else hashlib.sha256(secret.secret).digest()
    block = block.ljust(64, b"\0")
    engine.execute("SET VARIABLE inner_pad = ?", [bytes(b ^ 0x36 for b in block)])
    engine.execute("SET VARIABLE outer_pad = ?", [bytes(b ^ 0x5C for b in block)])
    register(engine, [])


def register(engine: Engine, handles: Iterable[str]) -> None:
    """Tell an engine which handles may be kept: accounts of the organisation, partners …"""
    names = sorted({handle.lower().lstrip("@") for handle in handles})
    engine.execute("SET VARIABLE registered = ?::VARCHAR[]", [names])


def pseudonymised(name: str) -> str:
    """SQL for the pseudonym of a name (an expression); null stays null.

    It is `Key.pseudonym`, computed where the rows are.
    """
    return f"'@{UNNAMED}' || left({hashed(f'lower({name})')}, {DIGITS})"


def hashed(text: str) -> str:
    """SQL for the keyed hash of a text: `Key.hashed`; null stays null.

    HMAC-SHA-256 (RFC 2104) out of the engine's own hash, so that no row passes through Python.
    """
    inner = f"unhex(sha256(getvariable('inner_pad') || encode({text})))"
    return f"sha256(getvariable('outer_pad') || {inner})"


def without_contacts(text: str) -> str:
    """SQL for a text with e-mail addresses and telephone numbers masked; null stays null."""
    mailless = f"regexp_replace({text}, '{EMAIL}', '[e-mail]', 'g')"
    return f"regexp_replace({mailless}, '{PHONE}', '\\1[telefoon]', 'g')"


def masked(query: str, column: str, *, by_person: bool) -> str:
    """SQL for the rows of a query with one column masked; null stays null.

    Handles that are not registered become pseudonyms and citizen-service numbers are masked
    everywhere; e-mail addresses and telephone numbers only in what a person wrote: in an
    organisation's own posts they are service information.
    """
    steps = [without_contacts(column)] if by_person else []
    steps += [_service_numbers(column), without_profiles(column)]
    for step in steps:
        query = f"SELECT * REPLACE ({step} AS {column}) FROM ({query})"
    # Cutting at every @ is much faster than searching with a pattern: most texts have few.
    cut = f"SELECT *, string_split(replace({column}, '＠', '@'), '@') AS pieces FROM ({query})"
    named = (
        f"SELECT *, list_transform(pieces, lambda piece: regexp_extract(piece, '{_NAME}')) "
        f"AS handles FROM ({cut})"
    )
    return f"SELECT * EXCLUDE (pieces, handles) REPLACE ({_joined()} AS {column}) FROM ({named})"


EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
PHONE = r"(^|[^0-9A-Za-z/=_.-])(\+[0-9][0-9 ().-]{7,16}[0-9]|0[0-9][0-9 ().-]{6,14}[0-9])\b"
_NAME = r"^[A-Za-z0-9_]{1,30}"
_PROFILE = (
    r"(?i)((?:^|[^A-Za-z0-9.-])(?:www\.|m\.|mobile\.|[a-z]{2}\.)?"
    r"(?:x\.com/|twitter\.com/|instagram\.com/|linkedin\.com/in/)@?)"
    r"([\p{L}\p{N}_](?:[\p{L}\p{N}_.%-]*[\p{L}\p{N}_])?)"
)
_PAGES = (  # of the platform, not of people
    "('i', 'search', 'hashtag', 'home', 'intent', 'share', 'explore', 'p', 'reel', 'reels', 'tv', "
    "'stories')"
)
_NINE = r"\b([0-9]{9}|[0-9]{4}[. ][0-9]{2}[. ][0-9]{3}|[0-9]{3}[. ][0-9]{3}[. ][0-9]{3})\b"


def _joined() -> str:
    """Put a text that was cut at every @ together again, its unknown handles replaced.

    An @ behind a letter is an address, not a handle.
    """
    kept = (
        "handles[place] = '' OR list_contains(getvariable('registered'), lower(handles[place])) "
        "OR regexp_matches(pieces[place - 1], '[A-Za-z0-9_]$')"
    )
    rest = "substr(piece, length(handles[place]) + 1)"
    replaced = (
        f"CASE WHEN place = 1 THEN piece WHEN {kept} THEN '@' || piece "
        f"ELSE {pseudonymised('handles[place]')} || {rest} END"
    )
    return f"array_to_string(list_transform(pieces, lambda piece, place: {replaced}), '')"


def without_profiles(text: str) -> str:
    """SQL for a text or list of links without the profiles of people who are not registered.

    The address of a profile names its owner.
    """
    kept = f"list_contains(getvariable('registered'), lower(piece)) OR lower(piece) IN {_PAGES}"
    other = f"substr({pseudonymised('piece')}, 2)"
    marked = f"regexp_replace({text}, '{_PROFILE}', '\\1{_MARK}\\2{_MARK}', 'g')"
    replaced = _replaced(marked, f"CASE WHEN {kept} THEN piece ELSE {other} END")
    found = f"contains({text}, '.com/') OR contains({text}, '.COM/')"
    return f"CASE WHEN {found} THEN {replaced} ELSE {text} END"


def _service_numbers(text: str) -> str:
    digits = "regexp_replace(piece, '[^0-9]', '', 'g')"
    weights = " + ".join(
        f"{weight} * {digits}[{place}]::INTEGER"
        for place, weight in enumerate((9, 8, 7, 6, 5, 4, 3, 2, -1), start=1)
    )
    valid = f"({weights}) % 11 = 0 AND {digits} <> '000000000'"
    marked = f"regexp_replace({text}, '{_NINE}', '{_MARK}\\1{_MARK}', 'g')"
    replaced = _replaced(marked, f"CASE WHEN {valid} THEN '[bsn]' ELSE piece END")
    return f"CASE WHEN regexp_matches({text}, '{_NINE}') THEN {replaced} ELSE {text} END"


def _replaced(marked: str, replacement: str) -> str:
    """Every second piece between marks is what was found."""
    return (
        f"array_to_string(list_transform(string_split({marked}, '{_MARK}'), lambda piece, place: "
        f"CASE WHEN place % 2 = 0 THEN {replacement} ELSE piece END), '')"
    )
