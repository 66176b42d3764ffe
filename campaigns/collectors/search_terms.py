"""What people searched for: Google Search Console's queries, and the search of a site (CSV, XLSX).

Search Console's export is a folder or workbook with one table for each view; the queries are
read, the others only repeat them by page, country or device. Rows may be by day, or by page and
country: these are added, the position weighted by how often the site was shown. A table without
days is about a period, which the file's name or the folder's can state
(``…_2025-01-01_2025-03-31``) and else stays unknown; the site is in the name of the export.

A site's own search counts how often something was searched for.

Sources: exports as programs that read them expect them; Google's and Matomo's help pages.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from campaigns.collectors import Cell, Format, Layout, Parsed, Payload, Rows, Skip
from campaigns.collectors._numbers import literal
from campaigns.errors import N_, Message
from campaigns.schema import UNKNOWN

_COMMON = {
    "en": {
        "Date": "day",
        "Day": "day",
        "Site": "site",
        "Property": "site",
        "Page": "page",
        "Country": "country",
        "Device": "device",
        "Search appearance": "appearance",
    },
    "nl": {
        "Datum": "day",
        "Dag": "day",
        "Pagina": "page",
        "Land": "country",
        "Apparaat": "device",
    },
}
_QUERIES = Layout(
    "terms",
    {
        "en": {
            **_COMMON["en"],
            "Top queries": "term",
            "Queries": "term",
            "Query": "term",
            "Search query": "term",
            "Search term": "term",
            "Clicks": "clicks",
            "Impressions": "impressions",
            "Position": "position",
            "Average position": "position",
        },
        "nl": {
            **_COMMON["nl"],
            "Meest gebruikte zoekopdrachten": "term",
            "Zoekopdrachten": "term",
            "Zoekopdracht": "term",
            "Zoekterm": "term",
            "Klikken": "clicks",
            "Vertoningen": "impressions",
            "Positie": "position",
            "Gemiddelde positie": "position",
        },
        "de": {
            "Häufigste Suchanfragen": "term",
            "Suchanfragen": "term",
            "Klicks": "clicks",
            "Impressionen": "impressions",
            "Position": "position",
        },
        "fr": {
            "Requêtes les plus fréquentes": "term",
            "Requêtes": "term",
            "Clics": "clicks",
            "Impressions": "impressions",
            "Position": "position",
        },
    },
    required=frozenset({"term", "clicks", "impressions"}),
)
_SEARCHES = Layout(
    "terms",
    {
        "en": {
            **_COMMON["en"],
            "Search term": "term",
            "Search keyword": "term",
            "Keyword": "term",
            "Query": "term",
            "Searches": "searches",
            "Total searches": "searches",
            "Total unique searches": "searches",
            "Unique searches": "searches",
            "Number of searches": "searches",
            "Clicks": "clicks",
        },
        "nl": {
            **_COMMON["nl"],
            "Zoekterm": "term",
            "Zoekwoord": "term",
            "Zoekopdracht": "term",
            "Aantal zoekopdrachten": "searches",
            "Aantal keer gezocht": "searches",
            "Keer gezocht": "searches",
            "Klikken": "clicks",
        },
    },
    required=frozenset({"term", "searches"}),
)

_SPLITS = ("page", "country", "device", "appearance")
_MEASURES = ("searches", "impressions", "clicks")

_DAYS = re.compile(r"(\d{4}-?\d\d-?\d\d)[_ ](?:to_|tot_|tm_)?(\d{4}-?\d\d-?\d\d)(?!\d)")
_SITE = re.compile(r"(?i)^(?:https?[_:]+/*|sc-domain[_:])?(?:www\.)?([a-z0-9.-]+\.[a-z]{2,})")
_NO_PERIOD = Message(
    N_(
        "The file does not say of which days it is, so reports about a period leave it out: put "
        "the first and last day in its name (…_2025-01-01_2025-03-31.csv) and import it again."
    )
)


def parse(payload: Payload) -> Iterator[Parsed]:
    """A row for each term and period."""
    fields = payload.fields["terms"]
    period = _period(payload)
    days = [f"date '{day}'" for day in period] if period else ["null::date", "null::date"]
    first, last = ("day", "day") if "day" in fields else (days[0], days[1])
    source = literal(_source(payload))
    if "site" in fields:
        source = f"coalesce(site, {source})"
    splits = [name for name in _SPLITS if name in fields]
    over = f" over (partition by {source}, lower(term), {first})"

    def whole(name: str) -> str:
        return f"try_cast(sum({name}){over} as bigint)" if splits else name

    columns = {
        "source": source,
        "term": "lower(term)",
        "first_day": first,
        "last_day": last,
        **{name: whole(name) for name in _MEASURES if name in fields},
    }
    if "position" in fields:
        columns["position"] = (
            f"sum(position * impressions){over} / "
            f"nullif(sum(case when position is not null then impressions end){over}, 0)"
            if splits and "impressions" in fields
            else "position"
        )
    yield Parsed(
        sheet="terms",
        cells={
            "term": Cell("term", "text"),
            **({"site": Cell("site", "text")} if "site" in fields else {}),
            **({"day": Cell("day", "day")} if "day" in fields else {}),
            **{name: Cell(name, "count") for name in _MEASURES if name in fields},
            **({"position": Cell("position", "number")} if "position" in fields else {}),
        },
        rows=[Rows("search_terms", columns)],
        skip=[
            Skip(Message(N_("without a search term")), "term is null"),
            *([Skip(Message(N_("without a date")), "day is null")] if "day" in fields else []),
        ],
        period=last,
        since=first,
        from_names=f"{_source(payload)} {period}",
        notes=[*_notes(splits), *([_NO_PERIOD] if first == "null::date" else [])],
    )


def _notes(splits: list[str]) -> list[Message]:
    notes = [Message(N_("Rare searches are left out by those who count them: they are not all."))]
    if splits:
        notes.append(
            Message(N_("Rows of a search term for pages, countries or devices are added."))
        )
    return notes


def _names(payload: Payload) -> list[str]:
    return [payload.file_name, payload.options.get("folder", "")]


def _period(payload: Payload) -> tuple[dt.date, dt.date] | None:
    """The period in the name of the file, else of the folder or archive that holds it."""
    for name in _names(payload):
        for match in _DAYS.finditer(name):
            try:
                first, last = (dt.date.fromisoformat(part) for part in match.groups())
            except ValueError:
                continue
            if first <= last:
                return first, last
    return None


def _source(payload: Payload) -> str:
    """The site: as the user says, else as a name says that begins with an address."""
    if payload.account:
        return payload.account.strip().casefold()
    for name in _names(payload):
        if match := _SITE.match(re.sub(r"\.(csv|xlsx?|zip!?)$", "", name)):
            return re.sub(r"-+performance.*$|[.-]+$", "", match[1].casefold()) or UNKNOWN
    return UNKNOWN


FORMATS = tuple(
    Format(
        name=name,
        platform="web",
        title=title,
        layouts=(layout,),
        parse=parse,
        menu=menu,
    )
    for name, title, layout, menu in (
        (
            "search_console",
            N_("Search Console queries"),
            _QUERIES,
            "search.google.com/search-console > Performance > Export",
        ),
        ("site_search", N_("search terms of a site"), _SEARCHES, ""),
    )
)
