"""The answers, page by page on disk, with what they cost and where to go on.

An answer counts once its line is on disk; all else (what was paid, how far each list was read) is
computed from the lines. So a run that is killed anywhere goes on where it was: what was half
written is cut off, and the lines after the last saved state are counted again.

    open.jsonl.gz   the answers of now, one gzip member per line
    waiting/        whole files that are not imported yet
    kept/           files that are imported, for replay
    state.json      what was computed from all lines up to a place in the open file
"""

from __future__ import annotations

import datetime as dt
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from campaigns.privacy import packed
from campaigns.store import write_whole

Line = dict[str, Any]

PAGES = 400
"""A file is closed, and imported, after so many pages."""

_PIECE = 1 << 16
_GONE = {"resource-not-found", "not-authorized-for-resource", "disallowed-resource",
         "resource-unavailable"}  # fmt: skip


@dataclass
class State:
    """What all answers so far come to.

    ``lists`` says of each list the ``newest`` id that was read when it was last read to its end,
    and of one that is being read its ``first`` and last (``until``) ids. ``done`` is the moment
    for which it was planned when it last came to its end. ``paid`` counts reads by day and kind.
    ``gone`` are posts of which nothing may be kept. ``files`` counts those that were closed,
    ``bytes`` those of the open file that are counted, ``last`` is the newest day.
    """

    lists: dict[str, dict[str, str]] = field(default_factory=dict)
    done: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    paid: dict[str, dict[str, int]] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    last: str = ""

    @property
    def rechecked(self) -> dt.datetime | None:
        """For which moment posts of others were looked up last."""
        at = self.done.get("recheck")
        return None if at is None else dt.datetime.fromisoformat(at)

    def apply(self, line: Line) -> None:
        """Count an answer."""
        asked, answer = line["asked"], line["answer"]
        self.last = max(self.last, asked["at"][:10])
        day = self.paid.setdefault(asked["at"][:10], {})
        day[asked["price"]] = day.get(asked["price"], 0) + asked["paid"]
        if asked["kind"] == "users":
            for user in _items(answer):
                self.ids[user["username"].casefold()] = user["id"]
        elif asked["kind"] in {"timelines", "mentions", "searches"}:
            self._go_on(asked, answer.get("meta") or {})
        if asked["kind"] in {"posts", "recheck"}:
            self._note_gone(answer)
        if asked["is_last"]:
            self.done[asked["key"]] = asked.get("planned", asked["at"])

    def _go_on(self, asked: Line, meta: Line) -> None:
        place = self.lists.setdefault(asked["key"], {})
        if meta.get("newest_id"):
            first = place.setdefault("first", meta["newest_id"])
            place["first"] = max(first, meta["newest_id"], key=int)
            place["until"] = meta["oldest_id"]
        if asked["is_last"]:
            newest = place.pop("first", None)
            place.pop("until", None)
            if newest:
                place["newest"] = max(place.get("newest", "0"), newest, key=int)

    def _note_gone(self, answer: Line) -> None:
        for problem in answer.get("errors") or []:
            kind = str(problem.get("type", "")).rpartition("/")[2]
            post = problem.get("resource_id") or problem.get("value")
            if post and kind in _GONE and problem.get("resource_type", "tweet") in _POSTS:
                self.gone[str(post)] = kind


_POSTS = {"tweet", "post"}


def _items(answer: Line) -> list[Line]:
    data = answer.get("data")
    return data if isinstance(data, list) else []


def _says_anything(line: Line) -> bool:
    return bool(line["answer"].get("data") or line["answer"].get("errors"))


def folder_of(store: Path) -> Path:
    """Where the answers of X are in a store."""
    return store / "raw" / "x"


def read_state(folder: Path) -> State:
    """The state as it was saved last; the beginning where nothing was collected yet."""
    try:
        return State(**json.loads((folder / "state.json").read_text("utf-8")))
    except FileNotFoundError:
        return State()


class Box:
    """The folder of the answers, in the store. Only who holds the lock of collecting opens it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for place in (folder, self.waiting_folder, self.kept_folder):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.pages = 0
        self._has_any = False
        self.state = self._recovered()
        self._file: BinaryIO | None = None

    @property
    def waiting_folder(self) -> Path:
        """Where whole files wait to be imported."""
        return self.folder / "waiting"

    @property
    def kept_folder(self) -> Path:
        """Where files are that were imported."""
        return self.folder / "kept"

    @property
    def _open(self) -> Path:
        return self.folder / "open.jsonl.gz"

    def append(self, line: Line) -> None:
        """Keep an answer; when this returns, it is on disk."""
        if self._file is None:
            self._file = self._open.open("ab")
        self._file.write(packed(line))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.state.apply(line)
        self.state.bytes = self._file.tell()
        self.pages += 1
        self._has_any |= _says_anything(line)

    def seal(self) -> None:
        """Let the answers so far wait for their import; where all are empty they stay."""
        self.close()
        if not self._has_any:
            return
        self.state.files += 1
        self.save()
        name = f"answers-{self.state.last}-{self.state.files:08}.jsonl.gz"
        self._open.replace(self.waiting_folder / name)
        self.state.bytes, self.pages, self._has_any = 0, 0, False
        self.save()

    def waiting(self) -> list[Path]:
        """The files that are not imported yet, the oldest first."""
        return sorted(self.waiting_folder.glob("*.jsonl.gz"))

    def kept(self) -> list[Path]:
        """The files that were imported, the oldest first."""
        return sorted(self.kept_folder.glob("*.jsonl.gz"))

    def done_with(self, name: str) -> None:
        """A file was imported."""
        (self.waiting_folder / name).replace(self.kept_folder / name)

    def save(self) -> None:
        """Write the state, as a whole or not at all."""
        self._save(self.state)

    def _save(self, state: State) -> None:
        write_whole(self.folder / "state.json", json.dumps(asdict(state), separators=(",", ":")))

    def close(self) -> None:
        """Close the open file; it can be gone on with."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _recovered(self) -> State:
        state = read_state(self.folder)
        if not self._open.exists():
            if state.bytes:  # killed when the file was closed: the next one begins at 0
                state.bytes = 0
                self._save(state)
            return state
        good = 0
        with self._open.open("rb") as content:
            for end, text in members(content):
                line = json.loads(text)
                self._has_any |= _says_anything(line)
                if end > state.bytes:
                    state.apply(line)
                good, self.pages = end, self.pages + 1
        if good < self._open.stat().st_size:
            with self._open.open("r+b") as file:
                file.truncate(good)
                os.fsync(file.fileno())
        state.bytes = good
        return state


def members(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The whole gzip members of a file, each with where it ends; what is cut off is left out.

    >>> import gzip, io
    >>> one = gzip.compress(b"a")
    >>> [text for _end, text in members(io.BytesIO(one + gzip.compress(b"b") + one[:9]))]
    [b'a', b'b']
    """
    end, rest = 0, b""
    while rest or (rest := file.read(_PIECE)):
        unpacker, texts = zlib.decompressobj(31), []
        while not unpacker.eof and (rest or (rest := file.read(_PIECE))):
            try:
                texts.append(unpacker.decompress(rest))
            except zlib.error:
                return
            end += len(rest) - len(unpacker.unused_data)
            rest = unpacker.unused_data
        if not unpacker.eof:
            return
        yield end, b"".join(texts)
