"""X's video overview (``video_overview_analytics.csv``): two tables below each other in one CSV.

Above, a row per UTC day with the views of all the account's videos; below, a row per video with
its views so far and, sometimes, the post that shows it. The file does not name its account; its
columns have the same order in every language. Watch time and completion are not kept.

Source: X's own web client, which writes the file; programs that read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from campaigns.collectors import (
    Cell,
    Format,
    Found,
    Layout,
    Parsed,
    Payload,
    Probe,
    ProbedSheet,
    Recognition,
    Record,
    Rows,
    Skip,
    normal,
    without_figures,
)
from campaigns.collectors._sheets import rows
from campaigns.errors import N_, Message


def _layout(name: str, required: str, labels: str, *, optional: bool = False) -> Layout:
    pairs = (pair.split("=") for pair in labels.split("|"))
    order = {label.strip(): field.strip() for label, field in pairs}
    return Layout(name, {"en": order}, frozenset(required.split()), optional=optional)


_DAYS = _layout("days", "day video_views", "Date=day|Views=video_views")
_VIDEOS = _layout(
    "videos",
    "video_id video_views",
    "Uploaded on=uploaded_on|Video ID=video_id|Video title=title|Views=video_views"
    "|Duration=duration|Video Link=video_link|Monetized=is_monetized|Estimated Revenue=revenue"
    "|Published Date=published_on|Post Link=link",
    optional=True,
)

_Part = Literal["above", "days", "between", "header", "videos"]


def recognise(probe: Probe) -> Recognition | None:
    """The upper table by its two labels in milliseconds; below it, perhaps, the other."""
    for sheet in probe.sheets:
        for at, cells in enumerate(sheet.head):
            if _is_upper(cells):
                found = {"days": _by_order(_DAYS, sheet, at)}
                parts = _parts(rows(probe, sheet.index))
                header = next((record.cells for part, record in parts if part == "header"), None)
                if header is not None:
                    below = ProbedSheet(sheet.name, sheet.index, (header,))
                    found["videos"] = _by_order(_VIDEOS, below, 0)
                language = "en" if "views" in map(normal, cells) else None
                return Recognition(FORMATS[0], found, language, score=50.0)
    return None


def _is_upper(cells: Sequence[str]) -> bool:
    """Watch time and its average are the third and the fifth column, in milliseconds."""
    if len(cells) < 5 or not normal(cells[2]).endswith("(ms)"):  # asked of every row
        return False
    labels = [normal(cell) for cell in cells]
    return [at for at, label in enumerate(labels) if label.endswith("(ms)")] == [2, 4]


def _by_order(layout: Layout, sheet: ProbedSheet, at: int) -> Found:
    header = sheet.head[at]
    columns = {
        name: place
        for place, name in enumerate(layout.labels["en"].values())
        if place < len(header) and header[place].strip()
    }
    return Found(layout, sheet, at, columns, language=None)


def _parts(records: Iterable[Record]) -> Iterator[tuple[_Part, Record]]:
    """Every row with the part of the file that it belongs to.

    Between the tables stand an empty row and the title of the lower one, alone in its row. What
    is neither there is a row of the upper one, so that it is counted: labels have no digits.
    """
    part: _Part = "above"
    for record in records:
        filled = sum(1 for cell in record.cells if cell.strip())
        is_label = not any(character.isdecimal() for character in next(iter(record.cells), ""))
        if part == "above":
            yield part, record
            part = "days" if _is_upper(record.cells) else "above"
            continue
        if part == "days" and not record.fault and filled < 2 and is_label:
            part = "between"
        elif part == "between" and is_label and filled >= len(_VIDEOS.required) + 2:
            yield "header", record
            part = "videos"
            continue
        elif part == "between" and (record.fault or filled > 1 or not is_label):
            part = "days"
        yield part, record


def read(probe: Probe, recognition: Recognition) -> Mapping[str, Iterable[Record]]:
    """The rows of the tables that were found."""
    index = recognition.found["days"].sheet.index

    def of(name: str) -> Iterator[Record]:
        return (record for part, record in _parts(rows(probe, index)) if part == name)

    return {name: of(name) for name in recognition.found}


def parse(payload: Payload) -> Iterator[Parsed]:
    """Days of the account, and the views of the videos that a post is known of."""
    notes = [
        Message(N_("The days are UTC days, as X states them.")),
        Message(N_("Of videos only the views are kept, not how long they were watched.")),
    ]
    has_posts = payload.has("videos", "published_on", "link")
    if "videos" in payload.fields and not has_posts:
        notes.append(Message(N_("The list of videos is left out: it does not name their posts.")))
    yield Parsed(
        sheet="days",
        cells={"day": Cell("day", "day"), "video_views": Cell("video_views", "count")},
        rows=[
            Rows(
                "account_days",
                {"day": "day", "delivery": "'total'", "video_views": "video_views"},
            )
        ],
        period="day",
        notes=notes,
    )
    if has_posts:
        yield _videos()


def _videos() -> Parsed:
    status = r"(?i)\b(?:twitter|x)\.com/"
    return Parsed(
        sheet="videos",
        cells={
            "post_id": Cell("link", "text", pattern=status + r"\w+/status/([0-9]+)"),
            "handle": Cell("link", "text", pattern=status + r"(\w+)/status/"),
            "link": Cell("link", "text"),
            "published_on": Cell("published_on", "day"),
            "video_views": Cell("video_views", "count"),
        },
        rows=[
            Rows(
                "posts",
                {"post_id": "post_id", "published_on": "published_on", "url": "link"},
                "published_on is not null",
            ),
            Rows(
                "post_metrics",
                {"post_id": "post_id", "delivery": "'total'", "video_views": "video_views"},
                "video_views is not null",
            ),
        ],
        skip=[
            Skip(Message(N_("X does not say which post shows the video")), "post_id is null"),
            without_figures(["published_on::varchar", "video_views::varchar"]),
        ],
        account="lower(nullif(handle, 'i'))",
        period="published_on",
    )


FORMATS = (
    Format(
        name="x_video",
        platform="x",
        title=N_("X video overview"),
        layouts=(_DAYS, _VIDEOS),
        parse=parse,
        menu="x.com > Premium > Analytics > Video > Download",
        recognise=recognise,
        read=read,
    ),
)
