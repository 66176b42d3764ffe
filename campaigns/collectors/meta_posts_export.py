"""Meta Business Suite, posts of Facebook or Instagram (`Feb-01-2025_Mar-15-2025_<digits>.csv`).

One row per post with what it brought since publication: ``Date`` is then the word ``Lifetime``;
an export by day has days there, which are another accounting and left out. Which columns there
are differs by platform, by month and by account. Blanks are not zeros: Meta leaves empty what a
post of that type does not have. The time of publication has no zone.

``Views`` is what Meta shows instead of impressions since 2025; Facebook's export has a second
column of that name, which is not read. On Facebook a video view is one of three seconds. Reach
is measured for each post, as a whole and apart for what was boosted.

Sources: an exported file of Facebook; programs that read those of Instagram, and those in Dutch
and French.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Literal

from campaigns.collectors import Cell, Format, Layout, Parsed, Payload, Rows, Skip
from campaigns.errors import N_, Message

_ENGLISH = {
    "Post ID": "id",
    "Page name": "page",
    "Account username": "username",
    "Account name": "page",
    "Title": "title",
    "Description": "description",
    "Publish time": "published_at",
    "Permalink": "permalink",
    "Is share": "is_share",
    "Post type": "media_type",
    "Languages": "language",
    "Date": "date",
    "Impressions": "impressions",
    "Views": "views",
    "Views from Organic posts": "views_organic",
    "Views from Boosted posts": "views_paid",
    "Impressions from Organic posts": "views_organic",
    "Impressions from Boosted posts": "views_paid",
    "Reach": "reach",
    "Reach from Organic posts": "reach_organic",
    "Reach from Boosted posts": "reach_paid",
    "Reactions, comments and shares": "engagements",
    "Reactions": "likes",
    "Likes": "likes",
    "Likes and reactions": "likes",
    "Comments": "comments",
    "Replies": "comments",
    "Shares": "shares",
    "Saves": "saves",
    "Follows": "follows",
    "Profile visits": "profile_clicks",
    "Total clicks": "clicks",
    "Link clicks": "link_clicks",
    "3-second video views": "video_views",
    "Plays": "video_views",
    "3-second video views from Organic posts": "video_views_organic",
    "3-second video views from Boosted posts": "video_views_paid",
}

# Dutch and French labels are those that programs look for which read such exports; of no other
# language were any found. No Dutch program reads the id or the link.
_DUTCH = {
    "Publicatietijdstip": "published_at",
    "Is een gedeeld bericht": "is_share",
    "Berichttype": "media_type",
    "Weergaven": "views",
    "Bereik": "reach",
    "Bereik via Organische berichten": "reach_organic",
    "Bereik via Gepromote berichten": "reach_paid",
    "Reacties, opmerkingen en deelacties": "engagements",
    "Reacties": "likes",
    "Vind-ik-leuks": "likes",
    "Opmerkingen": "comments",
    "Deelacties": "shares",
    "Aantal keer gedeeld": "shares",
    "Aantal keer opgeslagen": "saves",
    "Volgt": "follows",
    "Totaal aantal klikken": "clicks",
    "Klikken op link": "link_clicks",
    "Videoweergaven van 3 seconden": "video_views",
    "Videoweergaven van 3 seconden van Organische berichten": "video_views_organic",
    "Videoweergaven van 3 seconden van Gepromote berichten": "video_views_paid",
}
_FRENCH = {
    "Identifiant de la publication": "id",
    "Nom de la page": "page",
    "Titre": "title",
    "Description": "description",
    "Heure de publication": "published_at",
    "Permalien": "permalink",
    "Est un partage": "is_share",
    "Type de publication": "media_type",
    "Vues": "views",
    "Vues de Publications organiques": "views_organic",
    "Vues de Publications boostées": "views_paid",
    "Couverture": "reach",
    "Couverture de Publications organiques": "reach_organic",
    "Couverture de Publications boostées": "reach_paid",
    "Réactions, commentaires et partages": "engagements",
    "Réactions": "likes",
    "Commentaires": "comments",
    "Partages": "shares",
    "Total des clics": "clicks",
    "Clics sur un lien": "link_clicks",
}

_NEEDED = frozenset({"id", "published_at", "permalink"})
_POSTS = Layout("posts", {"en": _ENGLISH}, required=_NEEDED)
_TRANSLATED = Layout(
    "posts",
    {"nl": _DUTCH, "fr": _FRENCH},
    required=_NEEDED,
    # The first column is the id of the post. Whether these are the id, the link and the date,
    # which no list of labels says, shows in their cells.
    patterns={
        r"(?!page|pagina|account|ad|adv)\w[\w '-]*\bid": "id",
        "permali[a-z]+": "permalink",
        "dat[a-z]+": "date",
    },
    contents={
        "id": r"\d+(_\d+)?",
        "permalink": r"https?://([a-z]+\.)?(facebook|instagram)\.com/.*",
    },
)

_TEXTS = (
    *("id", "page", "username", "title", "description", "permalink", "is_share"),
    *("media_type", "language", "date"),
)
_FIGURES: dict[str, dict[str, tuple[str, ...]]] = {
    "total": {
        "impressions": ("views", "impressions"),
        "reach": ("reach",),
        "engagements": ("engagements",),
        "likes": ("likes",),
        "comments": ("comments",),
        "shares": ("shares",),
        "saves": ("saves",),
        "follows": ("follows",),
        "profile_clicks": ("profile_clicks",),
        "clicks": ("clicks", "link_clicks"),
        "video_views": ("video_views",),
    },
    "organic": {
        "impressions": ("views_organic",),
        "reach": ("reach_organic",),
        "video_views": ("video_views_organic",),
    },
    "paid": {
        "impressions": ("views_paid",),
        "reach": ("reach_paid",),
        "video_views": ("video_views_paid",),
    },
}
"""Delivery, column and the fields that give it, the first that the file has."""

_STATED = "timezone('UTC', published_at)"
"""The time as it is written: read as UTC, taken back without a zone."""

_PLATFORM = (
    "case when regexp_matches(permalink, '(?i)\\binstagram\\.com/') then 'instagram' "
    "else 'facebook' end"
)
_A_DAY = Message(N_("a day of a post: export 'Lifetime' figures instead"))
_IS_DAY = "coalesce(regexp_matches(date, '\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}'), false)"
_KEY = {"platform": _PLATFORM, "post_id": "post_id"}
_OWNERS = frozenset({"username", "page"})


def _parse(payload: Payload) -> Iterable[Parsed]:
    fields = payload.fields["posts"]
    figures = {
        delivery: {
            column: next(name for name in names if name in fields)
            for column, names in columns.items()
            if fields & set(names)
        }
        for delivery, columns in _FIGURES.items()
    }
    counts = {name for columns in figures.values() for name in columns.values()}
    made = _made(payload.file_name)
    yield Parsed(
        sheet="posts",
        cells={
            **{name: Cell(name, "text") for name in _TEXTS if name in fields},
            "post_id": Cell("id", "text", pattern=r"^(\d+(?:_\d+)?)$"),
            "published_at": Cell("published_at", "moment"),
            **{name: Cell(name, "count") for name in sorted(counts)},
        },
        rows=[
            Rows("posts", _post(fields) | made),
            *(_rows(delivery, columns, made) for delivery, columns in figures.items() if columns),
        ],
        skip=[
            Skip(Message(N_("the id of the post is missing or damaged")), "post_id is null"),
            *([Skip(_A_DAY, _IS_DAY)] if "date" in fields else []),
        ],
        account=f"lower({_first(fields, 'username', 'page')})" if fields & _OWNERS else "null",
        period=f"cast({_STATED} as date)",
        notes=_notes(fields),
    )


def _first(fields: frozenset[str], *names: str) -> str:
    """SQL for the first of these fields that has a value; null where the file has none."""
    known = [name for name in names if name in fields]
    return f"coalesce({', '.join(known)})" if known else "null::varchar"


def _post(fields: frozenset[str]) -> dict[str, str]:
    """The columns of a post; title and description hold the same text, one of them cut off."""
    text = _first(fields, "title", "description")
    if {"title", "description"} <= fields:
        text = (
            "case when length(coalesce(title, '')) >= length(coalesce(description, '')) "
            "then title else description end"
        )
    return {
        **_KEY,
        "published_at": f"timezone(current_setting('TimeZone'), {_STATED})",
        "published_on": f"cast({_STATED} as date)",
        "text": text,
        "url": "permalink",
        "media_type": _first(fields, "media_type"),
        "language": _first(fields, "language"),
        "is_reply": "false",
        "is_repost": f"{_first(fields, 'is_share')} = '1'",
    }


def _rows(delivery: str, columns: Mapping[str, str], made: Mapping[str, str]) -> Rows:
    """Rows of one delivery, where any of its figures is reported."""
    where = " or ".join(f"{cell} is not null" for cell in columns.values())
    return Rows("post_metrics", {**_KEY, "delivery": f"'{delivery}'", **columns, **made}, where)


def _made(file_name: str) -> dict[str, str]:
    """The end of the period in the name of the file, when its figures were true."""
    days = re.findall(r"_([A-Z][a-z]{2}-\d\d-\d{4})(?!\d)", file_name)
    try:
        day = dt.datetime.strptime(days[-1], "%b-%d-%Y").date() if days else None  # noqa: DTZ007
    except ValueError:
        day = None
    return {"collected_at": f"timestamptz '{day} 23:59:59+00'"} if day else {}


def _notes(fields: frozenset[str]) -> list[Message]:
    notes = [
        Message(N_("Meta does not say in which time zone its times are: they count as yours."))
    ]
    if "views" in fields:
        notes.append(Message(N_("What Meta calls views counts as impressions.")))
    if "engagements" in fields:
        notes.append(Message(N_("Meta's interactions are reactions, comments and shares only.")))
    return notes


def _format(name: str, layout: Layout, date_order: Literal["mdy"] | None) -> Format:
    return Format(
        name=name,
        platform="facebook",
        title=N_("Meta Business Suite posts"),
        layouts=(layout,),
        parse=_parse,
        menu="business.facebook.com > Insights > Content > Export data > Posts, Lifetime",
        date_order=date_order,
    )


# In English the month is first; the French file that was described has it first too, but whether
# every language has, nobody says: then the file's own dates decide.
FORMATS = (
    _format("meta_posts", _POSTS, "mdy"),
    _format("meta_posts_translated", _TRANSLATED, None),
)
