"""Which post shows an image: by the id in the name of its file, by a list, or by hand."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from campaigns.errors import N_, BadDefinition, Message, UnreadableFile
from campaigns.store import Snapshot

Post = tuple[str, str]
"""Platform and post_id."""

_ID = re.compile(r"\d{6,}")
_COLUMNS = {
    "file": {"file", "image", "bestand", "afbeelding"},
    "post": {"post", "post_id", "url", "link"},
    "tags": {"tags", "tag", "labels", "label", "kenmerken"},
}
_LARGEST = 50 << 20


@dataclass(frozen=True)
class Listed:
    """What a list says of a file: the post as it is named there, and tags (False: not seen)."""

    post: str | None
    tags: Mapping[str, bool]


def by_name(snapshot: Snapshot, names: Iterable[str]) -> dict[str, Post]:
    """The post of each file in whose name stands the id of exactly one post of the store.

    An id is at least six digits; of a LinkedIn post its number. A name with the ids of two posts
    is joined to neither.
    """
    numbers = {name: set(_ID.findall(name)) for name in names}
    wanted = sorted(set().union(*numbers.values())) if numbers else []
    if not wanted:
        return {}
    known: dict[str, set[Post]] = {}
    for row in snapshot.rows(
        r"""WITH wanted AS (SELECT unnest($wanted::VARCHAR[]) AS number),
        named AS (SELECT platform, post_id, post_id AS name FROM posts
            UNION ALL SELECT platform, post_id, alias FROM post_aliases)
        SELECT DISTINCT number, named.platform, coalesce(main.post_id, named.post_id) AS post_id
        FROM named JOIN wanted ON number = regexp_extract(name, '(\d+)$', 1)
        LEFT JOIN post_aliases main
            ON main.platform = named.platform AND main.alias = named.post_id""",
        {"wanted": wanted},
    ):
        known.setdefault(row["number"], set()).add((row["platform"], row["post_id"]))
    found = {}
    for name, inside in numbers.items():
        posts = set().union(*(known.get(number, set()) for number in inside))
        if len(posts) == 1:
            found[name] = posts.pop()
    return found


def listed(path: Path) -> dict[str, Listed]:
    """What a CSV says of files: columns file, post and tags, a comma, semicolon or tab between.

    Tags are separated by spaces or ``|``; one with ``!`` before it was looked for and not seen.
    The names of files are in lower case. Raises `UnreadableFile` and `BadDefinition`.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UnreadableFile(path=path, reason=Message(N_("it is too large to be a list")))
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            rows = list(csv.reader(file, delimiter=max(",;\t", key=head.count)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(path=path, reason=error) from error
    places = _places(path, rows[0] if rows else [])
    found: dict[str, Listed] = {}
    for row in rows[1:]:
        given = {
            key: row[at].strip() if at is not None and at < len(row) else ""
            for key, at in places.items()
        }
        if given["file"]:
            found[given["file"].lower()] = Listed(given["post"] or None, tags(given["tags"]))
    return found


def _places(path: Path, head: Sequence[str]) -> dict[str, int | None]:
    names = [name.strip().lower() for name in head]
    found = {
        key: next((at for at, name in enumerate(names) if name in known), None)
        for key, known in _COLUMNS.items()
    }
    if found["file"] is None:
        reason = Message(N_("there is no column 'file'; there are: {known}"),
                         {"known": ", ".join(names)})  # fmt: skip
        raise BadDefinition(where=path, reason=reason)
    return found


def tags(text: str) -> dict[str, bool]:
    """Tags as people write them, in lower case.

    >>> tags("Person | !logo")
    {'person': True, 'logo': False}
    """
    words = [word.lower() for word in re.split(r"[\s|]+", text) if word.strip("!")]
    return {word.lstrip("!"): not word.startswith("!") for word in words}
