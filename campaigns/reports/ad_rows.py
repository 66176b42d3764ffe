"""Which rows of ads count: no day of an ad twice, and nothing lost without a word.

Exports say the same in several ways: the campaign, its groups and its ads; a month and its days.
Of what overlaps, one row counts: that of the highest level (of a post: the lowest), then the
longest, then the newest. A row makes way only for rows that count themselves, so that of three
that overlap in a chain the two ends can both count; and only for rows of the same ad campaign,
where names or ids can tell.
"""

from __future__ import annotations

from campaigns.reports.plan import Plan
from campaigns.schema import TABLES

_ENTITY = ("platform", "ad_account_id", "level", "ad_id")
_KEYS = (*_ENTITY, "first_day", "last_day")
_UNIT = ", ".join(_ENTITY)
_ROW = ", ".join(_KEYS)


def ads_ctes(plan: Plan) -> str:
    """The CTEs that end in ``ads``: rows that touch the period, whether each counts and why not.

    ``counts``; ``is_repeated``: the rows that count say all of it; ``is_lost``: they say only a
    part of it. Rows that do not lie whole in the period have ``is_contained`` false.
    """
    order = ("ad", "group", "campaign") if plan.by_post else ("campaign", "group", "ad")
    levels = [level for level in order if level in plan.ad_levels]
    ctes = [_near(plan), *([_kin(order)] if len(levels) > 1 else [])]
    for place, level in enumerate(levels):
        ctes += _of_level(level, levels[:place], is_last=place == len(levels) - 1)
    dropped = " UNION ALL ".join(f"FROM dropped_{level}" for level in levels)
    account = (
        "(SELECT platform, ad_account_id, min(account_id) AS account_id FROM linked GROUP BY ALL)"
    )
    ctes.append(
        f"ads AS (SELECT a.*, l.account_id, is_contained AND d.ad_id IS NULL AS counts, "
        "d.is_whole IS TRUE AS is_repeated, d.is_whole IS FALSE AS is_lost FROM near_ads a "
        f"LEFT JOIN ({dropped or _NONE}) d USING ({_ROW}) "
        f"LEFT JOIN {account} l USING (platform, ad_account_id))"
    )
    return ", ".join(ctes)


_NONE = f"SELECT {_ROW}, true AS is_whole FROM near_ads WHERE false"


def _near(plan: Plan) -> str:
    figures = TABLES["ad_periods"].counters if plan.has_few_ads else plan.columns("ad_periods")
    columns = dict.fromkeys([*figures, "impressions", "reach", "spend", "currency", "post_id"])
    columns |= dict.fromkeys(("collected_at", "campaign_key", "campaign_name", "group_name"))
    names = "".join(f", a.{name}" for name in columns)
    only = "AND a.post_id IS NOT NULL" if plan.by_post else ""
    return (
        f"near_ads AS (SELECT a.platform, a.ad_account_id, a.level, a.ad_id, a.first_day, "
        f"a.last_day{names}, {plan.contained('a.first_day', 'a.last_day')} AS is_contained "
        f"FROM ad_periods a WHERE {plan.overlapping('a.first_day', 'a.last_day')} {only})"
    )


def _kin(order: tuple[str, ...]) -> str:
    """The CTE ``kin``: which units of another level may say the same; one that counts before it.

    Ad campaigns are told apart by their ids, else by their names; groups by their names. Where
    neither is known of both, they may be the same: levels are never added.
    """
    rank = f"list_position([{', '.join(repr(level) for level in order)}], level)"
    name = "lower(trim({}))"
    other = (
        "CASE WHEN l.key IS NOT NULL AND h.key IS NOT NULL THEN l.key <> h.key "
        "WHEN l.name IS NOT NULL AND h.name IS NOT NULL THEN l.name <> h.name "
        "WHEN h.either IS NOT NULL THEN h.either NOT IN (l.key, l.name) "
        "WHEN l.either IS NOT NULL THEN l.either NOT IN (h.key, h.name) "
        "ELSE l.group_name <> h.group_name END IS TRUE "
        "OR ('group' IN (l.level, h.level) AND l.group_name <> h.group_name) IS TRUE"
    )
    return (
        "mixed AS (SELECT platform, ad_account_id FROM near_ads WHERE is_contained "
        "GROUP BY ALL HAVING count(DISTINCT level) > 1), "
        f"units AS (SELECT {_UNIT}, {rank} AS rank, coalesce(max(campaign_key), CASE WHEN "
        "level = 'campaign' AND ad_id <> max(campaign_name) THEN ad_id END) AS key, "
        f"{name.format('max(campaign_name)')} AS name, {name.format('max(group_name)')} AS "
        "group_name, CASE WHEN level = 'campaign' AND max(coalesce(campaign_key, campaign_name)) "
        "IS NULL THEN lower(trim(ad_id)) END AS either "
        f"FROM near_ads SEMI JOIN mixed USING (platform, ad_account_id) GROUP BY {_UNIT}), "
        "kin AS (SELECT l.platform, l.ad_account_id, l.level, l.ad_id, h.level AS of_level, "
        "h.ad_id AS of_id FROM units l JOIN units h ON h.platform = l.platform "
        f"AND h.ad_account_id = l.ad_account_id AND h.rank < l.rank WHERE NOT ({other}))"
    )


def _of_level(level: str, higher: list[str], *, is_last: bool) -> list[str]:
    """The CTEs of one level: ``dropped_…``, its rows that do not count, and what that takes.

    Days stand for spans, so that rows of single days are found by equality. ``blocked`` are the
    days that a higher level says, ``own`` those of the longer rows of the ad itself.
    """
    rows = f"near_ads WHERE is_contained AND level = '{level}'"
    kept = " UNION ALL ".join(f"FROM days_{one}" for one in higher)
    blocked = (
        f"SELECT DISTINCT {_columns('k', _ENTITY)}, h.day FROM kin k JOIN ({kept}) h "
        "ON h.platform = k.platform AND h.ad_account_id = k.ad_account_id "
        f"AND h.level = k.of_level AND h.ad_id = k.of_id WHERE k.level = '{level}'"
        if higher
        else f"SELECT {_UNIT}, first_day AS day FROM near_ads WHERE false"
    )
    first_come = (
        "lambda kept, one: CASE WHEN len(list_filter(kept, lambda k: k.f <= one[1].l "
        "AND k.l >= one[1].f)) > 0 THEN kept ELSE kept || one END"
    )
    spans = (
        "list([{'f': first_day, 'l': last_day}] "
        "ORDER BY last_day - first_day DESC, collected_at DESC, first_day DESC)"
    )
    ctes = [
        f"blocked_{level} AS ({blocked})",
        f"long_{level} AS (SELECT {_ROW}, collected_at FROM {rows} AND last_day > first_day)",
        f"kept_{level} AS (SELECT {_UNIT}, s.f AS first_day, s.l AS last_day FROM (SELECT {_UNIT}, "
        f"unnest(list_reduce({spans}, {first_come})) AS s FROM long_{level} a WHERE NOT EXISTS "
        f"(FROM blocked_{level} b WHERE {_same('b')} AND b.day BETWEEN a.first_day AND a.last_day) "
        f"GROUP BY {_UNIT}))",
        f"own_{level} AS (SELECT {_UNIT}, unnest(generate_series(first_day, last_day, "
        f"INTERVAL 1 DAY))::DATE AS day FROM kept_{level})",
        f"taken_{level} AS (FROM blocked_{level} UNION FROM own_{level})",
        f"dropped_{level} AS (SELECT {_ROW}, true AS is_whole FROM near_ads a WHERE is_contained "
        f"AND level = '{level}' AND first_day = last_day AND EXISTS (FROM taken_{level} b "
        f"WHERE {_same('b')} AND b.day = a.first_day) UNION ALL SELECT {_columns('a', _KEYS)}, "
        "count(DISTINCT b.day) > a.last_day - a.first_day FROM "
        f"(FROM long_{level} ANTI JOIN kept_{level} USING ({_ROW})) a JOIN taken_{level} b "
        f"ON {_same('b')} AND b.day BETWEEN a.first_day AND a.last_day "
        f"GROUP BY {_columns('a', _KEYS)})",
    ]
    if not is_last:
        ctes.append(
            f"days_{level} AS (FROM own_{level} UNION ALL SELECT {_UNIT}, first_day FROM "
            f"(FROM near_ads WHERE is_contained AND level = '{level}' AND first_day = last_day) "
            f"ANTI JOIN dropped_{level} USING ({_ROW}))"
        )
    return ctes


def _columns(alias: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)


def _same(other: str) -> str:
    """The condition that a row is of the same ad as ``a``."""
    return " AND ".join(f"{other}.{name} = a.{name}" for name in _ENTITY)
