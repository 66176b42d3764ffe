"""Campaigns as TOML, for those who keep their definitions in a file.

    [[campaigns]]
    name = "Veilig de zomer in"
    first_day = 2025-06-01
    last_day = 2025-08-31
    budget = 12000.00
    currency = "EUR"
    goal = { metric = "applications", target = 500, day = 2025-09-01 }
    rules = [
      { hashtag = "zomerveilig" },
      { link = "example.nl/zomer", platform = "linkedin" },
      { account = "zwemveilig", first_day = 2025-06-01, last_day = 2025-06-30 },
    ]
    posts = ["https://x.com/gemeente/status/123", "linkedin:urn:li:activity:456"]

``posts`` are assigned by hand, ``no_campaign`` (a list at the top of the file) to none. A file says
everything about the campaigns that it names, but for assignments when it has no ``posts``; other
campaigns stay as they are. What `export` writes, `load` reads as the same.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from campaigns.definitions.campaign import Campaign, Rule, checked, same_name
from campaigns.definitions.references import reference
from campaigns.definitions.stated import Hand, among, by_hand
from campaigns.definitions.stated import campaigns as stated_campaigns
from campaigns.definitions.statements import edit
from campaigns.errors import N_, BadDefinition, Message, UnreadableFile
from campaigns.schema import RULE_KINDS
from campaigns.store import Snapshot, Store

LIMIT = 10_000_000
"""The largest file that is read, in bytes."""

_KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "whole number": (int,),
    "number": (int, Decimal),
    "day": (dt.date,),
    "table": (dict,),
    "list": (list,),
}
_CAMPAIGN = {
    "name": "text", "id": "text", "position": "whole number", "first_day": "day",
    "last_day": "day", "budget": "number", "currency": "text", "goal": "table",
    "description": "text", "rules": "list", "posts": "list",
}  # fmt: skip
_GOAL = {"metric": "text", "target": "number", "day": "day"}
_LIMITS = {"platform": "text", "account_id": "text", "first_day": "day", "last_day": "day"}
_RULE = {**dict.fromkeys(RULE_KINDS, "text"), **_LIMITS}
_FILE = {"campaigns": "list", "no_campaign": "list"}


@dataclass(frozen=True)
class Definitions:
    """What a file says: campaigns, and posts assigned by hand by the campaign's name.

    ``posts`` has a name only where the file says something about it; None stands for no campaign.
    """

    campaigns: tuple[Campaign, ...] = ()
    posts: Mapping[str | None, tuple[tuple[str, str], ...]] = dataclasses.field(
        default_factory=dict
    )


def read(path: Path) -> Definitions:
    """The definitions in a file. Raises `UnreadableFile` and `BadDefinition`."""
    try:
        if path.stat().st_size > LIMIT:
            raise UnreadableFile(path=path, reason=Message(N_("it is too large")))
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path=path, reason=error) from error
    return parse(text, str(path))


def parse(text: str, file: str = "") -> Definitions:
    r"""The definitions in a text. Raises `BadDefinition`, naming file, campaign and field.

    >>> parse('[[campaigns]]\nname = "Zomer"\nrules = [{hashtag = "zomer"}]').campaigns[0].rules
    (Rule(kind='hashtag', value='zomer', ...),)
    """
    try:
        found = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadDefinition(where=file or "TOML", reason=error) from error
    _check(found, _FILE, file)
    campaigns: list[Campaign] = []
    posts: dict[str | None, tuple[tuple[str, str], ...]] = {}
    for number, given in enumerate(found.get("campaigns", ()), 1):
        campaign = checked(_campaign(given, file, number), file)
        if any(same_name(campaign.name) == same_name(other.name) for other in campaigns):
            raise BadDefinition(
                where=_at(file, campaign.name), reason=Message(N_("stands in the file twice"))
            )
        campaigns.append(campaign)
        if "posts" in given:
            posts[campaign.name] = _posts(given["posts"], _at(file, campaign.name, "posts"))
    if "no_campaign" in found:
        posts[None] = _posts(found["no_campaign"], _at(file, "no_campaign"))
    _check_once(posts, file)
    return Definitions(tuple(campaigns), posts)


def load(store: Store, definitions: Definitions, file: str = "") -> tuple[int, int]:
    """Put definitions in the store: how many campaigns were new, and how many changed.

    What is there already is not written again. Posts need not have been imported yet.
    """
    before = store.read(stated_campaigns)
    wanted = {same_name(campaign.name): campaign for campaign in definitions.campaigns}
    ids = {c.campaign_id: c for c in definitions.campaigns if c.campaign_id}

    def change(known: list[Campaign]) -> list[Campaign]:
        given = dict(wanted)
        kept = []
        for old in known:
            new = ids.get(old.campaign_id) or given.get(same_name(old.name))
            if new is None:
                kept.append(old)
                continue
            given.pop(same_name(new.name), None)
            position = old.position if new.position is None else new.position
            kept.append(dataclasses.replace(new, campaign_id=old.campaign_id, position=position))
        return [*kept, *given.values()]

    after = edit(
        store,
        f"campaigns import {Path(file).name}",
        change,
        lambda known: _hand(definitions, known),
    )
    old = {campaign.campaign_id: campaign for campaign in before}
    new = [campaign for campaign in after if campaign.campaign_id not in old]
    changed = [c for c in after if c.campaign_id in old and c != old[c.campaign_id]]
    return len(new), len(changed)


def export(snapshot: Snapshot) -> str:
    """All campaigns, rules and assignments by hand, as TOML."""
    known = stated_campaigns(snapshot)
    hand: dict[str | None, list[str]] = {}
    for row in by_hand(snapshot):
        hand.setdefault(row["campaign_id"], []).append(f"{row['platform']}:{row['post_id']}")
    parts = []
    if hand.get(None):
        parts.append(f"no_campaign = {_list(map(_string, hand[None]))}\n")
    parts += [written(campaign, hand.get(campaign.campaign_id, ())) for campaign in known]
    return "\n".join(parts)


def written(campaign: Campaign, posts: Sequence[str] = ()) -> str:
    r"""A campaign as TOML, with the posts that are assigned to it by hand.

    >>> print(written(Campaign("Zomer", rules=(Rule("words", 'veilig "op weg"'),))), end="")
    [[campaigns]]
    name = "Zomer"
    rules = [
      { words = "veilig \"op weg\"" },
    ]
    """
    goal = {
        "metric": campaign.goal_metric,
        "target": campaign.goal_target,
        "day": campaign.goal_on,
    }
    fields: dict[str, object] = {
        "name": campaign.name,
        "id": campaign.campaign_id or None,
        "position": campaign.position,
        "first_day": campaign.first_day,
        "last_day": campaign.last_day,
        "budget": campaign.budget,
        "currency": campaign.currency,
        "goal": goal if campaign.goal_metric else None,
        "description": campaign.description,
    }
    lines = ["[[campaigns]]", *_pairs(fields)]
    if campaign.rules:
        lines.append(f"rules = {_list(_rule_text(rule) for rule in campaign.rules)}")
    if posts:
        lines.append(f"posts = {_list(map(_string, posts))}")
    return "\n".join(lines) + "\n"


# --- reading ---------------------------------------------------------------------------------


def _campaign(given: Any, file: str, number: int) -> Campaign:
    place = _at(file, Message(N_("campaign {number}"), {"number": number}))
    if not isinstance(given, dict):
        raise BadDefinition(where=place, reason=Message(N_("must be a table")))
    if isinstance(given.get("name"), str):
        place = _at(file, given["name"])
    _check(given, _CAMPAIGN, place)
    goal = given.get("goal", {})
    _check(goal, _GOAL, _at(place, "goal"))
    target = goal.get("target")
    budget = given.get("budget")
    return Campaign(
        name=given.get("name", ""),
        campaign_id=given.get("id", ""),
        position=given.get("position"),
        first_day=given.get("first_day"),
        last_day=given.get("last_day"),
        budget=None if budget is None else Decimal(budget),
        currency=given.get("currency"),
        goal_metric=goal.get("metric"),
        goal_target=None if target is None else float(target),
        goal_on=goal.get("day"),
        description=given.get("description"),
        rules=tuple(
            _rule(rule, _at(place, Message(N_("rule {number}"), {"number": n})))
            for n, rule in enumerate(given.get("rules", ()), 1)
        ),
    )


def _rule(given: Any, place: object) -> Rule:
    if not isinstance(given, dict):
        raise BadDefinition(where=place, reason=Message(N_("must be a table")))
    _check(given, _RULE, place)
    kinds = [kind for kind in RULE_KINDS if kind in given]
    if len(kinds) != 1:
        reason = Message(N_("needs exactly one of {known}"), {"known": ", ".join(RULE_KINDS)})
        raise BadDefinition(where=place, reason=reason)
    limits = {name: given.get(name) for name in _LIMITS}
    return Rule(kinds[0], given[kinds[0]], **limits)


def _posts(given: Sequence[Any], place: object) -> tuple[tuple[str, str], ...]:
    found = []
    for text in given:
        exact = reference(text).exact if isinstance(text, str) else None
        if exact is None:
            reason = Message(
                N_("{post} is no address of a post on X or LinkedIn; write platform:id"),
                {"post": text},
            )
            raise BadDefinition(where=place, reason=reason)
        found.append(exact)
    return tuple(dict.fromkeys(found))


def _check_once(posts: Mapping[str | None, Sequence[tuple[str, str]]], file: str) -> None:
    seen: set[tuple[str, str]] = set()
    for name, given in posts.items():
        for post in given:
            if post in seen:
                reason = Message(N_("post {post} is assigned twice"), {"post": ":".join(post)})
                raise BadDefinition(where=_at(file, name or "no_campaign"), reason=reason)
            seen.add(post)


def _check(given: Mapping[str, Any], fields: Mapping[str, str], place: object) -> None:
    """Whether a table has only known fields, each of its type."""
    for name, value in given.items():
        if name not in fields:
            reason = Message(
                N_("unknown field '{field}'. Known: {known}"),
                {"field": name, "known": ", ".join(fields)},
            )
            raise BadDefinition(where=place or "TOML", reason=reason)
        kind = fields[name]
        is_wrong = isinstance(value, bool | dt.datetime) or not isinstance(value, _KINDS[kind])
        if is_wrong:
            raise BadDefinition(where=_at(place, name), reason=Message(_WRONG[kind]))


_WRONG = {
    "text": N_('must be a text between quotes: "…"'),
    "whole number": N_("must be a whole number"),
    "number": N_("must be a number, with a point before decimals"),
    "day": N_("must be a day without quotes, such as 2025-06-01"),
    "table": N_("must be a table: { … }"),
    "list": N_("must be a list: [ … ]"),
}


def _at(*parts: object) -> object:
    given = [part for part in parts if part not in ("", None)]
    place: object = given[0] if given else ""
    for part in given[1:]:
        place = Message("{outer}: {inner}", {"outer": place, "inner": part})
    return place


def _hand(definitions: Definitions, known: Sequence[Campaign]) -> Hand:
    """Assignments by hand as the file has them, by campaign_id."""
    return {
        None if name is None else among(known, name).campaign_id: posts
        for name, posts in definitions.posts.items()
    }


# --- writing ---------------------------------------------------------------------------------


def _rule_text(rule: Rule) -> str:
    limits = {name: getattr(rule, name) for name in _LIMITS}
    return "{ " + ", ".join(_pairs({rule.kind: rule.value, **limits})) + " }"


def _pairs(fields: Mapping[str, object]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in fields.items() if value is not None]


def _value(value: object) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(_pairs(value)) + " }"
    return str(value)  # whole numbers; days as ISO


def _string(text: str) -> str:
    r"""A text as TOML: quotes, backslashes and what cannot be seen are escaped.

    >>> print(_string('a "b" \\ c\n'))
    "a \"b\" \\ c\n"
    """
    short = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return (
        '"'
        + "".join(
            short.get(c) or (f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c)
            for c in text
        )
        + '"'
    )


def _list(items: Any) -> str:
    return "[\n" + "".join(f"  {item},\n" for item in items) + "]"
