"""Small files beside the tables, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from campaigns.errors import CannotWrite


def write_whole(file: Path, text: str) -> None:
    """Write a small file whole or not at all. Raises `CannotWrite`."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(exist_ok=True, mode=0o700)
        draft.write_text(text, "utf-8")
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise CannotWrite(path=file, reason=error.strerror or error) from error
