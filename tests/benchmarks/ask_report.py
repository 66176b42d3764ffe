"""Ask for the campaign report of a store: by bereik, ready or not, or by hand-written SQL."""

import shutil
import sys
from pathlib import Path

from campaigns import definitions
from campaigns.reports import Question, make_ready, report
from campaigns.store import Store, connect
from tests.benchmarks.measure import Clock

METRICS = ("impressions", "engagements", "er_impressions")
path, how = Path(sys.argv[1]), sys.argv[2]
store = Store.open(path)
question = Question(by=("campaign",), metrics=METRICS)


def files(table: str) -> str:
    version = store._folder(table).version()
    return ", ".join(f"'{file}'" for file in version.files)


def by_hand() -> list[tuple[object, ...]]:
    """The same meaning: newest known value per column, hashtags as whole words, first campaign."""
    newest = "epoch_us(collected_at)::HUGEINT * 9223372036854775807 + {0}"
    values = ", ".join(
        f"arg_max({c}, {newest.format(c)}) AS {c}" for c in ("impressions", "engagements")
    )
    return (
        connect()
        .execute(
            f"""
            WITH figures AS (
                SELECT post_id, {values} FROM read_parquet([{files("post_metrics")}])
                GROUP BY post_id
            ), texts AS (
                SELECT post_id, arg_max(text, collected_at) AS text,
                       arg_max(is_repost, collected_at) AS is_repost
                FROM read_parquet([{files("posts")}]) GROUP BY post_id
            ), tags AS (
                SELECT post_id, unnest(list_distinct(list_transform(
                    regexp_extract_all(text, '#([\\p{{L}}\\p{{N}}_]+)', 1), lambda t: lower(t)
                ))) AS tag FROM texts
            ), chosen AS (
                SELECT post_id, min(position) AS position FROM tags
                JOIN (SELECT unnest(range(20)) AS position, 'tag' || unnest(range(20)) AS tag)
                USING (tag) GROUP BY post_id
            )
            SELECT position, count(*), sum(impressions)::BIGINT, sum(engagements)::BIGINT,
                   sum(engagements) FILTER (impressions IS NOT NULL)
                   / nullif(sum(impressions) FILTER (engagements IS NOT NULL), 0)
            FROM texts LEFT JOIN figures USING (post_id) LEFT JOIN chosen USING (post_id)
            WHERE is_repost IS NOT TRUE GROUP BY position ORDER BY position
            """
        )
        .fetchall()
    )


if how == "hand":
    with Clock():
        by_hand()
elif how == "check":
    rows = report(store, question).as_json()["rows"]
    mine = sorted((row["posts"], row["impressions"], row["engagements"]) for row in rows)
    theirs = sorted((row[1], row[2], row[3]) for row in by_hand())
    if mine != theirs:
        raise SystemExit(f"the two do not mean the same: {mine[:3]} and {theirs[:3]}")
    with Clock():
        pass
else:
    if how in {"cold", "assigned", "ready"}:
        shutil.rmtree(path / "cache", ignore_errors=True)
    if how == "assigned":  # which post is of which campaign
        store.read(definitions.prepare)
    if how == "ready":  # as an import leaves it
        make_ready(store)
    with Clock():
        report(store, question)
