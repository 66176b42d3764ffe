"""The rules of a campaign as fields, and which posts they match while one types."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from campaigns import definitions
from campaigns.definitions import Campaign, Rule
from campaigns.definitions.campaign import checked_rule
from campaigns.errors import N_, BadDefinition, Message
from campaigns.reports import wording
from campaigns.schema import RULE_KINDS
from campaigns.store import Snapshot
from campaigns.translations import _
from dashboard import formats, forms
from dashboard.answers import Answers
from dashboard.forms import Field, Group, Values
from dashboard.pages import _editing as editing
from dashboard.parts import badge

SHOWN = 8
"""How many posts the preview shows."""

KINDS = {
    "hashtag": (N_("hashtag"), N_("the whole tag: zomer is not #zomerweek")),
    "link": (N_("link"), N_("a domain or address, such as example.nl/summer, and all below it")),
    "utm_campaign": (N_("utm_campaign"), N_("the whole value of utm_campaign in a link")),
    "words": (N_("words"), N_('all the words, in any order; "between quotes" one after another')),
    "post": (N_("one post"), N_("its address or id")),
    "account": (N_("account"), N_("all posts of an account: give the rule a period")),
    "ad_campaign": (N_("ad campaign"), N_("its name, whole, or with * for any text")),
}
"""The kinds of rules: a word for each, and what its value is."""

_NAME = re.compile(r"rule_(\d+)_(kind|value|platform|account_id|first_day|last_day)")
_PARTS = ("kind", "value", "platform", "account_id", "first_day", "last_day")


def count_of(values: Mapping[str, object]) -> int:
    """How many rules stand in the fields."""
    return sum(bool(_NAME.fullmatch(name)) and name.endswith("_kind") for name in values)


def groups(count: int) -> list[Group]:
    """The fields of so many rules."""
    found = []
    for number in range(1, count + 1):
        kind, value, *limits = _fields(number)
        folded = Group(_("Limit rule {n}", n=number), limits)
        drop = forms.drop("campaign", number, _("Take out rule {n}", n=number))
        found.append(Group(_("Rule {n}", n=number), [kind, value], drop, folded))
    return found


def _fields(number: int) -> list[Field]:
    kinds = [(kind, _(KINDS[kind][0])) for kind in RULE_KINDS]
    anywhere = editing.choices("platform", _("everywhere"))
    return [
        Field(f"rule_{number}_kind", _("What it looks for"), "choice", choices=kinds),
        Field(f"rule_{number}_value", _("Value"), pause=350, limit=500,
              help=_("What each kind is, stands below.")),
        Field(f"rule_{number}_platform", _("Only on"), "choice", choices=anywhere),
        Field(f"rule_{number}_account_id", _("Only of account"), pause=350, limit=200),
        Field(f"rule_{number}_first_day", _("Only from"), "day"),
        Field(f"rule_{number}_last_day", _("Only until"), "day"),
    ]  # fmt: skip


def explained() -> html.Details:
    """What each kind of rule looks for."""
    kinds = [(_(KINDS[kind][0]), _(KINDS[kind][1])) for kind in RULE_KINDS]
    return forms.explained(_("What rules look for"), kinds)


def typed(rules: Sequence[Rule]) -> Values:
    """Rules as they stand in the fields."""
    values: Values = {}
    for number, rule in enumerate(rules, 1):
        row = {f"rule_{number}_{name}": getattr(rule, name) for name in _PARTS}
        values |= forms.typed(_fields(number), row)
    return values


def without(values: Values, gone: int) -> Values:
    """The fields when one rule is taken out; those after it move up."""
    kept: Values = {}
    for name, value in values.items():
        match = _NAME.fullmatch(name)
        number = int(match[1]) if match else 0
        if match is None or number < gone:
            kept[name] = value
        elif number > gone:
            kept[f"rule_{number - 1}_{match[2]}"] = value
    return kept


def added(values: Values) -> Values:
    """The fields with one rule more."""
    number = count_of(values) + 1
    return {**values, **{f"rule_{number}_{name}": "" for name in _PARTS},
            f"rule_{number}_kind": "hashtag"}  # fmt: skip


def entered(values: Values) -> tuple[list[Rule], dict[str, Message]]:
    """The rules that were entered, checked; those without a value are left out."""
    found: list[Rule] = []
    faults: dict[str, Message] = {}
    for number in range(1, count_of(values) + 1):
        given, wrong = forms.entered(_fields(number), values)
        faults |= wrong
        row = {name: given[f"rule_{number}_{name}"] for name in _PARTS}
        if row["value"] is None:
            if any(row[name] for name in _PARTS[2:]):
                faults[f"rule_{number}_value"] = Message(N_("is empty"))
            continue
        try:
            found.append(checked_rule(Rule(**row)))
        except BadDefinition as error:
            reason = error.values["reason"]
            is_period = "{first}" in getattr(reason, "text", "")
            field = f"rule_{number}_{'last_day' if is_period else 'value'}"
            faults[field] = reason if isinstance(reason, Message) else Message(str(reason))
    return found, faults


# --- which posts they match


def preview(asked: Answers, rules: Sequence[Rule], campaign: Campaign) -> list[Component]:
    """How many posts these rules match, and the newest of them, as text."""
    if not rules:
        return [html.P(_("Give a rule a value: the posts that it matches appear here."),
                       className="quiet")]  # fmt: skip

    def ask(snapshot: Snapshot) -> tuple[int, list[dict[str, Any]]]:
        return definitions.preview(snapshot, rules, campaign, SHOWN)

    names = (tuple(rules), campaign.first_day, campaign.last_day)
    count, rows = asked.ask(ask, "preview", *names)
    if not count:
        said = _("No post matches yet. Posts that are imported later are matched too.")
        return [html.P(said, role="status")]
    found = _("1 post matches.") if count == 1 else _(
        "{n} posts match.", n=wording.number(count, 0))  # fmt: skip
    newest = _("The newest:") if count > len(rows) else ""
    return [
        html.P([html.Strong(found), " ", newest], role="status"),
        html.Ul([_post(row) for row in rows], className="posts"),
    ]


def _post(row: Mapping[str, Any]) -> html.Li:
    text = " ".join((row["text"] or "").split())
    shown = text if len(text) <= 160 else text[:159] + "…"
    about = [wording.name("platform", row["platform"])]
    if row["account_id"]:
        about.append(str(row["account_id"]))
    if row["published_on"]:
        about.append(formats.day(row["published_on"]))
    return html.Li(
        [
            html.P(shown or _("no text known")),
            html.P(
                [" · ".join(about), " ", badge(_("rule {n}", n=row["position"]))],
                className="quiet",
            ),
        ]
    )
