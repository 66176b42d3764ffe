"""Made-up data of any size, written by the engine."""

import datetime as dt
from pathlib import Path

import duckdb

from campaigns.store import ImportRecord, Store

MEASURES = (
    "impressions engagements|engagement rate|retweets replies likes|user profile clicks|"
    "url clicks|hashtag clicks|detail expands|permalink clicks|app opens|app installs|follows|"
    "email tweet|dial phone|media views|media engagements"
)
LABELS = [
    label
    for part in MEASURES.split("|")
    for label in (
        part.split() if part in {"impressions engagements", "retweets replies likes"} else [part]
    )
]
WORDS = [
    "vandaag",
    "werken",
    "wij",
    "aan",
    "het",
    "water",
    "de",
    "brug",
    "is",
    "dicht",
    "lees",
    "meer",
    "over",
    "zwemmen",
    "veilig",
    "verkeer",
    "morgen",
    "storm",
    "verwacht",
    "kijk",
    "uit",
    "op",
    "de",
    "weg",
    "nieuwe",
    "collega",
    "gezocht",
    "voor",
    "onze",
    "dijken",
    "en",
    "sluizen",
]


def words(count: int, seed: str) -> str:
    """SQL for a text of some words, other for every row."""
    listed = ", ".join(f"'{word}'" for word in WORDS)
    picks = ", ".join(
        f"([{listed}])[1 + (hash({seed} + {1009 * k}) % {len(WORDS)})::INT]" for k in range(count)
    )
    return f"concat_ws(' ', {picks})"


def x_posts_csv(path: Path, rows: int) -> Path:
    """An X per-post export of 40 quoted columns; a third of the posts answer somebody."""
    figures = []
    for name in LABELS:
        value = f"(hash(i + {len(figures)}) % 5000)::VARCHAR || '.0'"
        figures.append(f'{value} AS "{name}"')
    figures += [f"'-' AS \"promoted {name}\"" for name in LABELS]
    text = (
        "CASE WHEN i % 3 = 0 THEN '@user' || hash(i) % 20000 || ' ' ELSE '' END || "
        f"{words(18, 'i')} || ' #tag' || i % 40 || ' https://t.co/' || md5(i::VARCHAR)[:10]"
    )
    moment = "strftime(TIMESTAMP '2019-01-01' + to_seconds(i * 31), '%Y-%m-%d %H:%M +0000')"
    query = (
        f"SELECT 1000000000000000000 + i AS \"Tweet id\", 'https://twitter.com/Demo/status/' || "
        f'(1000000000000000000 + i) AS "Tweet permalink", {text} AS "Tweet text", '
        f'{moment} AS "time", {", ".join(figures)} FROM range({rows}) t(i)'
    )
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (HEADER, FORCE_QUOTE *)")
    return path


def ads_csv(path: Path, rows: int) -> Path:
    """A Campaign Manager report by day and ad."""
    query = (
        "SELECT strftime(DATE '2024-01-01' + (i // 10000)::INT, '%m/%d/%Y') AS \"Start Date (in UTC)\", "
        "'Demo' AS \"Account Name\", 'EUR' AS \"Currency\", 'Group ' || i % 10 AS "
        '"Campaign Group Name", \'Campaign \' || i % 100 AS "Campaign Name", (i % 100) AS '
        '"Campaign ID", (i % 10000) AS "Ad ID", (hash(i) % 100000 / 100)::DECIMAL(9,2) AS '
        '"Total Spent", hash(i) % 90000 AS "Impressions", hash(i + 1) % 900 AS "Clicks", '
        'hash(i + 2) % 90 AS "Reactions", hash(i + 3) % 9 AS "Comments", hash(i + 4) % 9 AS '
        f'"Shares", hash(i + 5) % 9 AS "Follows" FROM range({rows}) t(i)'
    )
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (HEADER)")
    return path


def store_of(path: Path, posts: int, observations: int) -> Store:
    """A store with posts in 20 campaigns (by hashtag), each observed a number of times."""
    store = Store.create(path)
    stamp = "'{}' AS import_id, TIMESTAMPTZ '2026-01-01 00:00:00+00' + INTERVAL 1 DAY * {} AS collected_at"
    with store.workspace() as engine:
        for number in range(observations):
            key = f"import{number}"
            queries = {
                "post_metrics": [
                    "SELECT 'x' AS platform, (1000000000000000000 + i)::VARCHAR AS post_id, "
                    f"'total' AS delivery, (hash(i) % 5000 + {number})::BIGINT AS impressions, "
                    f"(hash(i + 1) % 300 + {number})::BIGINT AS engagements, "
                    f"(hash(i + 2) % 99)::BIGINT AS likes, {stamp.format(key, number)} "
                    f"FROM range({posts}) t(i)"
                ]
            }
            if number == 0:
                queries["posts"] = [
                    "SELECT 'x' AS platform, (1000000000000000000 + i)::VARCHAR AS post_id, "
                    "'demo' AS account_id, DATE '2024-01-01' + (i % 730)::INT AS published_on, "
                    f"{words(18, 'i')} || ' #tag' || i % 40 AS text, false AS is_repost, "
                    f"{stamp.format(key, number)} FROM range({posts}) t(i)"
                ]
            store.append(engine, [ImportRecord(key, {"file": key})], queries)
    day = dt.date(2024, 1, 1)
    store.state(
        {
            "campaigns": [
                {"campaign_id": f"c{n}", "name": f"Campaign {n}", "position": n + 1,
                 "first_day": day}
                for n in range(20)
            ],
            "campaign_rules": [
                {"campaign_id": f"c{n}", "position": 1, "kind": "hashtag", "value": f"tag{n}"}
                for n in range(20)
            ],
        },
        "benchmark",
    )  # fmt: skip
    return store
