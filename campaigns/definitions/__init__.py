"""Campaigns and the rules that give posts, ads and costs to them.

    campaign     what a campaign and a rule are, and what makes them right
    references   posts as people name them
    texts        what can be read in a text, as SQL
    matching     which posts the rules give to which campaign, as one query
    statements   reading and changing what the operator has stated; assigning by hand
    assignment   what belongs to which campaign: `prepare` makes the relations for reports
    suggestions  hashtags and names of ad campaigns that no rule has yet
    files        campaigns as TOML

A rule judges only what it can see: `unjudged` is the list of posts that hide it.
"""

from campaigns.definitions.assignment import REASONS, prepare, preview, unjudged, unknown_names
from campaigns.definitions.campaign import Campaign, Rule, slug
from campaigns.definitions.statements import (
    add,
    add_rules,
    assign,
    campaigns,
    edit,
    find,
    remove,
    remove_rule,
    replace,
    unassign,
)

__all__ = [
    "REASONS",
    "Campaign",
    "Rule",
    "add",
    "add_rules",
    "assign",
    "campaigns",
    "edit",
    "find",
    "prepare",
    "preview",
    "remove",
    "remove_rule",
    "replace",
    "slug",
    "unassign",
    "unjudged",
    "unknown_names",
]
