"""The only way in: recognise a file, read it, make it private, and commit it as a whole.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     file = Path(folder, "letter.txt")
...     _ = file.write_text("Dear colleague,")
...     [report] = import_paths(Path(folder, "store"), [file])
>>> report.status
'failed'
"""

from campaigns.imports.options import FileOptions, Options
from campaigns.imports.reports import FileReport
from campaigns.imports.run import import_paths

__all__ = ["FileOptions", "FileReport", "Options", "import_paths"]
