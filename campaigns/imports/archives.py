"""Zip archives: what is in them, and one member at a time, within limits of size.

An archive can lie about names and sizes. Names are never used as paths: a member is unpacked
under its last name only, into a folder of its own that goes when the member was read.
"""

from __future__ import annotations

import contextlib
import io
import lzma
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from campaigns.errors import (
    N_,
    Message,
    NestedArchive,
    TooLarge,
    UnreadableFile,
    UnsafeMember,
    UserError,
)

MAX_MEMBER = 4 << 30
"""Bytes that a member may have when it is unpacked."""

MAX_DIRECTORY = 40 << 20
"""Bytes of the list of members: half a million of them, a few hundred MiB in memory."""

MAX_RATIO = 200
"""How much a member may grow when unpacked, once it is larger than `RATIO_FROM`.

Real exports grow up to thirtyfold. The same holds for all members together from `SUM_FROM` on:
members can be small and share their bytes.
"""

RATIO_FROM = 50 << 20

SUM_FROM = 1 << 30

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,  # names that are not text
)
_OTHER_KINDS = {"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"}
_ODD = re.compile(r"[\x00-\x1f\x7f]")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Member:
    """A file in an archive; ``name`` has ``/`` between folders. ``error`` says why it stays in."""

    archive: Path
    name: str
    info: zipfile.ZipInfo
    error: UserError | None = None

    @property
    def path(self) -> Path:
        """How the member is called: ``a.zip!/folder/x.csv``."""
        return Path(f"{self.archive}!", self.name)


class Archives:
    """Opens archives, keeping the last one open: members are read one after the other."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._zip: zipfile.ZipFile | None = None

    def close(self) -> None:
        """Close what is open."""
        if self._zip is not None:
            self._zip.close()
        self._path = self._zip = None

    def members(self, path: Path) -> list[Member]:
        """The files in an archive in the order of their names, folders left out.

        Raises UnreadableFile for a broken archive, TooLarge for an endless list.
        """
        with _damage_of(path):
            _check_directory(path)
            infos = [info for info in self._open(path).infolist() if not info.is_dir()]
        _check_sum(path, infos)
        found = [_member(path, info) for info in infos]
        return sorted(found, key=lambda member: member.name)

    def stream(self, member: Member) -> BinaryIO:
        """The bytes of a member, unpacked while they are read."""
        with _damage_of(member.path):
            return cast("BinaryIO", _Checked(self._open(member.archive).open(member.info), member))

    @contextlib.contextmanager
    def unpacked(self, member: Member, scratch: Path) -> Iterator[Path]:
        """The member as a file in ``scratch``, for as long as the context lasts.

        What goes wrong with that file is told of the member: the file may be called otherwise.
        """
        folder = Path(tempfile.mkdtemp(prefix="member-", dir=scratch))
        try:
            target = folder / _plain(PurePosixPath(member.name).name)
            with _damage_of(member.path):
                source = self._open(member.archive).open(member.info)
                with source, target.open("wb") as file:
                    shutil.copyfileobj(source, file, _BLOCK)
            yield target
        except UserError as error:
            if str(error.values.get("path")) not in {str(target), target.name}:
                raise
            raise type(error)(**{**error.values, "path": member.path.name}) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _open(self, path: Path) -> zipfile.ZipFile:
        if self._zip is None or self._path != path:
            self.close()
            self._zip, self._path = zipfile.ZipFile(path), path
        return self._zip


class _Checked(io.RawIOBase):
    """A stream that says in words what is wrong with the archive."""

    def __init__(self, file: BinaryIO | object, member: Member) -> None:
        self._file = cast("BinaryIO", file)
        self._member = member

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes; raises UnreadableFile where the archive is damaged."""
        with _damage_of(self._member.path):
            return self._file.read(-1 if size is None else size)

    def close(self) -> None:
        """Close the member."""
        self._file.close()
        super().close()


def is_archive(path: Path) -> bool:
    """Whether a file is a zip of files: not an office document or program in a zip's clothes.

    A damaged archive is one too, when it is called ``.zip``.
    """
    try:
        with path.open("rb") as file:
            if not file.read(4).startswith((b"PK\x03\x04", b"PK\x05\x06")):
                return False
        _check_directory(path)
        with zipfile.ZipFile(path) as archive:
            return not _OTHER_KINDS & set(archive.namelist())
    except (*_DAMAGE, TooLarge):
        return path.suffix.casefold() == ".zip"


def _member(archive: Path, info: zipfile.ZipInfo) -> Member:
    name = info.filename.replace("\\", "/")
    shown = _ODD.sub("\ufffd", "/".join(part for part in name.split("/") if part not in {"", "."}))
    member = Member(archive, shown or "-", info)
    return Member(archive, member.name, info, _problem(member, name))


def _problem(member: Member, name: str) -> UserError | None:
    """Why a member cannot be read, by what the archive says of it."""
    info, path = member.info, member.path
    parts = name.split("/")
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    if ".." in parts or name.startswith("/") or re.match(r"[A-Za-z]:", name) or is_link:
        return UnsafeMember(path=path)
    if name.casefold().endswith(".zip"):
        return NestedArchive(path=path)
    if info.flag_bits & 1:
        return UnreadableFile(path=path, reason=Message(N_("it has a password")))
    is_bomb = info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * info.compress_size
    if info.file_size > MAX_MEMBER or is_bomb:
        limit = MAX_MEMBER if info.file_size > MAX_MEMBER else RATIO_FROM
        what = Message(N_("it unpacks to {size}"), {"size": _megabytes(info.file_size)})
        return TooLarge(path=path, what=what, limit=_megabytes(limit))
    return None


def _check_sum(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    total = sum(info.file_size for info in infos)
    if total > SUM_FROM and total > MAX_RATIO * path.stat().st_size:
        what = Message(N_("it unpacks to {size}"), {"size": _megabytes(total)})
        raise TooLarge(path=path, what=what, limit=_megabytes(SUM_FROM))


def _check_directory(path: Path) -> None:
    """Raise TooLarge when the list of members would not fit in memory."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - (1 << 16) - 100))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    listed = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    large = tail.rfind(b"PK\x06\x06")
    if large >= 0 and listed == 0xFFFFFFFF:
        listed = int.from_bytes(tail[large + 40 : large + 48], "little")
    if listed > MAX_DIRECTORY:
        what = Message(N_("it lists more files than can be read"))
        raise TooLarge(path=path, what=what, limit=_megabytes(MAX_DIRECTORY))


@contextlib.contextmanager
def _damage_of(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        if isinstance(error, OSError) and error.strerror:
            raise UnreadableFile(path=path, reason=error.strerror) from error
        reason = Message(N_("the archive is damaged or cut off"))
        raise UnreadableFile(path=path, reason=reason) from error


def _plain(name: str) -> str:
    """A name that every system takes for a file.

    >>> _plain('a:b?.csv'), _plain("")
    ('a_b_.csv', 'member')
    """
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", name).strip(" .")[-200:] or "member"


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):.0f} MiB"
