"""Lists about who and what there is: accounts and ambassadors, campaigns, rules of campaigns."""

from __future__ import annotations

from campaigns.collectors import Parsed, Payload, Skip
from campaigns.collectors._numbers import literal
from campaigns.collectors.lists import words
from campaigns.collectors.lists.sheet import Sheet, plain, statement, total_line
from campaigns.errors import N_, Message

_YES = "^(ja|yes|true|waar|1|x$|v$)"


def accounts(payload: Payload, name: str) -> Parsed:
    """Accounts and ambassadors: one row of `accounts` from each line.

    An ambassador without a day of opting in is dropped whole: nothing of a person is stored
    before that person agreed.
    """
    sheet = Sheet(payload, name)
    account, platform = words.account(sheet), words.platform(sheet)
    currency, note = words.currency(sheet, "hourly_rate")
    role = _role(sheet)
    columns = {
        "platform": platform,
        "account_id": account,
        "role": role,
        **sheet.given("name", "sector", "ad_accounts", "team", "person"),
        **sheet.given("opted_in_on", "withdrawn_on", "hourly_rate"),
        "currency": f"case when {sheet('hourly_rate')} is not null then {currency} end",
    }
    if "is_name_permitted" in sheet.cells:
        columns["is_name_permitted"] = f"regexp_matches({plain('is_name_permitted')}, '{_YES}')"
    not_agreed = f"{role} = 'ambassador' and {sheet('opted_in_on')} is null"
    return statement(
        sheet,
        "accounts",
        columns,
        [
            Skip(
                Message(N_("an ambassador who has not opted in: nothing of it is kept")),
                not_agreed,
            ),
            Skip(
                Message(N_("without a platform or an account")),
                f"{platform} is null or {account} is null",
            ),
        ],
        note=note,
    )


def _role(sheet: Sheet) -> str:
    """The role as stated; a list that names persons or consent is one of ambassadors."""
    is_of_people = bool({"person", "opted_in_on"} & sheet.cells.keys())
    default = literal("ambassador" if is_of_people else sheet.payload.role)
    if "role" not in sheet.cells:
        return default
    return f"coalesce({words.words('role', words.ROLE_WORDS)}, {default})"


def campaigns(payload: Payload, name: str) -> Parsed:
    """Campaigns: one row of `campaigns` from each line."""
    sheet = Sheet(payload, name)
    currency, note = words.currency(sheet, "budget")
    key = f"nullif(lower(trim({sheet.any('campaign_id', 'name')})), '')"
    columns = {
        "campaign_id": key,
        **sheet.given("name", "position", "first_day", "last_day", "budget"),
        **sheet.given("goal_metric", "goal_on", "description"),
        "goal_target": sheet.figure("goal_target"),
        "currency": f"case when {sheet('budget')} is not null then {currency} end",
    }
    ends_early = f"coalesce({sheet('last_day')} < {sheet('first_day')}, false)"
    return statement(
        sheet,
        "campaigns",
        columns,
        [
            total_line(sheet, "name"),
            Skip(Message(N_("names no campaign")), f"{key} is null"),
            Skip(Message(N_("ends before it begins")), ends_early),
        ],
        note=note,
    )


def rules(payload: Payload, name: str) -> Parsed:
    """Rules of campaigns in the order of the list: one row of `campaign_rules` from each line."""
    sheet = Sheet(payload, name, value="text")
    kind = words.words("kind", words.RULE_WORDS)
    columns = {
        "campaign_id": "lower(trim(campaign))",
        "position": "row_number() over (partition by lower(trim(campaign)) order by row_number)",
        "kind": kind,
        "value": "value",
        "platform": words.platform(sheet),
        "account_id": words.account(sheet),
        **sheet.given("first_day", "last_day"),
    }
    return statement(
        sheet,
        "campaign_rules",
        columns,
        [
            Skip(Message(N_("names no campaign")), "campaign is null"),
            Skip(Message(N_("a kind of rule that does not exist")), f"{kind} is null"),
            Skip(Message(N_("without a value")), "value is null"),
        ],
    )
