"""Recorded answers of the X API, if they are here: the store holds what json alone counts.

The files are not part of the repository. ``BEREIK_REAL_EXPORTS`` names their folder.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from campaigns.imports import FileReport, Options, import_paths
from campaigns.store import Store

ROOT = Path(__file__).parents[3]
REAL = Path(os.environ.get("BEREIK_REAL_EXPORTS", ROOT / ".." / "shared" / "realdata"))
PAGES = sorted((REAL / "x-api-v2" / "twarc-csv").glob("*.json*"))
CASSETTES = sorted((REAL / "x-api-v2" / "tweepy-cassettes").glob("*.yaml"))
EMPTY = {"empty.json"}
NO_POSTS = {"counts.jsonl", "lists.jsonl", "tweets_compliance.jsonl", "users_compliance.jsonl"}
OTHERS = "accounts of other people: nothing of them is kept"
ABOUT_OTHERS = "posts that others refer to"
PROBLEMS = (
    "posts that are gone: deleted, or of an account that is gone",
    "posts of accounts that are protected",
    "posts that the credentials may not see",
    "posts that X withholds",
    "figures that the credentials may not see",
    "accounts that X suspended",
    "accounts, images or places that X says nothing of",
)

pytestmark = pytest.mark.skipif(not PAGES, reason=f"no recorded answers in {REAL}")


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEREIK_KEY", "k" * 40)


def counted(file: Path) -> tuple[set[str], int, int, int, int]:
    """Ids of posts; users, included posts, problems, broken lines: by json, line by line."""
    posts: set[str] = set()
    users = included = problems = broken = 0
    for line in file.read_text("utf-8").splitlines():
        if not line.strip():
            continue
        try:
            answer = json.loads(line)
        except ValueError:
            broken += 1
            continue
        data = answer.get("data", [answer])
        for one in data if isinstance(data, list) else [data]:
            posts |= {one["id"]} if "text" in one else set()
            users += "username" in one
        more = answer.get("includes", {})
        included += len(more.get("tweets", []))
        users += len(more.get("users", []))
        problems += len(answer.get("errors", []))
    return posts, users, included, problems, broken


def told(report: FileReport) -> dict[str, int]:
    return {str(why): rows for why, rows in report.skipped}


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_pages_hold_what_json_counts(file: Path, tmp_path: Path) -> None:
    [report] = import_paths(tmp_path / "store", [file], Options())

    if file.name in EMPTY:
        assert "it is empty" in str(report.error)
        return
    assert report.format == "x_api"
    posts, users, included, problems, broken = counted(file)
    if file.name in NO_POSTS or not posts:
        assert "without a usable row" in str(report.error)
        return
    assert report.status == "imported"
    rows = Store.open(tmp_path / "store").read(
        lambda snapshot: snapshot.rows("SELECT post_id, account_id FROM posts")
    )
    assert {row["post_id"] for row in rows} == posts
    assert all(row["account_id"].startswith("~") for row in rows)
    skipped = told(report)
    assert skipped.get(OTHERS, 0) == users
    assert skipped.get(ABOUT_OTHERS, 0) == included
    assert sum(skipped.get(why, 0) for why in PROBLEMS) == problems
    assert skipped.get("the answer is not valid JSON", 0) == broken


def bodies(cassette: Path) -> Iterator[dict[str, Any]]:
    """The answers in a recording: base64 blocks of gzip, or JSON text between quotes."""
    text = cassette.read_text("utf-8")
    for block in re.findall(r"string: !!binary \|\n((?: {8,}\S+\n)+)", text):
        raw = base64.b64decode("".join(block.split()))
        yield json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
    for block in re.findall(r"string: '(\{.*?\})'\n", text, re.DOTALL):
        yield json.loads(re.sub(r"\s*\n\s*", " ", block).replace("''", "'"))


def test_recordings_hold_what_json_counts(tmp_path: Path) -> None:
    answers = [body for cassette in CASSETTES for body in bodies(cassette)]
    file = tmp_path / "answers.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in answers), "utf-8")
    posts, users, included, problems, broken = counted(file)
    assert (len(answers) > 30, broken, bool(posts)) == (True, 0, True)

    [report] = import_paths(tmp_path / "store", [file], Options())

    skipped = told(report)
    made_up = {one for one in posts if int(one) < 29_700_859_247}  # no time can be in such ids
    assert report.tables["posts"] == len(posts - made_up)
    assert skipped.get(ABOUT_OTHERS, 0) == included
    assert sum(skipped.get(why, 0) for why in PROBLEMS) == problems
    assert skipped.get(OTHERS, 0) == users
