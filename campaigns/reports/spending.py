"""What ads, placements, costs, budgets and results add to a group of a report.

They count by the day or period that they cover, in both accountings: a row of several days is
spread nowhere, it counts where a whole period contains it. Amounts are brought to the group per
currency.
"""

from __future__ import annotations

from campaigns.metrics import FIGURES
from campaigns.reports.plan import Plan
from campaigns.store import Snapshot

_OFFLINE = ("print", "radio", "television", "outdoor")

LINKED = (
    "linked AS (SELECT i.platform, i.ad_account_id, o.account_id FROM (SELECT DISTINCT platform, "
    "ad_account_id, ad_account_name FROM ad_periods_log) i JOIN (SELECT platform, account_id, "
    "lower(trim(unnest(string_split(ad_accounts, ';')))) AS wanted FROM accounts "
    "WHERE is_removed IS NOT TRUE) o ON o.platform = i.platform "
    "AND o.wanted IN (lower(i.ad_account_id), lower(i.ad_account_name)) GROUP BY ALL)"
)
"""The CTE ``linked``: which ad accounts pay for which accounts, as the operator said."""


def levels(snapshot: Snapshot) -> dict[str, int]:
    """The levels of ads that there are, and the rows of each in all imports."""
    rows = "SELECT level, count(*) AS rows FROM ad_periods_log GROUP BY level"
    found = snapshot.cached("levels", rows, of=("ad_periods",))
    return {row["level"]: row["rows"] for row in snapshot.rows(f"FROM {found} ORDER BY level")}


BOOST_DAYS = 30
"""Within how many days after its publication a post is advertised, if ever: a page lists what a
boosted post earned since, and the ads know the same delivery by day."""


def covered(plan: Plan) -> str:
    """The CTEs ``covered`` and ``covered_posts``: where the ads are known.

    An export of ads covers its account from its first to its last day, also on days without ads:
    ``covered`` has these days; ``covered_posts`` the days of publication from which a post's
    advertising falls in them. ``campaigns`` lists the campaigns whose own ads ran then: ads of
    none never take the paid figures of a post out of its campaign.
    """
    of_campaigns, days = "", _days_of_ads(BOOST_DAYS, "NULL::VARCHAR")
    if plan.tells_campaigns:
        campaign = (
            "JOIN ad_campaigns c ON c.platform = a.platform AND c.level = a.level "
            "AND c.ad_account_id = a.ad_account_id AND c.ad_id = a.ad_id"
        )
        of_campaigns = f"campaign_ads AS ({_spans_of_ads(plan, 'campaign_id', campaign)}), "
        days += f" UNION ALL {_days_of_ads(BOOST_DAYS, 'campaign_id', 'campaign_ads')}"
    return (
        f"exported_ads AS ({_spans_of_ads(plan)}), {of_campaigns}covered AS ({_days_of_ads(0)}), "
        "covered_posts AS (SELECT of_platform, of_account, of_day, list(DISTINCT of_campaign) "
        f"FILTER (of_campaign IS NOT NULL) AS campaigns FROM ({days}) GROUP BY ALL)"
    )


def _spans_of_ads(plan: Plan, key: str = "NULL", join: str = "") -> str:
    """From which to which day the ads of an account were exported, per import (and ``key``)."""
    return (
        f"SELECT a.platform AS of_platform, l.account_id AS of_account, {key} AS campaign_id, "
        "min(a.first_day) AS first_day, max(a.last_day) AS last_day "
        "FROM ad_periods_log a JOIN linked l ON l.platform = a.platform "
        f"AND l.ad_account_id = a.ad_account_id {join} "
        f"WHERE {plan.contained('a.first_day', 'a.last_day')} "
        f"GROUP BY a.platform, l.account_id, a.import_id, {key}"
    )


def _days_of_ads(before: int, campaign: str = "", ads: str = "exported_ads") -> str:
    of_campaign = f", {campaign} AS of_campaign" if campaign else ""
    return (
        "SELECT DISTINCT of_platform, of_account, unnest(generate_series("
        f"first_day - {before}, last_day, INTERVAL 1 DAY))::DATE AS of_day{of_campaign} FROM {ads}"
    )


def ads(plan: Plan) -> str:
    """Delivery and spend of ads."""
    keys = plan.keys(
        "a.first_day",
        campaign="c.campaign_id",
        platform="a.platform",
        account="a.account_id",
        media="'paid'",
        post="a.post_id",
    )
    campaigns = (
        "LEFT JOIN ad_campaigns c USING (platform, ad_account_id, level, ad_id)"
        if plan.needs_campaigns
        else ""
    )
    figures = plan.known_figures("ad_periods") if plan.counts_ads else ()
    values = "".join(
        f", {' + '.join(f'a.{c}' for c in FIGURES[name])} AS {name}, false AS {name}_is_partial"
        for name in figures
    )
    values += "".join(
        f", {' + '.join(f'a.{c}' for c in FIGURES[pair.numerator])} AS {pair.name}_above, "
        f"{' + '.join(f'a.{c}' for c in FIGURES[pair.denominator])} AS {pair.name}_below, "
        f"false AS {pair.name}_is_partial"
        for pair in plan.pairs
        if {pair.numerator, pair.denominator} <= set(figures)
    )
    unit = "true" if plan.counts_ads else "false"
    filters = plan.filters(campaign="c.campaign_id", account="a.account_id", platform="a.platform")
    group = ", ".join([*plan.question.keys, "currency"])
    left = "NOT is_contained"
    return (
        f"SELECT true AS has_row, {plan.key_names}currency, sum(spend) AS spend, "
        "count(spend) AS spend_known, "
        "sum(spend) FILTER (seen IS NOT NULL) AS paid_cpm_num, "
        "sum(seen) FILTER (spend IS NOT NULL)::DOUBLE AS paid_cpm_den, "
        "count(*) FILTER (spend IS NOT NULL AND seen IS NOT NULL) AS paid_cpm_known, "
        "list(DISTINCT of_platform) FILTER (is_unlinked AND is_unit AND seen IS NOT NULL) "
        f"AS unlinked_platforms{plan.totals(figures)} FROM ("
        f"SELECT {keys}a.currency, a.spend, a.impressions AS seen, a.platform AS of_platform, "
        f"a.account_id IS NULL AS is_unlinked, {unit} AS is_unit, "
        f"CASE WHEN {unit} THEN a.reach END AS exact, CASE WHEN {unit} THEN a.reach END AS low, "
        f"CASE WHEN {unit} THEN coalesce(a.reach, a.impressions) END AS most{values} "
        f"FROM ads a {campaigns} WHERE counts AND {filters}) GROUP BY {group} "
        "UNION ALL BY NAME SELECT false AS has_row, list(ad_account_id) AS shared_payers FROM "
        "(SELECT ad_account_id FROM linked GROUP BY platform, ad_account_id "
        "HAVING count(DISTINCT account_id) > 1) "
        f"UNION ALL BY NAME SELECT false AS has_row, count(*) FILTER ({left}) AS ads_left, "
        "count(*) FILTER (is_repeated) AS ads_repeated, count(*) FILTER (is_lost) AS ads_lost "
        f"FROM ads a {campaigns} "
        f"WHERE {filters}"
    )


_COUNTS = "fits AND is_contained AND NOT is_carried"
_ONLINE = (
    ", sum(amount) FILTER (NOT is_offline)::DECIMAL(38,6) AS online_other, "
    "count(DISTINCT line) FILTER (amount IS NOT NULL AND NOT is_offline) AS online_other_known"
)
_BEARER = "coalesce(b.ambassador, CASE WHEN w.is_named THEN w.ambassador END)"
"""Who bears a cost: hours of one unnamed colleague are never shown as those of a team."""


def costs(plan: Plan) -> str:
    """Cost lines, by the parts that campaigns bear.

    Media costs are left out where ads or a placement of that campaign and period carry them. What
    says not for which platform or account it was is left out where one is asked for. A line bears
    the name of a team or colleague as it was entered; where that one may not be shown, it stays a
    cost of the organisation, which no ambassador bears.
    """
    keys = plan.keys(
        "k.first_day",
        campaign="k.campaign_id",
        platform="k.platform",
        account="CASE WHEN w.is_account_hidden IS NOT TRUE "
        "THEN coalesce(w.account, k.account_id) END",
        ambassador=_BEARER,
        media=f"CASE WHEN k.platform IN {_OFFLINE} THEN k.platform "
        "WHEN k.kind = 'media' THEN 'paid' END",
    )
    filters = plan.filters(
        campaign="k.campaign_id",
        account="k.account_id",
        ambassador=_BEARER,
        platform="k.platform",
    )
    q = plan.question
    missing = ["k.platform IS NULL"] if q.platforms else []
    missing += ["k.account_id IS NULL"] if q.account is not None else []
    unnamed = "k.account_id IS NULL AND k.ambassador IS NULL"
    missing += [unnamed] if q.ambassador is not None else []
    unsaid = f"({' OR '.join(missing) or 'false'})"
    unsaid += " AND k.campaign_id = $campaign" if q.campaign is not None else ""
    return (
        f"WITH lines AS (SELECT {keys}k.amount, k.currency, k.vat, k.line, k.is_offline, "
        f"k.is_contained, k.is_carried, ({filters}) IS TRUE AS fits "
        "FROM cost_lines k LEFT JOIN people w "
        "ON w.platform = k.platform AND w.account_id = k.account_id "
        "LEFT JOIN bearers b ON b.entered = ltrim(lower(trim(k.ambassador)), '@') "
        f"WHERE ({filters}) OR ({unsaid})) "
        + _amounts(plan, "other_cost", _COUNTS, _ONLINE, known="DISTINCT line")
        + " UNION ALL BY NAME SELECT false AS has_row, "
        "count(DISTINCT line) FILTER (fits AND NOT is_contained) AS costs_left, "
        "count(DISTINCT line) FILTER (fits AND is_contained AND is_carried) AS costs_carried, "
        "count(DISTINCT line) FILTER (NOT fits AND is_contained) AS costs_unsaid, "
        f"count(DISTINCT line) FILTER ({_COUNTS} AND is_offline) AS offline_costs, "
        f"list(DISTINCT vat) FILTER ({_COUNTS}) AS vats FROM lines"
    )


def cost_lines(plan: Plan) -> str:
    """The CTE ``cost_lines``: the parts of cost lines in the period, and which are carried."""
    carried = (
        "k.kind = 'media' AND EXISTS (FROM carried d WHERE d.campaign_id = c.campaign_id "
        "AND (k.platform IS NULL OR k.platform = d.platform) AND d.first_day <= k.last_day "
        "AND d.last_day >= k.first_day)"
    )
    return (
        f"carried AS ({_carriers(plan)}), "
        "cost_lines AS (SELECT k.platform, k.account_id, k.ambassador, k.kind, k.first_day, "
        "c.campaign_id, coalesce(k.amount, k.hours * k.rate) * coalesce(c.part, 1) AS amount, "
        "k.currency, k.vat, (k.source, k.row_id) AS line, "
        f"k.platform IN {_OFFLINE} IS TRUE AS is_offline, "
        f"{plan.contained('k.first_day', 'k.last_day')} AS is_contained, {carried} AS is_carried "
        "FROM costs k LEFT JOIN cost_campaigns c USING (source, row_id) "
        f"WHERE {plan.overlapping('k.first_day', 'k.last_day')})"
    )


def _carriers(plan: Plan) -> str:
    """Ads and placements with an amount that counts in this question: they carry media costs.

    What is left out here carries nothing here: else the amount would count nowhere.
    """
    placed = plan.filters(campaign="c.campaign_id", platform="p.medium")
    carriers = (
        "SELECT p.medium AS platform, c.campaign_id, p.first_day, p.last_day "
        "FROM media_placements p JOIN placement_campaigns c USING (placement_id) "
        f"WHERE p.amount > 0 AND {plan.contained('p.first_day', 'p.last_day')} AND {placed}"
    )
    if plan.needs_ads:
        fits = plan.filters(campaign="c.campaign_id", account="a.account_id", platform="a.platform")
        carriers += (
            " UNION SELECT a.platform, c.campaign_id, a.first_day, a.last_day FROM ads a "
            "JOIN ad_campaigns c USING (platform, ad_account_id, level, ad_id) "
            f"WHERE a.counts AND a.spend > 0 AND {fits}"
        )
    return carriers


def _amounts(plan: Plan, name: str, condition: str, more: str = "", known: str = "amount") -> str:
    group = ", ".join([*plan.question.keys, "currency"])
    return (
        f"SELECT true AS has_row, {plan.key_names}currency, sum(amount)::DECIMAL(38,6) AS {name}, "
        f"count({known}) FILTER (amount IS NOT NULL) AS {name}_known{more} "
        f"FROM lines WHERE {condition} GROUP BY {group}"
    )


def placements(plan: Plan) -> str:
    """Print and other media: cost, contacts and readers."""
    keys = plan.keys("p.first_day", campaign="c.campaign_id", platform="p.medium", media="p.medium")
    filters = plan.filters(campaign="c.campaign_id", platform="p.medium")
    contacts = (
        ", sum(contacts)::BIGINT AS contacts, count(contacts) AS contacts_known, "
        "count(*) AS contacts_rows, sum(insertions)::BIGINT AS contacts_units, "
        "max(readership) AS readers_low, "
        "sum(amount) FILTER (contacts IS NOT NULL)::DECIMAL(38,6) AS cost_per_contact_num, "
        "sum(contacts) FILTER (amount IS NOT NULL)::DOUBLE AS cost_per_contact_den, "
        "count(*) FILTER (contacts IS NOT NULL AND amount IS NOT NULL) AS cost_per_contact_known"
    )
    return (
        f"WITH lines AS (SELECT {keys}p.amount, p.currency, p.vat, p.insertions, p.readership, "
        "p.insertions * p.readership AS contacts, "
        f"{plan.contained('p.first_day', 'p.last_day')} AS is_contained "
        "FROM media_placements p LEFT JOIN placement_campaigns c USING (placement_id) "
        f"WHERE {plan.overlapping('p.first_day', 'p.last_day')} AND {filters}) "
        + _amounts(plan, "other_cost", "is_contained", contacts)
        + " UNION ALL BY NAME SELECT false AS has_row, count(*) FILTER (NOT is_contained) AS "
        "placements_left, count(amount) FILTER (is_contained) AS offline_costs, "
        "list(DISTINCT vat) FILTER (is_contained AND amount IS NOT NULL) AS vats "
        "FROM lines"
    )


IS_SCORE = (
    "(lower(o.unit) IN ('%', 'percent', 'procent', 'fraction', 'share', 'score', 'grade', "
    "'cijfer', 'rapportcijfer') OR regexp_full_match(coalesce(o.unit, ''), '\\d+ ?[-–] ?\\d+') "
    "OR regexp_matches(lower(o.outcome), '^(recognition|recall|appreciation|herkenning|"
    "herinnering|waardering|boodschapoverdracht)'))"
)
"""SQL for whether an outcome ``o`` is a score or a part, which is never added."""


def outcomes(plan: Plan) -> str:
    """Results: of each campaign those of its goal, else all by kind; scores are never added."""
    keys = plan.keys("o.day", campaign="c.campaign_id")
    return (
        f"SELECT true AS has_row, {plan.key_names}sum(value) AS outcome, "
        "sum(known)::BIGINT AS outcome_known, min(outcome) AS outcome_first, "
        "max(outcome) AS outcome_last, "
        "coalesce(sum(lines) FILTER (is_score), 0)::BIGINT AS outcome_fixed, "
        "list({'kind': outcome, 'value': CASE WHEN is_score AND known > 1 THEN NULL ELSE value "
        "END, 'is_score': is_score} ORDER BY outcome) AS outcome_kinds "
        f"FROM (SELECT {plan.key_names}outcome, coalesce(is_score, false) AS is_score, "
        "sum(value) AS value, count(value) AS known, count(*) AS lines "
        f"FROM (SELECT {keys}o.value, lower(o.outcome) AS outcome, "
        f"{IS_SCORE} AS is_score "
        "FROM outcomes o LEFT JOIN outcome_campaigns c USING (source, row_id) "
        "LEFT JOIN campaigns g ON g.campaign_id = c.campaign_id "
        f"WHERE {plan.during('o.day')} AND {plan.filters(campaign='c.campaign_id')} "
        "AND (g.goal_metric IS NULL OR lower(g.goal_metric) = lower(o.outcome) OR NOT EXISTS ("
        "FROM outcomes b JOIN outcome_campaigns bc USING (source, row_id) "
        "WHERE bc.campaign_id = g.campaign_id AND lower(b.outcome) = lower(g.goal_metric)))) "
        f"GROUP BY ALL HAVING known > 0) {plan.group or 'HAVING count(*) > 0'}"
    )


def defined(plan: Plan) -> str:
    """A row for every campaign whose time touches the period, also where nothing is known of it."""
    return (
        f"SELECT DISTINCT true AS has_row, {plan.keys(campaign='g.campaign_id')}"
        f"NULL::VARCHAR AS currency FROM campaigns g WHERE {_runs(plan)}"
    )


def _runs(plan: Plan) -> str:
    """The condition that a campaign's time touches the period; one without end goes on."""
    return (
        "g.is_removed IS NOT TRUE "
        f"AND (({plan.overlapping('g.first_day', 'g.last_day')}) IS NOT FALSE) "
        f"AND {plan.filters(campaign='g.campaign_id')}"
    )


def budgets(plan: Plan) -> str:
    """The budgets of campaigns whose time touches the period."""
    keys = plan.keys(campaign="g.campaign_id")
    group = ", ".join([*plan.question.keys, "currency"])
    return (
        f"SELECT true AS has_row, {plan.key_names}currency, sum(budget) AS budget, "
        f"count(budget) AS budget_known FROM (SELECT {keys}g.budget, g.currency "
        f"FROM campaigns g WHERE g.budget IS NOT NULL AND {_runs(plan)}) GROUP BY {group}"
    )
