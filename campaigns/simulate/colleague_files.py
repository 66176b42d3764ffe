"""The files that colleagues hand in: LinkedIn's personal export, and on X an export and archive."""

from __future__ import annotations

import html
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from campaigns.simulate import linkedin_files, x_files
from campaigns.simulate.colleagues import FOLDER, taking_part
from campaigns.simulate.downloads import Download, collected
from campaigns.simulate.posts import records
from campaigns.simulate.x_files import english

if TYPE_CHECKING:
    from campaigns.simulate.truth import Organisation

_LINK = "https://www.linkedin.com/feed/update/"
_TOP = 50
_YEAR = timedelta(days=364)


def exports(organisation: Organisation) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file, by colleague."""
    by_account = dict(iter(organisation.shared.groupby("account_id")))
    for person in records(taking_part(organisation.ambassadors)):
        account = person["account_id"]
        posts = by_account[account]
        download = Download(
            0, "x_content_b", person["platform"], account, organisation.first_day,
            organisation.last_day, collected("x_content_b", organisation.last_day),
        )  # fmt: skip
        if person["platform"] == "x":
            about = posts.drop(columns=["published_at", "published_on", "text"])
            name, data = x_files.content(download, posts, about)
            yield f"{FOLDER}/{account}/{name.rpartition('/')[2]}", data
            yield f"{FOLDER}/{account}/twitter-{download.last_day}.zip", _archive(download, posts)
        else:
            yield f"{FOLDER}/{account}/{_name(person, download)}", _creator(download, posts)


# --- LinkedIn --------------------------------------------------------------------------------


def _name(person: Mapping[str, Any], download: Download) -> str:
    first = max(download.first_day, download.last_day - _YEAR)
    return f"AggregateAnalytics_{person['person']}_{first}_{download.last_day}.xlsx"


def _creator(download: Download, posts: pd.DataFrame) -> bytes:
    """The personal export: totals, days, and the top posts side by side.

    The sheets about followers are left out: nothing of them may be kept of a colleague.
    """
    first, last = max(download.first_day, download.last_day - _YEAR), download.last_day
    days = [day.date() for day in pd.date_range(first, last)]
    by_day = posts.groupby("published_on")[["impressions", "engagements"]].sum()
    by_day = by_day.reindex(days, fill_value=0)
    shown = float(by_day.impressions.sum())
    totals: list[list[linkedin_files.Cell]] = [
        ["Overall Performance", f"{_day(first)} - {_day(last)}"],
        ["Impressions", shown],
        ["Members reached", float(int(shown * 0.6))],
    ]
    of_days: list[list[linkedin_files.Cell]] = [["Date", "Impressions", "Engagements"]]
    of_days += [
        [_day(day), float(row["impressions"]), float(row["engagements"])]
        for day, row in zip(days, records(by_day), strict=True)
    ]
    sheets = [
        ("DISCOVERY", totals), ("ENGAGEMENT", of_days),
        ("TOP POSTS", _top(posts[posts.published_on >= first])),
    ]  # fmt: skip
    return linkedin_files.workbook(sheets, download.collected_at)


def _top(posts: pd.DataFrame) -> list[list[linkedin_files.Cell]]:
    lines: list[list[linkedin_files.Cell]] = [
        [f"Maximum of {_TOP} posts available to include in this list"], [""],
        ["Post URL", "Post publish date", "Engagements", "",
         "Post URL", "Post publish date", "Impressions"],
    ]  # fmt: skip
    both = (
        records(posts.sort_values([name, "post_id"], ascending=False)[:_TOP])
        for name in ("engagements", "impressions")
    )
    for engaged, shown in zip(*both, strict=True):
        lines.append([*_cells(engaged, "engagements"), "", *_cells(shown, "impressions")])
    return lines


def _cells(post: Mapping[str, Any], figure: str) -> Sequence[linkedin_files.Cell]:
    return _LINK + post["post_id"], _day(post["published_on"]), float(post[figure])


def _day(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


# --- X ---------------------------------------------------------------------------------------

_MEDIA = {"image": "photo", "video": "video"}


def _archive(download: Download, posts: pd.DataFrame) -> bytes:
    """The data archive: the posts and the manifest, in a zip of always the same bytes."""
    tweets = [{"tweet": _tweet(post)} for post in records(posts)]
    manifest = {
        "userInfo": {"accountId": "1", "userName": download.account_id, "displayName": "-"},
        "archiveInfo": {"generationDate": f"{download.collected_at:%Y-%m-%dT%H:%M:%S.000Z}"},
    }
    members = {
        "data/manifest.js": "window.__THAR_CONFIG = " + json.dumps(manifest),
        "data/tweets.js": "window.YTD.tweets.part0 = " + json.dumps(tweets),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 7, 1, 0, 0, 0)), text)
    return file.getvalue()


def _tweet(post: Mapping[str, Any]) -> dict[str, Any]:
    media = [{"type": _MEDIA[post["media"]]}] if post["media"] in _MEDIA else []
    at = post["published_at"]
    return {
        "id": post["post_id"],
        "id_str": post["post_id"],
        "full_text": html.escape(post["text"], quote=False),
        "created_at": f"{english(at.date(), '%a %b %d')} {at:%H:%M:%S} +0000 {at:%Y}",
        "lang": "nl",
        "favorite_count": str(post["likes"]),
        "retweet_count": str(post["shares"]),
        "entities": {"hashtags": [], "urls": [], "user_mentions": [], "media": media},
    }
