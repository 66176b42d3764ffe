"""Which posts the rules give to which campaign: one query over all posts and all rules.

The rules travel as rows: their limits, and the needles, which are what they look for in the form
in which it is compared. Posts stay columns; no step is one post or one rule at a time in Python.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from campaigns.definitions import texts
from campaigns.definitions.campaign import Campaign, Rule, account_key, checked_rule
from campaigns.definitions.evidence import NEEDLES, Needle, branches, columns, words
from campaigns.definitions.literals import values
from campaigns.definitions.references import reference
from campaigns.errors import BadDefinition
from campaigns.store import Snapshot

_PART = re.compile(r'["“”„«»]([^"“”„«»]*)(?:["“”„«»]|$)|([^\s"“”„«»]+)')
_RULES = {
    "rank": "BIGINT", "campaign_id": "VARCHAR", "position": "BIGINT", "kind": "VARCHAR",
    "platform": "VARCHAR", "account_id": "VARCHAR", "first_day": "DATE", "last_day": "DATE",
    "names_account": "BOOLEAN",
}  # fmt: skip
ALIASES = """WITH RECURSIVE pairs AS (SELECT platform, post_id, alias FROM post_aliases
        WHERE alias <> post_id),
    tangled AS (SELECT platform, post_id FROM pairs SEMI JOIN pairs AS other
        ON other.platform = pairs.platform AND other.alias = pairs.post_id
        UNION SELECT platform, alias FROM pairs GROUP BY platform, alias
        HAVING count(DISTINCT post_id) > 1),
    kin AS (SELECT platform, post_id AS one, alias AS other FROM pairs
        UNION SELECT platform, alias, post_id FROM pairs),
    walk AS (SELECT platform, post_id AS start, post_id AS reached FROM tangled
        UNION SELECT walk.platform, start, kin.other FROM walk JOIN kin
        ON kin.platform = walk.platform AND kin.one = walk.reached),
    posts_of AS (SELECT walk.platform, start,
        coalesce(min(reached) FILTER (others.alias IS NULL), min(reached)) AS post_id
        FROM walk LEFT JOIN (SELECT DISTINCT platform, alias FROM pairs) AS others
        ON others.platform = walk.platform AND others.alias = reached
        GROUP BY walk.platform, start),
    roots AS (SELECT DISTINCT platform, reached AS alias, posts_of.post_id
        FROM walk JOIN posts_of USING (platform, start))
    SELECT platform, alias, post_id FROM roots WHERE alias <> post_id
    UNION ALL SELECT platform, alias, min(post_id) FROM pairs
    ANTI JOIN roots USING (platform, alias) GROUP BY platform, alias"""
"""For each other id of a post the id under which it counts.

Ids that belong together over other ids (a of b, b of c; or a of b and of c) are one post: it counts
under the id that is no other id, the first of several. Only those are walked through.
"""


@dataclass(frozen=True)
class Active:
    """A rule with its place among all rules (1 = decides first) and the days it is limited to.

    The period of the campaign limits its rules; a post named by a rule belongs to it whenever it
    was published.
    """

    rank: int
    campaign_id: str
    rule: Rule
    first_day: dt.date | None
    last_day: dt.date | None

    @property
    def values(self) -> tuple[object, ...]:
        """The row of this rule in the query."""
        rule = self.rule
        names_account = rule.kind in {"account", "post"} or rule.account_id is not None
        return (self.rank, self.campaign_id, rule.position, rule.kind, rule.platform,
                rule.account_id, self.first_day, self.last_day, names_account)  # fmt: skip


def active(campaigns: Sequence[Campaign]) -> list[Active]:
    """All rules that can match, in the order in which they decide: campaigns first, then rules.

    A rule from an imported list that cannot be right matches nothing.
    """
    found: list[Active] = []
    for campaign in campaigns:
        for rule in _right(campaign.rules):
            own = rule.kind == "post"
            first = _latest(rule.first_day, None if own else campaign.first_day)
            last = _earliest(rule.last_day, None if own else campaign.last_day)
            if first is None or last is None or first <= last:
                found.append(Active(len(found) + 1, campaign.campaign_id, rule, first, last))
    return found


def _right(rules: Sequence[Rule]) -> Iterator[Rule]:
    for rule in rules:
        with contextlib.suppress(BadDefinition):
            yield checked_rule(rule)


def _latest(*days: dt.date | None) -> dt.date | None:
    return max((day for day in days if day is not None), default=None)


def _earliest(*days: dt.date | None) -> dt.date | None:
    return min((day for day in days if day is not None), default=None)


def needles(snapshot: Snapshot, rules: Sequence[Active]) -> list[Needle]:
    """What the rules look for, as it is compared.

    Keys are made by the same SQL as those of the texts, so that both always agree.
    """
    raw = [
        (rule.rank, kind, platform, None, value)
        for rule in rules
        for kind, platform, value in _parts(rule.rule)
    ]
    if not raw:
        return []
    return [*snapshot.once(("needles", *raw), lambda: _compared(snapshot, raw))]


def _compared(snapshot: Snapshot, raw: Sequence[tuple[object, ...]]) -> list[Needle]:
    key = f"""CASE kind WHEN 'hashtag' THEN {texts.tag_key("value")}
        WHEN 'words' THEN {texts.word_key("value")}
        WHEN 'link' THEN {texts.address_key("value")}
        WHEN 'utm_campaign' THEN {texts.utm_key("value")}
        WHEN 'ad_campaign' THEN lower(nfc_normalize(value)) ELSE value END"""
    given = values({**NEEDLES, "value": "VARCHAR"}, raw)
    rows = snapshot.rows(
        f"SELECT DISTINCT rank, kind, platform, {key} AS key FROM ({given}) ORDER BY ALL"
    )
    return [Needle(**row) for row in rows if row["key"].strip()]


def _parts(rule: Rule) -> Iterator[tuple[str, str | None, str]]:
    if rule.kind == "words":
        for phrase, word in _PART.findall(rule.value):
            yield "words", None, phrase or word
    elif rule.kind == "post":
        named = reference(rule.value)
        for platform, post_id in named.ids:
            yield "post", platform, post_id
        if named.url:
            yield "url", None, named.url
    elif rule.kind == "account":
        yield "account", None, account_key(rule.value)
    elif rule.kind == "utm_campaign":
        # In a link "+" is a space; a value may have been copied from a link, or not.
        yield rule.kind, None, rule.value
        yield rule.kind, None, rule.value.replace("+", " ")
    elif rule.kind == "ad_campaign":
        yield rule.kind, None, like(rule.value)
    else:
        yield rule.kind, None, rule.value


def like(name: str) -> str:
    """A name with ``*`` as a pattern for LIKE in which nothing else is special."""
    escaped = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return re.sub(r"\*+", "%", escaped)


def within(rule: str, post: str) -> str:
    """SQL for whether a post is within the limits of a rule; both are aliases of relations."""
    return f"""({rule}.platform IS NULL OR {rule}.platform = {post}.platform)
        AND ({rule}.account_id IS NULL OR {rule}.account_id = {post}.account_id)
        AND ({rule}.first_day IS NULL OR {post}.published_on >= {rule}.first_day)
        AND ({rule}.last_day IS NULL OR {post}.published_on <= {rule}.last_day)
        AND ({rule}.names_account OR NOT {post}.is_other)"""


def matches(rules: Sequence[Active], found: Sequence[Needle]) -> str:
    """The beginning of a query (``WITH …``), whose last relation is ``best``.

    ``best`` has platform, root (the id under which the post counts) and rank: the first rule
    that matches it. Other relations in it: ``rules``, ``aliases``, and ``seen``: every post,
    its text only where some rule may match it.
    """
    pairs = " UNION ALL ".join(branches(found)) or (
        "SELECT platform, post_id, NULL::BIGINT AS rank FROM seen WHERE false"
    )
    kinds = {rule.rule.kind for rule in rules}
    return f"""WITH rules AS MATERIALIZED ({values(_RULES, [rule.values for rule in rules])}),
    needles AS MATERIALIZED ({values(NEEDLES, found)}),
    aliases AS MATERIALIZED ({ALIASES}),
    others AS (SELECT platform, account_id FROM accounts
        WHERE role IN ('peer', 'organisation') AND is_removed IS NOT true),
    seen AS MATERIALIZED (SELECT posts.platform, post_id, posts.account_id, published_on,
        is_repost, {columns(kinds, found)}, others.platform IS NOT NULL AS is_other
        FROM posts LEFT JOIN others USING (platform, account_id)),
    worded AS MATERIALIZED ({words(found)}),
    pairs AS ({pairs}),
    best AS MATERIALIZED (SELECT seen.platform, coalesce(aliases.post_id, seen.post_id) AS root,
        min(rules.rank) AS rank
        FROM pairs JOIN seen USING (platform, post_id) JOIN rules ON rules.rank = pairs.rank
        LEFT JOIN aliases ON aliases.platform = seen.platform AND aliases.alias = seen.post_id
        WHERE {within("rules", "seen")} GROUP BY ALL)"""
