"""What belongs to which campaign: posts, ads, costs, placements and outcomes."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from campaigns.definitions.campaign import Campaign, Rule, checked_rule
from campaigns.definitions.evidence import TEXT_KINDS, Needle
from campaigns.definitions.literals import values
from campaigns.definitions.matching import (
    ALIASES,
    Active,
    active,
    matches,
    needles,
    within,
)
from campaigns.definitions.shares import prepare_named
from campaigns.definitions.stated import campaigns
from campaigns.errors import N_
from campaigns.schema import UNKNOWN
from campaigns.store import Snapshot

REASONS = {
    "no_text": N_("the export has no text of the post"),
    "short_link": N_("its link is shortened and does not show where it leads"),
    "no_account": N_("its account is not known"),
}
"""Why no rule can judge a post: the codes in ``unjudged_posts``, and their meaning."""


def prepare(snapshot: Snapshot) -> None:
    """Make the relations that say what belongs to which campaign; see each column's note.

    ``post_campaigns``       platform, post_id, campaign_id, position (of the rule; null by hand),
                             assigned_by (hand or rule): posts of a campaign, each once
    ``unjudged_posts``       platform, post_id, reason: posts of no campaign that hide from a rule
                             what it judges by (see `REASONS`); not those assigned to none by hand
    ``ad_campaigns``         platform, ad_account_id, level, ad_id, campaign_id: by the name of
                             the ad campaign, else by the post that the ad shows
    ``cost_campaigns``       source, row_id, campaign_id, part: parts of a cost line add up to 1;
                             campaign null is the part that no known campaign bears
    ``placement_campaigns``  placement_id, campaign_id, and
    ``outcome_campaigns``    source, row_id, campaign_id: every row, campaign null where none

    A post under several ids (`post_aliases`) gets one campaign: what is known under any of them
    counts for all. Posts and ads are matched once per version of the data.
    """
    snapshot.once("prepared", lambda: _prepare(snapshot))


def _prepare(snapshot: Snapshot) -> None:
    known = campaigns(snapshot)
    rules = active(known)
    found = needles(snapshot, rules)
    kept = _assigned(snapshot, known, rules, found)
    snapshot.execute(
        "CREATE OR REPLACE TEMP VIEW post_campaigns AS SELECT platform, post_id, campaign_id, "
        f"position, assigned_by FROM {kept} WHERE campaign_id IS NOT NULL"
    )
    snapshot.execute(
        "CREATE OR REPLACE TEMP VIEW unjudged_posts AS "
        f"SELECT platform, post_id, reason FROM {kept} WHERE reason IS NOT NULL"
    )
    ads = snapshot.cached("ad_campaigns", _ads(rules, found))
    snapshot.execute(
        f"""CREATE OR REPLACE TEMP TABLE ad_campaigns AS
        SELECT platform, ad_account_id, level, ad_id,
            coalesce(ads.campaign_id, shown.campaign_id) AS campaign_id
        FROM {ads} AS ads LEFT JOIN post_campaigns AS shown USING (platform, post_id)
        WHERE coalesce(ads.campaign_id, shown.campaign_id) IS NOT NULL"""
    )
    prepare_named(snapshot, known)


ASSIGNED_BY = ("posts", "post_aliases", "accounts", "campaign_posts")
"""The tables on which `assigned` depends, beside the campaigns and their rules."""


def assigned(snapshot: Snapshot) -> str:
    """The relation of posts with a campaign, and of those that no rule can judge.

    platform, post_id, campaign_id, position, assigned_by, reason: see `prepare`. Its name changes
    with the rules, so that what is made of it can be kept as long as the tables `ASSIGNED_BY` stay.
    """
    return snapshot.once("assigned", lambda: _assigned_now(snapshot))


_NONE = (
    "(SELECT NULL::VARCHAR AS platform, NULL::VARCHAR AS post_id, NULL::VARCHAR AS campaign_id, "
    "NULL::BIGINT AS position, NULL::VARCHAR AS assigned_by, NULL::VARCHAR AS reason WHERE false)"
)


def _assigned_now(snapshot: Snapshot) -> str:
    known = campaigns(snapshot)
    if not known:
        return _NONE
    rules = active(known)
    return _assigned(snapshot, known, rules, needles(snapshot, rules))


def _assigned(
    snapshot: Snapshot, known: Sequence[Campaign], rules: Sequence[Active], found: Sequence[Needle]
) -> str:
    return snapshot.cached("post_campaigns", decided(known, rules, found), of=ASSIGNED_BY)


_COLLEAGUES = """LEFT JOIN (SELECT platform, account_id, true AS is_unnamed FROM accounts
            WHERE role = 'ambassador' AND is_name_permitted IS NOT true AND is_removed IS NOT true)
            AS colleagues ON colleagues.platform = posts.platform
            AND colleagues.account_id = posts.account_id"""


def _about(*names: str) -> str:
    """What a list says of a post: of a colleague's nothing without a permission to be named."""
    hidden = (f"CASE WHEN is_unnamed IS NOT true THEN posts.{name} END AS {name}" for name in names)
    return ", ".join([*hidden, "published_on"])


def preview(
    snapshot: Snapshot, rules: Sequence[Rule], campaign: Campaign | None = None, limit: int = 50
) -> tuple[int, list[dict[str, Any]]]:
    """Which posts these rules would match, if they were the only ones: how many, and the newest.

    The period of ``campaign`` limits them. Each row has platform, post_id, account_id,
    published_on, text, url and position (of the first rule that matches, 1 = first).
    """
    numbered = tuple(
        dataclasses.replace(checked_rule(rule), position=number)
        for number, rule in enumerate(rules, 1)
    )
    base = campaign or Campaign("preview")
    tried = active([dataclasses.replace(base, rules=numbered)])
    query = f"""{matches(tried, needles(snapshot, tried))}
        SELECT best.platform, root AS post_id, rules.position
        FROM best JOIN rules USING (rank)"""
    found = snapshot.cached("previewed", query, of=ASSIGNED_BY)
    count = int(snapshot.value(f"SELECT count(*) FROM {found}"))
    newest = snapshot.rows(
        f"""SELECT found.platform, found.post_id, position, published_on
        FROM {found} AS found LEFT JOIN posts USING (platform, post_id)
        ORDER BY published_on DESC NULLS LAST, found.platform, found.post_id
        LIMIT $limit""",
        {"limit": limit},
    )
    picked = snapshot.picked("posts", "post_id", [row["post_id"] for row in newest])
    about = {
        (row["platform"], row["post_id"]): row
        for row in snapshot.rows(
            f"SELECT posts.platform, post_id, {_about('account_id', 'text', 'url')} "
            f"FROM {picked} AS posts {_COLLEAGUES}"
        )
    }
    unknown = dict.fromkeys(("account_id", "text", "url"))
    rows = [
        {**unknown, **about.get((row["platform"], row["post_id"]), {}), **row} for row in newest
    ]
    return count, rows


def unjudged(snapshot: Snapshot, limit: int | None = None) -> list[dict[str, Any]]:
    """The work list: posts that no rule can judge, newest first.

    Each row has platform, post_id, account_id, published_on, url and reason (see `REASONS`).
    """
    prepare(snapshot)
    return snapshot.rows(
        f"""SELECT unjudged_posts.platform, unjudged_posts.post_id,
            {_about("account_id", "url")}, reason
        FROM unjudged_posts LEFT JOIN posts USING (platform, post_id) {_COLLEAGUES}
        ORDER BY published_on DESC NULLS LAST, unjudged_posts.platform, unjudged_posts.post_id
        LIMIT $limit""",
        {"limit": 1 << 62 if limit is None else limit},
    )


def count_unjudged(snapshot: Snapshot) -> int:
    """How many posts the work list has."""
    prepare(snapshot)
    return int(snapshot.value("SELECT count(*) FROM unjudged_posts"))


# --- posts -----------------------------------------------------------------------------------


def decided(known: Sequence[Campaign], rules: Sequence[Active], found: Sequence[Needle]) -> str:
    """Posts with their campaign, or with the reason why no rule can judge them.

    Assignments by hand come first; one to a campaign that was removed does not count.
    """
    ids = values({"campaign_id": "VARCHAR"}, [(campaign.campaign_id,) for campaign in known])
    return f"""{matches(rules, found)},
    hand AS (SELECT given.platform, coalesce(aliases.post_id, given.post_id) AS root,
        arg_max({{'id': given.campaign_id}}, (given.collected_at, given.post_id)).id AS campaign_id
        FROM campaign_posts AS given
        LEFT JOIN ({ids}) AS known ON known.campaign_id = given.campaign_id
        LEFT JOIN aliases ON aliases.platform = given.platform AND alias = given.post_id
        WHERE given.is_removed IS NOT true
        AND (given.campaign_id IS NULL OR known.campaign_id IS NOT NULL)
        GROUP BY ALL),
    decided AS MATERIALIZED (SELECT platform, root, campaign_id, NULL::BIGINT AS position,
        'hand' AS assigned_by FROM hand
        UNION ALL SELECT best.platform, best.root, rules.campaign_id, rules.position, 'rule'
        FROM best JOIN rules USING (rank)
        ANTI JOIN hand ON hand.platform = best.platform AND hand.root = best.root),
    members AS (SELECT decided.*, root AS post_id FROM decided
        UNION ALL SELECT decided.*, alias AS post_id FROM decided
        JOIN aliases ON aliases.platform = decided.platform AND aliases.post_id = root),
    present AS (SELECT DISTINCT platform, root FROM members SEMI JOIN seen
        USING (platform, post_id)),
    suspects AS (SELECT seen.platform, coalesce(aliases.post_id, seen.post_id) AS root,
        {_reason(rules)} AS reason
        FROM seen LEFT JOIN aliases
        ON aliases.platform = seen.platform AND aliases.alias = seen.post_id
        WHERE is_repost IS NOT true
        AND (is_textless OR is_shortened OR seen.account_id = '{UNKNOWN}')),
    readable AS (SELECT platform, root FROM (
        SELECT platform, post_id AS root, alias AS post_id FROM aliases
        UNION ALL SELECT DISTINCT platform, post_id, post_id FROM aliases) AS kin
        JOIN seen USING (platform, post_id) WHERE NOT is_textless)
    SELECT platform, post_id, campaign_id, position, assigned_by, NULL::VARCHAR AS reason
    FROM members SEMI JOIN present USING (platform, root) WHERE campaign_id IS NOT NULL
    UNION ALL
    SELECT platform, root, NULL, NULL, NULL, min(reason) FROM suspects
    ANTI JOIN decided USING (platform, root)
    WHERE reason IS NOT NULL
    AND (reason <> 'no_text' OR NOT EXISTS (SELECT 1 FROM readable
        WHERE readable.platform = suspects.platform AND readable.root = suspects.root))
    GROUP BY platform, root"""


def _reason(rules: Sequence[Active]) -> str:
    """SQL for why a post (``seen``) hides from a rule what the rule judges by; else null."""
    text = {rule.rank for rule in rules if rule.rule.kind in TEXT_KINDS}
    link = {rule.rank for rule in rules if rule.rule.kind in {"link", "utm_campaign"}}
    account = {rule.rank for rule in rules if rule.rule.kind == "account" or rule.rule.account_id}
    return f"""CASE
        WHEN is_textless AND {_applies(rules, text)} THEN 'no_text'
        WHEN is_shortened AND {_applies(rules, link)} THEN 'short_link'
        WHEN seen.account_id = '{UNKNOWN}' AND {_applies(rules, account, any_account=True)}
            THEN 'no_account' END"""


def _applies(rules: Sequence[Active], ranks: set[int], *, any_account: bool = False) -> str:
    """SQL for whether one of these rules is about posts such as ``seen``."""
    limits = {
        (*rule.values[4:5], None if any_account else rule.values[5], *rule.values[6:8],
         any_account or rule.values[8])
        for rule in rules if rule.rank in ranks
    }  # fmt: skip
    unlimited = {limit[4] for limit in limits if limit[:4] == (None,) * 4}
    if True in unlimited:
        return "true"
    if unlimited and not any(limit[4] for limit in limits):  # the usual case, and the fast one
        return "NOT seen.is_other"
    columns = {"platform": "VARCHAR", "account_id": "VARCHAR", "first_day": "DATE",
               "last_day": "DATE", "names_account": "BOOLEAN"}  # fmt: skip
    rows = sorted(limits, key=repr)
    return f"EXISTS (SELECT 1 FROM ({values(columns, rows)}) AS one WHERE {within('one', 'seen')})"


# --- ads -------------------------------------------------------------------------------------


def _ads(rules: Sequence[Active], found: Sequence[Needle]) -> str:
    """Every ad, group and ad campaign with the campaign that its newest name gives it.

    A rule's account is the ad account itself or an account that lists it; its days must touch
    the days on which the ad ran. The whole ad belongs to one campaign.
    """
    columns = {"rank": "BIGINT", "campaign_id": "VARCHAR", "platform": "VARCHAR",
               "account_id": "VARCHAR", "first_day": "DATE", "last_day": "DATE"}  # fmt: skip
    limits = [
        (rule.rank, rule.campaign_id, rule.rule.platform, rule.rule.account_id, rule.first_day,
         rule.last_day)
        for rule in rules if rule.rule.kind == "ad_campaign"
    ]  # fmt: skip
    patterns = [(one.rank, one.key) for one in found if one.kind == "ad_campaign"]
    newest = "epoch_us(collected_at)::HUGEINT * 1000000 + (last_day - DATE '2000-01-01')"
    name = "coalesce(campaign_name, CASE WHEN level = 'campaign' THEN ad_id END)"
    return f"""WITH rules AS ({values(columns, limits)}),
    patterns AS ({values({"rank": "BIGINT", "key": "VARCHAR"}, patterns)}),
    aliases AS ({ALIASES}),
    ads AS MATERIALIZED (SELECT platform, ad_account_id, level, ad_id, min(first_day) AS first_day,
        max(last_day) AS last_day, arg_max({name}, {newest}) AS name,
        arg_max(post_id, {newest}) AS post_id,
        any_value(ad_account_name) AS ad_account_name
        FROM ad_periods_log GROUP BY platform, ad_account_id, level, ad_id),
    names AS (SELECT DISTINCT name, rank FROM (SELECT DISTINCT name FROM ads)
        JOIN patterns ON lower(nfc_normalize(trim(name))) LIKE key ESCAPE '\\'),
    listed AS (SELECT account_id, trim(unnest(string_split(lower(ad_accounts), ';'))) AS key
        FROM accounts WHERE is_removed IS NOT true),
    best AS (SELECT ads.platform, ad_account_id, level, ad_id, arg_min(campaign_id, rules.rank)
            AS campaign_id
        FROM ads JOIN names USING (name) JOIN rules ON rules.rank = names.rank
        WHERE (rules.platform IS NULL OR rules.platform = ads.platform)
        AND (rules.first_day IS NULL OR ads.last_day >= rules.first_day)
        AND (rules.last_day IS NULL OR ads.first_day <= rules.last_day)
        AND (rules.account_id IS NULL
            OR rules.account_id IN (lower(ad_account_id), lower(ad_account_name))
            OR EXISTS (SELECT 1 FROM listed WHERE listed.account_id = rules.account_id
                AND key IN (lower(ad_account_id), lower(ad_account_name))))
        GROUP BY ads.platform, ad_account_id, level, ad_id)
    SELECT ads.platform, ads.ad_account_id, ads.level, ads.ad_id, best.campaign_id,
        coalesce(aliases.post_id, ads.post_id) AS post_id
    FROM ads LEFT JOIN best USING (platform, ad_account_id, level, ad_id)
    LEFT JOIN aliases ON aliases.platform = ads.platform AND alias = ads.post_id"""
