"""Watched folders: exports that somebody saves there are imported, each once, and stay there.

A file is read when its size and date have been the same for a while, so one that is still being
copied is left for the next look. What was read is remembered by a hash of its name, size and date,
in the store; names of files can name people, so they are not.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from campaigns.collecting.outcome import Ending, Outcome
from campaigns.errors import N_, Message, NoFolder
from campaigns.imports import FileReport, Options
from campaigns.imports.files import is_litter
from campaigns.imports.ready import import_and_assign
from campaigns.store import Store, alone, write_whole

SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xls", ".xlsx", ".xlsm", ".zip", ".json", ".js"})
"""What an export is called; all else in a watched folder is somebody's own business."""

Seen = tuple[int, int]
"""Size, and date in nanoseconds."""

_MEMORY = 400
"""Days after which a file that is not there any more is forgotten."""


@dataclass
class Looked:
    """What a look at folders found: reports of files that were read now, how many are still being
    written, how many that were refused before still lie there, and folders that are not there."""

    reports: list[FileReport] = field(default_factory=list)
    growing: int = 0
    refused: list[Path] = field(default_factory=list)
    missing: list[Path] = field(default_factory=list)
    is_busy: bool = False

    @property
    def failed(self) -> list[FileReport]:
        """The files that were refused now."""
        return [one for one in self.reports if one.status == "failed"]

    def outcome(self) -> Outcome:
        """How it ended, for a scheduler: done, later (another run looks), or needs a person."""
        if self.is_busy:
            return Outcome("later", Message(N_("another run looks at the folders")))
        rows: dict[str, int] = {}
        for report in self.reports:
            for table, number in report.tables.items():
                rows[table] = rows.get(table, 0) + number
        ending: Ending = "person" if self.failed or self.missing else "done"
        return Outcome(ending, self._reason(), rows=rows)

    def _reason(self) -> Message | None:
        if self.missing:
            return Message(N_("watched folders that are not there: {n}"), {"n": len(self.missing)})
        if self.failed:
            text = N_("files that were refused: {n}; see which with bereik collect folder PATH")
            return Message(text, {"n": len(self.failed)})
        return None


def look(
    store: Store,
    folders: Sequence[Path],
    settled: dt.timedelta,
    options: Options | None = None,
    *,
    again: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Looked:
    """Import what is new in the folders and not being written any more.

    It waits ``settled`` once when there is anything new. ``again`` reads what was refused before
    too. Nothing in the folders is changed. Raises what an import raises of the store.
    """
    with alone(store.path, "watch") as is_alone:
        if not is_alone:
            return Looked(is_busy=True)
        memory = _Memory(store.path / "runs" / "watched.json")
        found = Looked(missing=[folder for folder in folders if not folder.is_dir()])
        files = {path: seen for folder in folders for path, seen in _files(folder, store.path)}
        new = {}
        for path, seen in files.items():
            status = memory.status(path, seen)
            if status is None or (again and status == "failed"):
                new[path] = seen
            elif status == "failed":
                found.refused.append(path)
        if new:
            sleep(settled.total_seconds())
        ready = [path for path, seen in new.items() if _seen(path) == seen]
        found.growing = len(new) - len(ready)
        if ready:
            found.reports = import_and_assign(store.path, ready, options)
            memory.note({path: new[path] for path in ready}, found.reports)
        memory.save(files)
        return found


def _files(folder: Path, store: Path) -> Iterator[tuple[Path, Seen]]:
    """The exports under a folder; links, hidden files and a store are passed over."""
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        folders[:] = sorted(
            name
            for name in folders
            if not is_litter(name) and (here / name).absolute() != store.absolute()
        )
        for name in sorted(names):
            path = here / name
            is_export = path.suffix.casefold() in SUFFIXES and not is_litter(name)
            if is_export and not path.is_symlink() and (seen := _seen(path)):
                yield path, seen


def _seen(path: Path) -> Seen | None:
    """Size and date; null when it is empty, gone, or no file."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return (facts.st_size, facts.st_mtime_ns) if facts.st_size and path.is_file() else None


Status = Literal["imported", "unchanged", "failed", "ignored"]


class _Memory:
    """Which files were read, and what became of them: by hash, with the day they were last seen."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.known: dict[str, tuple[str, str]] = {}
        try:
            given = json.loads(file.read_text("utf-8"))
            self.known = {key: (str(value[0]), str(value[1])) for key, value in given.items()}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, AttributeError, IndexError, TypeError):
            pass  # damaged: files are imported again, which changes nothing

    def status(self, path: Path, seen: Seen) -> str | None:
        return self.known.get(_key(path, seen), (None, ""))[0]

    def note(self, files: Mapping[Path, Seen], reports: Sequence[FileReport]) -> None:
        """Remember what became of the files; of several that are one source all alike."""
        worst: dict[Path, str] = {}
        for report in reports:
            for path in files:
                is_its = str(report.path) == str(path) or str(report.path).startswith(f"{path}!")
                if is_its and worst.get(path) != "failed":
                    worst[path] = report.status
        today = dt.datetime.now(dt.UTC).date().isoformat()
        for path, seen in files.items():
            self.known[_key(path, seen)] = (worst.get(path, "imported"), today)

    def save(self, there: Mapping[Path, Seen]) -> None:
        """Write it down, without what went long ago."""
        now = dt.datetime.now(dt.UTC).date()
        for path, seen in there.items():
            key = _key(path, seen)
            if key in self.known:
                self.known[key] = (self.known[key][0], now.isoformat())
        oldest = (now - dt.timedelta(days=_MEMORY)).isoformat()
        kept = {key: value for key, value in self.known.items() if value[1] >= oldest}
        write_whole(self.file, json.dumps(kept))


def _key(path: Path, seen: Seen) -> str:
    text = "\0".join([path.absolute().as_posix(), str(seen[0]), str(seen[1])])
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:32]


def check(folder: Path) -> None:
    """Raise `NoFolder` when there is no folder of that name."""
    if not folder.is_dir():
        raise NoFolder(path=folder)
