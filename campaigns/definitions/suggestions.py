"""Campaigns that the data speaks of and no rule has yet: hashtags and names of ad campaigns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from campaigns.definitions import texts
from campaigns.definitions.assignment import ASSIGNED_BY, assigned
from campaigns.definitions.literals import values
from campaigns.definitions.matching import active, needles
from campaigns.definitions.stated import campaigns
from campaigns.store import Snapshot


@dataclass(frozen=True)
class Suggestion:
    """A rule that could be added: its kind and value, and what it is found on.

    ``posts`` counts posts (of an ad campaign: those it boosted), ``unassigned`` those of them
    that belong to no campaign yet. The days are those of the posts, or of the ads. ``accounts``
    are those that posted or paid, by name; persons together are ``ambassador``.
    """

    kind: str
    value: str
    posts: int
    unassigned: int
    first_day: dt.date
    last_day: dt.date
    accounts: tuple[str, ...]


def suggest(snapshot: Snapshot, minimum: int = 2) -> list[Suggestion]:
    """Hashtags on at least ``minimum`` posts, and all names of ad campaigns, without a rule.

    A hashtag is written as it is written most often; tags of digits alone are left out. The ones
    with most posts of no campaign come first. Posts of peers and reposts do not count.
    """
    found = needles(snapshot, active(campaigns(snapshot)))
    tags = values({"key": "VARCHAR"}, [(one.key,) for one in found if one.kind == "hashtag"])
    names = values({"key": "VARCHAR"}, [(one.key,) for one in found if one.kind == "ad_campaign"])
    tagged = snapshot.cached("hashtags", _TAGGED, of=("posts",))
    campaigned = f"(SELECT * FROM {assigned(snapshot)} WHERE campaign_id IS NOT NULL)"
    tags_found = snapshot.cached(
        "suggested_tags",
        _hashtags(tagged, tags, campaigned),
        of=ASSIGNED_BY,
        parameters={"minimum": minimum},
    )
    ads_found = snapshot.cached(
        "suggested_ads", _ads(names, campaigned), of=("ad_periods", *ASSIGNED_BY)
    )
    rows = snapshot.rows(f"FROM {tags_found} UNION ALL BY NAME FROM {ads_found}")
    suggestions = [Suggestion(**{**row, "accounts": tuple(row["accounts"])}) for row in rows]
    return sorted(suggestions, key=lambda one: (-one.unassigned, -one.posts, one.kind, one.value))


_TAGGED = f"""SELECT DISTINCT ON (platform, post_id, key) *, {texts.tag_key("written")} AS key
    FROM (SELECT platform, post_id, account_id, published_on,
            unnest({texts.hashtags("text")}) AS written
        FROM posts WHERE regexp_matches(text, '[#＃]') AND is_repost IS NOT true)
    ORDER BY written DESC"""


def _hashtags(tagged: str, claimed: str, campaigned: str) -> str:
    return f"""SELECT 'hashtag' AS kind, mode(written ORDER BY written DESC) AS value,
        count(*) AS posts,
        count(*) FILTER (WHERE campaign_id IS NULL) AS unassigned,
        min(published_on) AS first_day, max(published_on) AS last_day,
        list_sort(list(DISTINCT CASE WHEN posted.role = 'ambassador' THEN 'ambassador'
            ELSE counted.account_id END)) AS accounts
    FROM {tagged} AS counted LEFT JOIN {campaigned} USING (platform, post_id)
    LEFT JOIN accounts AS posted
        ON posted.platform = counted.platform AND posted.account_id = counted.account_id
    WHERE key NOT IN (SELECT key FROM ({claimed})) AND regexp_matches(key, '\\pL')
    AND (posted.role IS NULL OR posted.role NOT IN ('peer', 'organisation'))
    GROUP BY key HAVING count(*) >= $minimum"""


def _ads(claimed: str, campaigned: str) -> str:
    return rf"""WITH named AS (
        SELECT trim(campaign_name) AS name, first_day, last_day,
            coalesce(ad_account_name, ad_account_id) AS account, NULL AS post, NULL AS campaign_id
        FROM ad_periods WHERE trim(campaign_name) <> ''
        UNION ALL
        SELECT trim(ad_campaign), published_on, published_on, account_id,
            {{'platform': platform, 'id': post_id}}, campaign_id
        FROM posts LEFT JOIN {campaigned} USING (platform, post_id)
        WHERE trim(ad_campaign) <> '')
    SELECT 'ad_campaign' AS kind, min(name) AS value, count(DISTINCT post) AS posts,
        count(DISTINCT post) FILTER (WHERE campaign_id IS NULL) AS unassigned,
        min(first_day) AS first_day, max(last_day) AS last_day,
        list_sort(list(DISTINCT account)) AS accounts
    FROM named WHERE NOT EXISTS (SELECT 1 FROM ({claimed}) AS claimed
        WHERE lower(nfc_normalize(named.name)) LIKE claimed.key ESCAPE '\')
    GROUP BY lower(nfc_normalize(name))"""
