"""The engine's reader of CSV, kept from its traps."""

from __future__ import annotations

import glob
from pathlib import Path

from campaigns.collectors import _delimited as delimited
from campaigns.collectors._numbers import literal


def reader(path: Path, delimiter: str, width: int) -> str:
    """The engine's CSV reader below a first line: it guesses no types and downloads nothing.

    Three traps of it are avoided. ``new_line`` is not given: it loses rows without a word. The
    first line is skipped and never a row, for the ends of lines are guessed by it. And
    ``parallel = false`` is not used: it drops a last row whose quote is open, without a word.
    """
    columns = ", ".join(f"'{column(at)}': 'VARCHAR'" for at in range(width))
    return (
        f"read_csv({literal(glob.escape(str(path)))}, auto_detect = false, header = false, "
        f"skip = 1, compression = 'none', hive_partitioning = false, "
        f"delim = {literal(delimiter)}, quote = '\"', escape = '\"', strict_mode = true, "
        f"max_line_size = {delimited.MAX_RECORD}, "
        f"columns = {{{columns}}})"
    )


def column(at: int) -> str:
    """What the reader calls a column."""
    return f"c{at}"


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'
