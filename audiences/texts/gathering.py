"""The texts of the store that may be read, with what belongs to them.

Read are posts of the organisation's own accounts, of partners, and of colleagues who may be named.
Left out are posts of other colleagues, of competitors and of accounts nobody registered, reposts,
and replies of all but the organisation itself. Names of colleagues without a permission to be named
are words that are never shown, in whatever text they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from campaigns import definitions
from campaigns.store import Snapshot

COLUMNS = (
    "platform", "post_id", "account_id", "role", "published_on", "month", "media_type", "text",
    "campaign", "impressions", "engagements", "rate",
)  # fmt: skip
"""The columns of `posts`; ``rate`` is engagements per impression, null where either is."""

_MAY_BE_READ = "(role IN ('own', 'partner') OR (role = 'ambassador' AND is_name_permitted))"

_FIGURE = (
    "coalesce(max({0}) FILTER (delivery = 'total'), "
    "sum({0}) FILTER (delivery <> 'total'))::DOUBLE AS {0}"
)


@dataclass(frozen=True)
class Gathered:
    """The posts that may be read, the names that may not be shown, and how many were left out."""

    posts: pd.DataFrame
    names: frozenset[str]
    left_out: int


def gather(snapshot: Snapshot) -> Gathered:
    """The posts with a text that may be read, each once; newest first."""
    definitions.prepare(snapshot)
    known = {one.campaign_id: one.name for one in definitions.campaigns(snapshot)}
    figures = ", ".join(_FIGURE.format(name) for name in ("impressions", "engagements"))
    found = snapshot.rows(f"""
        WITH figures AS (SELECT platform, post_id, {figures} FROM post_metrics GROUP BY ALL)
        SELECT posts.platform, posts.post_id, posts.account_id, role, published_on,
            strftime(published_on, '%Y-%m') AS month, media_type, text, campaign_id AS campaign,
            impressions, engagements, engagements / nullif(impressions, 0) AS rate,
            coalesce({_MAY_BE_READ} AND accounts.is_removed IS NOT true
                AND (role = 'own' OR is_reply IS NOT true), false) AS may_be_read
        FROM posts
        LEFT JOIN accounts ON accounts.platform = posts.platform
            AND accounts.account_id = posts.account_id
        LEFT JOIN post_campaigns ON post_campaigns.platform = posts.platform
            AND post_campaigns.post_id = posts.post_id
        LEFT JOIN figures ON figures.platform = posts.platform
            AND figures.post_id = posts.post_id
        WHERE text IS NOT NULL AND is_repost IS NOT true AND NOT EXISTS (
            FROM post_aliases WHERE post_aliases.platform = posts.platform
            AND alias = posts.post_id AND post_aliases.post_id <> posts.post_id)
        ORDER BY published_on DESC, posts.platform, posts.post_id
    """)
    posts = [{**row, "campaign": known.get(row["campaign"])} for row in found if row["may_be_read"]]
    frame = pd.DataFrame(posts, columns=list(COLUMNS))
    return Gathered(frame, names(snapshot), len(found) - len(posts))


def names(snapshot: Snapshot) -> frozenset[str]:
    """The words, in lower case, of names and handles of colleagues who may not be named."""
    rows = snapshot.rows(
        "SELECT person, name, account_id FROM accounts WHERE role = 'ambassador' "
        "AND is_name_permitted IS NOT true"
    )
    texts = " ".join(str(value or "") for row in rows for value in row.values()).lower()
    return frozenset(re.findall(r"[^\W\d_]{3,}", texts))
