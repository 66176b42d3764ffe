"""The units of an experiment: posts at a stated age, or days of ads, with their figures.

Posts are given to variants by the rules of campaigns, ads by names. What is left out is counted:
posts that were never seen at the age at which posts are compared, rows without the figures, ads
of several days in one row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from audiences.experiments.experiment import Experiment
from audiences.trials import Table, table
from campaigns.definitions import campaigns as stated
from campaigns.definitions.campaign import Campaign, Rule, same_name
from campaigns.definitions.literals import values
from campaigns.definitions.matching import active, like, matches, needles
from campaigns.definitions.stated import by_hand
from campaigns.store import Snapshot

_AD_LEVELS = ("ad", "group", "campaign")

Row = dict[str, Any]


@dataclass(frozen=True)
class Units:
    """The rows of an experiment as a table of one test, and what was left out.

    ``rows`` are dictionaries with variant, day, above, below, platform, account and, of posts,
    hour, weekday, has_paid, post_id, text; ``too_young`` posts were not yet seen at the age of the
    comparison, ``unknown`` ones lack the figures, ``long_rows`` are ads with several days in a
    row, ``hidden`` posts of colleagues who may not be named: an arm may be one person's.
    """

    rows: list[dict[str, Any]]
    too_young: int = 0
    unknown: int = 0
    long_rows: int = 0
    hidden: int = 0

    def table(self, experiment: Experiment) -> Table:
        """The rows as a table whose variants stand in the order of the experiment.

        Platforms are its strata: they have other rates, so variants are compared within them.
        """
        order = {one.name: place for place, one in enumerate(experiment.variants)}
        rows = sorted(self.rows, key=lambda row: (order[row["variant"]], row["day"]))
        return table(
            [experiment.name] * len(rows),
            [row["variant"] for row in rows],
            [row["above"] for row in rows],
            [row["below"] for row in rows],
            None if experiment.unit == "post" else [row["day"].isoformat() for row in rows],
            stratum=[row["platform"] for row in rows],
        )


def gather(snapshot: Snapshot, experiment: Experiment) -> Units:
    """The units of each variant, from the store."""
    find = _posts if experiment.unit == "post" else _ads
    return snapshot.once(("units", experiment), lambda: find(snapshot, experiment))


def carried(snapshot: Snapshot, experiment: Experiment, many: int = 3) -> dict[str, list[Row]]:
    """The newest posts with a text that carry each variant, and may be shown; of ads none."""
    found: dict[str, list[Row]] = {one.name: [] for one in experiment.variants}
    if experiment.unit == "post":
        for row in reversed(gather(snapshot, experiment).rows):
            if row["text"] and len(found[row["variant"]]) < many:
                found[row["variant"]].append(row)
    return found


# --- posts -----------------------------------------------------------------------------------


def _posts(snapshot: Snapshot, experiment: Experiment) -> Units:
    above, below = experiment.figures
    found = snapshot.rows(_posts_sql(snapshot, experiment, (*above, *below)))
    rows, young, unknown, hidden = [], 0, 0, 0
    for row in found:
        if row.pop("is_hidden"):
            hidden += 1
            continue
        if row["seen_at"] is None:
            young += 1
            continue
        row["above"], row["below"] = _sum(row, above), _sum(row, below) if below else 1.0
        if row["above"] is None or row["below"] is None:
            unknown += 1
            continue
        row["day"] = row["published_on"]
        rows.append(row)
    return Units(rows, young, unknown, hidden=hidden)


def _names_campaigns(experiment: Experiment) -> bool:
    return any(rule.kind == "campaign" for one in experiment.variants for rule in one.rules)


def _expanded(
    rules: Sequence[Rule], known: Sequence[Campaign], snapshot: Snapshot
) -> Iterator[Rule]:
    """The rules, with those of a campaign in the place of its name, and what is its own by hand."""
    for rule in rules:
        if rule.kind != "campaign":
            yield rule
            continue
        for one in known:
            if same_name(rule.value) not in {same_name(one.name), one.campaign_id}:
                continue
            for own in one.rules:
                first = max((day for day in (own.first_day, one.first_day) if day), default=None)
                last = min((day for day in (own.last_day, one.last_day) if day), default=None)
                yield replace(own, first_day=first, last_day=last)
            for row in by_hand(snapshot):
                if row["campaign_id"] == one.campaign_id:
                    yield Rule("post", row["post_id"], platform=row["platform"])


def _sum(row: dict[str, Any], columns: tuple[str, ...]) -> float | None:
    """The sum of columns; null where one is not known, as in reports."""
    values = [row[column] for column in columns]
    return None if None in values else float(sum(values))


def _posts_sql(snapshot: Snapshot, experiment: Experiment, columns: tuple[str, ...]) -> str:
    """Posts of the variants with the first figures known at the age of the comparison.

    The ids of one post count as one. Of the deliveries the total is the reported one, else free
    and advertised together; never free figures beside advertised ones in one rate, because every
    figure is taken from the same delivery.
    """
    known = stated(snapshot) if _names_campaigns(experiment) else []
    campaigns = [
        Campaign(one.name, str(place), place, experiment.first_day, experiment.last_day,
                 rules=tuple(_expanded(one.rules, known, snapshot)))
        for place, one in enumerate(experiment.variants)
    ]  # fmt: skip
    rules = active(campaigns)
    names = values(
        {"place": "VARCHAR", "variant": "VARCHAR"},
        [(str(place), one.name) for place, one in enumerate(experiment.variants)],
    )
    listed = dict.fromkeys(columns)
    newest = ", ".join(
        f"arg_max({column}, collected_at) FILTER ({column} IS NOT NULL) AS {column}"
        for column in listed
    )
    asked = {"organic": "'organic'", "paid": "'paid'"}.get(experiment.delivery)
    # 'whole' is the total: as reported, else the sum of both parts, else the only part there is.
    figure = ", ".join(
        f"max({column}) FILTER (delivery = {asked}) AS {column}" if asked else
        f"CASE WHEN has_total THEN max({column}) FILTER (delivery = 'total') "
        f"ELSE sum({column}) FILTER (delivery <> 'total') END AS {column}"
        for column in listed
    )  # fmt: skip
    picked = ", ".join(f"figures.{column}::DOUBLE AS {column}" for column in listed)
    return f"""{matches(rules, needles(snapshot, rules))},
    members AS (SELECT best.platform, root AS post_id, names.variant
        FROM best JOIN rules USING (rank) JOIN ({names}) AS names ON names.place = campaign_id),
    known AS (SELECT m.platform, coalesce(aliases.post_id, m.post_id) AS post_id, delivery,
        m.collected_at, {", ".join(f"m.{column}" for column in listed)}
        FROM post_metrics_log AS m LEFT JOIN aliases
        ON aliases.platform = m.platform AND aliases.alias = m.post_id),
    first_seen AS (SELECT platform, post_id, min(known.collected_at) AS seen_at
        FROM known JOIN members USING (platform, post_id) JOIN posts USING (platform, post_id)
        WHERE known.collected_at::DATE >= published_on + {int(experiment.age)} GROUP BY ALL),
    newest AS (SELECT platform, post_id, delivery, any_value(seen_at) AS seen_at, {newest}
        FROM known JOIN first_seen USING (platform, post_id)
        WHERE collected_at <= seen_at GROUP BY ALL),
    marked AS (SELECT *, bool_or(delivery = 'total') OVER (PARTITION BY platform, post_id)
        AS has_total FROM newest),
    figures AS (SELECT platform, post_id, bool_or(delivery = 'paid') AS has_paid, {figure}
        FROM marked GROUP BY platform, post_id, has_total)
    SELECT members.variant, members.platform, members.post_id, posts.account_id AS account,
        coalesce(role = 'ambassador' AND is_name_permitted IS NOT true, false) AS is_hidden,
        posts.published_on, dayofweek(posts.published_on) AS weekday,
        hour(posts.published_at) AS hour, first_seen.seen_at,
        (coalesce(figures.has_paid, false) OR posts.ad_campaign IS NOT NULL) AS has_paid,
        posts.text, {picked}
    FROM members JOIN posts USING (platform, post_id)
    LEFT JOIN accounts ON accounts.platform = posts.platform
        AND accounts.account_id = posts.account_id
    LEFT JOIN first_seen USING (platform, post_id) LEFT JOIN figures USING (platform, post_id)
    WHERE posts.is_repost IS NOT true ORDER BY published_on, platform, post_id"""


# --- ads -------------------------------------------------------------------------------------


def _ads(snapshot: Snapshot, experiment: Experiment) -> Units:
    above, below = experiment.figures
    rules = [
        (place, one.name, like(rule.value.casefold()))
        for place, one in enumerate(experiment.variants)
        for rule in one.rules
    ]
    given = values({"place": "BIGINT", "variant": "VARCHAR", "pattern": "VARCHAR"}, rules)
    up, down = " + ".join(above), " + ".join(below)
    fits = " OR ".join(f"{key} LIKE pattern ESCAPE '\\'" for key in ("k1", "k2", "k3", "k4"))
    found = snapshot.rows(
        f"""WITH given AS ({given}),
        rows AS (SELECT *, lower(ad_id) AS k1, lower(ad_name) AS k2, lower(group_name) AS k3,
            lower(campaign_name) AS k4 FROM ad_periods
            WHERE ($first::DATE IS NULL OR first_day >= $first)
            AND ($last::DATE IS NULL OR last_day <= $last)),
        matched AS (SELECT rows.*, arg_min(given.variant, given.place) AS variant
            FROM rows JOIN given ON {fits} GROUP BY ALL)
        SELECT variant, platform, ad_account_id AS account, level, first_day AS day,
            first_day <> last_day AS is_long, ({up})::DOUBLE AS above, ({down})::DOUBLE AS below,
            {up} + {down} IS NOT NULL AS is_known
        FROM matched ORDER BY first_day, variant""",
        {"first": experiment.first_day, "last": experiment.last_day},
    )
    level = _level(found, len(experiment.variants))
    found = [row for row in found if row["level"] == level]
    short = [row for row in found if not row["is_long"]]
    rows = [row for row in short if row["is_known"]]
    return Units(rows, unknown=len(short) - len(rows), long_rows=len(found) - len(short))


def _level(found: list[dict[str, Any]], variants: int) -> str | None:
    """The lowest level at which every variant has ads, else at which most have: never added."""
    there = {
        level: len({row["variant"] for row in found if row["level"] == level})
        for level in _AD_LEVELS
    }
    whole = [level for level in _AD_LEVELS if there[level] == variants]
    best = max(_AD_LEVELS, key=lambda level: there[level])
    return whole[0] if whole else best if there[best] else None
