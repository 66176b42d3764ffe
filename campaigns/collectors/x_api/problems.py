"""What X says is wrong with a post or an account."""

from __future__ import annotations

import re

from campaigns.collectors._objects import Json, text_of

_PROBLEMS = (
    ("not-authorized-for-resource", "not authorised"),
    ("not-authorized-for-field", "field"),
    ("field-unauthorized", "field"),
    ("disallowed-resource", "withheld"),
    ("resource-unavailable", "not available"),
    ("resource-not-found", "not found"),
)
_IS_PROTECTED = re.compile(r"protected|not.{0,20}authoriz", re.IGNORECASE)


def is_problem(item: Json) -> bool:
    """Whether this is a problem, not a thing."""
    return "title" in item and ("detail" in item or "type" in item)


def fault(problem: Json) -> str:
    """What is wrong with a post or user, in one of a few words.

    >>> fault({"type": "https://api.x.com/2/problems/resource-not-found", "title": "x"})
    'not found'
    """
    kind, detail = text_of(problem, "type"), text_of(problem, "detail")
    resource = text_of(problem, "resource_type")
    if "suspended" in detail:
        return "suspended"
    if resource in {"user", "media", "place", "poll"}:
        return "of something else"
    for ending, word in _PROBLEMS:
        if kind.endswith(ending):
            is_hidden = word == "not authorised" and _IS_PROTECTED.search(detail)
            return "protected" if is_hidden else word
    return "other"
