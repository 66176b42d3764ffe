"""What the followers of accounts add to a report: stocks, never added over days."""

from __future__ import annotations

from campaigns.reports.plan import TIME_KEYS, Plan, hidden

STOCKS = (
    "stocks AS (SELECT platform, account_id, day, max(followers) AS followers FROM ("
    "SELECT platform, account_id, day, followers FROM account_days UNION ALL "
    "SELECT platform, account_id, last_day, followers FROM account_periods) "
    "WHERE followers IS NOT NULL GROUP BY ALL)"
)
"""The CTE ``stocks``: the followers of an account at the end of a day, where known."""


def potential(plan: Plan) -> str:
    """The followers of the accounts that published in each group, the last known ones of its time.

    A month has the followers of that month, never today's; where none are known of an account in
    that time, it is not measured and the sum is partial.
    """
    time = plan.question.time
    unit = f", {TIME_KEYS[time].format('day')} AS on_time" if time else ""
    then = f" AND on_time = {time}" if time else ""
    return (
        f"SELECT true AS has_row, {plan.key_names}sum(followers)::BIGINT AS potential_reach, "
        "count(followers) AS potential_reach_known, "
        "count(*) FILTER (followers IS NULL) AS potential_reach_partial "
        f"FROM (SELECT DISTINCT {plan.key_names}of_platform, of_account FROM published "
        "WHERE NOT is_hidden) u LEFT JOIN (SELECT platform AS on_platform, "
        f"account_id AS on_account{unit}, arg_max(followers, day) AS followers FROM stocks "
        f"WHERE {plan.during('day')} GROUP BY ALL) "
        f"ON on_platform = of_platform AND on_account = of_account{then} {plan.group}"
    )


def growth(plan: Plan) -> str:
    """Followers at the end of the period, and what was won since its start.

    The start is the stock at the end of the day before the first, else the last one known up to
    the first day, else the first one known in the period; where there is only one stock, a report
    of the whole period that says how many were won.
    """
    q = plan.question
    keys = plan.keys(platform="d.platform", account="coalesce(w.account, d.account_id)")
    until = "WHERE day <= $last" if q.last else ""
    eve = "FILTER (day = $first - 1)" if q.first else "FILTER (false)"
    before = "FILTER (day <= $first)" if q.first else "FILTER (false)"
    contained = plan.contained("first_day", "last_day")
    return (
        "WITH ends AS (SELECT platform, account_id, arg_max(followers, day) AS followers, "
        "max(day) AS end_day, "
        f"coalesce(max(followers) {eve}, arg_max(followers, day) {before}, "
        "arg_min(followers, day)) AS start_followers, "
        f"coalesce(max(day) {eve}, max(day) {before}, min(day)) AS start_day "
        f"FROM stocks {until} GROUP BY ALL), "
        "won AS (SELECT platform, account_id, arg_max(new_followers, last_day - first_day) AS "
        "new_followers, arg_max(followers, last_day - first_day) AS followers FROM account_periods "
        f"WHERE new_followers + followers IS NOT NULL AND {contained} "
        "GROUP BY ALL), "
        "changes AS (SELECT e.platform, e.account_id, e.followers, CASE WHEN start_day < end_day "
        "THEN start_followers ELSE won.followers - won.new_followers END AS at_start, "
        "CASE WHEN start_day < end_day THEN e.followers - start_followers "
        "ELSE won.new_followers END AS net_new FROM ends e "
        "LEFT JOIN won ON won.platform = e.platform AND won.account_id = e.account_id) "
        f"SELECT true AS has_row, {plan.key_names}sum(followers)::BIGINT AS followers, "
        "count(followers) AS followers_known, "
        "sum(net_new) FILTER (at_start IS NOT NULL)::DOUBLE AS follower_growth_rate_num, "
        "sum(at_start) FILTER (net_new IS NOT NULL)::DOUBLE AS follower_growth_rate_den, "
        "count(net_new) AS follower_growth_rate_known "
        f"FROM (SELECT {keys}d.* EXCLUDE (platform, account_id), d.platform AS of_platform "
        "FROM changes d LEFT JOIN people w ON w.platform = d.platform "
        "AND w.account_id = d.account_id WHERE w.is_counted IS NOT FALSE "
        f"AND NOT {hidden(plan)} "
        f"AND {plan.filters(account='d.account_id', platform='d.platform')}) {plan.group}"
    )
