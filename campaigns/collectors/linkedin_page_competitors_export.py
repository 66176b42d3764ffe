"""LinkedIn Page, "Competitors" export: figures of a period for the own page and others.

Source: LinkedIn Page > Analytics > Competitors > Export. One sheet: the period in row 1
(`2/12/2024`, `2/10/2025`, month first), the labels in row 2, then one row a page.

The file knows pages by name only. The account is that name in lower case with hyphens, which is
how LinkedIn makes most addresses of pages, and so mostly the name in other exports of the page.
The page that the file's name or ``--account`` names is the own one; the others are peers.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from campaigns.collectors import Cell, Format, Layout, Parsed, Payload, Rows, Skip
from campaigns.collectors._linkedin import COUNT
from campaigns.collectors._numbers import literal
from campaigns.errors import N_, Message

_FIELDS = ("page", "followers", "new_followers", "engagements", "posts_published")
_COUNTS = _FIELDS[1:]
_DATE = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
_NAME = r"(?:.*[/\\!])?(?P<account>[^/\\!]+?)_competitor_analytics_\d+.*"

# English was read off a file; the others are as the page's other exports translate these words.
# Where they are wrong the columns are taken by position.
_LABELS = {
    "en": "Page|Total Followers|New Followers|Total post engagements|Total posts",
    "nl": "Pagina|Totaal aantal volgers|Nieuwe volgers|Totale interactie met bijdragen"
    "|Totaal aantal bijdragen",
    "es": "Página|Total de seguidores|Nuevos seguidores|Total de interacciones con publicaciones"
    "|Total de publicaciones",
    "pt": "Página|Total de seguidores|Novos seguidores|Total de engajamentos em publicações"
    "|Total de publicações",
    "de": "Seite|Follower:innen insgesamt|Neue Follower:innen|Interaktionen mit Beiträgen insgesamt"
    "|Beiträge insgesamt",
    "fr": "Page|Total des abonnés|Nouveaux abonnés|Total des interactions avec les posts"
    "|Total des posts",
}

PAGES = Layout(
    "pages",
    {
        language: dict(zip(labels.split("|"), _FIELDS, strict=True))
        for language, labels in _LABELS.items()
    },
    required=frozenset({"page", "followers", "new_followers", "engagements"}),
    positions=_FIELDS,
    sheets=frozenset({"COMPETITORS"}),
    contents=dict.fromkeys(_COUNTS, COUNT),
    above=_DATE,
)


def _slug(name: str) -> str:
    """SQL for the name of a page as an address: lower case, hyphens between words."""
    words = f"regexp_replace(strip_accents(lower({name})), '[^\\p{{L}}\\p{{N}}]+', '-', 'g')"
    return f"coalesce(nullif(trim({words}, '-'), ''), lower({name}))"


def period(rows: Sequence[Sequence[str]], order: str = "") -> tuple[dt.date, dt.date] | None:
    """The two dates above the labels; month first unless they or ``order`` say otherwise.

    >>> period([("2/12/2024", "2/10/2025", "")])
    (datetime.date(2024, 2, 12), datetime.date(2025, 2, 10))
    >>> period([("31/12/2024", "1/2/2025")])[1]
    datetime.date(2025, 2, 1)
    """
    for cells in reversed(rows):
        parts = [
            [int(part) for part in re.split(r"[-/.]", found[0])]
            for cell in cells
            if (found := re.match(_DATE, cell.strip()))
        ]
        if len(parts) == 2:
            is_day_first = order == "dmy" or (
                not order and any(0 < part[0] < 32 and part[0] > 12 for part in parts)
            )
            return _ordered([_date(part, is_day_first) for part in parts])
    return None


def _date(parts: Sequence[int], is_day_first: bool) -> dt.date | None:
    year, month, day = parts if parts[0] > 31 else (parts[2], parts[0], parts[1])
    if is_day_first and parts[0] <= 31:
        month, day = day, month
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _ordered(days: Sequence[dt.date | None]) -> tuple[dt.date, dt.date] | None:
    known = sorted(day for day in days if day is not None)
    return (known[0], known[1]) if len(known) == 2 else None


def parse(payload: Payload) -> Iterator[Parsed]:
    """One row of `account_periods` a page."""
    cells = {"page": Cell("page", "text")}
    cells |= {name: Cell(name, "count") for name in _COUNTS if payload.has(PAGES.name, name)}
    in_name = re.fullmatch(_NAME, payload.file_name)
    own = [name for name in (payload.account, in_name and in_name["account"]) if name]
    is_own = " or ".join(f"{_slug('page')} = {_slug(literal(name))}" for name in own) or "false"
    account = _slug("page")
    if payload.account:
        given = literal(payload.account.strip().removeprefix("@").casefold())
        account = f"case when {is_own} then {given} else {account} end"
    yield Parsed(
        sheet=PAGES.name,
        cells=cells,
        rows=[
            Rows(
                "account_periods",
                {
                    "account_id": account,
                    "first_day": "file_first_day",
                    "last_day": "file_last_day",
                    **{name: name for name in _COUNTS if name in cells},
                },
            )
        ],
        skip=[Skip(Message(N_("without the name of a page")), "page is null")],
        role=f"case when {is_own} then null else 'peer' end",
        account_name="page",
        stated=period(payload.preamble[PAGES.name], payload.options.get("date_order", "")),
    )


FORMATS = (
    Format(
        name="linkedin_page_competitors",
        platform="linkedin",
        title=N_("LinkedIn Page competitors export"),
        layouts=(PAGES,),
        parse=parse,
        menu="LinkedIn Page > Analytics > Competitors > Export",
        date_order="mdy",
    ),
)
