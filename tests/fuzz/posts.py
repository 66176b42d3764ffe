"""Posts of an account's archive, damaged in their values: its files can all be parsed."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fuzz import hostile

_POSTS = re.compile(r"(?:tweets?(?:-part\d+)?|\d{4}_\d\d)\.js")
_ODD = (None, [], {}, True, False, -1, 2**70, 1e308, [[]], [None], {"": None}, "\ud800", "\x00")


def damaged(
    members: Mapping[str, bytes], many: int, luck: random.Random
) -> tuple[dict[str, bytes], int]:
    """The files of an archive with about so many posts, damaged in one to three values each.

    Returns how many there are, too.
    """
    files = dict(members)
    names = [name for name in files if _POSTS.fullmatch(name.rpartition("/")[2])]
    for name in names:
        begin, _, text = files[name].decode().partition("=")
        posts = json.loads(text.rstrip("; \n"))
        made = [_post(luck.choice(posts), luck) for _ in range(many // len(names))]
        written = json.dumps(made, ensure_ascii=luck.random() < 0.5)
        files[name] = f"{begin}= {written}".encode("utf-8", "surrogatepass")
    return files, many // len(names) * len(names)


def _post(post: dict[str, object], luck: random.Random) -> dict[str, object]:
    post = copy.deepcopy(post)
    for _ in range(luck.choice([0, 1, 1, 1, 2, 3])):
        within, key = luck.choice([*_places(post)][1:] or [*_places(post)])
        if luck.random() < 0.15:
            del within[key]
            continue
        dates = hostile.DATES[luck.choice([*hostile.DATES])]
        texts = (hostile.NUMBERS, dates, hostile.CONTROLS, hostile.TEXTS)
        within[key] = luck.choice([luck.choice(luck.choice(texts)), luck.choice(_ODD)])
    return post


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Where the values stand in a post: what holds them, and their key or place in it."""
    if isinstance(value, dict | list):
        for key in [*value] if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])
