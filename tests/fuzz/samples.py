"""What is damaged: every made-up file of the tests, and kinds of files that none of them is."""

from __future__ import annotations

import functools
import io
import pkgutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import xlwt

from campaigns import collectors, simulate

DATA = Path(__file__).parents[1] / "data"
SIMULATED = "simulated"


@dataclass(frozen=True)
class Sample:
    """A source as its files: ``members`` by their names in it; a single file has one.

    ``name`` is unique; ``path`` is what it is called on a disk.
    """

    name: str
    path: str
    members: tuple[tuple[str, bytes], ...]

    @property
    def kind(self) -> str:
        """``text``, ``workbook``, ``xls``, ``script``, ``archive`` (a zip) or ``folder``."""
        if len(self.members) > 1:
            return "folder"
        kinds = {".xlsx": "workbook", ".xls": "xls", ".js": "script", ".zip": "archive"}
        return kinds.get(Path(self.path).suffix, "text")

    @property
    def content(self) -> bytes:
        """The bytes of a single file."""
        return self.members[0][1]


@functools.cache
def samples(name: str = "") -> dict[str, Sample]:
    """All samples by name, or those in the folder of one; a new made-up file is one by itself."""
    folder = name.partition("/")[0] or "*"
    known = {module.name for module in pkgutil.iter_modules(collectors.__path__)}
    paths = [path for path in sorted(DATA.glob(f"{folder}/*")) if path.parent.name in known]
    found = [sample for path in paths if (sample := _of_path(path)).members]
    if folder in {"*", SIMULATED}:
        found += _simulated()
    return {sample.name: sample for sample in found}


def _of_path(path: Path, folder: str = "") -> Sample:
    folder = folder or path.parent.name
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    root = path.parent if path.is_file() else path
    members = tuple((file.relative_to(root).as_posix(), file.read_bytes()) for file in files)
    return Sample(f"{folder}/{path.name}", path.name, members)


def of_real_files(folder: Path, largest: int = 300_000) -> dict[str, Sample]:
    """Files that must not be copied into the repository, where they are at hand."""
    files = [p for p in sorted(folder.rglob("*")) if p.suffix in {".csv", ".xlsx", ".xls", ".js"}]
    found = [
        _of_path(path, f"real/{path.parent.name}")
        for path in files
        if path.stat().st_size <= largest
    ]
    return {sample.name: sample for sample in found}


def _simulated() -> list[Sample]:
    """A page's export as `.xlsx` and as `.xls`, and a zip of several exports."""
    with TemporaryDirectory() as folder:
        written = simulate.write(simulate.organisation(seed=5, months=3), Path(folder))
        books = [path for path in written if path.suffix == ".xlsx"]
        book = min(books, key=lambda path: path.stat().st_size)
        small = [path for path in written if path.suffix == ".csv" and path.stat().st_size < 5_000]
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in small[:4]:
                archive.write(path, path.relative_to(folder))
        content = book.read_bytes()
    old = _as_xls(content)
    return [
        Sample(f"{SIMULATED}/page.xlsx", book.name, ((book.name, content),)),
        Sample(f"{SIMULATED}/page.xls", f"{book.stem}.xls", ((f"{book.stem}.xls", old),)),
        Sample(f"{SIMULATED}/exports.zip", "exports.zip", (("exports.zip", packed.getvalue()),)),
    ]


def _as_xls(content: bytes) -> bytes:
    book = xlwt.Workbook()
    for sheet in openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets:
        target = book.add_sheet(sheet.title)
        for row, cells in enumerate(sheet.iter_rows(values_only=True)):
            for column, cell in enumerate(cells):
                if cell is not None:
                    target.write(row, column, cell)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()
