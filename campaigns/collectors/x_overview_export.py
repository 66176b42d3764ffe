"""X's account overview (``account_overview_analytics.csv``): one row per day, usually newest first.

The figures are totals of the account's day, whatever post they fell on: another accounting than
that of the posts, never checked against it. Days are UTC days. X writes 0 also for what it does
not count, so a 0 cannot be told from "not reported". The last day of a download is unfinished and
a later download revises it; overlapping downloads give the union of their days. The file does not
name its account.

Sources: X's own web client (columns, days; ``Date`` is English in every language), exported files
in English, a program that reads Japanese ones, a description of a Portuguese one.
"""

from __future__ import annotations

from collections.abc import Iterable

from campaigns.collectors import Cell, Format, Layout, Parsed, Payload, Rows
from campaigns.errors import N_, Message

_FIELDS = (
    "day impressions likes engagements saves share_actions follows unfollows comments shares "
    "profile_clicks posts_published video_views media_views"
)


def _labels(labels: str) -> dict[str, str]:
    return dict(zip(labels.split("|"), _FIELDS.split(), strict=True))


_OVERVIEW = Layout(
    name="overview",
    labels={
        "en": _labels(
            "Date|Impressions|Likes|Engagements|Bookmarks|Shares|New follows|Unfollows|Replies|"
            "Reposts|Profile visits|Create Post|Video views|Media views"
        )
        | {"Share": "share_actions", "URL Clicks": "clicks"},
        "ja": _labels(
            "日付|インプレッション数|いいね|エンゲージメント|ブックマーク|共有された回数|"
            "新しいフォロー|フォロー解除|返信|リポスト|プロフィールへのアクセス数|ポストを作成|"
            "動画再生数|メディアの再生数"
        )
        | {"Date": "day", "共有された回数\\": "share_actions"},
        "pt": _labels(
            "Data|Impressões|Curtidas|Engajamentos|Itens salvos|Compartilhamentos|"
            "Novos seguidores|Deixar de seguir|Respostas|Reposts|Visitas ao perfil|Criar post|"
            "Visualizações de vídeo|Visualizações de mídia"
        ),
    },
    # followers lost are what no other export of X by day has; no reading by position: a table
    # of 14 columns can be anything
    required=frozenset({"day", "impressions", "unfollows"}),
)


def _parse(payload: Payload) -> Iterable[Parsed]:
    names = [*_FIELDS.split()[1:], "clicks"]
    measures = {name: name for name in names if payload.has("overview", name)}
    yield Parsed(
        sheet="overview",
        cells={"day": Cell("day", "day")} | {name: Cell(name, "count") for name in measures},
        rows=[Rows("account_days", {"day": "day", "delivery": "'total'", **measures})],
        period="day",
        notes=[Message(N_("The days are UTC days, as X states them."))],
    )


FORMATS = (
    Format(
        name="x_overview",
        platform="x",
        title=N_("X account overview"),
        layouts=(_OVERVIEW,),
        parse=_parse,
        menu="x.com > Premium > Analytics > Overview > Download",
    ),
)
