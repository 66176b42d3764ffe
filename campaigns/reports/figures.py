"""What posts and days of accounts add to a group of a report: rows that have a delivery."""

from __future__ import annotations

from campaigns.reports.deliveries import row_values
from campaigns.reports.kept import pivot
from campaigns.reports.plan import Plan, hidden, outside_span
from campaigns.schema import DELIVERIES

CHANGES = (("x", "2022-12-15"), ("linkedin", "2024-04-01"))
"""Platforms and the first day of another definition of their impressions."""


_MEDIA = (
    "JOIN (VALUES ('organic'), ('paid'), ('total')) AS v(media) ON "
    "CASE media WHEN 'organic' THEN has_organic WHEN 'paid' THEN has_paid AND NOT is_covered "
    "ELSE has_organic IS NOT TRUE AND has_paid IS NOT TRUE END"
)


def _changes() -> str:
    return ", ".join(
        f"count(*) FILTER (of_platform = '{platform}' AND of_day {sign} DATE '{day}') "
        f"AS {platform}_{side}"
        for platform, day in CHANGES
        for side, sign in (("before", "<"), ("after", ">="))
    )


def _counted(plan: Plan, table: str, ctes: str, rows: str, counts: str) -> str:
    """Rows with deliveries side by side, brought to the group."""
    by_media = "media" in plan.question.keys
    keys = "".join(f"{key}, " for key in plan.question.keys if key != "media")
    own = ["media"] if by_media else []
    if table == "post_metrics":
        own += ["is_reply", *(["of_account"] if plan.by_post else [])]
        own += ["is_unjudged"] if plan.by_campaign else []
    return (
        f"WITH {ctes} SELECT true AS has_row, {plan.key_names}{counts}{_changes()}, "
        "count(*) FILTER (is_covered AND has_paid) AS covered_rows, "
        "count(*) FILTER (is_apart AND (has_paid OR (has_organic AND has_total))) AS kept_rows, "
        "count(*) FILTER ((is_covered OR is_apart) AND has_organic IS NOT TRUE AND has_total) "
        f"AS overlapping_rows{_paid_platforms(plan)}"
        f"{plan.totals(plan.known_figures(table))} FROM (SELECT {keys}of_platform, of_day, "
        "has_organic, has_paid, has_total, is_covered, is_apart"
        f"{''.join(f', {name}' for name in own)}"
        f"{row_values(plan, table)} FROM {rows} {_MEDIA if by_media else ''}) {plan.group}"
    )


def _paid_platforms(plan: Plan) -> str:
    """The platforms of posts whose figures may hold what ads say too; asked where ads are."""
    if not plan.counts_ads:
        return ""
    return ", list(DISTINCT of_platform) FILTER (has_paid OR has_total) AS paid_platforms"


def published(plan: Plan) -> str:
    """The CTE ``published``: the posts that the question is about, with the group of each.

    It is looked through again where it is named again: the posts are kept ready.
    """
    keys = plan.keys(
        "p.published_on",
        campaign="p.campaign_id",
        platform="p.platform",
        account=_or_account(plan, "w.account", "p.account_id"),
        ambassador="w.ambassador" if plan.has_people else "NULL::VARCHAR",
        post="p.post_id",
    ).replace("NULL::VARCHAR AS media, ", "")
    figures = "".join(
        f", {f'p.{name}' if name in plan.posts.figures else 'NULL::BIGINT'} AS {name}"
        for column in plan.columns("post_metrics")
        for name in (f"{column}_{delivery[0]}" for delivery in DELIVERIES)
    )
    filters = plan.filters(
        campaign="p.campaign_id",
        account="p.account_id",
        platform="p.platform",
        **({"ambassador": "w.ambassador"} if plan.has_people else {}),
    )
    people, counted = _people_join(plan, "p.platform", "p.account_id")
    if plan.has_unnamed:
        people += " LEFT JOIN person_posts s ON s.platform = p.platform AND s.post_id = p.post_id"
    return (
        f"published AS NOT MATERIALIZED (SELECT {keys}p.platform AS of_platform, "
        "p.account_id AS of_account, p.published_on AS of_day, p.campaign_id AS of_campaign, "
        "p.is_reply, p.is_unjudged, has_organic, has_paid, has_total, "
        "(coalesce(has_paid, false) OR was_advertised) AS is_boosted, "
        f"({hidden(plan)} OR {outside_span(plan)}) AS is_hidden{figures} "
        f"FROM {plan.posts.name} p {people} "
        f"WHERE {counted} AND {plan.during('p.published_on')} AND {filters})"
    )


def _people_join(plan: Plan, platform: str, account: str) -> tuple[str, str]:
    """The join with registered accounts whose role matters, and the condition that they count."""
    if not plan.has_people:
        return "", "true"
    join = f"LEFT JOIN people w ON w.platform = {platform} AND w.account_id = {account}"
    return join, "w.is_counted IS NOT FALSE"


def _or_account(plan: Plan, shown: str, account: str) -> str:
    return f"coalesce({shown}, {account})" if plan.has_people else account


def posts(plan: Plan) -> str:
    """Posts published in the period, with their figures since publication."""
    followers, join = "", ""
    if "followers_at_posting" in plan.row_figures:
        followers = ", s.followers AS followers_at_posting"
        join = (
            "ASOF LEFT JOIN stocks s ON s.platform = u.of_platform "
            "AND s.account_id = u.of_account AND s.day <= u.of_day"
        )
    units = (
        f"post_units AS (SELECT u.*, {_covered_posts(plan)}{followers} FROM published u "
        f"{_covered_join(plan, 'u', 'covered_posts')} {join} WHERE NOT u.is_hidden)"
    )
    about = ""
    if plan.by_post:
        about = "any_value(of_account) AS of_account, any_value(of_day) AS published_on, "
    counts = f"count(*) AS posts, count(*) FILTER (is_reply) AS replies, {about}"
    if plan.by_campaign:
        counts += "count(*) FILTER (is_unjudged) AS unjudged, "
    return _counted(plan, "post_metrics", units, "post_units", counts)


def post_counts(plan: Plan) -> str:
    """How many posts were published, where their figures are not asked for."""
    if "media" in plan.question.keys:
        return "SELECT true AS has_row WHERE false"
    return (
        f"SELECT true AS has_row, {plan.key_names}count(*) AS posts, "
        f"count(*) FILTER (is_reply) AS replies FROM published WHERE NOT is_hidden {plan.group}"
    )


def days(plan: Plan) -> str:
    """What happened on the days of the period, on whatever post."""
    keys = plan.keys(
        "d.of_day",
        platform="d.of_platform",
        account=_or_account(plan, "w.account", "d.of_account"),
        ambassador="w.ambassador" if plan.has_people else "NULL::VARCHAR",
    ).replace("NULL::VARCHAR AS media, ", "")
    filters = plan.filters(
        account="d.of_account",
        platform="d.of_platform",
        **({"ambassador": "w.ambassador"} if plan.has_people else {}),
    )
    people, counted = _people_join(plan, "d.of_platform", "d.of_account")
    if plan.has_unnamed:
        people += (
            " LEFT JOIN person_days s ON s.platform = d.of_platform "
            "AND s.account_id = d.of_account AND s.day = d.of_day"
        )
    observed = (
        "day_figures AS (SELECT platform AS of_platform, account_id AS of_account, day AS of_day, "
        f"{pivot(plan.columns('account_days'))} "
        f"FROM account_days WHERE {plan.during('day')} GROUP BY ALL)"
    )
    units = (
        f"day_units AS (SELECT {keys}d.*, d.has_paid AS is_boosted, {_covered(plan)} "
        f"AS is_covered, false AS is_apart FROM day_figures d {people} "
        f"{_covered_join(plan, 'd', 'covered')} "
        f"WHERE {counted} AND NOT {hidden(plan)} AND NOT {outside_span(plan)} AND {filters})"
    )
    return _counted(plan, "account_days", f"{observed}, {units}", "day_units", "")


def periods(plan: Plan) -> str:
    """Reach that a platform measured of an account over a period as a whole.

    It is the reach of a group of one account; of several it is no more than the least.
    """
    first, last = "d.first_day", "d.last_day"
    keys = plan.keys(
        first, platform="d.platform", account=_or_account(plan, "w.account", "d.account_id")
    )
    whole = {
        "day": f"{first} = {last}",
        "week": f"isodow({first}) = 1 AND {last} = {first} + 6",
        "month": f"day({first}) = 1 AND {last} = last_day({first})",
        None: f"{first} = $first AND {last} = $last",
    }[plan.question.time]
    people, counted = _people_join(plan, "d.platform", "d.account_id")
    q = plan.question
    is_one = "account" in q.keys or (q.account and ("platform" in q.keys or len(q.platforms) == 1))
    if not is_one or (q.time is None and not (q.first and q.last)):
        whole = "false"
    return (
        f"SELECT true AS has_row, {plan.key_names}max(reach) AS reach_low, "
        f"max(reach) FILTER (is_whole) AS reach_period FROM (SELECT {keys}reach, {whole} AS "
        f"is_whole FROM account_periods d {people} WHERE reach IS NOT NULL AND {counted} "
        f"AND NOT {hidden(plan)} AND {_is_no_group(plan)} AND {plan.contained(first, last)} "
        f"AND {plan.filters(account='d.account_id', platform='d.platform')}) {plan.group}"
    )


def _is_no_group(plan: Plan) -> str:
    """The condition that an account is not one of unnamed people: the highest is one person's."""
    return "w.is_named IS NOT FALSE" if plan.has_people else "true"


def _covered(plan: Plan) -> str:
    return "k.of_day IS NOT NULL" if plan.can_be_covered else "false"


def _covered_posts(plan: Plan) -> str:
    """Whether ads know a post's paid figures, or only ads of another campaign or of none may."""
    known = _covered(plan)
    if not (plan.can_be_covered and plan.tells_campaigns):
        return f"{known} AS is_covered, false AS is_apart"
    own = "(u.of_campaign IS NULL OR coalesce(list_contains(k.campaigns, u.of_campaign), false))"
    return f"({known} AND {own}) AS is_covered, ({known} AND NOT {own}) AS is_apart"


def _covered_join(plan: Plan, unit: str, covered: str) -> str:
    if not plan.can_be_covered:
        return ""
    return (
        f"LEFT JOIN {covered} k ON k.of_platform = {unit}.of_platform "
        f"AND k.of_account = {unit}.of_account AND k.of_day = {unit}.of_day"
    )
