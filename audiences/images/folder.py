"""Images in a folder that the operator keeps, found again by what they are."""

from __future__ import annotations

import functools
import threading
import time
from pathlib import Path

from audiences.images.features import BadImage, named, small
from audiences.images.files import images

AGAIN = 60.0
"""Seconds after which a folder is looked through again for an image that was not there."""

READY = 64
"""Small images that are kept ready."""


class Folder:
    """The images under a folder, small. Nothing of it is kept, and zips are not looked into.

    It is looked through once, in a thread of its own; an image that changed meanwhile is another
    one. Safe to use from several threads.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._places: dict[str, Path] = {}
        self._looked = float("-inf")
        self._made = functools.lru_cache(READY)(_made)
        threading.Thread(target=self.has, args=("",), name="images", daemon=True).start()

    def has(self, image_id: str) -> bool:
        """Whether the folder has an image."""
        with self._lock:
            is_old = time.monotonic() - self._looked > AGAIN
            if image_id not in self._places and is_old:
                self._places = {
                    named(one.content): one.path
                    for one in images([self.path])
                    if one.content is not None and one.path.is_file()
                }
                self._looked = time.monotonic()
            return image_id in self._places

    def small(self, image_id: str) -> bytes | None:
        """An image as a small JPEG; None where the folder has it not, or not any more."""
        return self._made(self._places[image_id], image_id) if self.has(image_id) else None


def _made(path: Path, image_id: str) -> bytes | None:
    found = next(images([path]))
    if found.content is None or named(found.content) != image_id:
        return None
    try:
        return small(path, found.content)
    except BadImage:
        return None
