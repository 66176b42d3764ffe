"""LinkedIn data archive of a person: `Shares.csv` and `Comments.csv`.

Source: Settings & Privacy > Data privacy > Get a copy of your data. Nothing else of the archive
is read; messages and contacts are never opened.

In `Shares.csv` every line break inside a text comes out of a correct CSV parser as quote, line
break, quote; that is undone where all breaks of a text look so. `Comments.csv` escapes quotes
with a backslash. Times have no zone; compared with the times inside LinkedIn's ids they are UTC.

A comment is kept as a post with ``is_reply``. `Comments.csv` gives the post that it answers, and
an own id only in some links; elsewhere its id is that of the answered post, ``#`` and the second
at which it was written, so that two comments on one post stay two. Its address is made from the
id: links to the posts of others hold their names.
"""

from __future__ import annotations

from collections.abc import Iterator

from campaigns.collectors import Cell, Format, Layout, Parsed, Payload, Rows, Skip
from campaigns.collectors._linkedin import LINK, post_id
from campaigns.errors import N_, Message

SHARES = Layout(
    "shares",
    {
        "en": {
            "Date": "published_at",
            "ShareLink": "url",
            "ShareCommentary": "text",
            "SharedUrl": "links",
            "MediaUrl": "media",
            "Visibility": "audience",
        }
    },
    required=frozenset({"published_at", "url", "text"}),
)

COMMENTS = Layout(
    "comments",
    {"en": {"Date": "published_at", "Link": "url", "Message": "text"}},
    required=frozenset({"published_at", "url", "text"}),
    contents={"url": LINK},
)

_MOMENT = Cell("published_at", "moment", ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S UTC"))
_DAY = "cast(published_at as date)"  # the session speaks the store's time zone: its day

_SHARE = post_id("url")
_ADDRESS = f"'https://www.linkedin.com/feed/update/' || {_SHARE}"
_BARE_BREAK = r"(^|[^\r\n\"])\r?\n|\n([^\"]|$)"
_WHOLE_TEXT = (
    f"case when regexp_matches(text, '{_BARE_BREAK}') then text "
    "else regexp_replace(text, '\"(\\r?\\n)\"', '\\1', 'g') end"
)

_OWN_ID = (
    r"nullif(regexp_extract(coalesce(try(url_decode(url)), url), "
    r"'[?&](replyUrn|commentUrn)=(urn:li:comment:\([A-Za-z]+:[0-9]+,[0-9]+\))', 2), '')"
)
_COMMENT = f"coalesce({_OWN_ID}, {_SHARE} || '#' || cast(epoch(published_at) as bigint))"

_SKIP = (
    Skip(Message(N_("without a date")), "published_at is null"),
    Skip(Message(N_("without a link to a post")), f"{_SHARE} is null"),
)
_NOTES = (Message(N_("Times have no zone there; they are taken as UTC.")),)


def _shares(payload: Payload) -> Parsed:
    cells = {"published_at": _MOMENT, "url": Cell("url", "text"), "text": Cell("text", "text")}
    columns = {
        "post_id": _SHARE,
        "published_on": _DAY,
        "published_at": "published_at",
        "text": _WHOLE_TEXT,
        "url": "url",
        "is_reply": "false",
    }
    for name in ("links", "audience"):
        if payload.has(SHARES.name, name):
            cells[name] = Cell(name, "text")
            columns[name] = name
    return Parsed(
        sheet=SHARES.name,
        cells=cells,
        rows=[Rows("posts", columns)],
        skip=_SKIP,
        period=_DAY,
        notes=_NOTES,
    )


def _comments() -> Parsed:
    return Parsed(
        sheet=COMMENTS.name,
        cells={
            "published_at": _MOMENT,
            "url": Cell("url", "text"),
            "text": Cell("text", "text"),
        },
        rows=[
            Rows(
                "posts",
                {
                    "post_id": _COMMENT,
                    "published_on": _DAY,
                    "published_at": "published_at",
                    "text": "text",
                    "url": _ADDRESS,
                    "is_reply": "true",
                },
            )
        ],
        skip=_SKIP,
        period=_DAY,
        notes=_NOTES,
    )


def parse(payload: Payload) -> Iterator[Parsed]:
    """What the two files mean; each comes alone."""
    if SHARES.name in payload.fields:
        yield _shares(payload)
    if COMMENTS.name in payload.fields:
        yield _comments()


FORMATS = (
    Format(
        name="linkedin_archive",
        platform="linkedin",
        title=N_("LinkedIn data archive (Shares.csv, Comments.csv)"),
        layouts=(SHARES, COMMENTS),
        parse=parse,
        menu="Settings & Privacy > Data privacy > Get a copy of your data",
        is_personal=True,
        never_opened=(
            "*messages*.csv",
            "connections.csv",
            "*contacts*.csv",
            "invitations.csv",
            "email addresses.csv",
            "phonenumbers.csv",
            "whatsapp phone numbers.csv",
        ),
    ),
)
