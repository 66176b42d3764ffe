"""Answers on disk: nothing is lost or counted twice, wherever a run is killed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from campaigns.collecting.keeping import Box, State, members


def line(number: int, *, is_last: bool = False, kind: str = "timelines") -> dict[str, Any]:
    """A page of a timeline; pages go from new to old."""
    asked = {
        "kind": kind, "key": "timelines/demo", "at": f"2026-03-0{number % 9 + 1}T12:00:00+00:00",
        "price": "post", "paid": 2, "is_last": is_last,
    }  # fmt: skip
    meta = {"newest_id": str(1000 - number * 10), "oldest_id": str(991 - number * 10)}
    return {"asked": asked, "answer": {"data": [{"id": meta["newest_id"]}], "meta": meta}}


def test_a_list_is_read_on_from_its_newest_post_once_all_pages_came(tmp_path: Path) -> None:
    box = Box(tmp_path)
    box.append(line(0))
    assert box.state.lists["timelines/demo"] == {"first": "1000", "until": "991"}
    box.append(line(1, is_last=True))
    box.close()

    assert box.state.lists["timelines/demo"] == {"newest": "1000"}
    assert box.state.done["timelines/demo"].startswith("2026-03-02")


@pytest.mark.parametrize("saved_after", [None, 1, 2])
@pytest.mark.parametrize("torn", [0, 1, 30])
def test_what_was_killed_goes_on_where_it_was(
    tmp_path: Path, saved_after: int | None, torn: int
) -> None:
    box = Box(tmp_path)
    for number in range(3):
        box.append(line(number))
        if saved_after == number:
            box.save()
    before = json.loads(json.dumps(vars(box.state)))
    box.close()
    half = gzip.compress(b"half a line of an answer that never came to its end")[:torn]
    with (tmp_path / "open.jsonl.gz").open("ab") as file:
        file.write(half)

    again = Box(tmp_path)

    assert vars(again.state) == before
    again.append(line(3))
    again.close()
    with (tmp_path / "open.jsonl.gz").open("rb") as file:
        kept = list(members(file))
    assert len(kept) == 4
    assert sum(again.state.paid[day]["post"] for day in again.state.paid) == 8


def test_a_closed_file_waits_and_the_next_begins_anew(tmp_path: Path) -> None:
    box = Box(tmp_path)
    box.append(line(0))
    box.seal()
    box.append(line(1))
    box.close()

    again = Box(tmp_path)

    assert [file.name for file in again.waiting()] == ["answers-2026-03-01-00000001.jsonl.gz"]
    assert again.state.files == 1
    assert again.pages == 1
    assert sum(again.state.paid[day]["post"] for day in again.state.paid) == 4


def test_killed_between_closing_a_file_and_saving(tmp_path: Path) -> None:
    box = Box(tmp_path)
    box.append(line(0))
    box.save()
    box.close()
    (tmp_path / "open.jsonl.gz").rename(box.waiting_folder / "answers-2026-03-01-00000001.jsonl.gz")

    again = Box(tmp_path)
    again.append(line(1))
    again.close()

    assert Box(tmp_path).state.paid == {"2026-03-01": {"post": 2}, "2026-03-02": {"post": 2}}


def test_nothing_to_close_makes_no_file(tmp_path: Path) -> None:
    box = Box(tmp_path)
    box.seal()
    assert box.waiting() == []


def test_empty_answers_make_no_file_but_count(tmp_path: Path) -> None:
    box = Box(tmp_path)
    for number in range(3):
        box.append({**line(number), "answer": {"meta": {"result_count": 0}}})
        box.seal()
        box.close()
        box = Box(tmp_path)
    assert box.waiting() == []
    assert sum(reads["post"] for reads in box.state.paid.values()) == 6
    box.append(line(3))
    box.seal()
    assert len(box.waiting()) == 1


def test_only_posts_that_are_gone_are_noted() -> None:
    def problem(number: str, kind: str, of: str = "tweet") -> dict[str, str]:
        return {"resource_id": number, "resource_type": of,
                "type": f"https://api.twitter.com/2/problems/{kind}"}  # fmt: skip

    state = State()
    asked = {**line(0)["asked"], "kind": "recheck", "key": "recheck"}
    errors = [
        problem("1", "resource-not-found"),
        problem("2", "not-authorized-for-resource"),
        problem("3", "not-authorized-for-field"),
        problem("4", "resource-not-found", "user"),
    ]
    state.apply({"asked": asked, "answer": {"errors": errors}})

    assert sorted(state.gone) == ["1", "2"]
