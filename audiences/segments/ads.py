"""What ads showed for groups that are about ad campaigns, counted as reports count them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from audiences.segments.figures import Figures
from audiences.segments.segment import Segment
from campaigns.definitions.literals import values
from campaigns.definitions.matching import like
from campaigns.reports import Question, ad_rows, spending
from campaigns.reports.plan import Plan
from campaigns.reports.stages import used
from campaigns.store import Snapshot

_ROW = "platform, ad_account_id, level, ad_id, first_day, last_day"


def of_ads(
    snapshot: Snapshot, segments: Sequence[Segment], first: dt.date | None, last: dt.date | None
) -> list[dict[str, Figures]]:
    """Of each group the ads by platform whose ad campaign it asks, whole in the period.

    An ad without the name of its campaign goes by its own. Levels are never added, and no day of
    an ad counts twice: see `campaigns.reports.ad_rows`.
    """
    made: list[dict[str, Figures]] = [{} for _one in segments]
    asked = [
        (place, like(name.lower()), ";".join(one.values("platform")) or None)
        for place, one in enumerate(segments)
        for name in one.values("ad_campaign")
    ]
    if not asked:
        return made
    columns = {"place": "BIGINT", "pattern": "VARCHAR", "platforms": "VARCHAR"}
    plan = Plan(
        Question((), ("impressions", "engagements"), first, last),
        ad_levels=tuple(spending.levels(snapshot)),
    )
    sql = f"""WITH {spending.LINKED}, {ad_rows.ads_ctes(plan)}, asked AS ({values(columns, asked)}),
        named AS (SELECT ads.platform, ads.impressions, ads.engagements, ads.reach,
            lower(nfc_normalize(trim(coalesce(ads.campaign_name, ad_name, ad_id)))) AS name
            FROM ads JOIN ad_periods USING ({_ROW}) WHERE counts),
        found AS (SELECT place, named.* FROM named JOIN (SELECT DISTINCT place, name, platform
            FROM named JOIN asked ON name LIKE pattern ESCAPE '\\'
            AND (platforms IS NULL OR list_contains(string_split(platforms, ';'), platform)))
            USING (name, platform))
        SELECT place, platform, sum(impressions)::DOUBLE AS impressions,
            sum(engagements)::DOUBLE AS engagements, max(reach)::DOUBLE AS reach_lower,
            sum(coalesce(reach, impressions))::DOUBLE AS reach_upper
        FROM found GROUP BY ALL ORDER BY ALL"""
    for row in snapshot.rows(sql, used(sql, {"first": first, "last": last})):
        place, platform = row.pop("place"), row.pop("platform")
        made[place][platform] = Figures(**row)
    return made
