"""LinkedIn Page, "Followers" and "Visitors" exports: who came, by day and by group.

Sources: LinkedIn Page > Analytics > Followers | Visitors > Export (`.xls`, `.xlsx`). One sheet by
day and five by group: place, function, seniority, industry, company size. Days are those of UTC.

"Total followers" in the first sheet are the **new** followers of that day, not how many there
are. They are the sponsored, the organic and the automatically invited ones; the last are nobody's
post or ad, so they count in the total only.

The sheets by group have no period: theirs is that of the days in the file. The groups of
followers count people, those of visitors count page views. Page views of single tabs (overview,
life, jobs) and of desktop and mobile apart are left out: the total holds them, and more.
Visitors of several days are never added, for one person can come every day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from campaigns.collectors import (
    Cell,
    Format,
    Layout,
    Parsed,
    Payload,
    Rows,
    Skip,
    without_figures,
)
from campaigns.collectors._linkedin import COUNT
from campaigns.errors import N_, Message

DIMENSIONS = ("place", "function", "seniority", "industry", "company size")

# By language, in the order of the sheets. English was read off files; Dutch off the source of
# other readers. Files in other languages are read by position.
_GROUPS = {
    "en": "Location|Job function|Seniority|Industry|Company size",
    "nl": "Locatie|Functie|Senioriteitsniveau|Branche|Bedrijfsgrootte",
}

_FOLLOWER_DAYS = {
    "en": {
        "Date": "day",
        "Sponsored followers": "sponsored",
        "Organic followers": "organic",
        "Auto-invited followers": "invited",
        "Total followers": "total",
    },
    "nl": {
        "Datum": "day",
        "Gesponsorde volgers": "sponsored",
        "Spontane volgers": "organic",
        "Organische volgers": "organic",
        "Automatisch uitgenodigde volgers": "invited",
        "Totaal aantal volgers": "total",
    },
}

_VISITOR_DAYS = {
    "en": {
        "Date": "day",
        "Total page views (total)": "page_views",
        "Total unique visitors (total)": "unique_visitors",
    },
    "nl": {
        "Datum": "day",
        "Totaal aantal paginaweergaven (totaal)": "page_views",
        "Totaal paginaweergaven (totaal)": "page_views",
        "Totaal aantal unieke bezoekers (totaal)": "unique_visitors",
        "Totaal unieke bezoekers (totaal)": "unique_visitors",
    },
}

_UTC = Message(N_("The days are those of UTC; they are not moved to your time zone."))
_NO_DATE = Skip(Message(N_("without a date")), "day is null")


def _groups(figure: str, labels: Mapping[str, str]) -> tuple[Layout, ...]:
    """The five sheets by group; ``labels`` are those of the figure, by language."""
    names = {language: text.split("|") for language, text in _GROUPS.items()}
    return tuple(
        Layout(
            dimension,
            {
                language: {names[language][at]: "value", label: figure}
                for language, label in labels.items()
            },
            required=frozenset({"value", figure}),
            positions=("value", figure),
            sheets=frozenset(labelled[at] for labelled in names.values()),
            optional=True,
            contents={figure: COUNT},
        )
        for at, dimension in enumerate(DIMENSIONS)
    )


FOLLOWER_DAYS = Layout(
    "days",
    _FOLLOWER_DAYS,
    required=frozenset({"day", "organic", "total"}),
    positions=("day", "sponsored", "organic", "invited", "total"),
    sheets=frozenset({"New followers", "Nieuwe volgers"}),
    contents=dict.fromkeys(("sponsored", "organic", "invited", "total"), COUNT),
)

FORMER_FOLLOWER_DAYS = Layout(
    "former days",
    _FOLLOWER_DAYS,
    required=frozenset({"day", "organic", "total"}),
    positions=("day", "sponsored", "organic", "total"),
    contents=dict.fromkeys(("sponsored", "organic", "total"), COUNT),
)
"""As it was before followers could be invited."""

VISITOR_DAYS = Layout(
    "days",
    _VISITOR_DAYS,
    required=frozenset({"day", "page_views", "unique_visitors"}),
    positions=("day", *[""] * 20, "page_views", "", "", "unique_visitors"),
    sheets=frozenset({"Visitor metrics", "Statistieken over bezoekers"}),
    contents=dict.fromkeys(("page_views", "unique_visitors"), COUNT),
)

FOLLOWER_GROUPS = _groups("people", {"en": "Total followers", "nl": "Totaal aantal volgers"})
VISITOR_GROUPS = _groups("views", {"en": "Total views", "nl": "Totaal aantal weergaven"})


def _follower_days(payload: Payload, layout: Layout) -> Parsed:
    """The sheet of days: a row of `account_days` for each delivery that it reports."""
    deliveries = {"organic": "organic", "sponsored": "paid", "total": "total"}
    known = [name for name in deliveries if payload.has(layout.name, name)]
    return Parsed(
        sheet=layout.name,
        cells={"day": Cell("day", "day"), **{name: Cell(name, "count") for name in known}},
        rows=[
            Rows(
                "account_days",
                {"day": "day", "delivery": f"'{deliveries[name]}'", "follows": name},
                where=f"{name} is not null",
            )
            for name in known
        ],
        skip=[_NO_DATE, without_figures(known)],
        period="day",
        notes=[
            _UTC,
            Message(
                N_(
                    "The total followers of a day are the new ones of that day; those who were "
                    "invited automatically count in the total only."
                )
            ),
        ],
    )


def _visitor_days() -> Parsed:
    figures = ("page_views", "unique_visitors")
    return Parsed(
        sheet=VISITOR_DAYS.name,
        cells={"day": Cell("day", "day"), **{name: Cell(name, "count") for name in figures}},
        rows=[
            Rows(
                "account_days",
                {"day": "day", "delivery": "'total'", **{name: name for name in figures}},
            )
        ],
        skip=[_NO_DATE, without_figures(figures)],
        period="day",
        notes=[_UTC],
    )


def _group_rows(payload: Payload, layouts: Iterable[Layout], prefix: str) -> Iterator[Parsed]:
    """The sheets by group: a row of `audience_shares` each, for the period of the file."""
    for layout in layouts:
        if layout.name in payload.fields:
            [figure] = layout.contents
            yield Parsed(
                sheet=layout.name,
                cells={"value": Cell("value", "text"), figure: Cell(figure, "count")},
                rows=[
                    Rows(
                        "audience_shares",
                        {
                            "dimension": f"'{prefix}{layout.name}'",
                            "value": "value",
                            "first_day": "file_first_day",
                            "last_day": "file_last_day",
                            figure: figure,
                        },
                    )
                ],
            )


def parse_followers(payload: Payload) -> Iterator[Parsed]:
    """New followers by day, and all followers by group."""
    for layout in (FOLLOWER_DAYS, FORMER_FOLLOWER_DAYS):
        if layout.name in payload.fields:
            yield _follower_days(payload, layout)
    yield from _group_rows(payload, FOLLOWER_GROUPS, "")


def parse_visitors(payload: Payload) -> Iterator[Parsed]:
    """Page views and visitors by day, and page views by group."""
    if VISITOR_DAYS.name in payload.fields:
        yield _visitor_days()
    yield from _group_rows(payload, VISITOR_GROUPS, "visitor ")


def _format(
    kind: str,
    title: str,
    layouts: tuple[Layout, ...],
    parse: Callable[[Payload], Iterable[Parsed]],
) -> Format:
    return Format(
        name=f"linkedin_page_{kind}",
        platform="linkedin",
        title=title,
        layouts=layouts,
        parse=parse,
        menu=f"LinkedIn Page > Analytics > {kind.capitalize()} > Export",
        account_in_name=rf"(?:.*[/\\!])?(?P<account>[^/\\!]+?)_{kind}_\d+.*",
        date_order="mdy",
        least=4,
    )


FORMATS = (
    _format(
        "followers",
        N_("LinkedIn Page followers export"),
        (FOLLOWER_DAYS, *FOLLOWER_GROUPS, FORMER_FOLLOWER_DAYS),
        parse_followers,
    ),
    _format(
        "visitors",
        N_("LinkedIn Page visitors export"),
        (VISITOR_DAYS, *VISITOR_GROUPS),
        parse_visitors,
    ),
)
