"""The answers of platforms that are kept on disk, without people and posts that must go.

One line is one answer; the folder is ``raw`` in the store. See `campaigns.collecting.keeping`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import json
import os
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from campaigns.errors import StoreBusy
from campaigns.privacy.people import GONE, SHORTEST_WORD, Person
from campaigns.store import alone, write_whole

Json = dict[str, Any]
Change = Callable[[Json], Json | None]
"""A line without what must go; null when the whole line must."""

_PATIENCE = 30.0


@contextlib.contextmanager
def nobody_collects(folder: Path) -> Iterator[None]:
    """For as long as this lasts nobody collects. Raises `StoreBusy` when a run goes on."""
    if not (folder / "raw").exists():
        yield
        return
    with alone(folder, "collect", _PATIENCE) as is_alone:
        if not is_alone:
            raise StoreBusy(path=folder, tries=1)
        yield


def files(folder: Path) -> list[Path]:
    """All files with answers in a store."""
    return sorted((folder / "raw").rglob("*.jsonl.gz"))


def packed(line: Json) -> bytes:
    """An answer as it is kept: a line of JSON, compressed by itself.

    >>> gzip.decompress(packed({"a": 1}))
    b'{"a":1}\\n'
    """
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
    return gzip.compress(text.encode(), 3, mtime=0)


def rewrite(folder: Path, change: Change) -> int:
    """Change every line of every file, or take it out; returns how many files changed.

    A file is replaced as a whole. Nobody may be collecting meanwhile.
    """
    changed = 0
    for file in files(folder):
        before = _lines(file)
        after = [new for line in before if (new := change(line)) is not None]
        if after == before:
            continue
        changed += 1
        draft = file.with_suffix(".new")
        with draft.open("wb") as out:
            for line in after:
                out.write(packed(line))
            out.flush()
            os.fsync(out.fileno())
        if after:
            draft.replace(file)
        else:
            draft.unlink()
            file.unlink()
    return changed


def _lines(file: Path) -> list[Json]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def without_person(person: Person) -> Change:
    """A change that takes a person out of a line: posts, profile, and the name in all texts."""
    handles = {account for _platform, account in person.accounts}
    handles |= {one.removeprefix("@") for one in person.pseudonyms}
    named = _pattern(person)

    def change(line: Json) -> Json | None:
        asked = line.get("asked", {})
        if str(asked.get("key", "")).rpartition("/")[2] in handles:
            return None
        theirs = {number for number, name in asked.get("accounts", {}).items() if name in handles}
        users = _users(line.get("answer", {}))
        theirs |= {
            str(one.get("id")) for one in users if str(one["username"]).casefold() in handles
        }
        cleaned: Json = _cleaned(line, handles, theirs, named)
        return cleaned

    return change


DAYS = 90
"""How long answers are kept where nobody says otherwise."""

_DAY = re.compile(r"-(\d{4}-\d\d-\d\d)-")


def expire(folder: Path, before: dt.date) -> int:
    """Delete the files of which every answer is older than a day; returns how many.

    Only files that were imported: what waits still has to be.
    """
    gone = 0
    for file in files(folder):
        day = _DAY.search(file.name)
        if day and file.parent.name == "kept" and day[1] < before.isoformat():
            file.unlink(missing_ok=True)
            gone += 1
    return gone


def forget(folder: Path, handles: Collection[str]) -> None:
    """Take accounts out of what a collection knows of where to go on."""
    file = folder / "raw" / "x" / "state.json"
    if not file.exists():
        return
    state = json.loads(file.read_text("utf-8"))
    for name in ("lists", "done"):
        state[name] = {k: v for k, v in state[name].items() if k.rpartition("/")[2] not in handles}
    state["ids"] = {name: number for name, number in state["ids"].items() if name not in handles}
    write_whole(file, json.dumps(state, separators=(",", ":")))


def listed(value: object) -> list[Json]:
    """The objects in a part of an answer, which may be one of them, a list, or missing."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _users(answer: Json) -> list[Json]:
    found = [*listed((answer.get("includes") or {}).get("users")), *listed(answer.get("data"))]
    return [one for one in found if "username" in one]


def _cleaned(value: Any, handles: set[str], ids: set[str], named: re.Pattern[str] | None) -> Any:
    if isinstance(value, str):
        return named.sub(GONE, value) if named else value
    if isinstance(value, list):
        kept = [one for one in value if not _is_theirs(one, handles, ids)]
        return [_cleaned(one, handles, ids, named) for one in kept]
    if isinstance(value, dict):
        return {
            name: _cleaned(one, handles, ids, named)
            for name, one in value.items()
            if name not in ids and name not in handles and not _is_theirs(one, handles, ids)
        }  # fmt: skip
    return value


def _is_theirs(item: object, handles: set[str], ids: set[str]) -> bool:
    if isinstance(item, str):
        return item.casefold() in handles or item in ids
    if not isinstance(item, dict):
        return False
    is_user = str(item.get("username", "")).casefold() in handles
    return is_user or str(item.get("author_id", "")) in ids or str(item.get("id", "")) in ids


def _pattern(person: Person) -> re.Pattern[str] | None:
    choices = [re.escape(one) for one in person.pseudonyms]
    for one in sorted(person.phrases, key=len, reverse=True):
        joined = r"[\W_]{1,3}".join(map(re.escape, one.split()))
        is_long = " " in one or len(one) >= SHORTEST_WORD
        choices.append(rf"(?<![^\W_]){joined}(?![^\W_])" if is_long else rf"(?<=[@/]){joined}\b")
    return re.compile("|".join(choices), re.IGNORECASE) if choices else None


def without_posts(posts: Collection[str]) -> Change:
    """A change that takes what posts say out of a line; their figures stay."""

    def change(line: Json) -> Json | None:
        answer = line.get("answer", {})
        data = listed(answer.get("data"))
        if not any(one.get("id") in posts for one in data):
            return line
        kept = [_emptied(one) if one.get("id") in posts else one for one in data]
        whole = kept if isinstance(answer.get("data"), list) else kept[0]
        return {**line, "answer": {**answer, "data": whole}}

    return change


def _emptied(post: Json) -> Json:
    gone = {"entities", "note_tweet", "note_post", "attachments"}
    kept = {name: value for name, value in post.items() if name not in gone}
    return {**kept, "text": ""} if "text" in kept else kept
