"""LinkedIn analytics of one personal post (`PostAnalytics_<name>_<digits>.xlsx`).

Source: a post > View analytics > Export. One sheet (`PERFORMANCE`) has a label and its value in
each row, in an order that differs between files; a figure that is not there is not reported. The
other (`TOP DEMOGRAPHICS`) divides the viewers of the post in groups; shares of one post belong to
no table here. Figures are those of all deliveries, since publication.

Not kept: profile viewers, sends, and LinkedIn's sum of engagements, which counts other things
than that of its other exports. A count beside any other label, or beside none that can be read,
is told as skipped.

Sources: programs that read such files, which agree on the labels; no exported file was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from campaigns.collectors import (
    Cell,
    Format,
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
    own_table,
)
from campaigns.collectors._linkedin import COUNT, post_id
from campaigns.collectors._numbers import MARKED
from campaigns.collectors._sheets import rows
from campaigns.errors import N_, Message

_FIELDS = {
    "Post URL": "url",
    "Post Date": "published_on",
    "Impressions": "impressions",
    "Members reached": "reach",
    "Reactions": "likes",
    "Comments": "comments",
    "Reposts": "shares",
    "Saves": "saves",
    "Followers gained from this post": "follows",
}
_NEEDED = frozenset({"url", "published_on", "impressions"})
_FIGURES = tuple(_FIELDS.values())[2:]
_LEFT_OUT = frozenset(
    map(
        normal,
        (
            "Post Publish Time",
            "Profile viewers from this post",
            "Social engagements",
            "Sends on LinkedIn",
        ),
    )
)
_BY_LABEL = {normal(label): name for label, name in _FIELDS.items()}

_POST = Layout("post", {"en": _FIELDS}, _NEEDED)


def recognise(probe: Probe) -> Recognition | None:
    """A sheet whose first column has the labels, each with a value beside it."""
    sheet = _sheet(probe)
    if sheet is None:
        return None
    known = _values(sheet.head)
    found = own_table(_POST, probe)
    columns = {name: at for name, at in found.columns.items() if name in known}
    head = ProbedSheet(sheet.name, sheet.index, found.sheet.head)
    found = type(found)(_POST, head, found.header_row, columns, "en")
    return Recognition(FORMATS[0], {_POST.name: found}, "en", score=10.0 + len(columns))


def _sheet(probe: Probe) -> ProbedSheet | None:
    return next((sheet for sheet in probe.sheets if _values(sheet.head).keys() >= _NEEDED), None)


def _values(lines: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """The value of each label, the first where one stands twice."""
    values: dict[str, str] = {}
    for label, value, *_rest in (cells for cells in lines if len(cells) > 1):
        name = _BY_LABEL.get(normal(label))
        if name and value.strip():
            values.setdefault(name, value)
    return values


def read(probe: Probe, recognition: Recognition) -> Mapping[str, Iterable[Record]]:
    """The post as one row, in the order of the fields; a count of an unknown label is skipped."""
    index = recognition.found[_POST.name].sheet.index
    lines = [record.cells for record in rows(probe, index)]
    values = _values(lines)
    post = Record(tuple(values.get(name, "") for name in _FIELDS.values()))
    unknown = Record((), N_("a figure that is not known here"))
    return {_POST.name: [post, *(unknown for cells in lines if _is_unknown(cells))]}


def _is_unknown(cells: tuple[str, ...]) -> bool:
    label, value, *_rest = (*cells, "", "")
    is_count = value.startswith(f"{MARKED}n") or re.fullmatch(COUNT, value.strip()) is not None
    return is_count and normal(label) not in _BY_LABEL.keys() | _LEFT_OUT


def parse(payload: Payload) -> Iterator[Parsed]:
    """The post, and what it brought."""
    figures = {name: name for name in _FIGURES if payload.has(_POST.name, name)}
    identity = post_id("url")
    yield Parsed(
        sheet=_POST.name,
        cells={
            "url": Cell("url", "text"),
            "published_on": Cell("published_on", "day", ("%b %d, %Y", "%m/%d/%Y")),
            **{name: Cell(name, "count") for name in figures},
        },
        rows=[
            Rows("posts", {"post_id": identity, "published_on": "published_on", "url": "url"}),
            Rows("post_metrics", {"post_id": identity, "delivery": "'total'", **figures}),
        ],
        skip=[Skip(Message(N_("without a link to a post")), f"({identity}) is null")],
        period="published_on",
    )


FORMATS = (
    Format(
        name="linkedin_post",
        platform="linkedin",
        title=N_("LinkedIn analytics of one personal post"),
        layouts=(_POST,),
        parse=parse,
        menu="Post > View analytics > Export",
        is_personal=True,
        recognise=recognise,
        read=read,
    ),
)
