"""What a question needs of the tables, and the SQL that all its sources share.

Every table is brought to the group before tables meet, so that costs never multiply by posts. A
source is a select of *parts* per group (see `campaigns.metrics`); rows with ``has_row`` false
carry what a reader must be told and belong to no group.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from campaigns import reach
from campaigns.metrics import FIGURES, Metric, components
from campaigns.reports.kept import NONE, Posts
from campaigns.reports.question import TIMES, Question
from campaigns.schema import TABLES

TIME_KEYS = {"day": "{0}", "week": "strftime({0}, '%G-W%V')", "month": "strftime({0}, '%Y-%m')"}
"""SQL for the unit of time of a day."""


@dataclass(frozen=True)
class Plan:
    """What a question needs of the tables, and what there is in them.

    The ``posts`` that are kept ready, whether accounts are registered whose role matters, whether
    ad accounts belong to accounts, which levels of ads there are, and whether few: what does not
    occur need not be read or joined.
    """

    question: Question
    posts: Posts = NONE
    has_people: bool = True
    has_unnamed: bool = True
    has_payers: bool = True
    ad_levels: tuple[str, ...] = ("ad", "campaign", "group")
    has_few_ads: bool = False

    @property
    def has_ads(self) -> bool:
        """Whether there are ads."""
        return bool(self.ad_levels)

    @cached_property
    def metrics(self) -> tuple[Metric, ...]:
        """All metrics asked for and those that they are divided from."""
        found: dict[str, Metric] = {}
        for metric in self.question.asked:
            found |= {part.name: part for part in (metric, *components(metric))}
        return tuple(found.values())

    @cached_property
    def wants(self) -> frozenset[str]:
        """The parts of special kinds that are needed: reach, ads, costs …"""
        wanted = {part for metric in self.metrics for part in (*metric.parts, *metric.places)}
        return frozenset(wanted)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures that are summed."""
        return tuple(metric.name for metric in self.metrics if metric.name in FIGURES)

    @cached_property
    def pairs(self) -> tuple[Metric, ...]:
        """The ratios whose two figures are summed together, row by row."""
        return tuple(m for m in self.metrics if m.kind == "ratio" and m.is_paired and not m.places)

    @cached_property
    def row_figures(self) -> tuple[str, ...]:
        """The figures needed of single rows: those summed and those of pairs."""
        paired = [name for pair in self.pairs for name in (pair.numerator, pair.denominator)]
        return tuple(dict.fromkeys([*self.figures, *paired]))

    def known_figures(self, table: str) -> tuple[str, ...]:
        """The figures of single rows that a table can give."""
        counters = set(TABLES[table].counters)
        looked_up = {"followers_at_posting"} if table == "post_metrics" else set()
        return tuple(
            name
            for name in self.row_figures
            if (FIGURES[name] and set(FIGURES[name]) <= counters) or name in looked_up
        )

    def columns(self, table: str) -> tuple[str, ...]:
        """The counters of a table that are read."""
        needed = [column for name in self.known_figures(table) for column in FIGURES[name]]
        if "reach" in self.wants:
            needed += ["reach", "impressions"]
        return tuple(dict.fromkeys(needed))

    @property
    def needs_campaigns(self) -> bool:
        """Whether it matters which campaign something other than a post belongs to."""
        wanted = {"costs", "placements", "outcomes"} & self.wants
        return bool(wanted) or (self.tells_campaigns and self.has_ads)

    @property
    def tells_campaigns(self) -> bool:
        """Whether what is of one campaign is told apart from what is of another, or of none."""
        return "campaign" in self.question.keys or self.question.campaign is not None

    @property
    def by_campaign(self) -> bool:
        """Whether rows are campaigns: then a reader wants to know what could not be judged."""
        return "campaign" in self.question.keys and self.question.accounting == "published"

    @property
    def can_be_covered(self) -> bool:
        """Whether ads can know the paid figures of posts and days: see `by_post`."""
        return self.has_ads and self.has_payers and not self.by_post

    @property
    def by_post(self) -> bool:
        """Whether rows are posts: then figures are the post's own, whatever ads say."""
        return "post" in self.question.keys

    @property
    def is_flat(self) -> bool:
        """Whether rows are posts and nothing but posts: then nothing need be brought together."""
        others = {"ads", "costs", "placements", "outcomes", "budget", "potential", "followers"}
        return self.by_post and not others & self.wants

    @property
    def counts_ads(self) -> bool:
        """Whether the figures of ads belong to the sums."""
        return self.has_ads and self.question.delivery != "organic" and not self.by_post

    @property
    def needs_ads(self) -> bool:
        """Whether the tables of ads are read."""
        has_figures = bool(self.row_figures) or "reach" in self.wants
        return self.has_ads and ("ads" in self.wants or (self.counts_ads and has_figures))

    # --- pieces of SQL that all sources share

    def keys(self, day: str = "", **found: str) -> str:
        """The columns of the group, with a comma behind each; null where a table has no such."""
        pieces = []
        for key in self.question.keys:
            sql = TIME_KEYS[key].format(day) if key in TIMES else found.get(key, "NULL::VARCHAR")
            pieces.append(f"{sql} AS {key}, ")
        return "".join(pieces)

    @property
    def key_names(self) -> str:
        """The names of the columns of the group, with a comma behind each."""
        return "".join(f"{key}, " for key in self.question.keys)

    def during(self, day: str) -> str:
        """The condition that a day lies in the period asked for."""
        return self.overlapping(day, day)

    def overlapping(self, first: str, last: str) -> str:
        """The condition that some of the days lie in the period asked for."""
        q = self.question
        pieces = [f"{last} >= $first"] if q.first else []
        pieces += [f"{first} <= $last"] if q.last else []
        return " AND ".join(pieces) or "true"

    def contained(self, first: str, last: str) -> str:
        """The condition that all days lie in the period, and in one unit of time."""
        q = self.question
        pieces = [f"{first} >= $first"] if q.first else []
        pieces += [f"{last} <= $last"] if q.last else []
        if q.time:
            pieces.append(f"{TIME_KEYS[q.time].format(first)} = {TIME_KEYS[q.time].format(last)}")
        return " AND ".join(pieces) or "true"

    def filters(self, **columns: str) -> str:
        """The conditions of the question; a table without the column has no row that fits."""
        names = ("campaign", "account", "ambassador")
        asked = [name for name in names if getattr(self.question, name) is not None]
        pieces = [f"{columns[name]} = ${name}" if name in columns else "false" for name in asked]
        if self.question.platforms:
            pieces.append(on_platforms(columns["platform"]) if "platform" in columns else "false")
        return " AND ".join(pieces) or "true"

    @property
    def group(self) -> str:
        """The ``GROUP BY`` of the group; empty where all rows are one group."""
        keys = ", ".join(self.question.keys)
        return f"GROUP BY {keys}" if keys else ""

    def totals(self, figures: tuple[str, ...]) -> str:
        """Aggregates over rows that have a column per figure and say whether it is partial.

        Of a pair they have the two figures of one delivery, ``…_above`` and ``…_below``.
        """
        pieces = [
            f"sum({name})::{_type(name)} AS {name}, count({name}) AS {name}_known, "
            f"count(*) FILTER ({name}_is_partial) AS {name}_partial"
            for name in self.figures
            if name in figures
        ]
        for pair in self.pairs:
            above, below, name = f"{pair.name}_above", f"{pair.name}_below", pair.name
            if {pair.numerator, pair.denominator} <= set(figures):
                pieces.append(
                    f"sum({above}) FILTER ({below} IS NOT NULL)::DOUBLE AS {name}_num, "
                    f"sum({below}) FILTER ({above} IS NOT NULL)::DOUBLE AS {name}_den, "
                    f"count(*) FILTER ({above} + {below} IS NOT NULL) AS {name}_known, "
                    f"count(*) FILTER ({name}_is_partial) AS {name}_partial"
                )
        if "reach" in self.wants:
            pieces += [f"{sql} AS {name}" for name, sql in reach.parts().items()]
        return "".join(f", {piece}" for piece in pieces)


def on_platforms(column: str) -> str:
    """The condition that a row is of one of the ``$platforms`` asked for."""
    return f"list_contains($platforms, {column})"


def _type(figure: str) -> str:
    return "DOUBLE" if figure == "conversions" else "BIGINT"


def hidden(plan: Plan) -> str:
    """The condition that a row of figures would show one person, or too few, unasked.

    Who is in no group counts in no total either: it would be what is left of it.
    """
    q = plan.question
    if not plan.has_people:
        return "false"
    pieces = ["w.is_group_hidden"]
    if "account" in q.keys or q.account is not None:
        pieces.append("w.is_account_hidden")
    if "post" in q.keys:
        pieces.append("NOT w.is_named")
    return f"coalesce({' OR '.join(pieces)}, false)"


def outside_span(plan: Plan) -> str:
    """The condition that a post or day of an unnamed person does not count in this question.

    ``s`` is its row of `person_posts` or `person_days`; see `campaigns.reports.ambassadors`.
    """
    if not plan.has_unnamed:
        return "false"
    q = plan.question
    pieces = [f"({plan.contained('s.first_day', 's.last_day')})"]
    if "campaign" in q.keys or q.campaign is not None:
        pieces.append("s.has_campaign")
    if "ambassador" in q.keys or q.ambassador is not None:
        pieces.append("s.has_group")
    counts = " AND ".join(pieces)
    return f"(s.platform IS NOT NULL AND (s.first_day IS NULL OR NOT ({counts})))"
