"""Import one file into a new store, or (``--alone``) let DuckDB turn it into Parquet."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Clock

path = Path(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    if "--alone" in sys.argv:
        import duckdb

        engine = duckdb.connect(config={"memory_limit": "1GB"})
        with Clock():
            engine.execute(
                f"COPY (FROM read_csv('{path}', all_varchar = true)) TO '{folder}/out.parquet'"
            )
    else:
        from campaigns.imports import Options, import_paths

        with Clock():
            options = Options(accounts=[(None, "a")], role="own")
            [report] = import_paths(Path(folder, "store"), [path], options)
        if report.status != "imported":
            raise SystemExit(str(report.error))
