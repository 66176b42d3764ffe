"""Lists about money and its results: costs and hours, media placements, outcomes."""

from __future__ import annotations

from campaigns.collectors import Parsed, Payload, Skip
from campaigns.collectors.lists import words
from campaigns.collectors.lists.periods import period, period_skips
from campaigns.collectors.lists.shares import shares
from campaigns.collectors.lists.sheet import Sheet, row_id, source, statement, total_line
from campaigns.errors import N_, Message


def costs(payload: Payload, name: str) -> Parsed:
    """Costs and hours: one row of `costs` from each line."""
    sheet = Sheet(payload, name)
    borne, is_wrong = shares(sheet)
    first_day, last_day = period(sheet)
    currency, note = words.currency(sheet, "amount", "rate")
    about = ("kind", "description", "invoice", "supplier", "platform")
    bearer = f"concat_ws(' ', {sheet('account_id')}, {sheet('ambassador')})"
    is_hours = f"{sheet('hours')} is not null"
    bearers = f"regexp_replace({borne}, '=[0-9.]+(;|$)', ';', 'g')"  # parts may be corrected
    key = row_id(sheet, bearers, *map(sheet, about), bearer, is_hours, first_day, last_day)
    columns = {
        "source": source(sheet),
        "row_id": key,
        "shares": borne,
        "platform": words.platform(sheet),
        "account_id": words.account(sheet),
        **sheet.given("ambassador"),
        "kind": _kind(sheet),
        **sheet.given("description", "amount", "hours", "rate"),
        "currency": currency,
        "vat": words.vat(sheet),
        "first_day": first_day,
        "last_day": last_day,
    }
    hours = f"{sheet('hours')} is null or {sheet('rate')} is null"
    return statement(
        sheet,
        "costs",
        columns,
        [
            total_line(sheet, "campaign", "description", "kind", "month"),
            Skip(
                Message(N_("without an amount, or hours and their rate")),
                f"{sheet('amount')} is null and ({hours})",
            ),
            *period_skips(first_day, last_day),
            Skip(Message(N_("the parts of the campaigns do not sum to 100%")), is_wrong),
        ],
        period=last_day,
        since=first_day,
        note=note,
    )


def _kind(sheet: Sheet) -> str:
    """The kind of a cost: by its word, else hours where it has nothing but hours."""
    bare_hours = f"case when {sheet('amount')} is null then 'hours' end"
    if "kind" not in sheet.cells:
        return bare_hours
    known = f"coalesce({words.words('kind', words.KIND_WORDS)}, 'other')"
    return f"case when kind is null then {bare_hours} else {known} end"


def placements(payload: Payload, name: str) -> Parsed:
    """Print and other media: one row of `media_placements` from each line."""
    sheet = Sheet(payload, name)
    first_day, last_day = period(sheet)
    currency, note = words.currency(sheet, "amount")
    about = ("campaign", "medium", "title")
    columns = {
        "placement_id": row_id(
            sheet, *map(sheet, about), first_day, last_day, within=f"{source(sheet)} || ' '"
        ),
        "medium": words.platform(sheet, "medium"),
        **sheet.given("campaign", "title", "insertions", "circulation", "circulation_source"),
        **sheet.given("readership", "readership_source", "amount"),
        "first_day": first_day,
        "last_day": last_day,
        "currency": f"case when {sheet('amount')} is not null then {currency} end",
        "vat": words.vat(sheet),
    }
    nameless = f"{sheet.any('title', 'medium')} is null"
    return statement(
        sheet,
        "media_placements",
        columns,
        [
            total_line(sheet, "title", "medium", "campaign"),
            Skip(Message(N_("names no title and no medium")), nameless),
            *period_skips(first_day, last_day),
        ],
        period=last_day,
        since=first_day,
        note=note,
    )


def outcomes(payload: Payload, name: str) -> Parsed:
    """Results by day: one row of `outcomes` from each line; of a period, on its last day."""
    sheet = Sheet(payload, name)
    _, last_day = period(sheet)
    about = ("campaign", "outcome", "unit", "measured_by")
    columns = {
        "source": source(sheet),
        "row_id": row_id(sheet, *map(sheet, about), last_day),
        **sheet.given(*about),
        "value": sheet.figure("value"),
        "day": last_day,
    }
    return statement(
        sheet,
        "outcomes",
        columns,
        [
            total_line(sheet, "campaign", "outcome"),
            Skip(Message(N_("without an outcome")), "outcome is null"),
            Skip(Message(N_("without a value")), "value is null"),
            Skip(Message(N_("without a date")), f"{last_day} is null"),
        ],
        period=last_day,
    )
