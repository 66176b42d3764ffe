"""Tables for a terminal or a pipe: plain aligned columns, never cut off."""

from __future__ import annotations

from collections.abc import Sequence

import click


def print_table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()
) -> None:
    """Print rows under headers; the columns at the positions in ``right`` are aligned right.

    Headers that are all empty are not printed.

    >>> print_table(["table", "rows"], [["posts", "12"], ["costs", "3"]], frozenset({1}))
    table  rows
    posts    12
    costs     3
    """
    lines = [headers, *rows] if any(headers) else rows
    widths = [max((len(line[i]) for line in lines), default=0) for i in range(len(headers))]
    for line in lines:
        cells = [
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())
