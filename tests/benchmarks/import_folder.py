"""Import a folder into a new store, or (``--alone``) read each file with its library alone."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Clock


def read_alone(folder: Path) -> None:
    """CSV by DuckDB, spreadsheets by calamine: all rows, nothing more."""
    import duckdb
    from python_calamine import CalamineWorkbook

    engine = duckdb.connect()
    with Clock():
        for path in sorted(folder.iterdir()):
            if path.suffix == ".csv":
                engine.execute("FROM read_csv(?)", [str(path)]).fetchall()
            else:
                book = CalamineWorkbook.from_path(path)
                for name in book.sheet_names:
                    book.get_sheet_by_name(name).to_python()


def read_into_store(folder: Path) -> None:
    """As a user imports it."""
    from campaigns.imports import Options, import_paths

    with tempfile.TemporaryDirectory() as place:
        with Clock():
            reports = import_paths(
                Path(place, "store"), [folder], Options(accounts=[("account_overview_*", "demo")])
            )
        if failed := [one for one in reports if one.status != "imported"]:
            raise SystemExit(f"{len(failed)} files were not imported: {failed[0].error}")


if __name__ == "__main__":
    (read_alone if "--alone" in sys.argv else read_into_store)(Path(sys.argv[1]))
