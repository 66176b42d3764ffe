"""Posts that are deleted, protected or withheld: what they said goes, as the terms of X demand."""

from __future__ import annotations

import datetime as dt
import uuid

from campaigns.collecting.keeping import Box
from campaigns.privacy import rewrite, without_posts
from campaigns.store import Change, Store, literal

CONTENT = ("text", "url", "links", "author")


def empty(store: Store, box: Box, today: dt.date) -> int:
    """Destroy what gone posts said, in the store and in the answers; their figures stay.

    Returns how many posts were emptied. Interrupted, the next run does it again.
    """
    gone = sorted(box.state.gone)
    if not gone:
        return 0
    listed = ", ".join(map(literal, gone))
    held = (
        f"coalesce({', '.join(CONTENT)}) IS NOT NULL AND platform = 'x' AND post_id IN ({listed})"
    )
    count = store.read(
        lambda snapshot: snapshot.value(
            f"SELECT count(DISTINCT post_id) FROM posts_log WHERE {held}"
        )
    )
    if count:
        log = {
            "destruction_id": uuid.uuid4().hex,
            "kind": "gone_posts",
            "reason": "platform",
            "destroyed_on": today,
        }
        store.destroy({}, log, lambda _engine, _rows: {"posts": _emptied(held)}, "gone from X")
        box.close()
        rewrite(store.path, without_posts(frozenset(gone)))
    box.state.gone.clear()
    box.save()
    return int(count)


def _emptied(where: str) -> Change:
    values = ", ".join(f"CASE WHEN ({where}) IS NOT TRUE THEN {c} END AS {c}" for c in CONTENT)
    return where, lambda rows: f"SELECT * REPLACE ({values}) FROM {rows}"
