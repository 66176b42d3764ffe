"""A private folder for what is unpacked on its way into a store, which need not exist yet."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from campaigns.store.spill import Spill, clear
from campaigns.store.store import MANIFEST


@contextlib.contextmanager
def scratch(store: Path) -> Iterator[Path]:
    """A folder in the store, for as long as the context lasts.

    What a killed process left there is removed at the next start. In place of a store that
    cannot be written, or of a folder that is none, the system's folder for such things is used.
    """
    made = [path for path in (store / "tmp", store, *store.parents) if not path.exists()]
    with contextlib.ExitStack() as stack:
        folder = None
        if _is_ours(store):
            clear(store)
            with contextlib.suppress(OSError):
                store.mkdir(parents=True, exist_ok=True)
                spill = stack.enter_context(contextlib.closing(Spill(store)))
                folder = spill.folder if spill.folder.is_dir() else None
        if folder is None:
            system = tempfile.TemporaryDirectory(prefix="bereik-", ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(system))
        yield folder
    for path in made:  # nothing was imported: no store is left where there was none
        with contextlib.suppress(OSError):
            path.rmdir()


def _is_ours(folder: Path) -> bool:
    if not folder.exists() or (folder / MANIFEST).exists():
        return True
    try:
        return all(entry.name in {"tmp", "locks"} for entry in folder.iterdir())
    except OSError:
        return False
