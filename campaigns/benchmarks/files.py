"""Putting an export in a folder: all of its files or none, and nobody else's touched."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from campaigns.benchmarks.benchmark import Benchmark
from campaigns.benchmarks.package import DESCRIPTOR, DIALECTS, FORMATS, PACKAGE, files
from campaigns.benchmarks.workbook import WORKBOOK, write_workbook
from campaigns.errors import N_, CannotWrite, Message

ALL_FORMATS = ("xlsx", *FORMATS)
USUAL_FORMATS = ("xlsx", "csv")


def export(
    benchmark: Benchmark,
    folder: Path,
    formats: Iterable[str] = USUAL_FORMATS,
    dialect: str = "standard",
) -> list[Path]:
    """Write the benchmark to a folder, made when it is not there; returns its files.

    ``xlsx`` is the workbook; each of the others the tables in that format. All of them are
    described by ``datapackage.json``. The same data and day give the same bytes. Files of an
    earlier export are replaced; when one cannot be (a workbook that is open on Windows), all stay
    as they were. Raises `CannotWrite`.
    """
    chosen = set(formats)
    drafts = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_others(folder / DESCRIPTOR)
        drafts = Path(tempfile.mkdtemp(prefix=".bereik-", dir=folder))
        names = _write(benchmark, drafts, chosen, dialect)
        _swap(drafts, folder, names)
    except OSError as error:
        raise CannotWrite(path=folder, reason=error.strerror or error) from error
    finally:
        if drafts is not None:
            shutil.rmtree(drafts, ignore_errors=True)
    return [folder / name for name in names]


def _write(benchmark: Benchmark, drafts: Path, formats: set[str], dialect: str) -> list[str]:
    others = {}
    if "xlsx" in formats:
        write_workbook(benchmark, drafts / WORKBOOK)
        others[WORKBOOK] = (drafts / WORKBOOK).read_bytes()
    made = files(benchmark, formats, DIALECTS[dialect], others)
    for name, content in made.items():
        (drafts / name).write_bytes(content)
    return list(made)


def _refuse_others(descriptor: Path) -> None:
    """Refuse a folder that holds another data package: two cannot share one."""
    if not descriptor.exists():
        return
    try:
        is_ours = json.loads(descriptor.read_text(encoding="utf-8")).get("name") == PACKAGE
    except (ValueError, AttributeError):
        is_ours = False
    if not is_ours:
        reason = Message(N_("it holds another data package; choose another folder"))
        raise CannotWrite(path=descriptor.parent, reason=reason)


def _swap(drafts: Path, folder: Path, names: list[str]) -> None:
    """Move the new files into place, and all back when one cannot be moved."""
    old = drafts / "old"
    old.mkdir()
    done: list[str] = []
    try:
        for name in names:
            if (folder / name).is_dir():
                raise IsADirectoryError(f"{name} is a folder")
            if (folder / name).exists():
                (folder / name).replace(old / name)
            done.append(name)
            (drafts / name).replace(folder / name)
    except OSError:
        for name in done:
            if (old / name).exists():
                (old / name).replace(folder / name)
            else:
                (folder / name).unlink(missing_ok=True)
        raise
