"""Import files and make the store ready for its next reader: what all ways in have in common."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from campaigns.imports.options import Options
from campaigns.imports.reports import FileReport
from campaigns.imports.run import Progress, import_paths
from campaigns.reports.kept import make_ready
from campaigns.store import Store


def import_and_assign(
    store_path: Path,
    paths: Iterable[Path],
    options: Options | None = None,
    progress: Progress | None = None,
) -> list[FileReport]:
    """Import files as `import_paths` does, then make ready what every question needs."""
    reports = import_paths(store_path, paths, options, progress)
    if any(report.status == "imported" for report in reports):
        make_ready(Store.open(store_path))
    return reports
