"""A target group and its conditions: what they are, and what makes them right."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.definitions import Rule, slug
from campaigns.definitions.campaign import account_key, checked_rule, checked_text, same_name
from campaigns.errors import N_, BadDefinition, Message
from campaigns.schema import CONDITION_KINDS, PLATFORMS

DIMENSIONS = {
    "function": "function",
    "seniority": "seniority",
    "sector": "industry",
    "region": "place",
    "company_size": "company size",
}
"""Kinds of conditions on people, and the dimension of `audience_shares` that each is about."""

OF_PEOPLE = tuple(DIMENSIONS)
OF_PLACES = ("platform", "account")
OF_POSTS = ("language", "hashtag", "topic")
OF_ADS = ("ad_campaign",)
LANGUAGES = ("nl", "en")
"""The languages in which a text can be told to be."""

_AS_RULES = {"hashtag": "hashtag", "topic": "words", "ad_campaign": "ad_campaign"}


@dataclass(frozen=True)
class Condition:
    """One condition. What ``value`` means depends on ``kind``; case never matters:

    ``function`` ``seniority`` ``sector`` ``region`` ``company_size``
                    a group as the platform names it, whole, or with ``*`` for any text
    ``platform``    where: x, linkedin …
    ``account``     the handle or page name of an account
    ``language``    nl or en: of a post, as the platform says, else as its text reads
    ``hashtag``     a whole tag
    ``topic``       words that a post about it has, all of them; a phrase when "quoted"
    ``ad_campaign`` the name of an ad campaign, whole, or with ``*``
    """

    kind: str
    value: str


@dataclass(frozen=True)
class Segment:
    """A target group: conditions of one kind are alternatives, those of several kinds all hold.

    ``population_share`` says which part of the population it is (a fraction), and
    ``population_source`` who says so, of which year: one is not stated without the other.
    """

    name: str
    conditions: tuple[Condition, ...]
    segment_id: str = ""
    population_share: float | None = None
    population_source: str | None = None
    description: str | None = None

    def values(self, kind: str) -> tuple[str, ...]:
        """The values of its conditions of a kind.

        >>> Segment("a", (Condition("platform", "x"), Condition("topic", "dijk"))).values("topic")
        ('dijk',)
        """
        return tuple(one.value for one in self.conditions if one.kind == kind)

    def has(self, kinds: Iterable[str]) -> bool:
        """Whether it has a condition of any of these kinds."""
        return bool({one.kind for one in self.conditions} & set(kinds))


def checked(segment: Segment) -> Segment:
    """The group with every field in its usual form; `BadDefinition` where it cannot be right.

    >>> one = checked(Segment(" Techniek ", (Condition("hashtag", "#Baan"),) * 2))
    >>> one.segment_id, one.conditions
    ('techniek', (Condition(kind='hashtag', value='Baan'),))
    """
    where = Message(N_("target group '{name}'"), {"name": segment.name})
    name = checked_text(segment.name, where, "name")
    if name is None:
        raise BadDefinition(where=where, reason=Message(N_("a target group needs a name")))
    conditions = tuple(dict.fromkeys(_condition(one, where) for one in segment.conditions))
    if not conditions:
        raise BadDefinition(where=where, reason=Message(N_("it needs at least one condition")))
    share, source = segment.population_share, checked_text(
        segment.population_source, where, "source"
    )  # fmt: skip
    if share is not None and not (math.isfinite(share) and 0 < share < 1):
        reason = Message(N_("the share of the population is between 0% and 100%"))
        raise BadDefinition(where=where, reason=reason)
    if (share is None) != (source is None):
        reason = Message(N_("a share of the population goes with its source, and the year"))
        raise BadDefinition(where=where, reason=reason)
    return dataclasses.replace(
        segment,
        name=name,
        segment_id=segment.segment_id or slug(name),
        conditions=conditions,
        population_source=source,
        description=checked_text(segment.description, where, "description", lines=True),
    )


def _condition(one: Condition, where: Message) -> Condition:
    if one.kind not in CONDITION_KINDS:
        known = ", ".join(CONDITION_KINDS)
        reason = Message(N_("'{given}' is none of {known}"), {"given": one.kind, "known": known})
        raise BadDefinition(where=where, reason=reason)
    if one.kind in _AS_RULES:
        return Condition(one.kind, checked_rule(Rule(_AS_RULES[one.kind], one.value), where).value)
    value = checked_text(one.value, where, one.kind)
    if value is None or not value.strip("*; "):
        empty = Message(N_("the condition '{kind}' is empty"), {"kind": one.kind})
        raise BadDefinition(where=where, reason=empty)
    if ";" in value:
        reason = Message(N_("'{given}' has a ';': give each value apart"), {"given": value})
        raise BadDefinition(where=where, reason=reason)
    known_values = {"platform": PLATFORMS, "language": LANGUAGES}.get(one.kind)
    if known_values is not None:
        value = value.lower()
        if value not in known_values:
            known = ", ".join(known_values)
            reason = Message(N_("'{given}' is none of {known}"), {"given": value, "known": known})
            raise BadDefinition(where=where, reason=reason)
    if one.kind == "account":
        value = account_key(value)
    return Condition(one.kind, value)


def is_named(segment: Segment, name: str) -> bool:
    """Whether this is its name or id."""
    return same_name(name) in {same_name(segment.name), segment.segment_id}
