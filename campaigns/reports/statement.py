"""One question as one statement: its sources together, kept ready per version of the data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from campaigns import definitions, privacy
from campaigns.metrics import METRICS, formula
from campaigns.reach import parts as reach_parts
from campaigns.reports import ad_rows, ambassadors, figures, followers, kept, spending
from campaigns.reports.ambassadors import Person, bearers, people, registered
from campaigns.reports.plan import Plan, hidden
from campaigns.reports.question import Question
from campaigns.reports.stages import Stages, make, used
from campaigns.store import Snapshot

FEW = 1_000_000
"""Rows of ads up to which all their figures are read for one question: the next asks others."""

LISTS = ("paid_platforms", "unlinked_platforms", "shared_payers", "vats", "post_platforms",
                    "post_accounts")  # fmt: skip
_HIGHEST = frozenset({"reach_exact", "reach_low", "reach_period", "readers_low", "outcome_last"})
_ABOUT = ("of_account", "published_on")
_MONEY = {
    "ads": ("spend", "paid_cpm_num"),
    "costs": ("other_cost", "online_other"),
    "placements": ("cost_per_contact_num",),
    "budget": ("budget",),
}
_NUMBERS = (
    *reach_parts(),
    *("reach_period", "posts", "replies", "spend", "spend_known", "other_cost", "other_cost_known"),
    *("paid_cpm_num", "paid_cpm_den", "paid_cpm_known", "contacts", "contacts_known"),
    *("contacts_rows", "contacts_units", "readers_low", "cost_per_contact_num"),
    *("cost_per_contact_den", "cost_per_contact_known", "outcome", "outcome_known"),
    *("outcome_fixed", "budget", "budget_known", "followers", "followers_known"),
    *("follower_growth_rate_num", "follower_growth_rate_den", "follower_growth_rate_known"),
    *("potential_reach", "potential_reach_known", "potential_reach_partial", "covered_rows"),
    *("kept_rows", "overlapping_rows", "hidden_posts", "unjudged", "ads_left", "ads_repeated"),
    *("ads_lost", "costs_left", "costs_carried", "costs_unsaid", "placements_left"),
    *("online_other", "online_other_known", "offline_costs"),
    *(f"{platform}_{side}" for platform, _ in figures.CHANGES for side in ("before", "after")),
)


def kept_parts(snapshot: Snapshot, question: Question) -> tuple[str, list[str]]:
    """The parts of every group of a question: a relation and the names of its parts.

    One row per group and currency, kept until the data change; asked again, nothing is computed.
    """
    accounts = registered(snapshot)
    everyone = people(accounts)
    people_parameters = _people(accounts, everyone, question)
    levels = spending.levels(snapshot)
    plan = Plan(
        question,
        kept.posts(snapshot),
        has_people=bool(people_parameters["of_accounts"]),
        has_unnamed=any(one.group and not one.is_named for one in everyone),
        has_payers=any(account["ad_accounts"] for account in accounts),
        ad_levels=tuple(levels),
        has_few_ads=sum(levels.values()) <= FEW,
    )
    parameters = {**_period(question), **people_parameters}
    stages = Stages(parameters)
    sql, given, missing = _together(plan, stages)
    if _is_cut(plan):
        sql = _cut(plan, sql, given)
    parameters = used(sql, parameters)

    def prepare() -> None:
        if plan.needs_campaigns:
            definitions.prepare(snapshot)
        if plan.has_unnamed:
            ambassadors.prepare(snapshot, everyone, plan.posts.name)
        make(snapshot, stages)

    view = snapshot.cached("report", sql, prepare, _made_of(plan), parameters)
    nulls = "".join(f", NULL::{kind} AS {name}" for name, kind in missing.items())
    whole = f"all_of_{view}"
    snapshot.execute(f"CREATE OR REPLACE TEMP VIEW {whole} AS SELECT *{nulls} FROM {view}")
    return whole, [*given, *missing]


def _made_of(plan: Plan) -> Sequence[str]:
    """The tables that the answer depends on, where they are but a few; else it may be any."""
    is_of_posts = plan.is_flat and plan.question.accounting == "published"
    looks_up = "followers_at_posting" in plan.row_figures
    return kept.MADE_OF if is_of_posts and not looks_up else ()


def _is_cut(plan: Plan) -> bool:
    """Whether only the posts that are shown need be kept; a universe is checked with all."""
    q = plan.question
    return plan.is_flat and q.limit is not None and q.universe is None


def _cut(plan: Plan, sql: str, given: Mapping[str, str]) -> str:
    """The posts that brought most, and one row for all others: what must be told is of all."""
    q = plan.question
    keys = ", ".join(q.keys)
    first = next((f"({formula(metric)})" for metric in q.asked if metric.name != "posts"), "NULL")
    there = set(given)
    lacking = sorted({*re.findall(r"\w+", first)} & (_types(plan).keys() - there - {"currency"}))
    nulls = "".join(f", NULL::{_types(plan)[name]} AS {name}" for name in lacking)
    without = f" EXCLUDE ({', '.join(lacking)})" if lacking else ""
    told = ", ".join(_narrow(merged(name), kind, name) for name, kind in given.items())
    return (
        f"WITH every AS MATERIALIZED ({sql}), best AS (SELECT * FROM (SELECT *{nulls} FROM "
        f"every WHERE has_row) ORDER BY {first} DESC NULLS LAST, {keys} LIMIT {int(q.limit or 0)}) "
        f"SELECT *{without} FROM best UNION ALL BY NAME "
        f"SELECT false AS has_row, {told} FROM every ANTI JOIN best USING ({keys})"
    )


def merged(name: str) -> str:
    """The SQL that brings a part of several rows together.

    >>> merged("impressions"), merged("reach_low")
    ('sum(impressions)', 'max(reach_low)')
    """
    if name in LISTS:
        return f"list_sort(list_distinct(flatten(list({name}) FILTER ({name} IS NOT NULL))))"
    if name in _HIGHEST:
        return f"max({name})"
    if name == "outcome_kinds":
        return f"flatten(list({name}) FILTER ({name} IS NOT NULL))"
    if name == "outcome_first":
        return f"min({name})"
    if name in _ABOUT:
        return f"any_value({name})"
    return f"sum({name})"


def amounts(plan: Plan) -> tuple[str, ...]:
    """The parts of a question that are amounts."""
    return tuple(name for want in _MONEY if want in plan.wants for name in _MONEY[want])


def _period(question: Question) -> dict[str, object]:
    names = ("first", "last", "campaign", "account", "ambassador", "universe")
    found = {name: getattr(question, name) for name in names}
    return {**found, "platforms": list(question.platforms)}


def _people(
    accounts: list[dict[str, object]], everyone: Sequence[Person], question: Question
) -> dict[str, object]:
    """Which registered accounts count and under which names, as lists for the CTE ``people``.

    Competitors and other organisations count only where accounts are asked for by name.
    """
    shown = {(one.platform, one.account_id): one for one in everyone}
    by_name = "account" in question.keys or question.account is not None
    lines: list[tuple[object, ...]] = []
    for row in accounts:
        one = shown.get((row["platform"], row["account_id"]))  # type: ignore[arg-type]
        if one is not None:
            lines.append((one.platform, one.account_id, True, one.group, one.account, True))
        elif row["role"] == "ambassador":
            is_counted = privacy.takes_part(row)
            lines.append((row["platform"], row["account_id"], is_counted, None, None, True))
        elif row["role"] in {"peer", "organisation"}:
            account = str(row["account_id"])
            is_counted = by_name and not privacy.is_unnamed(account)  # a pseudonym names nobody
            lines.append((row["platform"], account, is_counted, None, account, False))
    names = ("platforms", "accounts", "counted", "groups", "labels", "persons")
    columns = zip(*lines, strict=True) if lines else [()] * len(names)
    entered = bearers(accounts, everyone)
    return {
        **{f"of_{name}": list(column) for name, column in zip(names, columns, strict=True)},
        "of_entered": list(entered),
        "of_bearers": list(entered.values()),
    }


_PEOPLE = (
    "people AS (SELECT *, is_person AND ambassador IS NULL AS is_group_hidden, "
    "is_person AND account IS NULL AS is_account_hidden, "
    "NOT is_person OR account IS NOT DISTINCT FROM account_id AS is_named FROM (SELECT "
    "unnest($of_platforms::VARCHAR[]) AS platform, unnest($of_accounts::VARCHAR[]) AS account_id, "
    "unnest($of_counted::BOOLEAN[]) AS is_counted, unnest($of_groups::VARCHAR[]) AS ambassador, "
    "unnest($of_labels::VARCHAR[]) AS account, unnest($of_persons::BOOLEAN[]) AS is_person))"
)

_BEARERS = (
    "bearers AS (SELECT unnest($of_entered::VARCHAR[]) AS entered, "
    "unnest($of_bearers::VARCHAR[]) AS ambassador)"
)


def _together(plan: Plan, stages: Stages) -> tuple[str, dict[str, str], dict[str, str]]:
    """All sources of the question, one row per group and currency, as SQL; then the type of every
    part in it, and of those that no source of this question names: these are null.
    """
    sources = " UNION ALL BY NAME ".join(f"({sql})" for sql in _sources(plan))
    named = set(re.findall(r"\w+", sources))
    keys = ["has_row", *plan.question.keys, "currency"]
    types = {**dict.fromkeys(plan.question.keys, "VARCHAR"), **_types(plan)}
    columns = ", ".join(
        f"NULL::{kind} AS {name}" for name, kind in types.items() if name in named or name in keys
    )
    parts = {name: kind for name, kind in types.items() if name not in keys}
    given = {name: kind for name, kind in parts.items() if name in named}
    values = "".join(
        f", {_narrow(name if plan.is_flat else merged(name), kind, name)}"
        for name, kind in given.items()
    )
    group = "" if plan.is_flat else f" GROUP BY {', '.join(keys)}"
    sql = (
        f"WITH {', '.join(_ctes(plan, stages))} SELECT {', '.join(keys)}{values} FROM ("
        f"(SELECT NULL::BOOLEAN AS has_row, {columns} WHERE false) UNION ALL BY NAME {sources})"
        f"{group}"
    )
    return sql, given, {name: kind for name, kind in parts.items() if name not in named}


def _narrow(value: str, kind: str, name: str) -> str:
    """A part in a type that can be kept: sums of integers are huge."""
    return f"({value})::{kind} AS {name}"


def _types(plan: Plan) -> dict[str, str]:
    """The type of every part: what no source of this question gives is null."""
    types = dict.fromkeys(_NUMBERS, "BIGINT")
    for name in plan.figures:
        kind = "DOUBLE" if name == "conversions" else "BIGINT"
        types |= {name: kind, f"{name}_known": "BIGINT", f"{name}_partial": "BIGINT"}
    for pair in (metric.name for metric in METRICS.values() if metric.is_paired):
        if pair in types or pair in {one.name for one in plan.pairs} or f"{pair}_num" in types:
            types |= {f"{pair}_num": "DOUBLE", f"{pair}_den": "DOUBLE", f"{pair}_known": "BIGINT",
                      f"{pair}_partial": "BIGINT"}  # fmt: skip
    types |= dict.fromkeys(("outcome", "reach_missed"), "DOUBLE")
    types |= dict.fromkeys((name for names in _MONEY.values() for name in names), "DECIMAL(38,6)")
    types |= dict.fromkeys(("currency", "outcome_first", "outcome_last"), "VARCHAR")
    types |= dict.fromkeys(LISTS, "VARCHAR[]")
    types["outcome_kinds"] = "STRUCT(kind VARCHAR, value DOUBLE, is_score BOOLEAN)[]"
    if plan.by_post:
        types |= dict.fromkeys(_ABOUT, "VARCHAR") | {"published_on": "DATE"}
    if "day" in plan.question.keys:
        types["day"] = "DATE"
    return types


def _sources(plan: Plan) -> list[str]:
    """The selects that this question needs."""
    wants, q = plan.wants, plan.question
    has_figures = bool(plan.row_figures) or "reach" in wants
    if q.accounting == "activity":
        chosen = [figures.post_counts(plan)]
        chosen += [figures.days(plan)] if has_figures else []
        if "reach" in wants and q.delivery == "total" and ("account" in q.keys or q.account):
            chosen.append(figures.periods(plan))
    else:
        chosen = [figures.posts(plan)]
    if plan.needs_ads:
        chosen.append(spending.ads(plan))
    for want, source in (
        ("costs", spending.costs),
        ("outcomes", spending.outcomes),
        ("budget", spending.budgets),
        ("potential", followers.potential),
        ("followers", followers.growth),
    ):
        chosen += [source(plan)] if want in wants else []
    if {"costs", "placements"} & wants:
        chosen.append(spending.placements(plan))
    if q.by == ("campaign",) and not (q.account or q.ambassador or q.platforms):
        chosen.append(spending.defined(plan))
    return [*chosen, *_told(plan)]


def _told(plan: Plan) -> list[str]:
    """What a reader must be told: rows that belong to no group."""
    q = plan.question
    told = []
    if hidden(plan) != "false":
        told.append(
            "SELECT false AS has_row, count(*) AS hidden_posts FROM published WHERE is_hidden"
        )
    if "platform" in q.keys:
        told.append(
            "SELECT false AS has_row, list(DISTINCT platform) AS post_platforms, "
            "list(DISTINCT platform || ' ' || account_id) AS post_accounts "
            f"FROM {plan.posts.publishers}"
        )
    return told


def _ctes(plan: Plan, stages: Stages) -> list[str]:
    needed = [_PEOPLE, figures.published(plan)]
    linked = []
    if plan.needs_ads or plan.can_be_covered:
        linked = [stages.cte("linked", [spending.LINKED])]
        needed += linked
    if plan.can_be_covered:
        made = [*linked, spending.covered(plan)]
        needed += [stages.cte(name, made) for name in ("covered", "covered_posts")]
    ads = [stages.cte("ads", [*linked, ad_rows.ads_ctes(plan)])] if plan.needs_ads else []
    needed += ads
    if "costs" in plan.wants:
        needed += [_BEARERS, stages.cte("cost_lines", [*ads, spending.cost_lines(plan)])]
    if {"potential", "followers"} & plan.wants or "followers_at_posting" in plan.row_figures:
        needed.append(stages.cte("stocks", [followers.STOCKS]))
    return needed
