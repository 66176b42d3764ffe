"""Every metric, as data: what it counts or divides, in which unit, by whose definition.

A *measure* is summed from rows, a *ratio* divides two measures, and a *derived* metric is a named
formula. A ratio of two figures of the same rows is the sum of its numerators by the sum of its
denominators over the rows that have both; never an average of ratios. Without a denominator it is
null. Adding a metric is adding an entry: reports, their JSON, the glossary and a test that
computes its example through the same SQL follow from it.

Formulas are SQL over the *parts* that `campaigns.contributions` gives of every group. A figure
``f`` has the parts ``f`` (sum of the known), ``f_known`` (rows that knew it) and ``f_partial``
(rows that knew only some of it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from campaigns.errors import N_
from campaigns.schema import TABLES

Kind = Literal["measure", "ratio", "derived"]
Row = Mapping[str, object]

PLATFORM_REPORTS = N_("as the platform reports it")
OUR_RULES = N_("the counting rules of bereik")


@dataclass(frozen=True)
class Example:
    """Rows as they stand in a table (``table``, default a post's figures) and what comes out."""

    rows: tuple[Row, ...]
    value: float | None


@dataclass(frozen=True)
class Metric:
    """One metric: see the module. Shares are fractions; amounts are in the row's currency.

    ``by`` lists the groupings that can give it (empty: all), ``accountings`` likewise;
    ``delivery`` is the only delivery for which its definition holds (empty: any).
    """

    name: str
    kind: Kind
    label: str
    unit: str
    meaning: str
    example: Example
    source: str = OUR_RULES
    numerator: str = ""
    denominator: str = ""
    factor: int = 1
    base: str = ""
    sql: str = ""
    parts: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    accountings: tuple[str, ...] = ("published", "activity")
    delivery: str = ""
    places: tuple[str, ...] = field(default=())

    @property
    def is_paired(self) -> bool:
        """Whether numerator and denominator stand in the same rows and are summed in pairs."""
        return bool(self.places) or {self.numerator, self.denominator} <= FIGURES.keys()

    @property
    def is_money(self) -> bool:
        """Whether its value is an amount, so that the currency belongs to it."""
        return self.unit.startswith("amount")


FIGURES: dict[str, tuple[str, ...]] = {
    **{
        column.name: (column.name,)
        for table in ("post_metrics", "account_days", "ad_periods")
        for column in TABLES[table]
        if column.is_counter and column.name not in {"reach", "spend", "followers"}
    },
    "public_engagements": ("likes", "comments", "shares"),
    "followers_at_posting": (),
}
"""Figures of one row that may be added over rows, and the columns each is the sum of.

Reach and followers are missing on purpose: people are never added. ``followers_at_posting`` is
looked up per post.
"""


# Reach: `campaigns.reach` gives the parts.
EXACT_REACH = (
    "CASE WHEN reach_period IS NOT NULL THEN reach_period WHEN units = 1 THEN reach_exact END"
)
_REACH_LOWER = "greatest(reach_low, reach_period)"
_REACH_UPPER = (
    "CASE WHEN reach_period IS NOT NULL THEN greatest(reach_period, reach_low) "
    "WHEN reach_high IS NOT NULL AND reach_open = 0 "
    "THEN greatest(least(reach_high, $universe::BIGINT), reach_low) "
    "WHEN reach_open > 0 THEN $universe::BIGINT END"
)
_NET_REACH = "CASE WHEN units = reach_units THEN $universe::BIGINT * (1 - exp(reach_missed)) END"


def _rows(*rows: Row) -> tuple[Row, ...]:
    return rows


def _count(name: str, label: str, meaning: str, table: str = "post") -> Metric:
    """A counter that a platform reports; nulls are left out of the sum and counted."""
    example = Example(
        _rows(
            {"table": table, name: 100}, {"table": table, name: None}, {"table": table, name: 20}
        ),
        120,
    )
    return Metric(name, "measure", label, "times", meaning, example, PLATFORM_REPORTS)


def _ratio(
    name: str,
    label: str,
    numerator: str,
    denominator: str,
    meaning: str,
    source: str,
    example: Example,
    **more: object,
) -> Metric:
    return Metric(
        name,
        "ratio",
        label,
        str(more.pop("unit", "fraction")),
        meaning,
        example,
        source,
        numerator,
        denominator,
        **more,  # type: ignore[arg-type]
    )


_EVERY_COST = {"table": "cost", "amount": 300}
_SEEN = {"impressions": 20_000, "clicks": 50, "engagements": 600, "video_views": 400}
_BY_COST = ("campaign", "account", "ambassador", "platform", "day", "week", "month", "media")
_COST = (
    "CASE WHEN spend IS NULL AND other_cost IS NULL THEN NULL "
    "ELSE coalesce(spend, 0) + coalesce(other_cost, 0) END"
)
_ONLINE_COST = _COST.replace("other_cost", "online_other")
_PRINTED = {"table": "placement", "insertions": 2, "readership": 9000, "amount": 900}
_REACHED = _rows({"reach": 800, "impressions": 1000}, {"impressions": 300})


def _per_cost(name: str, label: str, denominator: str, meaning: str, value: float) -> Metric:
    """Cost of what was online, by a figure of the same group; print has a base of its own."""
    return _ratio(
        name,
        label,
        "online_cost",
        denominator,
        meaning,
        OUR_RULES,
        Example(_rows(_SEEN, _EVERY_COST, _PRINTED), value),
        unit="amount",
        delivery="total",
        by=_BY_COST,
    )


_COUNTS = (
    _count("impressions", N_("impressions"), N_("how often it was shown; never people")),
    _count("engagements", N_("engagements"), N_("interactions as the platform counts them")),
    _count("likes", N_("likes"), N_("likes and all other reactions")),
    _count("comments", N_("comments"), N_("comments; on X replies")),
    _count("shares", N_("shares"), N_("reposts; where they are counted apart, without quotes")),
    _count("quotes", N_("quotes"), N_("posts that quote it, where counted apart")),
    _count("clicks", N_("clicks"), N_("on X clicks on links, on LinkedIn as exported")),
    _count("video_views", N_("video views"), N_("video views as the platform counts them")),
    _count("follows", N_("new followers"), N_("followers that it brought")),
    _count("saves", N_("saves"), N_("bookmarks")),
    _count("share_actions", N_("share actions"), N_("uses of the share button, not reposts")),
    _count("profile_clicks", N_("profile clicks"), N_("visits to the profile that it brought")),
    _count("detail_expands", N_("detail expands"), N_("times it was opened in full")),
    _count("hashtag_clicks", N_("hashtag clicks"), N_("clicks on a hashtag in it")),
    _count("permalink_clicks", N_("permalink clicks"), N_("clicks on its own address")),
    _count("app_opens", N_("app opens"), N_("times it opened an app")),
    _count("app_installs", N_("app installs"), N_("times it installed an app")),
    _count("email_shares", N_("shares by e-mail"), N_("times it was sent by e-mail")),
    _count("phone_dials", N_("phone calls"), N_("times a number in it was dialled")),
    _count("media_views", N_("media views"), N_("views of its images and videos")),
    _count("media_engagements", N_("media engagements"), N_("interactions with its media")),
    _count("landing_page_clicks", N_("landing page clicks"), N_("clicks to the own page"), "ad"),
    _count("page_clicks", N_("page clicks"), N_("clicks to the page on the platform"), "ad"),
    _count("viral_impressions", N_("viral impressions"), N_("shown because it was shared"), "ad"),
    _count("viral_clicks", N_("viral clicks"), N_("clicks on ads that were shared"), "ad"),
    _count("video_completions", N_("video completions"), N_("played to the end"), "ad"),
    _count("leads", N_("leads"), N_("forms sent from the ad"), "ad"),
    _count("lead_form_opens", N_("lead forms opened"), N_("forms opened from the ad"), "ad"),
    _count("results", N_("results"), N_("what the ad campaign was set to bring"), "ad"),
    _count("conversions", N_("conversions"), N_("as the platform attributes them"), "ad"),
)

_MEASURES = (
    Metric(
        "posts", "measure", N_("posts"), "posts",
        N_("distinct posts published in the period, replies included, reposts of others not"),
        Example(_rows({"impressions": 1}, {"is_reply": True}, {"is_repost": True}), 2),
    ),
    Metric(
        "replies", "measure", N_("replies"), "posts",
        N_("posts that answer another post"),
        Example(_rows({"impressions": 1}, {"is_reply": True}), 1),
    ),
    Metric(
        "public_engagements", "measure", N_("public engagements"), "times",
        N_("reactions, comments and shares: what everybody can see"),
        Example(_rows({"likes": 7, "comments": 2, "shares": 1}, {"likes": 5}), 10),
    ),
    Metric(
        "reach", "measure", N_("reach"), "people",
        N_("accounts that saw it at least once, where measured for exactly this unit"),
        Example(_rows({"reach": 800, "impressions": 1000}), 800), PLATFORM_REPORTS,
        sql=EXACT_REACH, parts=("reach",),
    ),
    Metric(
        "reach_lower", "measure", N_("reach, at least"), "people",
        N_("the largest measured reach in the group"),
        Example(_REACHED, 800), sql=_REACH_LOWER, parts=("reach",),
    ),
    Metric(
        "reach_upper", "measure", N_("reach, at most"), "people",
        N_("known reach plus the impressions of the rest, or the stated universe if smaller"),
        Example(_REACHED, 1100), sql=_REACH_UPPER, parts=("reach",),
    ),
    Metric(
        "gross_reach_lower", "measure", N_("gross reach, at least"), "people",
        N_("measured reach, added: whoever saw two posts counts twice"),
        Example(_rows({"reach": 800, "impressions": 1000}, {"reach": 500}, {"impressions": 300}),
                1300), sql="reach_sum", parts=("reach",),
    ),
    Metric(
        "gross_reach_upper", "measure", N_("gross reach, at most"), "people",
        N_("measured reach, added, plus the impressions of the rest"),
        Example(_rows({"reach": 800, "impressions": 1000}, {"impressions": 300}), 1100),
        sql="CASE WHEN reach_open = 0 THEN reach_high END", parts=("reach",),
    ),
    Metric(
        "net_reach", "derived", N_("net reach (random duplication)"), "people",
        N_("what the reach of all parts comes to if people overlap by chance in the stated "
           "universe"),
        Example(_rows({"reach": 800}, {"reach": 500}, {"universe": 2000}), 1100),
        "Sainsbury", sql=_NET_REACH, parts=("reach",),
    ),
    Metric(
        "potential_reach", "measure", N_("potential reach (followers)"), "people",
        N_("followers of the accounts that published, the last known of that time, added; nobody "
           "knows how many saw it"),
        Example(_rows({"table": "followers", "followers": 5000, "day": 31}, {"impressions": 10}),
                5000),
        by=("campaign", "account", "ambassador", "platform", "post", "day", "week", "month"),
        parts=("potential",),
    ),
    Metric(
        "spend", "measure", N_("media spend"), "amount",
        N_("what the platforms charged for ads"),
        Example(_rows({"table": "ad", "spend": 40}, {"table": "ad", "spend": None}), 40),
        PLATFORM_REPORTS, parts=("ads",),
    ),
    Metric(
        "cost", "measure", N_("total cost"), "amount",
        N_("media spend, placements and all other costs, as entered"),
        Example(_rows({"table": "ad", "spend": 40}, _EVERY_COST), 340),
        sql=_COST, parts=("ads", "costs"), by=_BY_COST,
    ),
    Metric(
        "online_cost", "measure", N_("cost online"), "amount",
        N_("total cost without print and other media, which have contacts as their own base"),
        Example(_rows({"table": "ad", "spend": 40}, _EVERY_COST, _PRINTED), 340),
        sql=_ONLINE_COST, parts=("ads", "costs"), by=_BY_COST,
    ),
    Metric(
        "contacts", "measure", N_("contacts (print and other media)"), "times",
        N_("insertions times readership; beside impressions, never added to them"),
        Example(_rows({"table": "placement", "insertions": 2, "readership": 9000}), 18000),
        parts=("placements",), by=_BY_COST,
    ),
    Metric(
        "readers", "measure", N_("readers"), "people",
        N_("people who see one issue, where the group is one insertion"),
        Example(_rows({"table": "placement", "insertions": 1, "readership": 9000}), 9000),
        sql="CASE WHEN contacts_units = 1 AND contacts_rows = 1 THEN readers_low END",
        parts=("placements",), by=_BY_COST,
    ),
    Metric(
        "readers_lower", "measure", N_("readers, at least"), "people",
        N_("the largest readership in the group"),
        Example(_rows({"table": "placement", "insertions": 2, "readership": 9000},
                      {"table": "placement", "insertions": 1, "readership": 500}), 9000),
        sql="readers_low", parts=("placements",), by=_BY_COST,
    ),
    Metric(
        "readers_upper", "measure", N_("readers, at most"), "people",
        N_("all contacts, as if nobody read two issues"),
        Example(_rows({"table": "placement", "insertions": 2, "readership": 9000},
                      {"table": "placement", "insertions": 1, "readership": 500}), 18500),
        sql="CASE WHEN contacts_known = contacts_rows THEN contacts END",
        parts=("placements",), by=_BY_COST,
    ),
    Metric(
        "followers", "measure", N_("followers"), "people",
        N_("followers at the end of the period, the last known"),
        Example(_rows({"table": "followers", "followers": 5000}), 5000), PLATFORM_REPORTS,
        parts=("followers",), by=("account", "platform"),
    ),
    Metric(
        "budget", "measure", N_("budget"), "amount", N_("what the campaign may cost"),
        Example(_rows({"table": "campaign", "budget": 1000}), 1000),
        parts=("budget",), by=("campaign",),
    ),
    Metric(
        "budget_left", "derived", N_("budget left"), "amount",
        N_("budget minus total cost; null while no costs are known"),
        Example(_rows({"table": "campaign", "budget": 1000}, _EVERY_COST), 700),
        sql=f"budget - ({_COST})", parts=("budget", "ads", "costs"), by=("campaign",),
    ),
    Metric(
        "outcome", "measure", N_("result"), "times",
        N_("what the campaign was to bring: its goal, else its only kind of result"),
        Example(_rows({"table": "outcome", "value": 30}, {"table": "outcome", "value": 12}), 42),
        sql="CASE WHEN outcome_first = outcome_last AND (outcome_fixed = 0 OR outcome_known = 1) "
        "THEN outcome END",
        parts=("outcomes",), by=("campaign", "day", "week", "month"),
    ),
)  # fmt: skip

_RATIOS = (
    _ratio(
        "er_impressions", N_("engagement rate by impressions"), "engagements", "impressions",
        N_("engagements per impression"), "Buffer; LinkedIn",
        Example(_rows({"engagements": 30, "impressions": 1000}, {"impressions": 5000},
                      {"engagements": 6, "impressions": 200}), 0.03),
    ),
    _ratio(
        "er_reach", N_("engagement rate by reach"), "engagements", "reach",
        N_("engagements per person reached, where reach was measured"), "Metricool",
        Example(_rows({"engagements": 40, "reach": 800}), 0.05),
    ),
    _ratio(
        "er_followers", N_("engagement rate by followers"), "public_engagements",
        "followers_at_posting",
        N_("reactions, comments and shares per post and follower at the time of posting"),
        "Rival IQ",
        Example(_rows({"table": "followers", "followers": 5000},
                      {"likes": 7, "comments": 2, "shares": 1},
                      {"likes": 3, "comments": 1, "shares": 1}), 0.0015),
        accountings=("published",),
        by=("campaign", "account", "ambassador", "platform", "post", "day", "week", "month"),
    ),
    _ratio(
        "er_public", N_("public engagement rate"), "public_engagements", "impressions",
        N_("reactions, comments and shares per impression"), OUR_RULES,
        Example(_rows({"likes": 7, "comments": 2, "shares": 1, "impressions": 1000}), 0.01),
    ),
    _ratio(
        "amplification_rate", N_("amplification rate"), "shares", "impressions",
        N_("shares per impression (others divide by followers)"), OUR_RULES,
        Example(_rows({"shares": 4, "impressions": 1000}, {"shares": 9}), 0.004),
    ),
    _ratio(
        "ctr", N_("click-through rate"), "clicks", "impressions",
        N_("clicks per impression; on X clicks on links, on LinkedIn as exported"), OUR_RULES,
        Example(_rows({"clicks": 5, "impressions": 1000}, {"clicks": 10, "impressions": 2000}),
                0.005),
    ),
    _ratio(
        "frequency", N_("frequency"), "impressions", "reach",
        N_("how often it was shown to each person reached, where reach was measured"), OUR_RULES,
        Example(_rows({"impressions": 1000, "reach": 800}), 1.25), unit="times per person",
    ),
    _ratio(
        "cpm", N_("cost per 1,000 impressions (CPM)"), "online_cost", "impressions",
        N_("cost without print and other media per 1,000 impressions, organic and paid"),
        OUR_RULES, Example(_rows(_SEEN, _EVERY_COST, _PRINTED), 15), factor=1000, unit="amount",
        delivery="total", base="1,000 impressions", by=_BY_COST,
    ),
    _ratio(
        "paid_cpm", N_("media spend per 1,000 paid impressions"), "spend", "impressions",
        N_("media spend per 1,000 impressions of the ads themselves"), OUR_RULES,
        Example(_rows({"table": "ad", "spend": 40, "impressions": 8000},
                      {"table": "ad", "impressions": 9000}), 5),
        factor=1000, unit="amount", base="1,000 paid impressions", places=("ads",),
    ),
    _per_cost("cpc", N_("cost per click"), "clicks",
              N_("cost without print and other media per click"), 6),
    _per_cost("cpe", N_("cost per engagement"), "engagements",
              N_("cost without print and other media per engagement"), 0.5),
    _per_cost("cpv", N_("cost per video view"), "video_views",
              N_("cost without print and other media per video view"), 0.75),
    _ratio(
        "cost_per_contact", N_("cost per 1,000 contacts"), "placement_cost", "contacts",
        N_("cost of placements per 1,000 contacts"), OUR_RULES,
        Example(_rows({"table": "placement", "insertions": 2, "readership": 9000,
                       "amount": 900}), 50),
        factor=1000, unit="amount", base="1,000 contacts", places=("placements",), by=_BY_COST,
    ),
    _ratio(
        "cost_per_reach", N_("cost per 1,000 people reached"), "online_cost", "reach",
        N_("cost without print and other media per 1,000 people, where reach was measured for "
           "exactly this unit"), OUR_RULES,
        Example(_rows({"reach": 800, "impressions": 1000}, {"table": "cost", "amount": 20}), 25),
        factor=1000, unit="amount", delivery="total", base="1,000 people", by=_BY_COST,
    ),
    _ratio(
        "cost_per_reach_lower", N_("cost per 1,000 people reached, at least"), "online_cost",
        "reach_upper",
        N_("cost without print and other media per 1,000 people, if as many as possible were "
           "reached"),
        OUR_RULES, Example(_rows(*_REACHED, {"table": "cost", "amount": 55}), 50),
        factor=1000, unit="amount", delivery="total", base="1,000 people", by=_BY_COST,
    ),
    _ratio(
        "cost_per_reach_upper", N_("cost per 1,000 people reached, at most"), "online_cost",
        "reach_lower",
        N_("cost without print and other media per 1,000 people, if as few as possible were "
           "reached"),
        OUR_RULES, Example(_rows(*_REACHED, {"table": "cost", "amount": 55}), 68.75),
        factor=1000, unit="amount", delivery="total", base="1,000 people", by=_BY_COST,
    ),
    _ratio(
        "cost_per_outcome", N_("cost per result"), "cost", "outcome",
        N_("total cost per result; null while no result is known"), OUR_RULES,
        Example(_rows({"table": "outcome", "value": 60}, _EVERY_COST), 5), unit="amount",
        by=("campaign", "day", "week", "month"),
    ),
    _ratio(
        "follower_growth_rate", N_("follower growth"), "net_new_followers", "followers_at_start",
        N_("followers won minus lost, by the followers at the start of the period"), OUR_RULES,
        Example(_rows({"table": "followers", "followers": 5000, "day": 1},
                      {"table": "followers", "followers": 5100, "day": 30}), 0.02),
        places=("followers",), by=("account", "platform"),
    ),
)  # fmt: skip

METRICS: dict[str, Metric] = {metric.name: metric for metric in (*_COUNTS, *_MEASURES, *_RATIOS)}
"""Every metric by name."""


def formula(metric: Metric) -> str:
    """The SQL that makes the metric from the parts of a group.

    >>> formula(METRICS["ctr"])
    'ctr_num * 1.0 / nullif(ctr_den, 0)'
    >>> formula(METRICS["impressions"])
    'impressions'
    """
    if metric.sql:
        return metric.sql
    if metric.kind != "ratio":
        return metric.name
    if metric.is_paired:
        return f"{metric.name}_num * {float(metric.factor)} / nullif({metric.name}_den, 0)"
    above, below = METRICS[metric.numerator], METRICS[metric.denominator]
    if above.name in FIGURES:  # of a part of the deliveries, while reach is of all
        whole = f"CASE WHEN coalesce({above.name}_partial, 0) = 0 THEN {formula(above)} END"
        return f"({whole}) * {float(metric.factor)} / nullif({formula(below)}, 0)"
    return f"({formula(above)}) * {float(metric.factor)} / nullif({formula(below)}, 0)"


def components(metric: Metric) -> tuple[Metric, ...]:
    """The metrics that it is divided from, else itself.

    >>> [part.name for part in components(METRICS["cpm"])]
    ['online_cost', 'impressions']
    >>> [part.name for part in components(METRICS["ctr"])]
    ['ctr']
    """
    if metric.kind == "ratio" and not metric.is_paired:
        return METRICS[metric.numerator], METRICS[metric.denominator]
    return (metric,)
