"""SQL that reads numbers as people and programs write them in different countries.

A separator is never judged cell by cell. A count is whole, so three digits behind a separator
are a group: ``1.938`` is 1938. Fractions and amounts need the decimal mark, which the whole
column shows (`evidence`, `mark_of`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Mark = Literal[".", ","]

MARKED = "\x1f"
"""Before what a spreadsheet holds as a number (``n``) or a date (``d``)."""

_FROM = "\u00a0\u202f\u2009\u2007\u2019`−–＋，．％٪٫٬" + "０１２３４５６７８９" + "٠١٢٣٤٥٦٧٨٩"
_TO = "    ''--+,.%%,'" + "0123456789" * 2

_GROUPED = r"-?[1-9]\d{{0,2}}(\{}\d{{3}})+"
_INTEGER = r"[-+]?\d+([.,](0{1,2}|0{4,}))?|[-+]?(\d{4,}|0+)[.,]0+"
_SPACED = r"[-+]?[1-9]\d{0,2}([ '']\d{3})+([.,]0+)?"
_COMMAS = r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.0+)?|[-+]?[1-9]\d?(,\d{2})+,\d{3}(\.0+)?"
_DOTS = r"[-+]?[1-9]\d{0,2}(\.\d{3})+(,0+)?"

_EXPONENT = r"[-+]?\d+(\.\d+)?[eE][-+]?\d+"

NOTHING = r"(?i)[-–—]+|n/?a|n\.?v\.?t\.?|null|none|nan|\?"
"""What people write in a cell without a value."""

_LESS_THAN = (
    "<|≤|less than|minder dan|weniger als|unter|moins de|menos de|menos del|meno di|meno del"
    "|meno dell['’]|under|mindre än|mindre enn|mindre end|mniej niż"
)
WITHHELD = rf"(?i)({_LESS_THAN})[\s\x{{a0}}\x{{202f}}]*[\d.,]+[\s\x{{a0}}\x{{202f}}]*%?"
"""A figure that the platform keeps back because it is small: ``< 1%``. It is null, never 0."""


def literal(text: str) -> str:
    """A text as an SQL literal.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def first(*expressions: str) -> str:
    """SQL for the first expression that is not null.

    As ``coalesce``, of which the engine computes what its parts share for every row at once,
    also where the first part would do.
    """
    whens = " ".join(f"WHEN {each} IS NOT NULL THEN {each}" for each in expressions[:-1])
    return f"CASE {whens} ELSE {expressions[-1]} END" if whens else expressions[-1]


def plain(x: str) -> str:
    """A text with ordinary digits, spaces, apostrophes and minus signs."""
    return f"trim(translate({x}, {literal(_FROM)}, {literal(_TO)}))"


def count(x: str) -> str:
    """SQL for a whole number in the text ``x``: BIGINT, null when it is none.

    Nearly all cells end in the first branches, which cost one cast or two; the cast to an
    integer alone would round. ``1.000`` is a thousand, ``1.0`` is one. Abbreviations
    (``1.2K``) are rounded, so they are no count.
    """
    s = plain(x)
    return (
        f"CASE WHEN {x} = '-' THEN NULL ELSE coalesce("
        f"CASE WHEN ends_with({x}, '.0') THEN try_cast({x} AS BIGINT) "
        f"WHEN try_cast({x} AS DOUBLE) = try_cast({x} AS BIGINT) "
        f"AND NOT contains({x}, '.000') THEN try_cast({x} AS BIGINT) END, "
        f"try_cast(CASE "
        f"WHEN regexp_full_match({x}, {literal(_GROUPED.format(','))}) THEN replace({x}, ',', '') "
        f"WHEN regexp_full_match({x}, {literal(_GROUPED.format('.'))}) THEN replace({x}, '.', '') "
        f"WHEN regexp_full_match({s}, {_pattern(_INTEGER, _SPACED)}) "
        f"THEN regexp_replace(regexp_replace({s}, '[.,]0+$', ''), '[ '']', '', 'g') "
        f"WHEN regexp_full_match({s}, {_pattern(_COMMAS)}) "
        f"THEN replace(split_part({s}, '.', 1), ',', '') "
        f"WHEN regexp_full_match({s}, {_pattern(_DOTS)}) "
        f"THEN replace(split_part({s}, ',', 1), '.', '') END AS BIGINT), "
        f"{_scientific(s)}) END"
    )


def _scientific(s: str) -> str:
    """SQL for a whole number written with an exponent; null when it is not whole."""
    value = f"try_cast({s} AS DOUBLE)"
    return (
        f"CASE WHEN regexp_full_match({s}, {_pattern(_EXPONENT)}) AND {value} = floor({value}) "
        f"THEN try_cast({value} AS BIGINT) END"
    )


def _pattern(*patterns: str) -> str:
    return "'" + "|".join(patterns) + "'"


def number(x: str, mark: Mark) -> str:
    """SQL for a fraction or score in the text ``x``: DOUBLE; ``59,86%`` becomes 0.5986."""
    s = f"regexp_replace({plain(x)}, '\\s*%$', '')"
    value = f"try_cast({_digits(s, mark)} AS DOUBLE)"
    slow = f"{value} / CASE WHEN ends_with({plain(x)}, '%') THEN 100 ELSE 1 END"
    fast = as_it_stands(x, mark, "DOUBLE")
    return f"CASE WHEN isfinite({fast}) THEN {fast} ELSE {slow} END"


def plain_number(x: str, mark: Mark) -> str:
    """`number` of what the engine reads itself; null for all others, and short."""
    fast = as_it_stands(x, mark, "DOUBLE")
    return f"CASE WHEN isfinite({fast}) THEN {fast} END"


def as_it_stands(x: str, mark: Mark, type_: str) -> str:
    """SQL for a number that the engine reads itself; null where the mark forbids that."""
    cast = f"try_cast({x} AS {type_})"
    return cast if mark == "." else f"CASE WHEN NOT contains({x}, '.') THEN {cast} END"


def money(x: str, mark: Mark) -> str:
    """SQL for an amount in the text ``x``: DECIMAL(18,6), without its sign or code of currency."""
    s = plain(x)
    currency = r"(?:[A-Za-z]{1,3}\.?\p{Sc}|[A-Za-z]{2,3}\.?|\p{Sc})"
    for pattern, instead in (
        (rf"^([-+]?)\s*{currency}\s*", r"\1"),
        (rf"\s*{currency}$", ""),
        (r"[.,]-+$", ""),
        (r"^\((.*)\)$", r"-\1"),
    ):
        s = f"regexp_replace({s}, {literal(pattern)}, {literal(instead)})"
    fast = as_it_stands(x, mark, "DECIMAL(18,6)")
    return first(fast, f"try_cast({_digits(s, mark)} AS DECIMAL(18,6))")


def _digits(s: str, mark: Mark) -> str:
    """SQL for the digits of ``s`` with a point as decimal mark; null when the groups are wrong."""
    group = "," if mark == "." else "."
    form = rf"[-+]?(\d+|[1-9]\d{{0,2}}(([\{group} '']\d{{3}})+))?(\{mark}\d+)?([eE][-+]?\d+)?"
    return (
        f"CASE WHEN regexp_full_match({s}, '{form}') "
        f"THEN replace(regexp_replace({s}, '[{group} '']', '', 'g'), '{mark}', '.') END"
    )


# --- the decimal mark ------------------------------------------------------------------------

_SHOWS = (
    r"(^|[^\d.,])0?\{m}\d|\{m}(\d{{1,2}}|\d{{4,}})([^\d.,]|$)|\{g}\d{{3}}\{m}"
    r"|\d{{4}}\{m}\d{{3}}|\{g}\d{{3}}\{g}\d"
)


@dataclass(frozen=True)
class Evidence:
    """How many cells of a column show that the point or the comma is the decimal mark.

    ``dot_groups`` and ``comma_groups`` count separators with three digits behind them, which
    alone can be either.
    """

    dots: int = 0
    commas: int = 0
    dot_groups: int = 0
    comma_groups: int = 0


def evidence(x: str) -> tuple[str, ...]:
    """Aggregates over the text ``x``, in the order of the fields of `Evidence`."""
    patterns = (
        _SHOWS.format(m=".", g=","),
        _SHOWS.format(m=",", g="."),
        r"\.\d{3}(\D|$)",
        r",\d{3}(\D|$)",
    )
    return tuple(f"count_if(regexp_matches({x}, {literal(pattern)}))" for pattern in patterns)


def mark_of(kind: str, own: Evidence, all_columns: Sequence[Evidence]) -> Mark:
    """The decimal mark of a column: what its cells show, else what the other columns show.

    Where nothing shows it, a lone separator before three digits is a decimal mark in a number
    (``0.125`` is commoner than 125) and a group in money.

    >>> mark_of("money", Evidence(dot_groups=3), [])
    ','
    >>> mark_of("money", Evidence(dot_groups=3), [Evidence(dots=9)])
    '.'
    """
    everywhere = (sum(each.dots for each in all_columns), sum(each.commas for each in all_columns))
    for dots, commas in ((own.dots, own.commas), everywhere):
        if dots != commas:
            return "." if dots > commas else ","
    is_dotted = own.dot_groups >= own.comma_groups
    if not own.dot_groups and not own.comma_groups:
        return "."
    return "." if is_dotted == (kind == "number") else ","
