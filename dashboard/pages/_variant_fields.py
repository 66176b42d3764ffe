"""The variants of a test as fields of its form: message, image, and what carries them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from dash import html

from audiences.experiments import Variant
from audiences.experiments.experiment import MEMBER_KINDS
from campaigns.definitions import Rule
from campaigns.definitions.campaign import checked_rule
from campaigns.errors import N_, BadDefinition, Message
from campaigns.translations import _
from dashboard import forms
from dashboard.forms import Field, Group, Values
from dashboard.pages import _rules

_KINDS = {
    **_rules.KINDS,
    "campaign": (N_("campaign"), N_("all posts of a campaign, by its name")),
    "ad": (N_("ad"), N_("the id or name of an ad, its group or campaign; * is any text")),
}
_CHOICES = [kind for kind in MEMBER_KINDS if kind != "post"]
_PARTS = ("name", "message", "image", "kind", "value", "posts", "weight", "more")
_NAME = re.compile(rf"variant_(\d+)_({'|'.join(_PARTS)})")


def count_of(values: Mapping[str, object]) -> int:
    """How many variants stand in the fields."""
    return sum(bool(_NAME.fullmatch(name)) and name.endswith("_name") for name in values)


def names(values: Mapping[str, object]) -> list[str]:
    """What the variants are called, or their numbers."""
    return [
        str(values.get(f"variant_{n}_name") or "").strip() or _("variant {n}", n=n)
        for n in range(1, count_of(values) + 1)
    ]


def groups(count: int, campaigns: Sequence[str]) -> list[Group]:
    """The fields of so many variants."""
    found = []
    for number in range(1, count + 1):
        fields = _fields(number, campaigns)
        heading = _("Variant {n}: the control", n=1) if number == 1 else _("Variant {n}", n=number)
        folded = Group(_("More of variant {n}", n=number), fields[6:])
        taken = _("Take out variant {n}", n=number)
        drop = forms.drop("experiment", number, taken) if count > 2 else None
        found.append(Group(heading, fields[:6], drop, folded))
    return found


def _fields(number: int, campaigns: Sequence[str] = ()) -> list[Field]:
    def of(part: str, text: str, kind: str = "text", **more: object) -> Field:
        return Field(f"variant_{number}_{part}", text, kind, pause=350, **more)  # type: ignore[arg-type]

    return [
        of("name", _("Name"), is_required=True, limit=100),
        of("message", _("Message"), limit=500,
           help=_("In a word or in full; the same in two variants is one message.")),
        of("image", _("Image"), limit=200,
           help=_("Its name or file; the same in two variants is one image.")),
        of("kind", _("Carried by posts or ads with"), "choice",
           choices=[(kind, _(_KINDS[kind][0])) for kind in _CHOICES]),
        of("value", _("Value"), known=campaigns, limit=500,
           help=_("What each kind is, stands below. Empty: only the posts named here.")),
        of("posts", _("And by these posts"), "lines",
           help=_("Their addresses or ids, one on a line. Find them beside the form.")),
        of("weight", _("Share that it was promised"), "number", limit=20,
           help=_("In parts, such as 2 and 1; empty: all the same.")),
        of("more", _("Also by"), "lines",
           help=_("One on a line, such as hashtag: zomer")),
    ]  # fmt: skip


def explained() -> html.Details:
    """What each kind of carrier is."""
    kinds = [(_(_KINDS[kind][0]), _(_KINDS[kind][1])) for kind in _CHOICES]
    return forms.explained(_("What can carry a variant"), kinds)


def blank(count: int) -> Values:
    """So many empty variants."""
    return typed([Variant("AB"[n : n + 1], (Rule("hashtag", ""),)) for n in range(count)])


def typed(variants: Sequence[Variant]) -> Values:
    """Variants as they stand in the fields."""
    values: Values = {}
    for number, one in enumerate(variants, 1):
        rules = [rule for rule in one.rules if rule.kind != "post"]
        first = rules[0] if rules else Rule("hashtag", "")
        row = {
            "name": one.name, "message": one.message, "image": one.image, "weight": one.weight,
            "kind": first.kind, "value": first.value,
            "posts": "\n".join(rule.value for rule in one.rules if rule.kind == "post"),
            "more": "\n".join(f"{rule.kind}: {rule.value}" for rule in rules[1:]),
        }  # fmt: skip
        prefixed = {f"variant_{number}_{part}": value for part, value in row.items()}
        values |= forms.typed(_fields(number), prefixed)
    return values


def without(values: Values, gone: int) -> Values:
    """The fields when one variant is taken out; those after it move up."""
    kept: Values = {}
    for name, value in values.items():
        match = _NAME.fullmatch(name)
        number = int(match[1]) if match else 0
        if match is None or number < gone:
            kept[name] = value
        elif number > gone:
            kept[f"variant_{number - 1}_{match[2]}"] = value
    return kept


def added(values: Values) -> Values:
    """The fields with one variant more."""
    number = count_of(values) + 1
    more = {f"variant_{number}_{part}": "" for part in _PARTS}
    return {**values, **more, f"variant_{number}_kind": "hashtag"}


def with_post(values: Values, number: int, post: str) -> Values:
    """The fields with a post given to a variant, and taken from every other."""
    found = dict(values)
    for one in range(1, count_of(values) + 1):
        name = f"variant_{one}_posts"
        lines = [line for line in str(values.get(name) or "").split() if line != post]
        found[name] = "\n".join([*lines, post] if one == number else lines)
    return found


def entered(values: Values) -> tuple[list[Variant], dict[str, Message]]:
    """The variants that were entered, their rules checked; the faults by field."""
    found: list[Variant] = []
    faults: dict[str, Message] = {}
    for number in range(1, count_of(values) + 1):
        given, wrong = forms.entered(_fields(number), values)
        faults |= wrong
        row = {part: given[f"variant_{number}_{part}"] for part in _PARTS}
        rules = _rules_of(number, row, faults)
        if row["name"] is None:
            faults[f"variant_{number}_name"] = Message(N_("is empty"))
        elif not rules and f"variant_{number}_value" not in faults:
            faults[f"variant_{number}_value"] = Message(N_("is empty"))
        found.append(
            Variant(row["name"] or "", tuple(rules), row["message"], row["image"], row["weight"])
        )
    return found, faults


def _rules_of(number: int, row: Mapping[str, str | None], faults: dict[str, Message]) -> list[Rule]:
    given = [("value", str(row["kind"] or "hashtag"), row["value"] or "")]
    for line in (row["more"] or "").splitlines():
        kind, _colon, value = line.partition(":")
        if line.strip():
            given.append(("more", kind.strip(), value.strip()))
    given += [("posts", "post", line) for line in (row["posts"] or "").split()]
    rules = []
    for part, kind, value in given:
        if not value:
            continue
        try:
            rules.append(Rule(kind, value) if kind in {"ad", "campaign"}
                         else checked_rule(Rule(kind, value)))  # fmt: skip
        except BadDefinition as error:
            reason = error.values["reason"]
            said = reason if isinstance(reason, Message) else Message(str(reason))
            faults[f"variant_{number}_{part}"] = said
    return list(dict.fromkeys(rules))
