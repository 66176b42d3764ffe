"""Campaigns and the rules that give posts, ads and costs to them.

    campaign     what a campaign and a rule are, and what makes them right
    references   posts as people name them
    texts        what can be read in a text, as SQL
    evidence     where posts hold what a rule looks for, as SQL
    matching     which posts the rules give to which campaign, as one query
    literals     small lists as SQL
    stated       what the operator has stated so far
    stating      writing statements: one process at a time, and only what is new
    statements   changing campaigns and their rules
    by_hand      posts assigned by hand
    accounts     registering accounts
    records      lines of costs, placements and outcomes, one at a time
    lines        what makes such a line right
    versions     whether what somebody changes is still what was looked at
    ordering     the order in which campaigns decide
    counts       how many posts campaigns and rules have
    assignment   what belongs to which campaign: `prepare` makes the relations for reports
    selection    which posts of a file that is not imported yet belong to a campaign
    ambassadors  colleagues who take part: opt-ins, permissions, withdrawal
    shares       costs, placements and outcomes, by the names entered in them
    suggestions  hashtags and names of ad campaigns that no rule has yet
    files        campaigns as TOML

A rule judges only what it can see: `unjudged` is the list of posts that hide it.
"""

from campaigns.definitions.accounts import accounts, register, unregister
from campaigns.definitions.ambassadors import ambassadors, opt_in, permit, withdraw
from campaigns.definitions.assignment import (
    ASSIGNED_BY,
    REASONS,
    assigned,
    count_unjudged,
    prepare,
    preview,
    unjudged,
)
from campaigns.definitions.by_hand import assign, unassign
from campaigns.definitions.campaign import Campaign, Rule, checked, slug
from campaigns.definitions.files import export, load, parse, read
from campaigns.definitions.selection import Selection, choose, selection
from campaigns.definitions.shares import unknown_names
from campaigns.definitions.stated import by_hand, campaigns, find
from campaigns.definitions.statements import add, add_rules, edit, remove, remove_rule, replace
from campaigns.definitions.suggestions import Suggestion, suggest

__all__ = [
    "ASSIGNED_BY",
    "REASONS",
    "Campaign",
    "Rule",
    "Selection",
    "Suggestion",
    "accounts",
    "add",
    "add_rules",
    "ambassadors",
    "assign",
    "assigned",
    "by_hand",
    "campaigns",
    "checked",
    "choose",
    "count_unjudged",
    "edit",
    "export",
    "find",
    "load",
    "opt_in",
    "parse",
    "permit",
    "prepare",
    "preview",
    "read",
    "register",
    "remove",
    "remove_rule",
    "replace",
    "selection",
    "slug",
    "suggest",
    "unassign",
    "unregister",
    "unjudged",
    "unknown_names",
    "withdraw",
]
