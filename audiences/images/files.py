"""The images in files, folders and zip archives, one at a time and within limits."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from audiences.images.features import MOST_BYTES, BadImage
from campaigns.errors import N_, Message, TooLarge, UnreadableFile, UserError
from campaigns.imports.archives import Archives, Member, is_archive
from campaigns.imports.files import is_litter

SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".gif", ".webp"})
MOST_FILES = 100_000
"""Images that are read in one run."""


@dataclass(frozen=True)
class Found:
    """A file that may be an image: its bytes, else why they were not read.

    ``name`` is the last part of its path, which is all that is kept of it; a name is never used
    as a path.
    """

    path: Path
    content: bytes | None = None
    error: UserError | None = None

    @property
    def name(self) -> str:
        """The name of the file, printable, at most 200 characters of it."""
        last = PurePosixPath(self.path.as_posix()).name
        shown = last.encode(errors="replace").decode()
        return "".join(c if c.isprintable() else "\ufffd" for c in shown)[-200:]


def images(paths: Iterable[Path]) -> Iterator[Found]:
    """The images under some paths, folder by folder and by name. Links are not followed.

    A path that is named is tried whatever it is called; in folders and archives only what is
    called as an image. Raises `TooLarge` for more images than `MOST_FILES`.
    """
    number = 0
    with contextlib.closing(Archives()) as archives:
        for path in paths:
            for found in _under(path, archives):
                number += 1
                if number > MOST_FILES:
                    what = Message(N_("it holds more images than can be read at once"))
                    raise TooLarge(path=path, what=what, limit=MOST_FILES)
                yield found


def _under(path: Path, archives: Archives) -> Iterator[Found]:
    if path.is_dir():
        for file in _in_folder(path):
            yield from _archived(file, archives) if _is_zip(file) else [_read(file)]
    elif path.is_file() and is_archive(path):
        yield from _archived(path, archives)
    else:
        yield _read(path)


def _in_folder(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_litter(name))
        for name in sorted(names):
            file = Path(parent, name)
            is_wanted = _is_image(name) or file.suffix.casefold() == ".zip"
            if is_wanted and not file.is_symlink():
                yield file


def _is_zip(file: Path) -> bool:
    return file.suffix.casefold() == ".zip"


def _is_image(name: str) -> bool:
    return PurePosixPath(name).suffix.casefold() in SUFFIXES and not is_litter(name)


def _archived(path: Path, archives: Archives) -> Iterator[Found]:
    try:
        members = archives.members(path)
    except UserError as error:
        yield Found(path, error=error)
        return
    for member in members:
        *folders, name = PurePosixPath(member.name).parts
        is_litters = any(is_litter(part) for part in folders if part != "..")
        if _is_image(name) and not is_litters:
            yield _unpacked(member, archives)


def _unpacked(member: Member, archives: Archives) -> Found:
    if member.error is not None:
        return Found(member.path, error=member.error)
    try:
        with archives.stream(member) as file:
            return _taken(member.path, file.read(MOST_BYTES + 1))
    except UserError as error:
        return Found(member.path, error=error)


def _read(path: Path) -> Found:
    try:
        if path.exists() and not path.is_file():  # a pipe or device would never end
            reason: object = Message(N_("it is not a file"))
            return Found(path, error=UnreadableFile(path=path, reason=reason))
        with path.open("rb") as file:
            return _taken(path, file.read(MOST_BYTES + 1))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Found(path, error=UnreadableFile(path=path, reason=reason))


def _taken(path: Path, content: bytes) -> Found:
    if len(content) > MOST_BYTES:
        values = {"limit": MOST_BYTES >> 20}
        reason = Message(N_("it is larger than {limit} MB"), values)
        return Found(path, error=BadImage(path=path, reason=reason))
    return Found(path, content)
