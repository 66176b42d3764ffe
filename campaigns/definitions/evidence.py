"""Where posts hold what a rule looks for: one query for each kind of needle.

One pattern over all texts leaves out those that no rule can match; only what is left is taken
apart into hashtags, words and addresses, and these are joined with the needles.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from campaigns.definitions import texts
from campaigns.store import literal

TEXT_KINDS = frozenset({"hashtag", "link", "utm_campaign", "words"})
"""The kinds of rules that judge by the text of a post."""

NEEDLES = {"rank": "BIGINT", "kind": "VARCHAR", "platform": "VARCHAR", "key": "VARCHAR"}


class Needle(NamedTuple):
    """What a rule (by its rank) looks for, as it is compared; of words each part is needed.

    Kinds are those of rules, and ``url`` for a post that is named by its address.
    """

    rank: int
    kind: str
    platform: str | None
    key: str


def columns(kinds: Collection[str], needles: Sequence[Needle]) -> str:
    """SQL for the columns of a post that rules of these kinds need; nothing is read in vain.

    ``body`` is text and links together, only where some rule may match them. What a post hides
    from the rules: ``is_textless``, ``is_shortened`` (it has a link that hides where it leads).
    """
    both = "concat_ws(' ', text, links)"
    pattern = "|".join(_pattern(kind, needles) for kind in sorted(TEXT_KINDS & set(kinds)))
    body = f"CASE WHEN regexp_matches({both}, {literal(pattern)}) THEN {both} END"
    shortened = f"coalesce({texts.is_shortened('links')}, {texts.is_shortened('text')}, false)"
    has_url = any(needle.kind == "url" for needle in needles)
    return f"""{body if pattern else "NULL::VARCHAR"} AS body,
        {texts.page_key("url") if has_url else "NULL::VARCHAR"} AS address,
        {"ad_campaign" if "ad_campaign" in kinds else "NULL::VARCHAR"} AS ad_campaign,
        {"text IS NULL OR trim(text) = ''" if TEXT_KINDS & set(kinds) else "false"} AS is_textless,
        {shortened if {"link", "utm_campaign"} & set(kinds) else "false"} AS is_shortened"""


def branches(needles: Sequence[Needle]) -> Iterator[str]:
    """Queries over ``seen`` and ``needles``: platform, post_id and rank of posts with a needle.

    The limits of the rules are not looked at yet.
    """
    kinds = {needle.kind for needle in needles}
    tags = f"list_transform({texts.hashtags('body')}, lambda tag: {texts.tag_key('tag')})"
    if "hashtag" in kinds:
        yield _in_text("hashtag", needles, tags, "found = key")
    if "link" in kinds:
        below = texts.leads_to("found", "key")
        yield _in_text("link", needles, texts.addresses("body"), below)
    if "utm_campaign" in kinds:
        yield _in_text("utm_campaign", needles, texts.utm_campaigns("body"), "found = key")
    yield from _with_words([needle for needle in needles if needle.kind == "words"])
    yield from (_BY_COLUMN[kind] for kind in sorted(kinds & set(_BY_COLUMN)))


def _in_text(kind: str, needles: Sequence[Needle], found: str, condition: str) -> str:
    return f"""SELECT platform, post_id, rank FROM
        (SELECT platform, post_id, unnest({found}) AS found FROM seen
            WHERE {_may_hold(kind, needles)})
        JOIN (SELECT rank, key FROM needles WHERE kind = {literal(kind)}) ON {condition}"""


def words(needles: Sequence[Needle]) -> str:
    """SQL for posts that may have the words: without case, accents and addresses.

    To be materialised: the passes for the rules (`branches`) read it again and again.
    """
    keys = [needle for needle in needles if needle.kind == "words"]
    where = _may_hold("words", needles) if keys else "false"
    return f"SELECT platform, post_id, {texts.plain_words('body')} AS words FROM seen WHERE {where}"


def _with_words(needles: Sequence[Needle]) -> Iterator[str]:
    """A pass for each rule: the quick test of its parts first, the exact one on what is left."""
    for rank in sorted({needle.rank for needle in needles}):
        parts = [needle.key for needle in needles if needle.rank == rank]
        quick = [f"contains(words, {literal(_longest(key))})" for key in parts]
        exact = [f"regexp_matches(words, {literal(texts.has_phrase(key))})" for key in parts]
        where = " AND ".join(dict.fromkeys(quick + exact))
        yield f"SELECT platform, post_id, {rank}::BIGINT AS rank FROM worded WHERE {where}"


def _longest(key: str) -> str:
    return max(key.split(), key=len)


def _may_hold(kind: str, needles: Sequence[Needle]) -> str:
    """SQL that leaves out bodies without a needle of this kind; see ``body``."""
    if TEXT_KINDS & {needle.kind for needle in needles} == {kind}:
        return "body IS NOT NULL"  # it was looked for already
    return f"regexp_matches(body, {literal(_pattern(kind, needles))})"


def _pattern(kind: str, needles: Sequence[Needle]) -> str:
    """A pattern that every text with a needle of this kind has."""
    if kind == "utm_campaign":
        return "(?i:utm_campaign)"
    keys = [needle.key for needle in needles if needle.kind == kind]
    if kind == "hashtag":
        return texts.may_match(keys, after="[#＃]")
    if kind == "link":
        return texts.may_match(re.split(r"[/?#:]", key, maxsplit=1)[0] for key in keys)
    return texts.may_match(map(_longest, keys))


_BY_COLUMN = {
    "post": """SELECT seen.platform, seen.post_id, rank FROM seen JOIN
        (SELECT rank, platform, key FROM needles WHERE kind = 'post'
        UNION SELECT rank, aliases.platform, aliases.post_id FROM needles JOIN aliases
            ON alias = key AND coalesce(needles.platform, aliases.platform) = aliases.platform
            WHERE kind = 'post'
        UNION SELECT rank, aliases.platform, aliases.alias FROM needles JOIN aliases
            ON aliases.post_id = key
            AND coalesce(needles.platform, aliases.platform) = aliases.platform
            WHERE kind = 'post') AS named
        ON seen.post_id = key AND coalesce(named.platform, seen.platform) = seen.platform""",
    "url": """SELECT seen.platform, post_id, rank FROM seen JOIN needles
        ON address = key AND kind = 'url'""",
    "account": """SELECT seen.platform, post_id, rank FROM seen JOIN
        (SELECT rank, NULL AS platform, key FROM needles WHERE kind = 'account'
        UNION SELECT rank, accounts.platform, account_id FROM needles JOIN accounts
            ON lower(accounts.name) = key WHERE kind = 'account') AS named
        ON account_id = key AND coalesce(named.platform, seen.platform) = seen.platform""",
    "ad_campaign": r"""SELECT platform, post_id, rank FROM seen JOIN
        (SELECT ad_campaign, rank FROM (SELECT DISTINCT ad_campaign FROM seen)
            JOIN needles ON kind = 'ad_campaign'
            AND lower(nfc_normalize(trim(ad_campaign))) LIKE key ESCAPE '\')
        USING (ad_campaign)""",
}
