"""X's exports with posts: analytics.twitter.com by post and by day, and today's content export.

Sources: headers of exported files and of programs that read them, in English, Japanese and
Portuguese; other languages have the same columns in the same order. The labels of 2014 and 2015
(``favorites``, ``embedded media clicks``, ``video views``) belong to the same export.

The figures of analytics.twitter.com without ``promoted`` are organic; those with it are paid, and
``-`` there means that the post was not promoted. The content export knows totals only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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
from campaigns.errors import N_, Message

_EARLIER_MEASURES = (
    "impressions engagements engagement_rate shares comments likes profile_clicks clicks "
    "hashtag_clicks detail_expands permalink_clicks app_opens app_installs follows email_shares "
    "phone_dials media_views media_engagements"
)
"""The 18 columns that come once plain and once promoted, by their place in our tables."""

_ENGLISH = (
    "impressions|engagements|engagement rate|retweets|replies|likes|user profile clicks|url clicks|"
    "hashtag clicks|detail expands|permalink clicks|app opens|app installs|follows|email tweet|"
    "dial phone|media views|media engagements"
)
_JAPANESE = (
    "インプレッション|エンゲージメント|エンゲージメント率|リツイート|返信|いいね|"
    "ユーザープロフィールクリック|URLクリック数|ハッシュタグクリック|詳細クリック|"
    "固定リンクのクリック数|アプリ表示|アプリインストール|フォローしている|ツイートをメール送信|"
    "ダイアル式電話|メディアの再生数|メディアのエンゲージメント数"
)
_PORTUGUESE = (
    "impressões|engajamentos|taxa de engajamento|retweets|respostas|favoritos|"
    "cliques no perfil do usuário:|cliques no URL|cliques em hashtags:|expansões de detalhes:|"
    "cliques no link permanente|aberturas de aplicativos|instalações de aplicativo:|seguiram|"
    "Tweet enviado por e-mail|número de telefone discado|visualizações da mídia|"
    "engajamentos com mídia"
)


def _labels(fields: str, labels: str) -> dict[str, str]:
    return dict(zip(labels.split("|"), fields.split(), strict=True))


def _twice(fields: str, labels: str, promoted: str) -> dict[str, str]:
    """The labels of the plain columns and of the promoted ones: ``promoted`` shapes a label."""
    plain = _labels(fields, labels)
    return plain | {promoted.format(label): f"promoted_{plain[label]}" for label in plain}


_EARLIER_LABELS = {
    "en": _twice(_EARLIER_MEASURES, _ENGLISH, "promoted {}")
    | _twice(
        "likes media_engagements video_views",
        "favorites|embedded media clicks|video views",
        "promoted {}",
    ),
    "ja": _twice(_EARLIER_MEASURES, _JAPANESE, "プロモの{}"),
    "pt": _twice(_EARLIER_MEASURES, _PORTUGUESE, "{} promovido(a)(s)"),
}
_EARLIER_ORDER = (
    *_EARLIER_MEASURES.split(),
    *(f"promoted_{measure}" for measure in _EARLIER_MEASURES.split()),
)
_STORED = (*(m for m in _EARLIER_MEASURES.split() if m != "engagement_rate"), "video_views")
"""What is kept: a rate is computed from its parts when it is shown, never stored."""

_POST_FIELDS = "id link text published_at"
_POSTS = Layout(
    name="posts",
    labels={
        "en": _labels(_POST_FIELDS, "Tweet id|Tweet permalink|Tweet text|time")
        | _EARLIER_LABELS["en"],
        "ja": _labels(_POST_FIELDS, "ツイートID|ツイートの固定リンク|ツイート本文|時間")
        | _EARLIER_LABELS["ja"],
        "pt": _labels(_POST_FIELDS, "id do Tweet|link permanente do Tweet|texto do Tweet|horário")
        | _EARLIER_LABELS["pt"],
    },
    required=frozenset({"id", "published_at", "impressions"}),
    positions=(*_POST_FIELDS.split(), *_EARLIER_ORDER),
)

_DAYS = Layout(
    name="days",
    labels={
        "en": _labels("day posts_published", "Date|Tweets published") | _EARLIER_LABELS["en"],
        "ja": _labels("day posts_published", "日付|Tweets published") | _EARLIER_LABELS["ja"],
    },
    required=frozenset({"day", "posts_published", "impressions"}),
    positions=("day", "posts_published", *_EARLIER_ORDER),
)

_CONTENT_FIELDS = (
    "id published_on text link impressions likes engagements saves share_actions follows "
    "comments shares profile_clicks detail_expands clicks hashtag_clicks permalink_clicks"
)
_CONTENT = Layout(
    name="content",
    labels={
        "en": _labels(
            _CONTENT_FIELDS,
            "Post id|Date|Post text|Post Link|Impressions|Likes|Engagements|Bookmarks|Shares|"
            "New follows|Replies|Reposts|Profile visits|Detail Expands|URL Clicks|Hashtag Clicks|"
            "Permalink Clicks",
        )
        | {"Link": "link", "Share": "share_actions"},
        "ja": _labels(
            _CONTENT_FIELDS,
            "ポストID|日付|ポスト本文|ポストのリンク|インプレッション数|いいね|エンゲージメント|"
            "ブックマーク|共有された回数|新しいフォロー|返信|リポスト|プロフィールへのアクセス数|"
            "詳細のクリック数|URLのクリック数|ハッシュタグのクリック数|パーマリンクのクリック数",
        )
        | {"共有された回数\\": "share_actions"},
        "pt": _labels(
            _CONTENT_FIELDS,
            "ID|Data|Texto do post|Postar link|Impressões|Curtidas|Engajamentos|Itens salvos|"
            "Compartilhamentos|Novos seguidores|Respostas|Reposts|Visitas ao perfil|"
            "Expansões de detalhes|Cliques de URL|Cliques de hashtag|Cliques de link permanente",
        ),
    },
    # the text is asked for because other platforms also call a column "Post ID"
    required=frozenset({"id", "published_on", "text", "impressions"}),
    positions=tuple(_CONTENT_FIELDS.split()),
)

# --- what posts have in common ---------------------------------------------------------------

_ADDRESS = r"(?i)\b(?:twitter|x)\.com/"

_IDS = {
    # /<account>/status/<id>, also /i/web/status/<id>?s=20; a ghost row has 'undefined' there
    "link_id": Cell("link", "text", pattern=_ADDRESS + r"@?\w+/(?:web/)?status(?:es)?/([0-9]+)"),
    "own_id": Cell("id", "text", pattern=r"^([0-9]+)$"),  # not 1.47689E+18
    "handle": Cell("link", "text", pattern=_ADDRESS + r"@?(\w+)/status"),
}
_UNROUNDED_ID = (
    "case when length(own_id) < 18 or substr(own_id, 16) <> repeat('0', length(own_id) - 15) "
    "then own_id end"
)
"""An id that no spreadsheet touched: those keep 15 digits and write zeros for the rest."""

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "''"), ("&amp;", "&"))
"""What stands for what in texts. The ampersand comes last: somebody's own "&lt;" is "&amp;lt;"."""

_GHOST = Message(N_("X added a row without a post (its link ends in 'undefined')"))
_NO_ID = Message(
    N_("the id of the post is missing or rounded by a spreadsheet program, and no link has it")
)


def _plain(text: str) -> str:
    """SQL for a text without HTML entities."""
    plain = text
    for entity, character in _ENTITIES:
        plain = f"replace({plain}, '{entity}', '{character}')"
    return f"case when contains({text}, '&') then {plain} else {text} end"


def _post_id(payload: Payload, sheet: str) -> str:
    """The id: of the link if it has one, for a link is never rounded.

    A table that was only recognised by its columns must have links to posts on X.
    """
    is_sure = not payload.recognition.found[sheet].by_position
    return f"coalesce(link_id, {_UNROUNDED_ID})" if is_sure else "link_id"


def _account(payload: Payload, sheet: str) -> str:
    """The account in the link; ``/i/web/status/…`` names none: then that of all other rows."""
    if not payload.has(sheet, "link"):
        return "null"
    own = "lower(nullif(handle, 'i'))"
    return (
        f"coalesce({own}, case when min({own}) over () = max({own}) over () "
        f"then min({own}) over () end)"
    )


def _skips(payload: Payload, sheet: str, day: str) -> list[Skip]:
    no_day = Message(N_("nothing usable in '{column}'"), {"column": _label(payload, sheet, day)})
    return [
        Skip(_GHOST, "link like '%/undefined'"),
        Skip(_NO_ID, f"{_post_id(payload, sheet)} is null"),
        Skip(no_day, f"{day} is null"),
    ]


def _label(payload: Payload, sheet: str, field: str) -> str:
    found = payload.recognition.found[sheet]
    return found.sheet.head[found.header_row][found.columns[field]]


def _formats(payload: Payload, sheet: str, field: str, *formats: str) -> tuple[str, ...]:
    """The formats in which X writes dates; none if the file shows others, as 23-12-2016.

    Without formats, what all rows show decides between day-month and month-day.
    """
    found = payload.recognition.found[sheet]
    at = found.columns[field]
    dates = (row[at].strip() for row in found.sheet.head[found.header_row + 1 :] if at < len(row))
    return () if any(re.match(r"\d{1,2}[-/.]", date) for date in dates) else formats


def _post(payload: Payload, sheet: str) -> dict[str, str]:
    """The columns of `posts` that both generations fill alike."""
    columns = {"post_id": _post_id(payload, sheet)}
    if payload.has(sheet, "link"):
        columns["url"] = "regexp_replace(link, '[?#].*$', '')"
    if payload.has(sheet, "text"):
        # a post without text (only an image) answers and repeats nobody: false, not unknown
        columns |= {
            "text": _plain("text"),
            "is_reply": "coalesce(starts_with(text, '@'), false)",
            "is_repost": "coalesce(starts_with(text, 'RT @'), false)",
        }
    return columns


def _known(payload: Payload, sheet: str, names: Iterable[str], prefix: str = "") -> dict[str, str]:
    """The measures that the file has: column of the table to name of the cell."""
    return {name: prefix + name for name in names if payload.has(sheet, prefix + name)}


def _figures(
    table: str, delivery: str, key: dict[str, str], measures: dict[str, str]
) -> list[Rows]:
    """Rows with figures of one delivery, where at least one figure is reported."""
    if not measures:
        return []
    where = " or ".join(f"{cell} is not null" for cell in measures.values())
    return [Rows(table, {**key, "delivery": f"'{delivery}'", **measures}, where)]


def _counts(*measures: dict[str, str]) -> dict[str, Cell]:
    return {name: Cell(name, "count") for known in measures for name in known.values()}


# --- the three exports -----------------------------------------------------------------------


def _parse_posts(payload: Payload) -> Iterable[Parsed]:
    """Posts with their moment, organic figures, and paid figures where a post was promoted."""
    organic = _known(payload, "posts", _STORED)
    paid = _known(payload, "posts", _STORED, "promoted_")
    key = {"post_id": _post_id(payload, "posts")}
    written = ("%Y-%m-%d %H:%M %z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")
    moment = Cell("published_at", "moment", _formats(payload, "posts", "published_at", *written))
    day = "cast(published_at as date)"  # the session speaks the store's time zone: its day
    post = {**_post(payload, "posts"), "published_at": "published_at", "published_on": day}
    yield Parsed(
        sheet="posts",
        cells={
            **_IDS,
            "link": Cell("link", "text"),
            "text": Cell("text", "text"),
            "published_at": moment,
            **_counts(organic, paid),
        },
        rows=[
            Rows("posts", post),
            *_figures("post_metrics", "organic", key, organic),
            *_figures("post_metrics", "paid", key, paid),
        ],
        skip=_skips(payload, "posts", "published_at"),
        account=_account(payload, "posts"),
        period=day,
    )


def _parse_days(payload: Payload) -> Iterable[Parsed]:
    """Days of the account: views on that day of any post, so never the sum of its posts."""
    organic = _known(payload, "days", ("posts_published", *_STORED))
    paid = _known(payload, "days", _STORED, "promoted_")
    yield Parsed(
        sheet="days",
        cells={"day": Cell("day", "day"), **_counts(organic, paid)},
        rows=[
            *_figures("account_days", "organic", {"day": "day"}, organic),
            *_figures("account_days", "paid", {"day": "day"}, paid),
        ],
        skip=[without_figures([*organic.values(), *paid.values()])],
        period="day",
        notes=[Message(N_("The days are X's own; they are not moved to your time zone."))],
    )


def _parse_content(payload: Payload) -> Iterable[Parsed]:
    """Posts with the day of publication and total figures."""
    total = _known(payload, "content", _CONTENT_FIELDS.split()[4:])
    written = ("%a %b %d %Y", "%a, %b %d, %Y", "%b %d, %Y", "%Y-%m-%d")
    day = Cell("published_on", "day", _formats(payload, "content", "published_on", *written))
    yield Parsed(
        sheet="content",
        cells={
            **_IDS,
            "link": Cell("link", "text"),
            "text": Cell("text", "text"),
            "published_on": day,
            **_counts(total),
        },
        rows=[
            Rows("posts", {**_post(payload, "content"), "published_on": "published_on"}),
            *_figures("post_metrics", "total", {"post_id": _post_id(payload, "content")}, total),
        ],
        skip=_skips(payload, "content", "published_on"),
        account=_account(payload, "content"),
        period="published_on",
        notes=[Message(N_("X gives the day of these posts, not the time."))],
    )


_ACCOUNT_IN_NAME = r".*tweet_activity_metrics_(?P<account>[A-Za-z0-9_]+)_\d{8}_\d{8}(?:_.*|\..*|)"

FORMATS = (
    Format(
        name="x_posts_legacy",
        platform="x",
        title=N_("X analytics by post (analytics.twitter.com)"),
        layouts=(_POSTS,),
        parse=_parse_posts,
        menu="analytics.twitter.com > Tweets > Export data > By Tweet",
        account_in_name=_ACCOUNT_IN_NAME,
    ),
    Format(
        name="x_days_legacy",
        platform="x",
        title=N_("X analytics by day (analytics.twitter.com)"),
        layouts=(_DAYS,),
        parse=_parse_days,
        menu="analytics.twitter.com > Tweets > Export data > By day",
        account_in_name=_ACCOUNT_IN_NAME,
    ),
    Format(
        name="x_content",
        platform="x",
        title=N_("X content export"),
        layouts=(_CONTENT,),
        parse=_parse_content,
        menu="x.com > Premium > Analytics > Content > Download",
    ),
)
