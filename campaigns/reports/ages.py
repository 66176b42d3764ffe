"""Posts at the same age: what each had brought so long after it was published.

A post of yesterday has had less time than one of last month. Here each counts with the figures of
the look at it that lay nearest to the age, and not at all where none was near: a tenth of the age
earlier or later, an hour at least. Ads and costs are not in it, because they have no age.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from campaigns.definitions.matching import ALIASES
from campaigns.errors import N_, ImpossibleQuestion, Message
from campaigns.metrics import METRICS
from campaigns.reports import kept
from campaigns.reports.plan import on_platforms
from campaigns.reports.question import Question
from campaigns.reports.report import Report, resolved
from campaigns.store import Snapshot, Store

MEASURES = ("impressions", "engagements", "likes", "comments", "shares", "clicks")
SHOWN = (*MEASURES, "er_impressions")
GROUPS = {
    "post": "p.post_id",
    "campaign": "p.campaign_id",
    "account": "p.account_id",
    "platform": "p.platform",
}
LEAST = dt.timedelta(hours=1)


def tolerance(age: dt.timedelta) -> dt.timedelta:
    """How far from the age a look may lie.

    >>> tolerance(dt.timedelta(days=7)) / dt.timedelta(hours=1)
    16.8
    """
    return max(LEAST, age / 10)


def at_age(store: Store, question: Question, age: dt.timedelta) -> Report:
    """A report of own posts and partners' at an age; ``known`` says how many were looked at then.

    Total figures as the platform reports them. Raises `ImpossibleQuestion` for groupings, metrics
    and options that posts at an age cannot have.
    """
    question.check()
    _check(question)
    return store.read(lambda snapshot: _answer(snapshot, question, age))


def _check(question: Question) -> None:
    for column in question.by:
        if column not in GROUPS:
            raise _impossible(N_("Posts at an age are not told by {what}."), GROUPS, column)
    for name in question.metrics:
        if name not in (*SHOWN, "posts"):
            raise _impossible(N_("{what} is not known of posts at an age."), SHOWN, name)
    for option, is_asked in (
        ("--accounting activity", question.accounting != "published"),
        ("--compare", question.compare is not None),
        ("--delivery", question.delivery != "total"),
        ("--ambassador", question.ambassador is not None),
    ):
        if is_asked:
            raise _impossible(N_("Posts at an age cannot be asked with {what}."), GROUPS, option)


def _impossible(text: str, known: Any, what: str) -> ImpossibleQuestion:
    return ImpossibleQuestion(reason=Message(text, {"what": what}), possible=", ".join(known))


def _answer(snapshot: Snapshot, question: Question, age: dt.timedelta) -> Report:
    asked = resolved(snapshot, question)
    names = [n for n in (asked.metrics or SHOWN) if n != "posts"]
    keys = list(dict.fromkeys([*(["platform"] if "post" in asked.by else []), *asked.by]))
    groups = [f"{GROUPS[key]} AS by_{key}" for key in keys]
    group = f"GROUP BY {', '.join(f'by_{key}' for key in keys)}" if keys else ""
    sums = [f"CAST(sum({name}) AS BIGINT) AS {name}, count({name}) AS {name}_known"
            for name in MEASURES]  # fmt: skip
    both = "engagements IS NOT NULL AND impressions > 0"
    rate = (f"sum(engagements) FILTER ({both}) / nullif(sum(impressions) FILTER ({both}), 0) "
            f"AS er_impressions, count(*) FILTER ({both}) AS er_impressions_known")  # fmt: skip
    about = "any_value(p.account_id) AS of_account, any_value(p.published_on) AS published_on"
    order = ", ".join(["impressions DESC NULLS LAST", *(f"by_{key}" for key in keys)])
    parameters = _parameters(asked, age)
    rows = snapshot.rows(
        f"SELECT {', '.join([*groups, 'count(*) AS posts', *sums, rate, about])} "
        f"FROM {kept.posts(snapshot).name} p LEFT JOIN ({_LOOKS}) o "
        "ON o.platform = p.platform AND o.post_id = p.post_id "
        f"WHERE {_WHERE} {group} ORDER BY {order}",
        parameters,
    )
    found = [_row(one, keys, names, asked) for one in rows if one["posts"]]
    metrics = tuple(METRICS[name] for name in names)
    seen = sum(max(r["known"].values(), default=0) for r in found)
    return Report(question, metrics, found[: asked.limit], (_note(age, seen, found),))


_LOOKS = (
    "WITH ids AS (SELECT platform, post_id, published_at FROM posts "
    "WHERE published_at IS NOT NULL), "
    "near AS (SELECT m.*, coalesce(a.post_id, m.post_id) AS root, "
    "abs(epoch(m.collected_at) - epoch(i.published_at) - $age) AS away FROM post_metrics_log m "
    "JOIN ids i ON i.platform = m.platform AND i.post_id = m.post_id "
    f"LEFT JOIN ({ALIASES}) a ON a.platform = m.platform AND a.alias = m.post_id "
    "WHERE m.delivery = 'total') "
    "SELECT platform, root AS post_id, "
    + ", ".join(f"arg_min({n}, away) FILTER ({n} IS NOT NULL) AS {n}" for n in MEASURES)
    + " FROM near WHERE away <= $tolerance GROUP BY platform, root"
)
_WHERE = (
    "($first IS NULL OR p.published_on >= $first::DATE) "
    "AND ($last IS NULL OR p.published_on <= $last::DATE) "
    f"AND (len($platforms) = 0 OR {on_platforms('p.platform')}) "
    "AND ($account IS NULL OR p.account_id = $account) "
    "AND ($campaign IS NULL OR p.campaign_id = $campaign) "
    "AND (p.platform, p.account_id) NOT IN (SELECT (platform, account_id) FROM accounts "
    "WHERE role IN ('ambassador', 'peer', 'organisation'))"
)


def _parameters(question: Question, age: dt.timedelta) -> Mapping[str, object]:
    return {
        "age": age.total_seconds(),
        "tolerance": tolerance(age).total_seconds(),
        "first": question.first and question.first.isoformat(),
        "last": question.last and question.last.isoformat(),
        "platforms": list(question.platforms),
        "account": question.account,
        "campaign": question.campaign,
    }


def _row(
    row: Mapping[str, Any], keys: list[str], names: list[str], question: Question
) -> dict[str, Any]:
    done: dict[str, Any] = {key: row[f"by_{key}"] for key in (*question.by, *keys)}
    if "post" in keys:
        done |= {"post_id": row["by_post"], "account_id": row["of_account"]}
        done["published_on"] = row["published_on"]
    done["posts"] = row["posts"]
    done |= {name: row[name] for name in names}
    done["known"] = {name: row[f"{name}_known"] for name in names}
    done["partial"] = []
    return done


def _note(age: dt.timedelta, seen: int, rows: list[dict[str, Any]]) -> Message:
    text = N_("{seen} of {posts} posts were looked at at an age of {age} hours (give or take "
              "{hours}); only those count. Ads are not in it.")  # fmt: skip
    hour = dt.timedelta(hours=1)
    values = {
        "seen": seen,
        "posts": sum(row["posts"] for row in rows),
        "age": round(age / hour, 1),
        "hours": round(tolerance(age) / hour, 1),
    }
    return Message(text, values)
