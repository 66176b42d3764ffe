"""LinkedIn Page, "Content" export: the page by day, and its posts (`.xls`, `.xlsx`).

Source: LinkedIn Page > Analytics > Content > Export. Two sheets: `Metrics`, one row a day, and
`All posts`, one row a post and delivery. Days and dates are those of UTC.

A boosted post stands there three times with one link: organic, sponsored and their total. Each
row becomes one row of `post_metrics` and all together one row of `posts`; they are never added.
What the sheets sum to differs: the first counts what happened in the period, the second what
the posts of the period brought since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from campaigns.collectors import (
    Cell,
    Format,
    Kind,
    Layout,
    Parsed,
    Payload,
    Rows,
    Skip,
    without_figures,
)
from campaigns.collectors._linkedin import post_id
from campaigns.errors import N_, Message

DELIVERIES = ("organic", "paid", "total")

DAY_FIELDS = (
    "day",
    "impressions_organic",
    "impressions_paid",
    "impressions_total",
    "reach_organic",
    "clicks_organic",
    "clicks_paid",
    "clicks_total",
    "likes_organic",
    "likes_paid",
    "likes_total",
    "comments_organic",
    "comments_paid",
    "comments_total",
    "shares_organic",
    "shares_paid",
    "shares_total",
    "rate_organic",
    "rate_paid",
    "rate_total",
)

POST_FIELDS = (
    "text",
    "url",
    "post_type",
    "ad_campaign",
    "author",
    "published_on",
    "ad_first_day",
    "ad_last_day",
    "audience",
    "impressions",
    "video_views",
    "offsite_video_views",
    "clicks",
    "click_rate",
    "likes",
    "comments",
    "shares",
    "follows",
    "engagement_rate",
    "media_type",
)


def _by_position(fields: tuple[str, ...], labels: str) -> dict[str, str]:
    return dict(zip(labels.split("|"), fields, strict=True))


# The labels below stand in the order of the columns. English was read off files; Spanish and
# Portuguese off the source of other readers; Dutch off such sources in part. Where a label that
# matters is not known the columns are taken by position, so a guess here can do no harm.
_DAY_LABELS = {
    "en": "Date|Impressions (organic)|Impressions (sponsored)|Impressions (total)"
    "|Unique impressions (organic)|Clicks (organic)|Clicks (sponsored)|Clicks (total)"
    "|Reactions (organic)|Reactions (sponsored)|Reactions (total)"
    "|Comments (organic)|Comments (sponsored)|Comments (total)"
    "|Reposts (organic)|Reposts (sponsored)|Reposts (total)"
    "|Engagement rate (organic)|Engagement rate (sponsored)|Engagement rate (total)",
    "es": "Fecha|Impresiones (orgánicas)|Impresiones (patrocinadas)|Impresiones totales"
    "|Impresiones únicas (orgánicas)|Clics (orgánicos)|Clics (patrocinados)|Clics (Totales)"
    "|Reacciones (generales)|Reacciones (patrocinadas)|Reacciones (total)"
    "|Comentarios (orgánicos)|Comentarios (patrocinados)|Comentarios (totales)"
    "|Veces compartido (orgánico)|Veces compartido (patrocinado)|Veces compartido (total)"
    "|Tasa de interacción (orgánica)|Tasa de interacción (patrocinada)"
    "|Tasa de interacción (total)",
    "nl": "Datum|Weergaven (spontaan)|Weergaven (gesponsord)|Weergaven (totaal)"
    "|Unieke weergaven (spontaan)|Klikken (spontaan)|Klikken (gesponsord)|Klikken (totaal)"
    "|Reacties (spontaan)|Reacties (gesponsord)|Reacties (totaal)"
    "|Commentaren (spontaan)|Commentaren (gesponsord)|Commentaren (totaal)"
    "|Reposts (spontaan)|Reposts (gesponsord)|Reposts (totaal)"
    "|Interactiepercentage (spontaan)|Interactiepercentage (gesponsord)"
    "|Interactiepercentage (totaal)",
    "pt": "Data|Impressões (orgânicas)|Impressões (patrocinadas)|Impressões (total)"
    "|Impressões únicas (orgânicas)|Cliques (orgânicos)|Cliques (patrocinados)|Cliques (total)"
    "|Reações (orgânicas)|Reações (patrocinadas)|Reações (total)"
    "|Comentários (orgânicos)|Comentários (patrocinados)|Comentários (total)"
    "|Compartilhamentos (orgânicos)|Compartilhamentos (patrocinados)|Compartilhamentos (total)"
    "|Taxa de engajamento (orgânico)|Taxa de engajamento (patrocinado)"
    "|Taxa de engajamento (total)",
}

_POST_LABELS = {
    "en": "Post title|Post link|Post type|Campaign name|Posted by|Created date"
    "|Campaign start date|Campaign end date|Audience|Impressions|Views|Offsite Views|Clicks"
    "|Click through rate (CTR)|Likes|Comments|Reposts|Follows|Engagement rate|Content Type",
    "es": "Título de la publicación|Enlace de la publicación|Tipo de publicación"
    "|Nombre de la campaña|Anunciado por|Fecha de creación|Fecha de inicio de campaña"
    "|Fecha de finalización de campaña|Público|Impresiones|Visualizaciones"
    "|Visualizaciones fuera del sitio|Clics|Porcentaje de clics|Recomendaciones|Comentarios"
    "|Veces compartido|Seguidores|Tasa de interacción|Tipo de contenido",
    "nl": "Titel van bijdrage|Link naar bijdrage|Type bijdrage|Campagnenaam|Geplaatst door"
    "|Aanmaakdatum|Begindatum campagne|Einddatum campagne|Doelgroep|Weergaven|Weergaven #2"
    "|Weergaven buiten de site|Klikken|Doorklikfrequentie (CTR)|Interessant|Commentaren"
    "|Reposts|Gevolgd|Interactiepercentage|Type content",
    "pt": "Título da publicação|Link da publicação|Tipo de publicação|Nome da campanha"
    "|Publicada por|Criação|Data de início da campanha|Data de término da campanha|Público"
    "|Impressões|Visualizações|Visualizações fora do site|Cliques|Taxa de cliques (CTR)"
    "|Gostaram|Comentários|Compartilhamentos|Seguidores|Taxa de engajamento|Tipo de conteúdo",
}

# Other labels of the same columns: older exports, and wordings seen once.
_OTHER_DAY_LABELS = {
    "en": {
        "Shares (organic)": "shares_organic",
        "Shares (sponsored)": "shares_paid",
        "Shares (total)": "shares_total",
    },
    "es": {
        "Impresiones (totales)": "impressions_total",
        "Impresiones (total)": "impressions_total",
    },
    "nl": {
        f"{label} (organisch)": f"{field}_organic"
        for label, field in (
            ("Weergaven", "impressions"),
            ("Unieke weergaven", "reach"),
            ("Klikken", "clicks"),
            ("Reacties", "likes"),
            ("Commentaren", "comments"),
            ("Reposts", "shares"),
            ("Interactiepercentage", "rate"),
        )
    },
}
_OTHER_POST_LABELS = {
    "en": {
        "Views (Excluding offsite video views)": "video_views",
        "Update title": "text",
        "Update link": "url",
        "Update type": "post_type",
        "Shares": "shares",
        "Reactions": "likes",
    },
    "nl": {
        "Titel": "text",
        "Link": "url",
        "Soort": "post_type",
        "Soort bijdrage": "post_type",
        "Campagne": "ad_campaign",
        "Aangemaakt": "published_on",
        "Aangemaakt op": "published_on",
        "Gemaakt op": "published_on",
        "Datum aangemaakt": "published_on",
        "Volgers": "follows",
        "Contenttype": "media_type",
        "Soort content": "media_type",
    },
}


def _day_labels() -> dict[str, dict[str, str]]:
    return {
        language: _by_position(DAY_FIELDS, labels) | _OTHER_DAY_LABELS.get(language, {})
        for language, labels in _DAY_LABELS.items()
    }


def _post_labels() -> dict[str, dict[str, str]]:
    return {
        language: _by_position(POST_FIELDS, labels) | _OTHER_POST_LABELS.get(language, {})
        for language, labels in _POST_LABELS.items()
    }


DAYS = Layout(
    "days",
    _day_labels(),
    required=frozenset(
        {"day", "impressions_organic", "impressions_paid", "impressions_total"}
        | {f"{name}_total" for name in ("clicks", "likes", "comments", "shares")}
    ),
    positions=DAY_FIELDS,
    sheets=frozenset({"Metrics", "Indicadores", "Statistieken", "Métricas"}),
)

POSTS = Layout(
    "posts",
    _post_labels(),
    required=frozenset(
        {"url", "published_on", "impressions", "clicks", "likes", "comments", "shares"}
    ),
    positions=POST_FIELDS,
    sheets=frozenset(
        {"All posts", "Todas las publicaciones", "Alle bijdragen", "Todas as publicações"}
    ),
)

_KINDS: dict[str, Kind] = {
    "day": "day",
    "published_on": "day",
    "ad_first_day": "day",
    "ad_last_day": "day",
    **dict.fromkeys(
        ("text", "url", "post_type", "ad_campaign", "author", "audience", "media_type"), "text"
    ),
}

_POST_FIGURES: tuple[str, ...] = (
    "impressions",
    "clicks",
    "likes",
    "comments",
    "shares",
    "follows",
    "video_views",
    "offsite_video_views",
)

# The first letters of what LinkedIn calls the three kinds of rows, without accents.
_ORGANIC = "^(organ|sponta|general)"
_PAID = "^(sponsor|gespons|patrocin|betaald|paid|bezahlt|pag)"
_TOTAL = "^(tota|gesamt|insgesamt)"


def _cells(payload: Payload, layout: Layout) -> dict[str, Cell]:
    """A cell for every field that the sheet has; rates are left out: they can be computed."""
    return {
        name: Cell(name, _KINDS.get(name, "count"))
        for name in layout.positions
        if payload.has(layout.name, name) and "rate" not in name
    }


def _days(payload: Payload) -> Parsed:
    """The sheet of days: three rows of `account_days` from each of its rows."""
    cells = _cells(payload, DAYS)
    return Parsed(
        sheet=DAYS.name,
        cells=cells,
        rows=[_day_rows(delivery, frozenset(cells)) for delivery in DELIVERIES],
        skip=[
            Skip(Message(N_("without a date")), "day is null"),
            without_figures([name for name in cells if name != "day"]),
        ],
        period="day",
        notes=[Message(N_("The days are those of UTC; they are not moved to your time zone."))],
    )


def _day_rows(delivery: str, known: frozenset[str]) -> Rows:
    """The rows of one delivery; engagements only where all four of its parts are known."""
    figures = {
        name: f"{name}_{delivery}"
        for name in ("impressions", "reach", "clicks", "likes", "comments", "shares")
        if f"{name}_{delivery}" in known
    }
    reported = ", ".join(figures.values())
    parts = [f"{name}_{delivery}" for name in ("clicks", "likes", "comments", "shares")]
    if known.issuperset(parts):
        figures["engagements"] = " + ".join(parts)
    return Rows(
        table="account_days",
        columns={"day": "day", "delivery": f"'{delivery}'", **figures},
        where=f"coalesce({reported}) is not null" if reported else "false",
    )


def _posts(payload: Payload) -> Parsed:
    """The sheet of posts: one row of `posts` a link, one of `post_metrics` a link and delivery."""
    cells = _cells(payload, POSTS)

    def given(name: str) -> str:
        return name if name in cells else "null::varchar"

    delivery = _delivery(given("post_type"))
    figures = {name: name for name in _POST_FIGURES if name in cells}
    if {"clicks", "likes", "comments", "shares"} <= cells.keys():
        # Follows are empty where LinkedIn does not report them: the four others are the sum then.
        parts = "clicks + likes + comments + shares"
        figures["engagements"] = (
            f"{parts} + coalesce({'follows' if 'follows' in cells else 'null'}, 0)"
        )
    return Parsed(
        sheet=POSTS.name,
        cells=cells,
        rows=[
            Rows("posts", _post_columns(given)),
            Rows("post_metrics", {"post_id": _POST_ID, "delivery": delivery, **figures}),
        ],
        skip=[
            Skip(Message(N_("without a date")), "published_on is null"),
            Skip(Message(N_("without a link to a post")), f"{_POST_ID} is null"),
            Skip(Message(N_("neither organic, sponsored nor total")), f"{delivery} is null"),
        ],
        period="published_on",
        notes=[Message(N_("The days are those of UTC; they are not moved to your time zone."))],
    )


_POST_ID = post_id("url")
_WHOLE_POST = f"(partition by {_POST_ID})"


def _post_columns(given: Callable[[str], str]) -> dict[str, str]:
    """The post itself. Its three rows are alike but for the campaign, which all are given."""
    return {
        "post_id": _POST_ID,
        "published_on": "published_on",
        "text": f"replace({given('text')}, chr(160), ' ')",
        "url": "url",
        **{name: given(name) for name in ("media_type", "audience", "author")},
        "ad_campaign": f"max({given('ad_campaign')}) over {_WHOLE_POST}",
    }


def _delivery(post_type: str) -> str:
    """The delivery of a row; a link that stands there once was never boosted and is organic."""
    kind = f"strip_accents(lower({post_type}))"
    return (
        f"case when regexp_matches({kind}, '{_ORGANIC}') then 'organic' "
        f"when regexp_matches({kind}, '{_PAID}') then 'paid' "
        f"when regexp_matches({kind}, '{_TOTAL}') then 'total' "
        f"when count(*) over {_WHOLE_POST} = 1 then 'organic' end"
    )


def parse(payload: Payload) -> Iterator[Parsed]:
    """What the sheets of a content export mean; a file may have only one of the two."""
    if DAYS.name in payload.fields:
        yield _days(payload)
    if POSTS.name in payload.fields:
        yield _posts(payload)


FORMATS = (
    Format(
        name="linkedin_page_content",
        platform="linkedin",
        title=N_("LinkedIn Page content export"),
        layouts=(DAYS, POSTS),
        parse=parse,
        menu="LinkedIn Page > Analytics > Content > Export",
        account_in_name=r"(?:.*[/\\!])?(?P<account>[^/\\!]+?)_content_\d+.*",
        date_order="mdy",
    ),
)
