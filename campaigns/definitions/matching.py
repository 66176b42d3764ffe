"""Which posts the rules give to which campaign: one query over all posts and all rules.

The rules travel as rows (`needles`: what is looked for, as it is compared), posts as columns.
One pattern over all texts leaves out those that no rule can match; only the rest is taken apart
into hashtags, words and addresses, and these are joined with the rules.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaigns.definitions import texts
from campaigns.definitions.campaign import Campaign, Rule, account_key
from campaigns.definitions.references import reference
from campaigns.store import Snapshot, literal

TEXT_KINDS = frozenset({"hashtag", "link", "utm_campaign", "words"})
_PART = re.compile(r'["“”„«»]([^"“”„«»]*)(?:["“”„«»]|$)|([^\s"“”„«»]+)')
_RULES = {
    "rank": "BIGINT", "campaign_id": "VARCHAR", "position": "BIGINT", "kind": "VARCHAR",
    "platform": "VARCHAR", "account_id": "VARCHAR", "first_day": "DATE", "last_day": "DATE",
    "names_account": "BOOLEAN",
}  # fmt: skip
_NEEDLES = {
    "rank": "BIGINT", "kind": "VARCHAR", "part": "BIGINT", "platform": "VARCHAR", "key": "VARCHAR"
}  # fmt: skip

ALIASES = (
    "SELECT platform, alias, min(post_id) AS post_id FROM post_aliases "
    "WHERE alias <> post_id GROUP BY platform, alias"
)
"""For each other id of a post the id under which it counts."""


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
    """All rules that can match, in the order in which they decide: campaigns first, then rules."""
    found: list[Active] = []
    for campaign in campaigns:
        for rule in campaign.rules:
            own = rule.kind == "post"
            first = _latest(rule.first_day, None if own else campaign.first_day)
            last = _earliest(rule.last_day, None if own else campaign.last_day)
            if first is None or last is None or first <= last:
                found.append(Active(len(found) + 1, campaign.campaign_id, rule, first, last))
    return found


def _latest(*days: dt.date | None) -> dt.date | None:
    return max((day for day in days if day is not None), default=None)


def _earliest(*days: dt.date | None) -> dt.date | None:
    return min((day for day in days if day is not None), default=None)


def needles(snapshot: Snapshot, rules: Sequence[Active]) -> list[tuple[object, ...]]:
    """What the rules look for, as rows: rank, kind, part, platform, key.

    Keys are made by the same SQL as those of the texts, so that both always agree.
    """
    raw = [
        (rule.rank, kind, part, platform, value)
        for rule in rules
        for part, (kind, platform, value) in enumerate(_parts(rule.rule), 1)
    ]
    if not raw:
        return []
    key = f"""CASE kind WHEN 'hashtag' THEN {texts.tag_key("value")}
        WHEN 'words' THEN {texts.word_key("value")}
        WHEN 'link' THEN {texts.address_key("value")}
        WHEN 'utm_campaign' THEN {texts.utm_key("value")}
        WHEN 'ad_campaign' THEN lower(nfc_normalize(value)) ELSE value END"""
    given = values({**_NEEDLES, "value": "VARCHAR"}, [(*row[:4], None, row[4]) for row in raw])
    rows = snapshot.rows(
        f"SELECT DISTINCT rank, kind, part, platform, {key} AS key FROM ({given}) ORDER BY ALL"
    )
    return [tuple(row[name] for name in _NEEDLES) for row in rows if row["key"].strip()]


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
        yield rule.kind, None, _like(rule.value)
    else:
        yield rule.kind, None, rule.value


def _like(name: str) -> str:
    """A name with ``*`` as a pattern for LIKE in which nothing else is special."""
    escaped = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return re.sub(r"\*+", "%", escaped)


def values(columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> str:
    """Rows as SQL, with literals: what is kept ready must not depend on parameters.

    >>> values({"a": "BIGINT", "b": "VARCHAR"}, [(1, "d'r"), (2, None)])
    "SELECT a::BIGINT AS a, b::VARCHAR AS b FROM (VALUES (1, 'd''r'), (2, NULL)) AS given(a, b)"
    """
    if not rows:
        return (
            "SELECT " + ", ".join(f"NULL::{t} AS {n}" for n, t in columns.items()) + " WHERE false"
        )
    cast = ", ".join(f"{name}::{kind} AS {name}" for name, kind in columns.items())
    listed = ", ".join("(" + ", ".join(map(_literal, row)) + ")" for row in rows)
    return f"SELECT {cast} FROM (VALUES {listed}) AS given({', '.join(columns)})"


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value)
    return literal(str(value))


def within(rule: str, post: str) -> str:
    """SQL for whether a post is within the limits of a rule; both are aliases of relations."""
    return f"""({rule}.platform IS NULL OR {rule}.platform = {post}.platform)
        AND ({rule}.account_id IS NULL OR {rule}.account_id = {post}.account_id)
        AND ({rule}.first_day IS NULL OR {post}.published_on >= {rule}.first_day)
        AND ({rule}.last_day IS NULL OR {post}.published_on <= {rule}.last_day)
        AND ({rule}.names_account OR NOT {post}.is_other)"""


def matches(rules: Sequence[Active], found: Sequence[tuple[object, ...]]) -> str:
    """The beginning of a query (``WITH …``), whose last relation is ``best``.

    ``best`` has platform, root (the id under which the post counts) and rank: the first rule
    that matches it. Other relations in it: ``rules``, ``aliases``, and ``seen``: every post,
    its text only where some rule may match it.
    """
    kinds = {str(row[1]) for row in found}
    branches = [_BRANCHES[kind] for kind in sorted(kinds)]
    pairs = " UNION ALL ".join(branches) or (
        "SELECT platform, post_id, NULL::BIGINT AS rank FROM seen WHERE false"
    )
    return f"""WITH rules AS MATERIALIZED ({values(_RULES, [rule.values for rule in rules])}),
    needles AS MATERIALIZED ({values(_NEEDLES, found)}),
    aliases AS MATERIALIZED ({ALIASES}),
    others AS (SELECT platform, account_id FROM accounts
        WHERE role IN ('peer', 'organisation') AND is_removed IS NOT true),
    seen AS MATERIALIZED (SELECT posts.platform, post_id, posts.account_id, published_on,
        ad_campaign, is_repost, {_seen(found)}, {_judged()},
        others.platform IS NOT NULL AS is_other
        FROM posts LEFT JOIN others USING (platform, account_id)),
    pairs AS ({pairs}),
    best AS MATERIALIZED (SELECT seen.platform, coalesce(aliases.post_id, seen.post_id) AS root,
        min(rules.rank) AS rank
        FROM pairs JOIN seen USING (platform, post_id) JOIN rules ON rules.rank = pairs.rank
        LEFT JOIN aliases ON aliases.platform = seen.platform AND aliases.alias = seen.post_id
        WHERE {within("rules", "seen")} GROUP BY ALL)"""


def _seen(found: Sequence[tuple[object, ...]]) -> str:
    """The columns of a post that the rules need: text and links together where it may match."""
    marks = [mark for row in found if (mark := _mark(str(row[1]), str(row[4])))]
    both = "concat_ws(' ', text, links)"
    body = "NULL::VARCHAR AS body"
    if marks:
        pattern = literal(texts.may_match(marks))
        body = f"CASE WHEN regexp_matches({both}, {pattern}) THEN {both} END AS body"
    has_url = any(row[1] == "url" for row in found)
    address = texts.page_key("url") if has_url else "NULL::VARCHAR"
    return f"{body}, {address} AS address"


def _mark(kind: str, key: str) -> str:
    """What a text must hold for a rule to match it."""
    if kind == "hashtag":
        return key
    if kind == "words":
        return max(key.split(), key=len)
    if kind == "link":
        return re.split(r"[/?#:]", key, maxsplit=1)[0]
    return "utm_campaign" if kind == "utm_campaign" else ""


def _judged() -> str:
    """What a post hides from the rules."""
    return f"""text IS NULL OR trim(text) = '' AS is_textless,
        coalesce({texts.is_shortened("links")}, {texts.is_shortened("text")}, false)
            AS is_shortened"""


_JOINED = "SELECT platform, post_id, rank FROM"
_BRANCHES = {
    "hashtag": f"""{_JOINED} (SELECT platform, post_id,
        unnest(list_transform({texts.hashtags("body")}, lambda tag: {texts.tag_key("tag")})) AS key
        FROM seen WHERE contains(body, '#') OR contains(body, '＃'))
        JOIN (SELECT rank, key FROM needles WHERE kind = 'hashtag') USING (key)""",
    "words": f"""SELECT platform, post_id, rank FROM
        (SELECT platform, post_id, {texts.words("body")} AS words FROM seen WHERE body IS NOT NULL)
        JOIN (SELECT rank, key, count(*) OVER (PARTITION BY rank) AS parts
            FROM needles WHERE kind = 'words') ON contains(words, key)
        GROUP BY platform, post_id, rank HAVING count(*) = any_value(parts)""",
    "link": f"""{_JOINED} (SELECT platform, post_id, unnest({texts.addresses("body")}) AS address
        FROM seen WHERE contains(body, '.'))
        JOIN (SELECT rank, key FROM needles WHERE kind = 'link')
        ON {texts.leads_to("address", "key")}""",
    "utm_campaign": f"""{_JOINED} (SELECT platform, post_id,
        unnest({texts.utm_campaigns("body")}) AS key FROM seen WHERE contains(body, '='))
        JOIN (SELECT rank, key FROM needles WHERE kind = 'utm_campaign') USING (key)""",
    "post": """SELECT seen.platform, seen.post_id, named.rank FROM seen JOIN
        (SELECT rank, platform, key FROM needles WHERE kind = 'post'
        UNION SELECT rank, aliases.platform, aliases.post_id FROM needles JOIN aliases
            ON alias = key AND (needles.platform IS NULL OR needles.platform = aliases.platform)
            WHERE kind = 'post'
        UNION SELECT rank, aliases.platform, aliases.alias FROM needles JOIN aliases
            ON aliases.post_id = key
            AND (needles.platform IS NULL OR needles.platform = aliases.platform)
            WHERE kind = 'post') AS named
        ON seen.post_id = named.key
        AND (named.platform IS NULL OR named.platform = seen.platform)""",
    "url": f"""{_JOINED} (SELECT platform, post_id, address AS key FROM seen)
        JOIN (SELECT rank, key FROM needles WHERE kind = 'url') USING (key)""",
    "account": """SELECT seen.platform, post_id, named.rank FROM seen JOIN
        (SELECT rank, NULL AS platform, key FROM needles WHERE kind = 'account'
        UNION SELECT rank, accounts.platform, account_id FROM needles JOIN accounts
            ON lower(accounts.name) = key WHERE kind = 'account') AS named
        ON seen.account_id = named.key
        AND (named.platform IS NULL OR named.platform = seen.platform)""",
    "ad_campaign": f"""{_JOINED} (SELECT platform, post_id, ad_campaign FROM seen)
        JOIN (SELECT DISTINCT ad_campaign, rank FROM (SELECT DISTINCT ad_campaign FROM seen)
            JOIN needles ON kind = 'ad_campaign'
            AND lower(nfc_normalize(trim(ad_campaign))) LIKE key ESCAPE '\\')
        USING (ad_campaign)""",
}
"""For each kind of needle: which posts hold it, whatever the limits of the rule."""
