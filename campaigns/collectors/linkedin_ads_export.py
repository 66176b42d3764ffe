"""LinkedIn Campaign Manager, performance reports: what ads delivered and cost (`.csv`).

Source: Campaign Manager > Reports or Advertise > Export, per campaign group, campaign, ad set or
ad; broken down by day or month, or for the whole period. The file is UTF-16 with tabs (UTF-8
when somebody saved it again). A few lines above the header name the report, its period and when
it was made. Days are days of UTC; amounts are in the currency of the row.

LinkedIn renamed its levels: what was campaign group, campaign and ad is now campaign, ad set and
ad. Rows are stored under the names that the file itself uses; levels are never added.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from campaigns.collectors import Cell, Format, Kind, Layout, Parsed, Payload, Rows, Skip
from campaigns.errors import N_, Message

# English and Dutch labels were read off files or off the tests of other readers; Spanish,
# French and Portuguese off other readers, which use only some of the columns.
_LABELS = {
    "en": {
        "Start Date (in UTC)": "day",
        "Start Date": "day",
        "Date": "day",
        "Day": "day",
        "Account ID": "ad_account_id",
        "Account Name": "ad_account_name",
        "Currency": "currency",
        "Campaign Group ID": "group_id",
        "Campaign Group Name": "group_name",
        "Campaign Group": "group_name",
        "Campaign Group Status": "group_status",
        "Campaign ID": "campaign_id",
        "Campaign Name": "campaign_name",
        "Campaign": "campaign_name",
        "Campaign Type": "campaign_type",
        "Campaign Objective": "objective",
        "Campaign Objective Type": "objective",
        "Campaign Status": "campaign_status",
        "Campaign Start Date": "campaign_first_day",
        "Campaign End Date": "campaign_last_day",
        "Ad Set ID": "ad_set_id",
        "Ad Set Name": "ad_set_name",
        "Ad Set": "ad_set_name",
        "Ad Set Type": "ad_set_type",
        "Ad Set Objective": "objective",
        "Ad Set Objective Type": "objective",
        "Ad Set Status": "ad_set_status",
        "Ad Set Start Date": "campaign_first_day",
        "Ad Set End Date": "campaign_last_day",
        "Ad ID": "ad_id",
        "Creative ID": "ad_id",
        "Ad Name": "ad_name",
        "Creative Name": "ad_name",
        "Ad Status": "ad_status",
        "Creative Status": "ad_status",
        "Ad Introduction Text": "text",
        "Ad Headline": "headline",
        "Click URL": "click_url",
        "Total Spent": "spend",
        "Reach": "reach",
        "Impressions": "impressions",
        "Average Frequency": "frequency",
        "Clicks": "clicks",
        "Click Through Rate": "click_rate",
        "Clicks to Landing Page": "landing_page_clicks",
        "Clicks to LinkedIn Page": "page_clicks",
        "Total Social Actions": "social_actions",
        "Reactions": "likes",
        "Comments": "comments",
        "Shares": "shares",
        "Follows": "follows",
        "Other Clicks": "other_clicks",
        "Total Engagements": "engagements",
        "Engagement Rate": "engagement_rate",
        "Viral Impressions": "viral_impressions",
        "Viral Clicks": "viral_clicks",
        "Leads": "leads",
        "Leads (Work Email)": "leads_work_email",
        "Lead Forms Opened": "lead_form_opens",
        "Video Views": "video_views",
        "Video Completions": "video_completions",
        "Conversions": "conversions",
        "Average CPC": "average_cpc",
        "Average CPM": "average_cpm",
    },
    "nl": {
        "Begindatum (in UTC)": "day",
        "Begindatum": "day",
        "Datum": "day",
        "Account-ID": "ad_account_id",
        "Accountnaam": "ad_account_name",
        "Valuta": "currency",
        "Campagnegroep-ID": "group_id",
        "Naam van campagnegroep": "group_name",
        "Campagnegroepnaam": "group_name",
        "Campagne-ID": "campaign_id",
        "Campagnenaam": "campaign_name",
        "Naam van campagne": "campaign_name",
        "Status campagne": "campaign_status",
        "Campagnestatus": "campaign_status",
        "Campagnetype": "campaign_type",
        "Campagnedoelstelling": "objective",
        "Begindatum campagne": "campaign_first_day",
        "Einddatum campagne": "campaign_last_day",
        "Advertentieset-ID": "ad_set_id",
        "Naam van advertentieset": "ad_set_name",
        "Doelstelling van advertentieset": "objective",
        "Status van advertentieset": "ad_set_status",
        "Advertentienaam": "ad_name",
        "Advertentie-ID": "ad_id",
        "Advertentiestatus": "ad_status",
        "Inleidende advertentietekst": "text",
        "Kop van advertentie": "headline",
        "URL": "click_url",
        "Totaal besteed": "spend",
        "Bereik": "reach",
        "Weergaven": "impressions",
        "Gemiddelde frequentie": "frequency",
        "Klikken": "clicks",
        "Doorklikfrequentie (CTR)": "click_rate",
        "Klikken naar bestemmingspagina": "landing_page_clicks",
        "Klikken naar LinkedIn-pagina": "page_clicks",
        "Totaal aantal sociale acties": "social_actions",
        "Reacties": "likes",
        "Commentaren": "comments",
        "Keren gedeeld": "shares",
        "Gevolgd": "follows",
        "Overige klikken": "other_clicks",
        "Aantal interacties": "engagements",
        "Interactiepercentage": "engagement_rate",
        "Virale weergaven": "viral_impressions",
        "Virale klikken": "viral_clicks",
        "Leads": "leads",
        "Geopende leadformulieren": "lead_form_opens",
        "Videoweergaven": "video_views",
        "Volledig bekeken video's": "video_completions",
        "Conversies": "conversions",
        "Gemiddelde CPC": "average_cpc",
        "Gemiddelde CPM": "average_cpm",
    },
    "es": {
        "Fecha de inicio (en UTC)": "day",
        "Nombre de la cuenta": "ad_account_name",
        "Moneda": "currency",
        "Divisa": "currency",
        "ID de la campaña": "campaign_id",
        "Nombre de la campaña": "campaign_name",
        "ID del lote de anuncios": "ad_set_id",
        "Nombre del lote de anuncios": "ad_set_name",
        "ID del anuncio": "ad_id",
        "Nombre del anuncio": "ad_name",
        "Texto de introducción al anuncio": "text",
        "Título del anuncio": "headline",
        "URL para clics": "click_url",
        "Total gastado": "spend",
        "Alcance": "reach",
        "Impresiones": "impressions",
        "Clics": "clicks",
        "Conversiones": "conversions",
    },
    "fr": {
        "Date de début (en UTC)": "day",
        "Nom du compte": "ad_account_name",
        "Devise": "currency",
        "Nom du groupe de campagnes": "group_name",
        "ID de la campagne": "campaign_id",
        "Nom de la campagne": "campaign_name",
        "ID Pub": "ad_id",
        "Nom de la publicité": "ad_name",
        "Statut de la publicité": "ad_status",
        "Texte pub présentation": "text",
        "Titre de la publicité": "headline",
        "URL à cliquer": "click_url",
        "Total dépensé": "spend",
        "Impressions": "impressions",
        "Clics": "clicks",
    },
    "pt": {
        "Data de início (em UTC)": "day",
        "Nome da conta": "ad_account_name",
        "Moeda": "currency",
        "Nome do grupo de campanhas": "group_name",
        "Nome da campanha": "campaign_name",
        "Status da campanha": "campaign_status",
        "Nome do criativo": "ad_name",
        "Total investido": "spend",
        "Total gasto": "spend",
        "Alcance": "reach",
        "Impressões": "impressions",
        "Cliques": "clicks",
        "Leads": "leads",
    },
}

_TEXTS = (
    *("ad_account_id", "ad_account_name", "currency", "objective", "headline", "text"),
    *("group_id", "group_name", "group_status"),
    *("campaign_id", "campaign_name", "campaign_status"),
    *("ad_set_id", "ad_set_name", "ad_set_status", "ad_id", "ad_name", "ad_status"),
)
_FIGURES = (
    *("impressions", "reach", "engagements", "likes", "comments", "shares", "clicks"),
    *("video_views", "follows", "landing_page_clicks", "page_clicks", "other_clicks"),
    *("social_actions", "viral_impressions", "viral_clicks", "video_completions"),
    *("lead_form_opens", "conversions", "spend"),
)
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys(("day", "campaign_first_day", "campaign_last_day"), "day"),
    **dict.fromkeys(_FIGURES, "count"),
    **dict.fromkeys(("leads", "leads_work_email"), "count"),
    "conversions": "number",
    "spend": "money",
}

# From the smallest to the largest: the fields that name it, its id and name, and its level.
_UNITS = (
    ("ad", "ad_id", "ad_name", "ad_status"),
    ("group", "ad_set_id", "ad_set_name", "ad_set_status"),
    ("campaign", "campaign_id", "campaign_name", "campaign_status"),
    ("group", "group_id", "group_name", "group_status"),
)


def parse(payload: Payload) -> Iterator[Parsed]:
    """What the rows of a report mean: one row of `ad_periods` from each."""
    fields = payload.fields["ads"]
    report = read_preamble(payload.preamble.get("ads", ()), payload.recognition.language)
    cells = {name: Cell(name, kind) for name, kind in _KINDS.items() if name in fields}
    if "day" in fields:
        cells["day_text"] = Cell("day", "text")
    unit = _unit(fields)
    first_day, last_day = _period(fields, report)
    columns = {
        "ad_account_id": _account(payload),
        "level": f"'{unit.level}'",
        "ad_id": unit.id,
        "first_day": first_day,
        "last_day": last_day,
        **_names(fields),
        "status": unit.status,
        **{name: name for name in _FIGURES if name in fields},
        **_leads(fields),
        "currency": _currency(fields, payload.preamble.get("ads", ())),
    }
    if report.made_at is not None:
        columns["collected_at"] = f"timestamptz '{report.made_at:%Y-%m-%d %H:%M:%S}+00'"
    yield Parsed(
        sheet="ads",
        cells=cells,
        rows=[Rows("ad_periods", columns)],
        skip=[
            Skip(Message(N_("the total of the report")), _is_total(cells, unit)),
            Skip(Message(N_("names no ad, ad set, campaign or group")), f"{unit.id} is null"),
            Skip(Message(N_("without a date")), f"{first_day} is null"),
        ],
        period=first_day,
        notes=_notes(report),
    )


# --- the unit, its names and its period --------------------------------------------------------


@dataclass(frozen=True)
class _Unit:
    """What a row is about: the level, and SQL for its id and status."""

    level: str
    id: str
    status: str


def _unit(fields: frozenset[str]) -> _Unit:
    """The smallest unit that the report names."""
    for level, key, name, status in _UNITS:
        named = [field for field in (key, name) if field in fields]
        if named:
            return _Unit(level, f"coalesce({', '.join(named)})", _given(fields, status))
    return _Unit("campaign", "null::varchar", "null::varchar")


def _given(fields: frozenset[str], *names: str) -> str:
    known = [name for name in names if name in fields]
    return f"coalesce({', '.join(known)})" if known else "null::varchar"


def _names(fields: frozenset[str]) -> dict[str, str]:
    """The names of the unit and of those it belongs to, as the file calls them."""
    return {
        "ad_account_name": _given(fields, "ad_account_name"),
        "group_name": _given(fields, "ad_set_name", "group_name"),
        "campaign_name": _given(fields, "campaign_name"),
        "campaign_key": _given(fields, "campaign_id"),
        "ad_name": _given(fields, "ad_name"),
        "headline": _given(fields, "headline"),
        "text": f"replace({_given(fields, 'text')}, chr(160), ' ')",
        "objective": _given(fields, "objective"),
    }


def _account(payload: Payload) -> str:
    """The id of the ad account, else its name, else the number in the name of the file."""
    number = re.search(r"account_(\d+)", payload.file_name)
    name = f"'{number[1]}'" if number else "'unknown'"
    return f"coalesce({_given(payload.fields['ads'], 'ad_account_id', 'ad_account_name')}, {name})"


def _leads(fields: frozenset[str]) -> dict[str, str]:
    known = [name for name in ("leads", "leads_work_email") if name in fields]
    return {"leads": f"coalesce({', '.join(known)})"} if known else {}


def _currency(fields: frozenset[str], preamble: Sequence[Sequence[str]]) -> str:
    """The currency of the row, else the one that a line above the header states."""
    above = re.search(r"(?:Currency|Valuta)\W+([A-Z]{3})\b", " ".join(map(" ".join, preamble)))
    known = ["upper(currency)"] if "currency" in fields else []
    known += [f"'{above[1]}'"] if above else []
    return f"coalesce({', '.join(known)})" if known else "null"


def _is_total(cells: Mapping[str, Cell], unit: _Unit) -> str:
    """The last row: "Total" where the date or the name of the unit should stand."""
    word = "regexp_matches(lower({0}), '^(total|totaal|totales|gesamt|totale)\\b')"
    if "day_text" in cells:
        return f"coalesce({word.format('day_text')}, day is null and {word.format(unit.id)}, false)"
    return f"coalesce({word.format(unit.id)}, false)"


def _period(fields: frozenset[str], report: Report) -> tuple[str, str]:
    """SQL for the first and last day of a row.

    A report by day has the day in each row. A report of the whole period has its first day in
    all of them, a report by month the first day of the month: the period above the header tells
    them apart from days.
    """
    if "day" not in fields:
        if report.period is not None:
            first, last = report.period
            return f"date '{first}'", f"date '{last}'"
        first_day = "campaign_first_day" if "campaign_first_day" in fields else "null::date"
        last_day = "campaign_last_day" if "campaign_last_day" in fields else "null::date"
        return first_day, f"coalesce({last_day}, {first_day})"
    if report.period is None or report.period[0] == report.period[1]:
        return "day", "day"
    first, last = report.period
    whole = f"min(day) over () = date '{first}' and max(day) over () = date '{first}'"
    months = (
        f"bool_and(day = date '{first}' or dayofmonth(day) = 1) over () "
        f"and max(day) over () > date '{first}'"
    )
    return "day", (
        f"case when {whole} then date '{last}' "
        f"when {months} then least(last_day(day), date '{last}') else day end"
    )


# --- the lines above the header ----------------------------------------------------------------


@dataclass(frozen=True)
class Report:
    """What the lines above the header state: the period, and when the report was made (UTC)."""

    period: tuple[date, date] | None = None
    made_at: datetime | None = None


_MADE = re.compile(
    r"generated|aangemaakt|gegenereerd|generad|gerad|généré|created|cread|erstellt", re.IGNORECASE
)
_DATE = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<numbers>\d{1,2}[/.-]\d{1,2}[/.-]\d{4})"
    r"|(?P<month_first>[^\W\d_]{3,})\.?\s+(?P<day1>\d{1,2}),?\s+(?P<year1>\d{4})"
    r"|(?P<day2>\d{1,2})\.?\s+(?:de\s+)?(?P<month_last>[^\W\d_]{3,})\.?\s+(?:de\s+)?(?P<year2>\d{4})"
)
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})(?:\s*([AP])\.?M)?", re.IGNORECASE)


def read_preamble(lines: Sequence[Sequence[str]], language: str | None) -> Report:
    """The period and the moment that the lines above the header state.

    >>> read_preamble([["Report Start: May 1, 2026, 12:00 AM"], ["Report End: May 31, 2026"],
    ...     ["Date Generated: June 2, 2026, 7:02 PM"]], "en")
    Report(period=(datetime.date(2026, 5, 1), datetime.date(2026, 5, 31)),
           made_at=datetime.datetime(2026, 6, 2, 19, 2))
    """
    days: list[date] = []
    made_at = None
    for line in lines:
        text = " ".join(cell for cell in line if cell)
        found = list(_dates(text, language))
        if found and (_MADE.search(text) or len(days) >= 2):
            made_at = made_at or _at(found[0], text)
        else:
            days += found
    return Report((min(days), max(days)) if days else None, made_at)


def _at(day: date, text: str) -> datetime:
    """A day with the time that a line states; without one the end of the day."""
    time = _TIME.search(text)
    if time is None:
        return datetime(day.year, day.month, day.day, 23, 59, 59)  # noqa: DTZ001 - UTC, see Report
    hour = int(time[1])
    if time[3]:
        hour = hour % 12 + (12 if time[3].upper() == "P" else 0)
    return datetime(day.year, day.month, day.day, hour % 24, int(time[2]))  # noqa: DTZ001


def _dates(text: str, language: str | None) -> Iterator[date]:
    """The dates in a line; numbers are month-first in English, else day-first."""
    for match in _DATE.finditer(text):
        if match["iso"]:
            year, month, day = map(int, match["iso"].split("-"))
        elif match["numbers"]:
            one, two, year = map(int, re.split("[/.-]", match["numbers"]))
            is_day_first = one > 12 or (two <= 12 and language not in {"en", None})
            day, month = (one, two) if is_day_first else (two, one)
        else:
            name = match["month_first"] or match["month_last"]
            month = _months().get(name.casefold(), 0)
            day, year = int(match["day1"] or match["day2"]), int(match["year1"] or match["year2"])
        try:
            yield date(year, month, day)
        except ValueError:
            continue


@functools.cache
def _months() -> dict[str, int]:
    """Months by their names, whole and cut short, in the languages of the reports."""
    from babel.dates import get_month_names  # loads slowly, and few files need it

    return {
        name.casefold().rstrip("."): month
        for language in ("de", "es", "fr", "it", "nl", "pt", "en")
        for width in ("wide", "abbreviated")
        for month, name in get_month_names(width, locale=language).items()
    }


def _notes(report: Report) -> list[Message]:
    notes = [Message(N_("The days are those of UTC; they are not moved to your time zone."))]
    if report.period is not None:
        first, last = report.period
        notes.append(
            Message(N_("The report covers {first} to {last}."), {"first": first, "last": last})
        )
    return notes


def _format(name: str, *languages: str, date_order: Literal["mdy"] | None) -> Format:
    labels = {language: _LABELS[language] for language in languages}
    return Format(
        name=name,
        platform="linkedin",
        title=N_("LinkedIn Campaign Manager performance report"),
        layouts=(Layout("ads", labels, required=frozenset({"impressions", "spend"})),),
        parse=parse,
        menu="LinkedIn Campaign Manager > Reports > Export",
        date_order=date_order,
    )


# The same report: in English it has the month first, in other languages the day.
FORMATS = (
    _format("linkedin_ads", "en", date_order="mdy"),
    _format("linkedin_ads_translated", "nl", "es", "fr", "pt", date_order=None),
)
