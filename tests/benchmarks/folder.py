"""A folder of export files as a team downloads them: seeded, of the sizes of real ones.

Sizes are those of public exports of small and middling accounts: 20 to 140 posts of X (10 to
45 kB), a month of a LinkedIn page in the old ``.xls`` (45 kB) or ``.xlsx`` (17 kB), a year of its
followers (25 kB).
"""

import csv
import datetime as dt
import io
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import xlsxwriter
import xlwt

from tests.benchmarks.data import LABELS, WORDS

Cell = str | float
Sheet = tuple[str, Sequence[Sequence[Cell]]]

_DAY = dt.date(2019, 1, 1)
_CONTENT = (
    "Post id,Date,Post text,Link,Impressions,Likes,Engagements,Bookmarks,Share,New follows,"
    "Replies,Reposts,Profile visits,Detail expands,Url clicks,Hashtag clicks,Permalink clicks"
)
_OVERVIEW = (
    "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,"
    "Profile visits,Create Post,Video views,Media views"
)
_PARTS = ("Clicks", "Reactions", "Comments", "Reposts", "Engagement rate")
_KINDS = ("organic", "sponsored", "total")
_METRICS = (
    "Date",
    *(f"Impressions ({kind})" for kind in _KINDS),
    "Unique impressions (organic)",
    *(f"{part} ({kind})" for part in _PARTS for kind in _KINDS),
)
_POSTS = [
    "Post title",
    "Post link",
    "Post type",
    "Campaign name",
    "Posted by",
    "Created date",
    "Campaign start date",
    "Campaign end date",
    "Audience",
    "Impressions",
    "Views",
    "Offsite Views",
    "Clicks",
    "Click through rate (CTR)",
    "Likes",
    "Comments",
    "Reposts",
    "Follows",
    "Engagement rate",
    "Content Type",
]
_GROUPS = ("Location", "Job function", "Seniority", "Industry", "Company size")


def folder_of(folder: Path, files: int) -> list[Path]:
    """Write so many files; of every twenty 11 are CSV, 5 ``.xls`` and 4 ``.xlsx``."""
    folder.mkdir(parents=True, exist_ok=True)
    order = (*[_x_legacy] * 5, *[_x_content] * 4, *[_x_overview] * 2, *[_page_xls] * 5,
             *[_page_xlsx] * 3, _followers)  # fmt: skip
    found = []
    for number in range(files):
        name, data = order[number % len(order)](random.Random(number), number)
        path = folder / name
        path.write_bytes(data)
        found.append(path)
    return found


def _x_legacy(chance: random.Random, number: int) -> tuple[str, bytes]:
    """A month of the older export by post, forty quoted columns."""
    first = _month(number)
    rows = []
    for at in range(chance.randint(15, 40)):
        key, day = f"1{number:06}{at:012}", first + dt.timedelta(days=at % 28)
        figures = [repr(float(chance.randint(0, 900))) for _ in LABELS]
        link = f"https://twitter.com/demo{number % 40}/status/{key}"
        rows.append([key, link, _text(chance), f"{day} 10:15 +0000", *figures, *["-"] * 18])
    header = ["Tweet id", "Tweet permalink", "Tweet text", "time", *LABELS]
    header += [f"promoted {label}" for label in LABELS]
    after = first + dt.timedelta(days=31)
    name = f"tweet_activity_metrics_demo{number % 40}_{first:%Y%m%d}_{after:%Y%m%d}_{number}.csv"
    return name, _csv([header, *rows], csv.QUOTE_ALL)


def _x_content(chance: random.Random, number: int) -> tuple[str, bytes]:
    """A quarter of the newer export by post."""
    rows = []
    for at in range(chance.randint(60, 140)):
        key, day = f"2{number:06}{at:012}", _month(number) + dt.timedelta(days=at % 85)
        figures = [str(chance.randint(0, 900)) for _ in range(13)]
        link = f"https://x.com/demo{number % 40}/status/{key}"
        rows.append([key, _english(day), _text(chance), link, *figures])
    return f"account_analytics_content_{number}.csv", _csv([_CONTENT.split(","), *rows])


def _x_overview(chance: random.Random, number: int) -> tuple[str, bytes]:
    """Three months of an account, by day; its name is given as an option."""
    days = (_month(number) + dt.timedelta(days=at) for at in range(89, -1, -1))
    rows = [[_english(day), *(str(chance.randint(0, 900)) for _ in range(13))] for day in days]
    return f"account_overview_analytics_{number}.csv", _csv([_OVERVIEW.split(","), *rows])


def _page_xls(chance: random.Random, number: int) -> tuple[str, bytes]:
    return f"page-{number % 40}_content_{_stamp(number)}.xls", _xls(_page(chance, number))


def _page_xlsx(chance: random.Random, number: int) -> tuple[str, bytes]:
    return f"page-{number % 40}_content_{_stamp(number)}.xlsx", _xlsx(_page(chance, number))


def _page(chance: random.Random, number: int) -> list[Sheet]:
    """A month of a page by day, and its posts."""
    first = _month(number)
    days: list[list[Cell]] = [
        [f"{first + dt.timedelta(days=at):%m/%d/%Y}", *_figures(chance, 19)] for at in range(30)
    ]
    posts: list[list[Cell]] = []
    for at in range(chance.randint(6, 20)):
        day = f"{first + dt.timedelta(days=at):%m/%d/%Y}"
        link = f"https://www.linkedin.com/feed/update/urn:li:activity:7{number:06}{at:012}"
        about: list[Cell] = [_text(chance), link, "Organic", "", "Demo Editor", day, "", "", "All"]
        counts = _figures(chance, 9)
        posts.append([*about, *counts, chance.random(), ""])
    above = ["Aggregated figures of the page", *[""] * 19]
    return [("Metrics", [above, _METRICS, *days]), ("All posts", [above, _POSTS, *posts])]


def _followers(chance: random.Random, number: int) -> tuple[str, bytes]:
    """A year of followers by day, and where they are from."""
    first = _month(number)
    header = ["Date", "Sponsored followers", "Organic followers", "Auto-invited followers",
              "Total followers"]  # fmt: skip
    days = [[f"{first + dt.timedelta(days=at):%m/%d/%Y}", 0.0, 2.0, 1.0, 3.0] for at in range(365)]
    sheets: list[Sheet] = [("New followers", [header, *days])]
    for group in _GROUPS:
        values = [[f"{group} {at}", float(chance.randint(1, 99))] for at in range(25)]
        sheets.append((group, [[group, "Total followers"], *values]))
    return f"page-{number % 40}_followers_{_stamp(number)}.xlsx", _xlsx(sheets)


# --- cells -----------------------------------------------------------------------------------


def _month(number: int) -> dt.date:
    return _DAY + dt.timedelta(days=30 * (number % 70))


def _stamp(number: int) -> int:
    return 1_700_000_000_000 + number


def _english(day: dt.date) -> str:
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    return f"{week[day.weekday()]}, {names[day.month - 1]} {day.day}, {day.year}"


def _text(chance: random.Random) -> str:
    words = " ".join(chance.choices(WORDS, k=chance.randint(8, 40)))
    return f"{words} #tag{chance.randint(0, 40)} https://t.co/{chance.randint(10**8, 10**9)}"


def _figures(chance: random.Random, many: int) -> list[Cell]:
    return [float(chance.randint(0, 900)) for _ in range(many)]


def _csv(rows: Sequence[Sequence[str]], quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode()


def _xls(sheets: Sequence[Sheet]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets:
        _fill(book.add_sheet(name).write, rows)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _xlsx(sheets: Sequence[Sheet]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False})
    for name, rows in sheets:
        _fill(book.add_worksheet(name).write, rows)
    book.close()
    return file.getvalue()


def _fill(write: Callable[[int, int, Cell], object], rows: Sequence[Sequence[Cell]]) -> None:
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            write(at, column, cell)
