"""Small files beside the tables, written whole or not at all."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from campaigns.errors import CannotWrite


def write_whole(file: Path, text: str) -> None:
    """Write a small file whole or not at all, and onto the disk. Raises `CannotWrite`."""
    draft = file.with_name(f"{file.name}.{uuid.uuid4().hex}")
    try:
        file.parent.mkdir(exist_ok=True, mode=0o700)
        with draft.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise CannotWrite(path=file, reason=error.strerror or error) from error
