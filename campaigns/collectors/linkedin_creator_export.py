"""LinkedIn personal (creator) analytics: the figures of a person's own posts (`.xlsx`).

Source: profile > Analytics > Content > Export. Sheets, in this order and in the language of the
profile: totals of the period, days, top posts, followers, who follows (`DEMOGRAPHICS`), and since
2026 who saw the posts. Until 2024 numbers were numbers; since 2026 every cell is text, and dates
are day first in most languages. The sheets are known by their labels in some languages, by what
their cells look like in all.

The sheet of top posts has two tables side by side: the 50 posts with most engagements, and the 50
with most impressions. They are of unequal length and hold each other's posts only in part: a post
that stands in one of them has one of the two figures, the other is not reported.

Figures are those of all deliveries. They have no likes, comments or texts. The groups of
followers are shares (`< 1%` is not reported). Their period, and that of the totals, is that of
the days in the file.
"""

from __future__ import annotations

from collections.abc import Iterator

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
from campaigns.collectors._linkedin import COUNT, LINK, post_id
from campaigns.collectors._numbers import literal
from campaigns.errors import N_, Message

_DATE = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\.?"
_PERIOD = rf"{_DATE}\s*\D{{1,5}}?\s*{_DATE}"
_SHARE = r".*\d\s*%.*|[01]?([.,]\d+(e-?\d+)?)?"

_FILE_PERIOD = {"first_day": "file_first_day", "last_day": "file_last_day"}

# English was read off files, Italian and Portuguese off the source of other readers in part; what
# is not known is read by position, so a guess here can do no harm.
TOTALS = Layout(
    "totals",
    {"en": {"Overall Performance": "measure"}},
    required=frozenset({"measure", "value"}),
    positions=("measure", "value"),
    patterns={_PERIOD: "value"},
    contents={"value": COUNT},
)

DAYS = Layout(
    "days",
    {
        "en": {"Date": "day", "Impressions": "impressions", "Engagements": "engagements"},
        "de": {"Datum": "day", "Impressions": "impressions", "Interaktionen": "engagements"},
        "es": {"Fecha": "day", "Impresiones": "impressions", "Interacciones": "engagements"},
        "it": {"Data": "day", "Impressioni": "impressions", "Interazioni": "engagements"},
        "nl": {"Datum": "day", "Weergaven": "impressions", "Interacties": "engagements"},
        "pt": {"Data": "day", "Impressões": "impressions", "Engajamentos": "engagements"},
    },
    required=frozenset({"day", "impressions", "engagements"}),
    positions=("day", "impressions", "engagements"),
    optional=True,
    contents={"impressions": COUNT, "engagements": COUNT},
)

_RANKINGS = (
    ("engaged_url", "engaged_published_on", "engagements"),
    ("shown_url", "shown_published_on", "impressions"),
)

POSTS = Layout(
    "posts",
    {
        "en": {
            "Post URL": "engaged_url",
            "Post publish date": "engaged_published_on",
            "Engagements": "engagements",
            "Post URL #2": "shown_url",
            "Post publish date #2": "shown_published_on",
            "Impressions": "impressions",
        }
    },
    required=frozenset(name for ranking in _RANKINGS for name in ranking),
    positions=(*_RANKINGS[0], "", *_RANKINGS[1]),
    contents={
        "engaged_url": LINK,
        "engagements": COUNT,
        "shown_url": LINK,
        "impressions": COUNT,
    },
)

FOLLOWERS = Layout(
    "followers",
    {
        "en": {"Date": "day", "New followers": "new_followers"},
        "es": {"Fecha": "day", "Nuevos seguidores": "new_followers"},
        "it": {"Data": "day", "Nuovi follower": "new_followers"},
        "nl": {"Datum": "day", "Nieuwe volgers": "new_followers"},
        "pt": {"Data": "day", "Novos seguidores": "new_followers"},
    },
    required=frozenset({"day", "new_followers"}),
    positions=("day", "new_followers"),
    optional=True,
    contents={"new_followers": COUNT},
)


def _groups(name: str, *sheets: str) -> Layout:
    return Layout(
        name,
        {"en": {"Top Demographics": "dimension", "Value": "value", "Percentage": "share"}},
        required=frozenset({"dimension", "value", "share"}),
        positions=("dimension", "value", "share"),
        sheets=frozenset(sheets),
        optional=True,
        contents={"share": _SHARE},
    )


AUDIENCE = _groups(
    "audience",
    "DEMOGRAPHICS",
    "AUDIENCE DEMOGRAPHICS",
    "DATI DEMOGRAFICI",
    "DEMOGRAFISCHE DATEN",
    "Dados demográficos do público",
)
VIEWERS = _groups("viewers", "CONTENT DEMOGRAPHICS", "Dados demográficos do conteúdo")

_MEASURES = {
    "impressions": "impressions|impressioni|impressões|impresiones|weergaven",
    "reach": "unique views|members reached|utenti raggiunti|usuários alcançados"
    "|membros alcançados|erreichte mitglieder|miembros alcanzados|membres touchés|bereikte leden",
    "engagements": "engagements|interazioni|engajamentos|interacciones|interaktionen|interacties",
}

_DIMENSIONS = {
    "job title": "job titles|job title|cargo|cargos|qualifiche|qualifica|jobbezeichnungen"
    "|jobbezeichnung|functietitels|functies|puestos|cargos",
    "place": "locations|location|località|localidade|localidades|standorte|standort|orte|locaties"
    "|locatie|ubicaciones|ubicación|lieux",
    "industry": "industries|industry|settori|settore|setor|setores|branchen|branche|branches"
    "|sectores|sector|secteurs",
    "seniority": "seniority|seniority level|seniority levels|anzianità|nível de experiência"
    "|karrierestufe|karrierestufen|senioriteitsniveau|senioriteit|nivel de responsabilidad"
    "|niveau hiérarchique",
    "company size": "company size|company sizes|dimensioni azienda|dimensione azienda"
    "|tamanho da empresa|unternehmensgröße|bedrijfsgrootte|tamaño de la empresa"
    "|taille de l’entreprise|taille de l'entreprise",
    "company": "companies|company|aziende|azienda|empresas|empresa|unternehmen|bedrijven|bedrijf"
    "|entreprises",
}


def _by_name(text: str, names: dict[str, str], otherwise: str) -> str:
    """SQL for the key of ``names`` under which a text stands."""
    cases = []
    for key, labels in names.items():
        listed = ", ".join(map(literal, labels.split("|")))
        cases.append(f"when lower({text}) in ({listed}) then {literal(key)}")
    return f"case {' '.join(cases)} {otherwise} end"


def _totals(payload: Payload) -> Parsed:
    """Two or more rows of label and value: one row of `account_periods`.

    Where the labels are not known, the first row is that of impressions and the second that of
    the members reached, as in every language seen.
    """
    is_foreign = payload.recognition.found[TOTALS.name].by_position
    by_row = "when row_number = 1 then 'impressions' when row_number = 2 then 'reach'"
    measure = _by_name("measure", _MEASURES, by_row if is_foreign else "")
    return Parsed(
        sheet=TOTALS.name,
        cells={"measure": Cell("measure", "text"), "value": Cell("value", "count")},
        rows=[
            Rows(
                "account_periods",
                {
                    **_FILE_PERIOD,
                    **{
                        name: f"max(case when {measure} = {literal(name)} then value end) over ()"
                        for name in _MEASURES
                    },
                },
                where="row_number > 0",
            )
        ],
        skip=[Skip(Message(N_("a figure that is not known here")), f"({measure}) is null")],
    )


def _days() -> Parsed:
    figures = ("impressions", "engagements")
    return Parsed(
        sheet=DAYS.name,
        cells={"day": Cell("day", "day"), **{name: Cell(name, "count") for name in figures}},
        rows=[
            Rows(
                "account_days",
                {"day": "day", "delivery": "'total'", **{name: name for name in figures}},
            )
        ],
        skip=[Skip(Message(N_("without a date")), "day is null")],
        period="day",
    )


def _ranking(url: str, published_on: str, figure: str) -> Parsed:
    """One of the two tables of top posts; where it is the shorter one it has empty rows.

    It can list a post without its date and figure: of that post it says nothing.
    """
    is_row = f"coalesce(url, published_on::varchar, {figure}::varchar) is not null"
    identity = post_id("url")
    return Parsed(
        sheet=POSTS.name,
        cells={
            "url": Cell(url, "text"),
            "published_on": Cell(published_on, "day"),
            figure: Cell(figure, "count"),
        },
        rows=[
            Rows(
                "posts",
                {"post_id": identity, "published_on": "published_on", "url": "url"},
                where=is_row,
            ),
            Rows(
                "post_metrics",
                {"post_id": identity, "delivery": "'total'", figure: figure},
                where=f"{figure} is not null",
            ),
        ],
        skip=[
            Skip(Message(N_("without a link to a post")), f"({is_row}) and ({identity}) is null"),
            Skip(Message(N_("without a date")), f"({is_row}) and published_on is null"),
        ],
    )


def _followers(payload: Payload) -> Parsed:
    """New followers by day; how many there are stands above the labels.

    Lost ones are not told, so the new ones of all days are not what the period won.
    """
    rows = [
        Rows("account_days", {"day": "day", "delivery": "'total'", "follows": "new_followers"}),
    ]
    stock = followers(payload.preamble[FOLLOWERS.name])
    if stock is not None:
        rows.append(Rows("account_periods", {**_FILE_PERIOD, "followers": str(stock)}))
    return Parsed(
        sheet=FOLLOWERS.name,
        cells={"day": Cell("day", "day"), "new_followers": Cell("new_followers", "count")},
        rows=rows,
        skip=[
            Skip(Message(N_("without a date")), "day is null"),
            without_figures(["new_followers"]),
        ],
        period="day",
    )


def followers(preamble: tuple[tuple[str, ...], ...]) -> int | None:
    """The number in the line above the labels: how many followers there are.

    >>> followers((("Total followers on 8/5/2024:", "1,782"), ("", "")))
    1782
    """
    for cells in preamble:
        label, *values = [cell.strip() for cell in cells if cell.strip()] or [""]
        digits = values[0] if label and len(values) == 1 else ""
        for mark in ",.'’ \u00a0\u202f":
            digits = digits.replace(mark, "")
        if digits.isdecimal():
            return int(digits)
    return None


def _group_rows(layout: Layout, prefix: str) -> Parsed:
    dimension = _by_name("dimension", _DIMENSIONS, "else lower(dimension)")
    return Parsed(
        sheet=layout.name,
        cells={
            "dimension": Cell("dimension", "text"),
            "value": Cell("value", "text"),
            "share": Cell("share", "number"),
        },
        rows=[
            Rows(
                "audience_shares",
                {
                    "dimension": f"{literal(prefix)} || ({dimension})",
                    "value": "value",
                    **_FILE_PERIOD,
                    "share": "share",
                },
            )
        ],
        skip=[Skip(Message(N_("without a group")), "dimension is null")],
    )


def parse(payload: Payload) -> Iterator[Parsed]:
    """What the sheets mean; the two tables of top posts are read one after the other."""
    if TOTALS.name in payload.fields:
        yield _totals(payload)
    if DAYS.name in payload.fields:
        yield _days()
    if POSTS.name in payload.fields:
        for ranking in _RANKINGS:
            yield _ranking(*ranking)
    if FOLLOWERS.name in payload.fields:
        yield _followers(payload)
    for layout, prefix in ((AUDIENCE, ""), (VIEWERS, "viewer ")):
        if layout.name in payload.fields:
            yield _group_rows(layout, prefix)


FORMATS = (
    Format(
        name="linkedin_creator",
        platform="linkedin",
        title=N_("LinkedIn personal (creator) analytics"),
        layouts=(TOTALS, DAYS, POSTS, FOLLOWERS, AUDIENCE, VIEWERS),
        parse=parse,
        menu="Profile > Analytics > Content > Export",
        is_personal=True,
        least=3,
    ),
)
