"""A seeded, believable public agency: for the demo, for doctests and for tests."""

from __future__ import annotations

from campaigns.simulate.agency import ACCOUNTS, EXPERIMENTS
from campaigns.simulate.audience_files import TARGET_GROUPS
from campaigns.simulate.colleagues import FOLDER as COLLEAGUES
from campaigns.simulate.colleagues import taking_part
from campaigns.simulate.files import write
from campaigns.simulate.list_files import CAMPAIGNS_FILE
from campaigns.simulate.truth import Organisation, organisation

ACCOUNT_OPTIONS = tuple(
    (f"{account.account_id}/account_overview_analytics*", account.account_id)
    for account in ACCOUNTS
    if account.platform == "x"
)
"""What to give as ``--account``: X's overviews do not say whose they are."""


OBSERVED = ("StormKlaar", "WinterWegen")
"""Two hashtags that somebody might compare, although no lots were drawn."""


def colleague_options(organisation: Organisation) -> tuple[tuple[str, str], ...]:
    """What to give as ``--account`` for the files of colleagues: the folder says whose they are."""
    accounts = taking_part(organisation.ambassadors).account_id
    return tuple((f"{COLLEAGUES}/{account}/*", str(account)) for account in accounts)


__all__ = [
    "ACCOUNT_OPTIONS",
    "CAMPAIGNS_FILE",
    "COLLEAGUES",
    "EXPERIMENTS",
    "OBSERVED",
    "TARGET_GROUPS",
    "Organisation",
    "colleague_options",
    "organisation",
    "write",
]
