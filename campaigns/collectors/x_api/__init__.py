"""Answers of the X API v2 as files: those that ``bereik collect`` keeps, and those of others.

One line is one answer, ``{data, includes, meta, errors}``, or a line of twarc that holds one post
("flat"); ours says what was asked too: ``{"asked": {…}, "answer": {…}}``. Plain answers are read
as well. Only what stands under ``data`` counts: included posts are those that others refer to.
Accounts that are not registered become pseudonyms, and of their profiles nothing is kept.

Sources: the description of the API (OpenAPI 2.167), recorded answers of 2021 to 2023.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from campaigns.collectors import (
    Cell,
    Format,
    Layout,
    Parsed,
    Payload,
    Probe,
    Recognition,
    Record,
    Rows,
    Skip,
    own_table,
)
from campaigns.collectors.x_api.answers import answers, opened
from campaigns.collectors.x_api.fields import ANALYTICS, DELIVERED, FIELDS, TOTALS
from campaigns.collectors.x_api.items import is_answer, rows
from campaigns.errors import N_, Message

_ITEMS = Layout("answers", {"en": {name: name for name in FIELDS}}, frozenset({"id"}))
_LOOKED_AT = 20
"""Answers that are looked at to know the file."""

# --- recognise and read ----------------------------------------------------------------------


def recognise(probe: Probe) -> Recognition | None:
    """A file of answers; null for anything else."""
    if probe.container not in {"json", "gzip"}:
        return None
    try:
        with opened(Path(probe.path), probe.container) as file:
            head = [one for one, _at in zip(answers(file), range(_LOOKED_AT), strict=False)]
    except (OSError, EOFError):
        return None
    if not any(isinstance(one, dict) and is_answer(one) for one in head):
        return None
    return Recognition(FORMATS[0], {"answers": own_table(_ITEMS, probe)}, None, score=100.0)


def read(probe: Probe, _recognition: Recognition) -> Mapping[str, Iterable[Record]]:
    """What all answers hold, one at a time."""
    return {"answers": _records(probe)}


def _records(probe: Probe) -> Iterator[Record]:
    with opened(Path(probe.path), probe.container) as file:
        for answer in answers(file):
            if isinstance(answer, str):
                yield Record((), answer)
            else:
                for cells in rows(answer):
                    yield Record(cells)


# --- what its cells mean ---------------------------------------------------------------------

_TEXTS = ("kind", "id", "account", "text", "links", "language", "media_type", "is_reply",
          "is_repost", "first_id", "fault", "name")  # fmt: skip
_MOMENTS = ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%z",
            "%Y-%m-%dT%H:%M:%S.%f%z")  # fmt: skip
_AT = "coalesce(collected_at, max(created_at) over ())"
"""When an answer came; where nobody says it, when the newest post in the file was published."""

_FAULTS = {
    "not found": N_("posts that are gone: deleted, or of an account that is gone"),
    "protected": N_("posts of accounts that are protected"),
    "not authorised": N_("posts that the credentials may not see"),
    "withheld": N_("posts that X withholds"),
    "not available": N_("posts that are not available now"),
    "field": N_("figures that the credentials may not see"),
    "suspended": N_("accounts that X suspended"),
    "of something else": N_("accounts, images or places that X says nothing of"),
    "compliance": N_("posts or accounts that X says must be deleted"),
    "other": N_("other problems that X reports"),
}
_KINDS = {
    "included": N_("posts that others refer to"),
    "count": N_("how many posts a search found: there is no place for it"),
    "part": N_("figures of hours or weeks of a post: there is no place for them"),
    "other": N_("neither a post nor an account"),
}


def parse(payload: Payload) -> Iterator[Parsed]:
    """Posts with their figures by delivery, and followers of registered accounts."""
    named = payload.account.strip().removeprefix("@").casefold() if payload.account else ""
    known = "known_account(account)"
    if re.fullmatch(r"\w+", named):
        known = f"case when account = '{named}' then '{named}' else known_account(account) end"
    is_post, is_user = "kind = 'post'", "kind = 'user'"
    at, day = {"collected_at": _AT}, f"cast({_AT} as date)"
    yield Parsed(
        sheet="answers",
        cells={
            **{name: Cell(name, "text") for name in _TEXTS},
            **{name: Cell(name, "moment", _MOMENTS) for name in ("created_at", "collected_at")},
            **{name: Cell(name, "count") for name in _counts()},
        },
        rows=[
            Rows(
                "posts",
                {
                    "post_id": "id",
                    "published_on": "cast(created_at as date)",
                    "published_at": "created_at",
                    "text": "text",
                    "url": "'https://x.com/i/status/' || id",
                    "links": "links",
                    "media_type": "media_type",
                    "language": "language",
                    "is_reply": "is_reply = 'true'",
                    "is_repost": "is_repost = 'true'",
                    **at,
                },
                is_post,
            ),
            Rows(
                "post_aliases",
                {"post_id": "first_id", "alias": "id", **at},
                f"{is_post} and first_id <> id",
            ),
            *(_metrics(delivery) for delivery in ("total", "organic", "paid")),
            Rows(
                "post_days",
                {
                    "post_id": "id",
                    "day": "cast(created_at at time zone 'UTC' as date)",
                    "delivery": "'total'",
                    **{name: name for name in ANALYTICS},
                    **at,
                },
                f"kind = 'day' and coalesce({', '.join(ANALYTICS)}) is not null",
            ),
            Rows("post_reposts", {"post_id": "id", **at}, "kind = 'repost'"),
            Rows(
                "account_periods",
                {"first_day": day, "last_day": day, "followers": "followers", **at},
                f"{is_user} and followers is not null",
            ),
        ],
        skip=[*_skips(known)],
        account=f"coalesce({known}, '@' || account)",
        role=f"case when account is not null and {known} is null then 'organisation' end",
        period="cast(case when kind = 'post' then created_at else collected_at end as date)",
    )


def _counts() -> Iterator[str]:
    yield from ("followers", *TOTALS)
    for prefix in ("organic", "paid"):
        yield from (f"{prefix}_{name}" for name in DELIVERED)


def _metrics(delivery: str) -> Rows:
    """Figures of one delivery, where the answer has any."""
    is_total = delivery == "total"
    columns = {name: name if is_total else f"{delivery}_{name}"
               for name in (TOTALS if is_total else DELIVERED)}  # fmt: skip
    some = f"coalesce({', '.join(columns.values())}) is not null"
    values = {"post_id": "id", "delivery": f"'{delivery}'", **columns}
    return Rows(
        "post_metrics",
        {**values, "collected_at": _AT},
        f"kind in ('post', 'analytics') and {some}",
    )


def _skips(known: str) -> Iterator[Skip]:
    for word, text in _FAULTS.items():
        yield Skip(Message(text), f"kind = 'problem' and fault = '{word}'")
    for kind, text in _KINDS.items():
        yield Skip(Message(text), f"kind = '{kind}'")
    yield Skip(
        Message(N_("of colleagues who do not take part")),
        f"kind in ('post', 'user', 'repost') and {known} = ''",
    )
    yield Skip(
        Message(N_("accounts of other people: nothing of them is kept")),
        f"kind in ('user', 'repost') and {known} is null",
    )
    yield Skip(Message(N_("without the moment of posting")), "kind = 'post' and created_at is null")
    yield Skip(Message(N_("without a figure")), "kind = 'user' and followers is null")


FORMATS = (
    Format(
        name="x_api",
        platform="x",
        title=N_("X API answer file"),
        layouts=(_ITEMS,),
        parse=parse,
        menu="bereik collect",
        recognise=recognise,
        read=read,
        holds_others=True,
    ),
)
