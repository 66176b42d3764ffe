"""X's account archive: all posts of an account with their whole text, in a zip or folder.

``data/tweets.js`` (earlier ``tweet.js``; large ones go on in ``tweets-part1.js`` …) has the posts,
``note-tweet.js`` the whole text of long ones, ``manifest.js`` or ``account.js`` whose they are.
The archive of before 2019 has a file per month, ``data/js/tweets/2012_11.js``. There are likes and
reposts as they stood when the archive was made, in no archive impressions. Ids are taken from
``id_str``: the number beside it is rounded. All else in an archive is never opened.

Sources: archives of both kinds, programs that read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path, PurePosixPath

from campaigns.collectors import (
    Bundle,
    Cell,
    Format,
    Layout,
    Members,
    Parsed,
    Payload,
    Probe,
    Recognition,
    Record,
    Rows,
    Skip,
    own_table,
)
from campaigns.collectors.x_archive.items import assigned, items
from campaigns.collectors.x_archive.posts import FIELDS, Notes, row
from campaigns.errors import N_, Message

_POSTS = Layout("posts", {"en": {name: name for name in FIELDS}}, frozenset({"id"}))

# --- which files belong together -------------------------------------------------------------

_PART = re.compile(r"(?:community-)?tweets?(?:-part\d+)?\.js", re.IGNORECASE)
_NOTE = re.compile(r"note-tweets?(?:-part\d+)?\.js", re.IGNORECASE)
_ABOUT = re.compile(r"(?:manifest|account|user_details)\.js", re.IGNORECASE)
_MONTH = re.compile(r"\d{4}_\d\d(?:_\d\d)?\.js")
_MONTHS_FOLDER = "data/js/tweets"


def bundle(names: Sequence[str]) -> Iterator[Bundle]:
    """The archives among the names of files: each a folder with posts, and what belongs to it.

    >>> [found] = bundle(["a/data/tweets.js", "a/data/like.js", "a/costs.csv"])
    >>> found.root, found.members, found.side
    ('a', ('a/data/tweets.js',), ('a/data/like.js',))
    """
    folders = dict.fromkeys(_folder(name) for name in names if _PART.fullmatch(_last(name)))
    older = dict.fromkeys(_folder(name) for name in names if _MONTH.fullmatch(_last(name)))
    for folder in folders:
        members = [name for name in names if _folder(name) == folder and _is_read(_last(name))]
        yield _whole(names, folder, members, is_older=False)
    for folder in older:
        months = [
            name for name in names if _folder(name) == folder and _MONTH.fullmatch(_last(name))
        ]
        about = f"{_folder(folder)}/user_details.js".lstrip("/")
        yield _whole(names, folder, [*months, *({about} & {*names})], is_older=True)


def _whole(names: Sequence[str], folder: str, members: list[str], *, is_older: bool) -> Bundle:
    """The files of the archive that has its posts in a folder."""
    root = _root(folder, _MONTHS_FOLDER if is_older else "data")
    if root is None:
        side = [
            name
            for name in names
            if name.startswith(_within(folder))
            and (name.endswith(".js") or "_media/" in name.removeprefix(_within(folder)))
        ]
        root = folder
    else:
        page = re.compile(
            re.escape(_within(root))
            + r"(?:(?:data|assets|css|img|js|lib)/.*|[^/]*\.html|README\.txt|tweets\.csv)"
        )
        side = [name for name in names if page.fullmatch(name)]
    return Bundle(root, tuple(sorted(members)), tuple(sorted({*side} - {*members})))


def _root(folder: str, below: str) -> str | None:
    """The folder above, if the last folders are those of an archive."""
    if folder == below:
        return ""
    return folder.removesuffix(f"/{below}") if folder.endswith(f"/{below}") else None


def _within(folder: str) -> str:
    return f"{folder}/" if folder else ""


def _is_read(name: str) -> bool:
    return any(kind.fullmatch(name) for kind in (_PART, _NOTE, _ABOUT))


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _last(name: str) -> str:
    return PurePosixPath(name).name


# --- recognise and read ----------------------------------------------------------------------

_OWN_POSTS = re.compile(r"YTD\.(?:community_)?tweets?\.part\d+|Grailbird\.data\.\w+")
_OWN_NOTES = re.compile(r"YTD\.note_tweets?\.part\d+")


def recognise(probe: Probe) -> Recognition | None:
    """An archive, or one file of its posts; null for anything else."""
    members = _members(probe)
    if members is None:
        return None
    contents = {name: _assigned(members, name) for name in members.files}
    if not any(_OWN_POSTS.fullmatch(content) for content in contents.values()):
        return None
    facts = [
        ("account", _account(members)),
        ("made", _stated(members, "manifest.js", r'"generationDate"\s*:\s*"([^"]{10,30})"')),
        ("side", str(members.side)),
        ("has whole texts", "yes" if _has_whole_texts(contents) else ""),
    ]
    found = own_table(_POSTS, probe, facts)
    return Recognition(FORMATS[0], {"posts": found}, language=None, score=100.0)


def _has_whole_texts(contents: Mapping[str, str]) -> bool:
    """Whether the whole text of long posts is there; the older archive has no long posts."""
    return any(
        _OWN_NOTES.fullmatch(content) or content.startswith("Grailbird")
        for content in contents.values()
    )


def read(probe: Probe, _recognition: Recognition) -> Mapping[str, Iterable[Record]]:
    """The posts of all files of an archive, one at a time."""
    members = _members(probe)
    return {"posts": () if members is None else _records(members)}


def _records(members: Members) -> Iterator[Record]:
    contents = {name: _assigned(members, name) for name in members.files}
    notes = Notes(
        item
        for name, content in contents.items()
        if _OWN_NOTES.fullmatch(content)
        for item in _items(members, name)
    )
    for name, content in contents.items():
        if _OWN_POSTS.fullmatch(content):
            for item in _items(members, name):
                if isinstance(item, str):
                    yield Record((), item)
                else:
                    yield Record(row(item, notes))


def _items(members: Members, name: str) -> Iterator[dict[str, object] | str]:
    with closing(members.files[name]()) as file:
        yield from items(file)


def _members(probe: Probe) -> Members | None:
    if isinstance(probe.opened, Members):
        return probe.opened
    path = Path(probe.path)
    return Members({probe.name: lambda: path.open("rb")}) if probe.container == "js" else None


def _assigned(members: Members, name: str) -> str:
    with closing(members.files[name]()) as file:
        return assigned(file)


def _account(members: Members) -> str:
    """The handle, from the first file that tells it; nothing else of those files is kept."""
    for file, pattern in (
        ("manifest.js", r'"userName"\s*:\s*"(\w+)"'),
        ("account.js", r'"username"\s*:\s*"(\w+)"'),
        ("user_details.js", r'"screen_name"\s*:\s*"(\w+)"'),
    ):
        if handle := _stated(members, file, pattern):
            return handle.casefold()
    return ""


def _stated(members: Members, last: str, pattern: str) -> str:
    for name, opened in members.files.items():
        if _last(name).casefold() == last:
            with closing(opened()) as file:
                match = re.search(pattern, file.read(1 << 20).decode(errors="replace"))
            return match[1] if match else ""
    return ""


# --- what its cells mean ---------------------------------------------------------------------

_TEXTS = ("id", "text", "links", "language", "media_type", "is_reply", "is_repost", "account")


def parse(payload: Payload) -> Iterator[Parsed]:
    """Posts, and what they brought by the time the archive was made."""
    facts = {cells[0]: cells[1] for cells in payload.preamble["posts"]}
    account = f"nullif(coalesce(lower(account), '{facts['account']}'), '')"
    named = payload.account.strip().removeprefix("@").casefold() if payload.account else ""
    handle = f"'{named}'" if re.fullmatch(r"\w+", named) else account
    day = "coalesce(created_on, cast(created_at as date))"
    made = {}
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", facts["made"]):
        made = {"collected_at": f"timestamptz '{facts['made']}'"}
    yield Parsed(
        sheet="posts",
        cells={
            **{name: Cell(name, "text") for name in _TEXTS},
            "created_at": Cell(
                "created_at", "moment", ("%a %b %d %H:%M:%S %z %Y", "%Y-%m-%d %H:%M:%S %z")
            ),
            "created_on": Cell("created_on", "day", ("%Y-%m-%d",)),
            **{name: Cell(name, "count") for name in ("likes", "shares")},
        },
        rows=[
            Rows(
                "posts",
                {
                    "post_id": "id",
                    "published_on": day,
                    "published_at": "created_at",
                    "text": "text",
                    "url": f"'https://x.com/' || {handle} || '/status/' || id",
                    "links": "links",
                    "media_type": "media_type",
                    "language": "language",
                    "is_reply": "is_reply = 'true'",
                    "is_repost": "is_repost = 'true'",
                    **made,
                },
            ),
            Rows(
                "post_metrics",
                {
                    "post_id": "id",
                    "delivery": "'total'",
                    "likes": "likes",
                    "shares": "shares",
                    **made,
                },
                "likes is not null or shares is not null",
            ),
        ],
        skip=[Skip(Message(N_("without the id of the post")), "id is null")],
        account=account,
        period=day,
        notes=_notes(facts, named),
    )


def _notes(facts: Mapping[str, str], named: str) -> list[Message]:
    notes = [Message(N_("An archive has likes and reposts, but no impressions."))]
    if named and facts["account"] and named != facts["account"]:
        text = N_("The archive says that it is of {account}; it is kept as {named}, as you say.")
        notes.append(Message(text, {"account": facts["account"], "named": named}))
    if not facts["has whole texts"]:
        text = N_(
            "Long posts are cut off unless the archive has note-tweet.js: import its folder or zip."
        )
        notes.append(Message(text))
    if facts["side"] != "0":
        text = N_("{files} other files of the archive were not opened (messages, contacts …).")
        notes.append(Message(text, {"files": facts["side"]}))
    return notes


FORMATS = (
    Format(
        name="x_archive",
        platform="x",
        title=N_("X account archive"),
        layouts=(_POSTS,),
        parse=parse,
        menu="x.com > Settings > Your account > Download an archive of your data",
        is_personal=True,
        recognise=recognise,
        read=read,
        bundle=bundle,
        never_opened=(
            *("direct-message*.js", "deleted-direct-message*.js", "contact.js", "follower.js"),
            *("following.js", "block.js", "mute.js", "like.js", "ip-audit.js", "phone-number.js"),
            *("email-address-change.js", "device-token.js", "personalization.js"),
        ),
    ),
)
