"""Lists that people keep: costs, media placements, outcomes, accounts, campaigns, their rules.

CSV or a spreadsheet with the columns that a person would write, in Dutch or English, in any
order. A list is a statement of the operator: a newer version of it replaces what an older one
said of the same line. A line is known by its own number or id, else by what it is about (never
by its amount), so that a corrected amount replaces and a new month adds.
"""

from __future__ import annotations

from collections.abc import Callable

from campaigns.collectors import Format, Parsed, Payload
from campaigns.collectors.lists import columns, registers, spending
from campaigns.errors import N_


def _list(
    name: str,
    title: str,
    parse: Callable[[Payload, str], Parsed],
    fields: columns.Labels,
    *required: str,
) -> Format:
    return Format(
        name=name,
        platform="other",
        title=title,
        layouts=columns.layouts(fields, *required),
        parse=lambda payload: [parse(payload, sheet) for sheet in payload.fields],
        is_statement=True,
    )


FORMATS = (
    _list(
        "list_costs",
        N_("list of costs"),
        spending.costs,
        columns.COSTS,
        "campaign amount",
        "campaign hours",
        "shares amount",
        "kind amount",
    ),
    _list(
        "list_placements",
        N_("list of media placements"),
        spending.placements,
        columns.PLACEMENTS,
        "title circulation",
        "title readership",
        "title medium",
        "title insertions",
    ),
    _list(
        "list_outcomes",
        N_("list of outcomes"),
        spending.outcomes,
        columns.OUTCOMES,
        "outcome value",
    ),
    _list(
        "list_accounts",
        N_("list of accounts"),
        registers.accounts,
        columns.ACCOUNTS,
        "platform account_id",
    ),
    _list(
        "list_campaigns",
        N_("list of campaigns"),
        registers.campaigns,
        columns.CAMPAIGNS,
        "name budget",
        "name goal_metric",
        "campaign_id name first_day",
        "name first_day last_day",
    ),
    _list(
        "list_rules",
        N_("list of campaign rules"),
        registers.rules,
        columns.RULES,
        "campaign kind value",
    ),
)
