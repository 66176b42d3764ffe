"""Which files there are, and what identifies their content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from campaigns.errors import UnreadableFile

_LITTER = {"thumbs.db", "desktop.ini", "__macosx", ".ds_store"}


@dataclass(frozen=True)
class Candidate:
    """A file to import. ``is_named``: the user named it, so not knowing it is a failure."""

    path: Path
    is_named: bool


def candidates(paths: Iterable[Path]) -> Iterator[Candidate]:
    """The files themselves, and those in folders in the order of their names; each once."""
    seen: set[Path] = set()
    for path in paths:
        found = _inside(path) if path.is_dir() else [Candidate(path, is_named=True)]
        for candidate in found:
            real = Path(os.path.realpath(candidate.path))
            if real not in seen:
                seen.add(real)
                yield candidate


def _inside(folder: Path) -> Iterator[Candidate]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_litter(name))
        for name in sorted(names):
            yield Candidate(Path(parent, name), is_named=False)


def is_litter(name: str) -> bool:
    """Whether an operating system or office program left this file behind.

    >>> is_litter("~$costs.xlsx"), is_litter(".DS_Store"), is_litter("costs.xlsx")
    (True, True, False)
    """
    return name.startswith((".", "~$", "._")) or name.casefold() in _LITTER


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, read piece by piece."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(path=path, reason=error.strerror or type(error).__name__) from error
