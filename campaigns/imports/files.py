"""Which files there are to import: named, in folders, in archives, and several as one source."""

from __future__ import annotations

import fnmatch
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from campaigns.collectors import Bundle, Members, formats
from campaigns.errors import N_, Message, UnreadableFile, UserError
from campaigns.imports.archives import Archives, Member, is_archive

_LEFT_BEHIND = Message(N_("left behind by a program; it holds no figures"))
_NEVER_OPENED = Message(N_("messages, contacts and the like are never opened"))
_REPLACED = Message(N_("another file of the same name comes later in the archive"))

_NO_NAME = Message(N_("its name is no text: give it another name"))

_LITTER = {"thumbs.db", "desktop.ini", "__macosx", ".ds_store", "icon\r"}
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Candidate:
    """A source to import: a file, a member of an archive, or several files that are one.

    ``is_named``: the user named it, so not knowing it is a failure. ``error`` or ``note`` say
    that it cannot or need not be read.
    """

    path: Path
    is_named: bool
    member: Member | None = None
    bundle: Members | None = None
    note: Message | None = None
    error: UserError | None = None


@dataclass
class Files:
    """The files under some paths; give them back with `close`.

    ``passes_over`` is asked for each folder: what it says true to is not looked into.
    """

    paths: Sequence[Path]
    passes_over: Callable[[Path], bool] = lambda _folder: False
    archives: Archives = field(default_factory=Archives)

    def candidates(self) -> Iterator[Candidate]:
        """The paths themselves, and what is in folders and archives by name; each file once."""
        seen: set[Path] = set()
        single = [path for path in self.paths if not path.is_dir()]
        bundles = _bundled_by_folder(single)
        for path in self.paths:
            found = self._inside(path) if path.is_dir() else self._named(path, bundles)
            for candidate in map(_speakable, list(found)):
                real = Path(os.path.realpath(candidate.path))
                if real not in seen or candidate.note is _REPLACED:
                    seen.add(real)
                    yield candidate

    def at_hand(self, candidate: Candidate, scratch: Path) -> AbstractContextManager[Path]:
        """The file itself, else a copy of the member for as long as the context lasts."""
        if candidate.member is not None:
            return self.archives.unpacked(candidate.member, scratch)
        return nullcontext(candidate.path)

    def close(self) -> None:
        """Close the archive that is open."""
        self.archives.close()

    # --- what was named

    def _named(self, path: Path, bundles: Mapping[Path, Candidate]) -> Iterator[Candidate]:
        if path in bundles:
            yield bundles[path]
        elif is_never_opened(path.name):
            yield Candidate(path, is_named=True, note=_NEVER_OPENED)
        elif path.is_file() and is_archive(path):
            yield from self._in_archive(path, is_named=True)
        else:
            yield _file(path, is_named=True)

    # --- folders

    def _inside(self, folder: Path) -> Iterator[Candidate]:
        names, troubles = _walk(folder, self.passes_over)
        yield from troubles
        for one in _grouped(names):
            if isinstance(one, Bundle):
                yield _together(one, folder / _place(one), partial(_open, folder))
                continue
            path = folder / one
            if skipped := _skipped(path):
                yield skipped
            elif path.is_file() and is_archive(path):
                yield from self._in_archive(path, is_named=False)
            else:
                yield _file(path, is_named=False)

    # --- archives

    def _in_archive(self, path: Path, *, is_named: bool) -> Iterator[Candidate]:
        try:
            members = self.archives.members(path)
        except UserError as error:
            yield Candidate(path, is_named, error=error)
            return
        if not members:
            empty = UnreadableFile(path=path, reason=Message(N_("it is empty")))
            yield Candidate(path, is_named, error=empty)
            return
        by_name = {member.name: member for member in members if not _is_below_litter(member.name)}
        groups = list(_grouped(list(by_name)))
        for one in groups:
            if isinstance(one, Bundle):
                place = path if len(groups) == 1 else Path(f"{path}!", _place(one))
                yield self._archived_bundle(one, place, by_name)
            else:
                member = by_name[one]
                yield _skipped(member.path) or Candidate(
                    member.path, is_named=False, member=member, error=member.error
                )
        kept = {id(member) for member in by_name.values()}
        for member in members:
            if id(member) not in kept and member.name in by_name:
                yield Candidate(member.path, is_named=False, note=_REPLACED)

    def _archived_bundle(
        self, bundle: Bundle, path: Path, by_name: Mapping[str, Member]
    ) -> Candidate:
        errors = [error for name in bundle.members if (error := by_name[name].error)]
        if errors:
            return Candidate(path, is_named=False, error=errors[0])
        return _together(bundle, path, lambda name: self.archives.stream(by_name[name]))


# --- bundles ---------------------------------------------------------------------------------


def _grouped(names: Sequence[str]) -> Iterator[str | Bundle]:
    """The names in their order, those that are one source together in the place of the first."""
    first: dict[str, Bundle] = {}
    taken: set[str] = set()
    for known in formats():
        if known.bundle is not None:
            for bundle in known.bundle([name for name in names if name not in taken]):
                whole = {*bundle.members, *bundle.side}
                taken |= whole
                first[min(whole)] = bundle
    for name in names:
        if name in first:
            yield first[name]
        elif name not in taken:
            yield name


def _place(bundle: Bundle) -> str:
    """What a bundle is called in its folder: as the folder of all, or as its only file."""
    is_alone = len(bundle.members) == 1 and not bundle.side
    return bundle.members[0] if is_alone else bundle.root


def _together(bundle: Bundle, path: Path, opener: Callable[[str], BinaryIO]) -> Candidate:
    files = {name: partial(opener, name) for name in bundle.members}
    return Candidate(path, is_named=False, bundle=Members(files, side=len(bundle.side)))


def _bundled_by_folder(paths: Iterable[Path]) -> dict[Path, Candidate]:
    """Named files that are one source: the same candidate for each of them."""
    by_folder: dict[Path, list[str]] = {}
    for path in paths:
        by_folder.setdefault(path.parent, []).append(path.name)
    found: dict[Path, Candidate] = {}
    for folder, names in by_folder.items():
        for one in _grouped(sorted(names)):
            if isinstance(one, Bundle):
                whole = _together(one, folder / _place(one), partial(_open, folder))
                named = replace(whole, is_named=True)
                found |= {folder / name: named for name in (*one.members, *one.side)}
    return found


def _open(folder: Path, name: str) -> BinaryIO:
    return (folder / name).open("rb")


# --- files -----------------------------------------------------------------------------------


def _walk(folder: Path, passes_over: Callable[[Path], bool]) -> tuple[list[str], list[Candidate]]:
    """The names of the files under a folder, and the folders that could not be looked into."""
    names: list[str] = []
    troubles: list[Candidate] = []

    def note(error: OSError) -> None:
        path = Path(error.filename or folder)
        reason = error.strerror or type(error).__name__
        problem = UnreadableFile(path=path, reason=reason)
        troubles.append(Candidate(path, is_named=False, error=problem))

    for parent, folders, inside in os.walk(folder, onerror=note):
        at = Path(parent)
        folders[:] = sorted(
            name for name in folders if not is_litter(name) and not passes_over(at / name)
        )
        names += [(at / name).relative_to(folder).as_posix() for name in sorted(inside)]
    return names, troubles


def _file(path: Path, *, is_named: bool) -> Candidate:
    """A file as a candidate; a pipe or device, which would never end, is not read."""
    if path.exists() and not path.is_file():
        error = UnreadableFile(path=path, reason=Message(N_("it is not a file")))
        return Candidate(path, is_named, error=error)
    return Candidate(path, is_named)


def _speakable(candidate: Candidate) -> Candidate:
    """The candidate, unless its name is bytes that are no text: no report or table can hold it."""
    path = Path(str(candidate.path).encode(errors="replace").decode())
    if path == candidate.path:
        return candidate
    return Candidate(path, candidate.is_named, error=UnreadableFile(path=path, reason=_NO_NAME))


def _skipped(path: Path) -> Candidate | None:
    """What a folder or archive holds besides exports; it is named in the report, not opened."""
    if is_litter(path.name):
        return Candidate(path, is_named=False, note=_LEFT_BEHIND)
    if is_never_opened(path.name):
        return Candidate(path, is_named=False, note=_NEVER_OPENED)
    return None


def is_litter(name: str) -> bool:
    """Whether an operating system or office program left this file behind.

    >>> is_litter("~$costs.xlsx"), is_litter(".DS_Store"), is_litter("costs.xlsx")
    (True, True, False)
    """
    return name.startswith((".", "~$", "._")) or name.casefold() in _LITTER


def _is_below_litter(name: str) -> bool:
    return any(is_litter(part) for part in name.split("/")[:-1] if part != "..")


def is_never_opened(name: str) -> bool:
    """Whether a file comes along with exports and is nobody's business here.

    >>> is_never_opened("direct-messages.js"), is_never_opened("tweets.js")
    (True, False)
    """
    return any(
        fnmatch.fnmatchcase(name.casefold(), pattern)
        for known in formats()
        for pattern in known.never_opened
    )


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, read piece by piece."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(path=path, reason=error.strerror or type(error).__name__) from error


def digest_of_bundle(bundle: Members, path: Path) -> tuple[str, int]:
    """The SHA-256 of the names and bytes of all files together, and how many bytes they are.

    Folders do not count: the same source has the same digest unpacked and in an archive.
    """
    whole, size = hashlib.sha256(), 0
    by_last_name = sorted(bundle.files.items(), key=lambda item: PurePosixPath(item[0]).name)
    for name, opened in by_last_name:
        part = hashlib.sha256()
        try:
            with opened() as file:
                while block := file.read(_BLOCK):
                    part.update(block)
                    size += len(block)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise UnreadableFile(path=path / name, reason=reason) from error
        whole.update(f"{PurePosixPath(name).name}\0{part.hexdigest()}\n".encode())
    return whole.hexdigest(), size
