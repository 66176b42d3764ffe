"""Import of the answers that wait, and what it brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from campaigns.collecting.keeping import Box
from campaigns.collecting.patience import Tell
from campaigns.errors import N_, Message, NothingToImport
from campaigns.imports import FileReport, Options, import_paths
from campaigns.imports.ready import import_and_assign
from campaigns.store import Store


@dataclass(frozen=True)
class Taken:
    """What became of one file of answers; ``is_done`` says that it need not wait any more."""

    name: str
    status: str
    is_done: bool
    tables: dict[str, int]
    problems: tuple[Message, ...]


@dataclass
class Brought:
    """The rows that imports brought, by table, and what the API said of posts."""

    rows: Counter[str]
    problems: list[Message]

    @classmethod
    def nothing(cls) -> Brought:
        """Nothing yet."""
        return cls(Counter(), [])

    def add(self, box: Box, tell: Tell, taken: Sequence[Taken]) -> None:
        """Put files away that are imported, and count what they brought."""
        for one in taken:
            if one.is_done:
                box.done_with(one.name)
                self.rows.update(one.tables)
            self.problems += one.problems
            values = {"file": one.name, "status": one.status, "rows": sum(one.tables.values())}
            tell("imported", values)


def take_in(store: Store, box: Box, tell: Tell, brought: Brought, *, is_last: bool) -> None:
    """Import the answers that wait. After the last the store is made ready for its readers."""
    files = box.waiting()
    if files:
        brought.add(box, tell, imported(store.path, files, is_last=is_last))


def imported(store: Path, files: Sequence[Path], *, is_last: bool) -> list[Taken]:
    """Import files of answers into the store in a folder; what became of each."""
    into = import_and_assign if is_last else import_paths
    reports = into(store, files, Options())
    return [_taken(file, report) for file, report in zip(files, reports, strict=True)]


def _taken(file: Path, report: FileReport) -> Taken:
    is_empty = isinstance(report.error, NothingToImport)
    is_done = report.status in {"imported", "unchanged"} or is_empty
    problems = [*_problems(report)] if is_done else []
    if report.error is not None and not is_done:
        problems = [report.error.message]
    status = "empty" if is_empty else report.status
    return Taken(file.name, status, is_done, dict(report.tables), tuple(problems))


def _problems(report: FileReport) -> Iterator[Message]:
    for reason, count in report.skipped:
        yield Message(N_("{reason}: {rows}"), {"reason": reason, "rows": count})
