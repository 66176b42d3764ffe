"""Answers on their way to the disk: made private and written while the next one is asked for."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from campaigns.collecting.client import Ask
from campaigns.collecting.keeping import Box
from campaigns.privacy import Hider, is_unnamed

_KEPT = {"analytics": ("granularity", "start_time"), "reposters": ("id",)}
"""What an answer must be read with, by the kind of reads."""


class Writer:
    """Keeps answers in their order, one behind the asking: at most one is not on disk yet.

    Nothing else may use the box before `settle`.
    """

    def __init__(self, box: Box) -> None:
        self._box = box
        self._thread = ThreadPoolExecutor(1, "keeping")
        self._going: Future[None] | None = None

    def keep(
        self,
        ask: Ask,
        answer: dict[str, Any],
        hider: Hider,
        *,
        at: dt.datetime,
        planned: dt.datetime,
        is_last: bool,
    ) -> int:
        """Keep an answer; returns how many reads it is. What went wrong with the last is raised."""
        self.settle()
        data = answer.get("data")
        paid = len(data) if isinstance(data, list) else int(data is not None)
        asked: dict[str, Any] = {
            "call": ask.call,
            "kind": ask.kind,
            "key": ask.key,
            "at": _written(at),
            "planned": _written(planned),
            "price": ask.price,
            "paid": paid,
            "is_last": is_last,
            "as_user": ask.as_user,
            "params": {name: ask.params[name] for name in _KEPT.get(ask.kind, ())},
        }
        self._going = self._thread.submit(self._keep, ask, asked, answer, hider)
        return paid

    def _keep(self, ask: Ask, asked: dict[str, Any], answer: dict[str, Any], hider: Hider) -> None:
        asked["accounts"] = _named(ask, answer)
        kept = hider.hidden(answer, asked["accounts"])
        if ask.kind == "recheck":  # only whether they are still there is wanted
            kept.pop("data", None)
        elif ask.kind == "reposters":  # of others not even a pseudonym: the post has their number
            kept["data"] = [
                one for one in kept.get("data") or [] if not is_unnamed(one["username"])
            ]
        self._box.append({"asked": asked, "answer": kept})

    def settle(self) -> None:
        """Wait until all answers are on disk, and counted."""
        going, self._going = self._going, None
        if going is not None:
            going.result()

    def close(self) -> None:
        """End the thread, once it has written what it has."""
        self._thread.shutdown()


def _written(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def _named(ask: Ask, answer: dict[str, Any]) -> dict[str, str]:
    """Who of the registered accounts wrote what is in the answer, by id of the author or post.

    Posts do not always say who wrote them; a timeline is all of one account.
    """
    data = answer.get("data")
    only = next(iter(ask.names.values())) if ask.kind == "timelines" else None
    found: dict[str, str] = {}
    for post in data if isinstance(data, list) else []:
        number = str(post.get("author_id") or post["id"])
        if name := ask.names.get(number, only):
            found[number] = name
    return found
