"""X's exports as X writes them: the older by post, the content export, the account overview."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

import pandas as pd

from campaigns.simulate.downloads import Download
from campaigns.simulate.posts import records

_LEGACY = {
    "impressions": "impressions", "engagements": "engagements", "engagement rate": "",
    "retweets": "shares", "replies": "comments", "likes": "likes",
    "user profile clicks": "profile_clicks", "url clicks": "clicks",
    "hashtag clicks": "hashtag_clicks", "detail expands": "detail_expands",
    "permalink clicks": "permalink_clicks", "app opens": "", "app installs": "",
    "follows": "follows", "email tweet": "", "dial phone": "", "media views": "media_views",
    "media engagements": "media_engagements",
}  # fmt: skip
_CONTENT = (
    "impressions", "likes", "engagements", "saves", "share_actions", "follows", "comments",
    "shares", "profile_clicks", "detail_expands", "clicks", "hashtag_clicks", "permalink_clicks",
)  # fmt: skip
_CONTENT_A = (
    "Post id,Date,Post text,Link,Impressions,Likes,Engagements,Bookmarks,Share,New follows,"
    "Replies,Reposts,Profile visits,Detail expands,Url clicks,Hashtag clicks,Permalink clicks"
)
_CONTENT_B = (
    "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,"
    "Replies,Reposts,Profile visits,Detail Expands,URL Clicks,Hashtag Clicks,Permalink Clicks"
)
_OVERVIEW = (
    "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,"
    "Profile visits,Create Post,Video views,Media views"
)
_OVERVIEW_FIELDS = (
    "impressions", "likes", "engagements", "saves", "share_actions", "follows", "unfollows",
    "comments", "shares", "profile_clicks", "posts_published", "video_views", "media_views",
)  # fmt: skip


def legacy(download: Download, posts: pd.DataFrame, figures: pd.DataFrame) -> tuple[str, bytes]:
    """The older export by post; damaged by Excel where the download says so."""
    organic, paid = (
        {row["post_id"]: row for row in records(figures[figures.delivery == delivery])}
        for delivery in ("organic", "paid")
    )
    is_excel = download.quirk == "excel"
    about = posts[posts.post_id.isin(organic)].sort_values("published_at", ascending=False)
    rows: list[list[str]] = []
    for post in records(about):
        key = post["post_id"]
        link = f"https://twitter.com/{download.account_id}/status/{key}"
        shown = f"{int(key):.5E}" if is_excel else key
        moment = f"{post['published_at']:%Y-%m-%d %H:%M} +0000"
        rows.append(
            [shown, link, html.escape(post["text"], quote=False), moment,
             *_legacy_cells(organic[key], is_excel), *_legacy_cells(paid.get(key), is_excel)]
        )  # fmt: skip
    header = ["Tweet id", "Tweet permalink", "Tweet text", "time", *_LEGACY]
    header += [f"promoted {label}" for label in _LEGACY]
    after = date.fromordinal(download.last_day.toordinal() + 1)
    days = f"{download.first_day:%Y%m%d}_{after:%Y%m%d}"
    name = f"x/tweet_activity_metrics_{download.account_id}_{days}_en.csv"
    if is_excel:
        return name.replace("_en.csv", "_en - kopie.csv"), _csv(header, rows, end="\r\n")
    return name, _csv(header, rows, quoting=csv.QUOTE_ALL)


def _legacy_cells(figures: dict[str, float] | None, is_excel: bool) -> Iterator[str]:
    """The 18 figures of one delivery: floats as text at first, then whole numbers."""
    for position, (label, measure) in enumerate(_LEGACY.items()):
        if figures is None:
            yield "-"
        elif label == "engagement rate":
            yield _java(figures["engagements"] / max(figures["impressions"], 1))
        elif position < 11 and not is_excel:
            yield repr(float(figures[measure])) if measure else "0.0"
        else:
            yield str(int(figures[measure])) if measure else "0"


def _java(value: float) -> str:
    """A fraction as Java writes it.

    >>> _java(0.25), _java(0.0005590)
    ('0.25', '5.59E-4')
    """
    if value == 0 or value >= 1e-3:
        return repr(float(value))
    exact = Decimal(repr(value))
    exponent = exact.adjusted()
    return f"{float(exact.scaleb(-exponent))!r}E{exponent}"


def content(download: Download, posts: pd.DataFrame, figures: pd.DataFrame) -> tuple[str, bytes]:
    """The content export, generation a or b, with ghost rows in b."""
    is_new = download.kind == "x_content_b"
    known = figures.merge(posts[["post_id", "published_at", "published_on", "text"]], on="post_id")
    rows: list[list[str]] = []
    for post in records(known.sort_values("published_at", ascending=False)):
        shape = "%a, %b %-d, %Y" if is_new else "%a %b %d %Y"
        link = f"https://x.com/{download.account_id}/status/{post['post_id']}"
        day = english(post["published_on"], shape)
        rows.append([post["post_id"], day, post["text"], link, *_counts(post, _CONTENT)])
    if is_new:
        ghost = ["", "", "", f"https://x.com/{download.account_id}/status/undefined"]
        rows[len(rows) // 2 : len(rows) // 2] = [[*ghost, *["0"] * len(_CONTENT)]] * 2
    header = (_CONTENT_B if is_new else _CONTENT_A).split(",")
    days = f"{download.first_day}_{download.last_day}"
    name = f"x/{download.account_id}/account_analytics_content_{days}.csv"
    data = _csv(header, rows, end="\n" if is_new else "\r\n")
    return name, data.removesuffix(b"\n") if is_new else data


def overview(download: Download, figures: pd.DataFrame) -> tuple[str, bytes]:
    """The account overview, newest day first; it does not name its account."""
    rows = [
        [english(row["day"], "%a, %b %-d, %Y"), *_counts(row, _OVERVIEW_FIELDS)]
        for row in records(figures.sort_values("day", ascending=False))
    ]
    which = f"{download.last_day:%Y-%m}{' (1)' if download.quirk == 'again' else ''}"
    name = f"x/{download.account_id}/account_overview_analytics {which}.csv"
    return name, _csv(_OVERVIEW.split(","), rows, end="\n").removesuffix(b"\n")


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def english(day: date, shape: str) -> str:
    """A day with English names whatever the locale; ``%-d`` is the day without a zero.

    >>> english(date(2025, 11, 9), "%a, %b %-d, %Y")
    'Sun, Nov 9, 2025'
    """
    names = {
        "%a": _WEEKDAYS[day.weekday()],
        "%b": _MONTHS[day.month - 1],
        "%-d": str(day.day),
        "%d": f"{day.day:02d}",
        "%Y": str(day.year),
    }
    for code, name in names.items():
        shape = shape.replace(code, name)
    return shape


def _counts(row: dict[str, float], measures: Iterable[str]) -> Iterator[str]:
    for measure in measures:
        yield "" if pd.isna(row[measure]) else str(int(row[measure]))


def _csv(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    end: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
