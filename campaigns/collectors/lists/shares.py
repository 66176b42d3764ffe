"""Who bears a cost: the campaigns and their parts, out of the ways in which people write them."""

from __future__ import annotations

import re

from campaigns.collectors.lists.sheet import Sheet, let

_NUMBER = "[0-9]{1,3}(?:[.,][0-9]+)?"
_IS_SPLIT = f"[;|\\n]|[:=] *{_NUMBER} *%?$|{_NUMBER} *%\\)?$"
_PART = f" *[:=]? *\\(? *({_NUMBER}) *%? *\\)?$"


def shares(sheet: Sheet) -> tuple[str, str]:
    """SQL for `name=part;…` of a cost, and for whether its parts are wrong.

    Parts stand in one cell (``A: 60%; B: 40%``) or beside several campaigns. One campaign
    without a part bears all. The parts must sum to 1, within half a percent for rounding.
    """
    number = f"try_cast(replace(regexp_extract(p, '{_PART}', 1), ',', '.') as double)"
    part = let(number, "n", "case when contains(p, '%') or n > 1 then n / 100 else n end")
    pieces = (
        "list_filter(list_transform(regexp_split_to_array(t, ' *(;|\\||\\n|, ) *'), "
        "lambda p: trim(p)), lambda p: p <> '')"
    )
    read = (
        f"list_transform({pieces}, lambda p: {{'part': {part}, "
        f"'name': trim(replace(regexp_replace(p, '{_PART}', ''), '=', ' '))}})"
    )
    total = "list_sum(list_transform(s, lambda x: x.part))"
    share = "lambda x: x.name || '=' || round(x.part / z, 6)"
    written = let(total, "z", f"array_to_string(list_transform(s, {share}), ';')")
    known = "list_bool_and(list_transform(s, lambda x: x.part is not null and x.name <> ''))"
    is_wrong = f"not coalesce({known} and abs({total} - 1) <= 0.005, false)"
    is_split = f"regexp_matches(t, '{_IS_SPLIT}')"
    whole = "replace(t, '=', ' ') || '=1'"
    text = f"trim({_borne_by(sheet)})"
    return (
        let(text, "t", f"case when {is_split} then {let(read, 's', written)} else {whole} end"),
        let(text, "t", f"coalesce({is_split} and {let(read, 's', is_wrong)}, false)"),
    )


def _borne_by(sheet: Sheet) -> str:
    """The campaigns and parts as one text, wherever in the row they stand."""
    first = "nullif(trim(campaign), '')" if "campaign" in sheet.cells else "null::varchar"
    others = [name for name in sheet.cells if re.fullmatch(r"campaign_\d", name)]
    ways = []
    if "shares" in sheet.cells:
        ways.append("nullif(trim(shares), '')")
    if others:
        pairs = ", ".join(
            f"nullif(trim({name}), '') || ': ' "
            f"|| coalesce(cast({sheet(name.replace('campaign', 'share'))} as varchar), '')"
            for name in ("campaign", *others)
            if name in sheet.cells
        )
        is_several = " or ".join(f"nullif(trim({name}), '') is not null" for name in others)
        ways.append(f"case when {is_several} then concat_ws('; ', {pairs}) end")
    return f"coalesce({', '.join([*ways, first])})"
