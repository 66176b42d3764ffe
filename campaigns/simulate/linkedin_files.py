"""LinkedIn's exports as LinkedIn writes them: Page content (two sheets) and ads by day."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import xlsxwriter

from campaigns.simulate.agency import ACCOUNTS
from campaigns.simulate.downloads import Download
from campaigns.simulate.posts import records
from campaigns.simulate.x_files import english

Cell = str | float
_PARTS = ("impressions", "clicks", "likes", "comments", "shares")

_METRICS = (
    "Date|Impressions (organic)|Impressions (sponsored)|Impressions (total)"
    "|Unique impressions (organic)|Clicks (organic)|Clicks (sponsored)|Clicks (total)"
    "|Reactions (organic)|Reactions (sponsored)|Reactions (total)"
    "|Comments (organic)|Comments (sponsored)|Comments (total)"
    "|Reposts (organic)|Reposts (sponsored)|Reposts (total)"
    "|Engagement rate (organic)|Engagement rate (sponsored)|Engagement rate (total)"
)
_POSTS = (
    "Post title|Post link|Post type|Campaign name|Posted by|Created date|Campaign start date"
    "|Campaign end date|Audience|Impressions|Views|Offsite Views|Clicks"
    "|Click through rate (CTR)|Likes|Comments|Reposts|Follows|Engagement rate|Content Type"
)
_METRICS_NL = (
    "Datum|Weergaven (spontaan)|Weergaven (gesponsord)|Weergaven (totaal)"
    "|Unieke weergaven (spontaan)|Klikken (spontaan)|Klikken (gesponsord)|Klikken (totaal)"
    "|Reacties (spontaan)|Reacties (gesponsord)|Reacties (totaal)"
    "|Commentaren (spontaan)|Commentaren (gesponsord)|Commentaren (totaal)"
    "|Reposts (spontaan)|Reposts (gesponsord)|Reposts (totaal)"
    "|Interactiepercentage (spontaan)|Interactiepercentage (gesponsord)"
    "|Interactiepercentage (totaal)"
)
_POSTS_NL = (
    "Titel van bijdrage|Link naar bijdrage|Soort bijdrage|Naam van campagne|Geplaatst door"
    "|Gemaakt op|Begin van campagne|Einde van campagne|Doelgroep|Weergaven|Videoweergaven"
    "|Weergaven buiten de site|Klikken|Doorklikratio|Interessant|Commentaren|Reposts|Gevolgd"
    "|Interactiepercentage|Soort inhoud"
)
_ENGLISH = {"organic": "Organic", "paid": "Sponsored", "total": "Total"}
_DUTCH = {"organic": "Spontaan", "paid": "Gesponsord", "total": "Totaal"}
_AUTHORS = ("Femke Rietzoom", "Jorrit Kwelder", "Karima Zandplaat")


def page(
    download: Download,
    posts: pd.DataFrame,
    figures: pd.DataFrame,
    days: pd.DataFrame,
    ads: pd.DataFrame,
) -> tuple[str, bytes]:
    """The Page content export, saved again as ``.xlsx``; some still have LinkedIn's first row."""
    is_dutch = download.quirk == "dutch"
    stamp = int(download.collected_at.timestamp() * 1000) + download.number
    name = f"linkedin/{download.account_id}_content_{stamp}.xlsx"
    above = download.number % 2 == 0 and not is_dutch
    sheets = [
        ("Statistieken" if is_dutch else "Metrics",
         "Metrics of the page by day, organic and sponsored." if above else "",
         (_METRICS_NL if is_dutch else _METRICS).split("|"), list(_day_rows(days))),
        ("Alle bijdragen" if is_dutch else "All posts",
         "Posts of the period and what they brought since." if above else "",
         (_POSTS_NL if is_dutch else _POSTS).split("|"),
         list(_post_rows(posts, figures, ads, _DUTCH if is_dutch else _ENGLISH))),
    ]  # fmt: skip
    return name, _workbook(sheets, download.collected_at)


def _day_rows(days: pd.DataFrame) -> Iterator[list[Cell]]:
    organic, paid = (
        records(days[days.delivery == delivery].sort_values("day"))
        for delivery in ("organic", "paid")
    )
    for both in zip(organic, paid, strict=True):
        row: list[Cell] = [f"{both[0]['day']:%m/%d/%Y}"]
        for part in _PARTS:
            one, two = (float(figures[part]) for figures in both)
            row += [one, two, one + two]
            if part == "impressions":
                row.append(float(both[0]["reach"]))
        sums = [[float(figures[part]) for part in _PARTS] for figures in both]
        sums.append([one + two for one, two in zip(*sums, strict=True)])
        row += [_rate(sum(parts), shown) for shown, *parts in sums]
        yield row


def _post_rows(
    posts: pd.DataFrame, figures: pd.DataFrame, ads: pd.DataFrame, kinds: dict[str, str]
) -> Iterator[list[Cell]]:
    """Rows of posts, newest first; a boosted one has three with the same link."""
    organic, paid = (
        {row["post_id"]: row for row in records(figures[figures.delivery == delivery])}
        for delivery in ("organic", "paid")
    )
    boosts = dict(iter(ads.groupby("post_id")))
    about = posts[posts.post_id.isin(list(organic))].sort_values("published_at", ascending=False)
    for post in records(about):
        key = post["post_id"]
        free, bought = organic[key], paid.get(key)
        yield _post_row(post, kinds["organic"], free)
        if bought is not None:
            boost = boosts[key]
            first, last = f"{boost.day.min():%m/%d/%Y}", f"{boost.day.max():%m/%d/%Y}"
            yield _post_row(post, kinds["paid"], bought, (boost.campaign_name.iloc[0], first, last))
            both = {name: free[name] + bought[name] for name in _SUMMED}
            yield _post_row(post, kinds["total"], both)


_SUMMED = ("impressions", "clicks", "likes", "comments", "shares", "follows")
_CONTENT_TYPES = {"video": "Video", "image": "", "text": ""}


def _post_row(
    post: Mapping[str, Any],
    delivery: str,
    figures: Mapping[str, float],
    boost: Sequence[str] = ("", "", ""),
) -> list[Cell]:
    """The row of one delivery; what is not reported is an empty cell."""
    count = {name: _cell(figures.get(name)) for name in (*_SUMMED, "video_views")}
    shown = float(figures["impressions"])
    parts = [count[name] for name in _SUMMED[1:]]
    known = sum(part for part in parts if isinstance(part, float))
    clicks = count["clicks"]
    author = _AUTHORS[post["published_at"].minute % len(_AUTHORS)]
    return [
        post["text"].replace("\n\n", "\n\xa0\n"),
        f"https://www.linkedin.com/feed/update/{post['post_id']}",
        delivery, boost[0], author, f"{post['published_on']:%m/%d/%Y}", boost[1], boost[2],
        "All followers", shown, count["video_views"], "", clicks,
        _rate(clicks, shown) if isinstance(clicks, float) else "",
        count["likes"], count["comments"], count["shares"], count["follows"],
        _rate(known, shown), _CONTENT_TYPES[post["media"]],
    ]  # fmt: skip


def _cell(value: float | None) -> Cell:
    return "" if value is None or pd.isna(value) else float(value)


def _rate(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _workbook(
    sheets: Sequence[tuple[str, str, list[str], list[list[Cell]]]], made_at: datetime
) -> bytes:
    pages: list[tuple[str, list[list[Cell]]]] = []
    for name, above, header, rows in sheets:
        lines: list[list[Cell]] = [[above]] if above else []
        pages.append((name, [*lines, list(header), *rows]))
    return workbook(pages, made_at)


def workbook(sheets: Sequence[tuple[str, Sequence[Sequence[Cell]]]], made_at: datetime) -> bytes:
    """A workbook of texts and numbers: the lines of each sheet."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"created": made_at.replace(tzinfo=None)})
    for name, lines in sheets:
        sheet = book.add_worksheet(name)
        for number, line in enumerate(lines):
            for column, value in enumerate(line):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                else:
                    sheet.write_number(number, column, value)
    book.close()
    return file.getvalue()


# --- ads -------------------------------------------------------------------------------------

_ADS = {
    "Start Date (in UTC)": "day", "Account Name": "ad_account_name", "Currency": "",
    "Campaign Group Name": "group_name", "Campaign Name": "campaign_name",
    "Campaign ID": "campaign_key", "Campaign Objective": "objective", "Ad ID": "ad_id",
    "Creative Name": "ad_name", "Ad Headline": "headline", "Total Spent": "spend",
    "Reach": "reach", "Impressions": "impressions", "Clicks": "clicks",
    "Clicks to Landing Page": "landing_page_clicks", "Clicks to LinkedIn Page": "page_clicks",
    "Total Social Actions": "", "Reactions": "likes", "Comments": "comments",
    "Shares": "shares", "Follows": "follows", "Other Clicks": "other_clicks",
    "Total Engagements": "", "Leads": "leads",
}  # fmt: skip


def ads(download: Download, figures: pd.DataFrame) -> tuple[str, bytes]:
    """Campaign Manager's ad performance report by day: UTF-16, tabs, lines above the header."""
    account = next(one for one in ACCOUNTS if one.account_id == download.account_id)
    made = download.collected_at
    lines = [
        "Ad Performance Report (in UTC)",
        f"Report Start: {_moment(download.first_day, '12:00 AM')}",
        f"Report End: {_moment(download.last_day, '11:59 PM')}",
        f"Date Generated: {_moment(made.date(), f'{made.hour}:{made.minute:02d} AM')}",
        "",
        "\t".join(_ADS),
    ]
    rows = records(figures.sort_values(["day", "ad_id"]))
    lines += ["\t".join(_ad_cells(row)) for row in rows]
    name = f"linkedin/ads/account_{account.ad_account}_{download.last_day:%Y-%m}_ad_performance.csv"
    text = "\r\n".join(lines) + "\r\n"
    return name, b"\xff\xfe" + text.encode("utf-16-le")


def _moment(day: date, time: str) -> str:
    return f"{english(day, '%b %-d, %Y')}, {time}"


def _ad_cells(row: Mapping[str, Any]) -> Iterator[str]:
    social = sum(int(row[name]) for name in ("likes", "comments", "shares", "follows"))
    pages = int(row["landing_page_clicks"]) + int(row["page_clicks"])
    for label, column in _ADS.items():
        if label == "Currency":
            yield "EUR"
        elif label == "Total Social Actions":
            yield str(social)
        elif label == "Total Engagements":
            yield str(social + pages)
        elif column == "day":
            yield f"{row['day']:%m/%d/%Y}"
        elif column == "spend":
            yield f"{row['spend']:.2f}"
        else:
            value = row[column]
            yield str(int(value)) if isinstance(value, (int, float)) else str(value)
