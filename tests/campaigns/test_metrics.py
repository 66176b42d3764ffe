"""Every metric computes its own worked example through the SQL that reports use."""

import datetime as dt
from itertools import count

import pytest

from campaigns import schema
from campaigns.metrics import FIGURES, METRICS, Metric, components, formula
from campaigns.reports import Question, report
from campaigns.store import Store

MOMENT = dt.datetime(2025, 2, 1, tzinfo=dt.UTC)
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 1, 31)


def _statements(metric: Metric) -> tuple[dict[str, list[dict[str, object]]], int | None]:
    """The rows of an example as rows of the store's tables, and the universe it states."""
    tables: dict[str, list[dict[str, object]]] = {}
    number, universe = count(1), None

    def add(table: str, **values: object) -> None:
        tables.setdefault(table, []).append({"collected_at": MOMENT, **values})

    for row in metric.example.rows:
        values = {name: value for name, value in row.items() if name not in {"table", "universe"}}
        one = str(next(number))
        account = {"platform": "x", "account_id": "gemeente"}
        covered = {"first_day": FIRST, "last_day": LAST}
        match row.get("table", "post"):
            case "post" if "universe" in row:
                universe = int(str(row["universe"]))
            case "post":
                about = {k: v for k, v in values.items() if k.startswith("is_")}
                figures = {k: v for k, v in values.items() if not k.startswith("is_")}
                add("posts", **account, post_id=one, published_on=dt.date(2025, 1, 15), **about)
                add("post_metrics", platform="x", post_id=one, delivery="total", **figures)
            case "ad":
                day = dt.date(2025, 1, 10)
                add("ad_periods", platform="x", ad_account_id="a", level="ad", ad_id=one,
                    first_day=day, last_day=day, currency="EUR", **values)  # fmt: skip
            case "cost":
                add("costs", source="list", row_id=one, kind="production", currency="EUR",
                    **covered, **values)  # fmt: skip
            case "placement":
                add("media_placements", placement_id=one, medium="print", currency="EUR",
                    **covered, **values)  # fmt: skip
            case "outcome":
                add("outcomes", source="list", row_id=one, day=FIRST, outcome="visits", **values)
            case "campaign":
                add("campaigns", campaign_id="summer", name="Summer", currency="EUR", **values)
            case "followers":
                day = dt.date(2024, 12, 31) + dt.timedelta(days=int(str(values.pop("day", 0))))
                add("account_days", **account, delivery="total", day=day, **values)
    return tables, universe


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_example(metric, tmp_path):
    tables, universe = _statements(metric)
    store = Store.create(tmp_path / "store")
    store.state(tables, "test")
    question = Question(metrics=(metric.name,), first=FIRST, last=LAST, universe=universe)
    (row,) = report(store, question).rows
    assert row[metric.name] == pytest.approx(metric.example.value, rel=1e-12)


def test_without_data_every_metric_is_null_and_never_zero(tmp_path):
    store = Store.create(tmp_path / "store")
    names = tuple(name for name in METRICS if name not in {"posts", "replies"})
    (row,) = report(store, Question(metrics=names)).rows or [dict.fromkeys(names)]
    assert {name: row[name] for name in names} == dict.fromkeys(names)


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_every_metric_says_what_it_is(metric):
    assert metric.label
    assert metric.meaning
    assert metric.unit
    assert metric.source
    if metric.kind == "ratio":
        assert metric.factor in {1, 1000}
        assert metric.is_paired or {metric.numerator, metric.denominator} <= METRICS.keys()
        assert not metric.is_money or metric.denominator != "potential_reach"
    assert formula(metric)
    assert components(metric)


def test_every_counter_of_posts_is_a_metric():
    counters = set(schema.TABLES["post_metrics"].counters) - {"offsite_video_views"}
    assert counters <= METRICS.keys()


def test_people_are_no_figure_that_may_be_added():
    assert not {"reach", "followers", "readers"} & FIGURES.keys()
