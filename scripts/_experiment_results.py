"""Experiments and what they found, as the command line shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from campaigns.errors import N_, Message
from campaigns.translations import _, say
from scripts import Context
from scripts._tables import print_table

if TYPE_CHECKING:
    from audiences.experiments import Experiment, Result
    from audiences.lessons import Lesson


def print_result(context: Context, one: Result) -> None:
    """Print a result: the verdict first."""
    click.echo(f"{one.experiment.name}: {say(one.verdict.message)}")
    answer = one.answer
    if answer is not None:
        headers = [_("variant"), _("units"), _("rate"), _("at least"), _("at most"),
                   _("chance to be best"), _("choosing it costs")]  # fmt: skip
        is_fair = one.verdict.kind != "not_fair"
        print_table(headers, [
            [v["variant"], _number(context, v["units"]), _number(context, v["rate"]),
             _number(context, v["ci_lower"]), _number(context, v["ci_upper"]),
             _chance(v["chance_to_be_best"] if is_fair else None),
             _given_up(one, v["rel_expected_loss"] if is_fair else None)]
            for v in answer["variants"]
        ], frozenset(range(1, 7)))  # fmt: skip
    for part in one.factors:
        click.echo(_factor(part))
    for remark in one.remarks:
        click.echo(f"- {say(remark)}")


def _factor(part: dict[str, Any]) -> str:
    from audiences.verdicts import percent

    words = {
        "message": N_("Message {to} against {from}: {effect} ({lower} to {upper})."),
        "image": N_("Image {to} against {from}: {effect} ({lower} to {upper})."),
        "interaction": N_("How much more the message does with the second image: {effect} "
                          "({lower} to {upper})."),
    }  # fmt: skip
    levels = [*part["levels"], "", ""]
    bounds = {"effect": "rel_effect_size", "lower": "rel_ci_lower", "upper": "rel_ci_upper"}
    values = {name: percent(part[key], signed=True) for name, key in bounds.items()}
    return say(Message(words[part["factor"]], {"from": levels[0], "to": levels[1], **values}))


def _number(context: Context, value: float | None) -> str:
    """A number in few figures; small ones keep what tells them apart."""
    if value is None:
        return "-"
    if value == int(value) or abs(value) >= 1000:
        return context.number(round(value))
    text = f"{value:.4g}" if abs(value) >= 1e-4 else f"{value:.2e}"
    return text.replace(".", ",") if context.language == "nl" else text


def _chance(value: float | None) -> str:
    from audiences.verdicts import chance

    return "-" if value is None else say(chance(value))


def _given_up(one: Result, value: float | None) -> str:
    """What choosing a variant costs on average."""
    from audiences.verdicts import given_up

    return "-" if value is None else say(given_up(value, one.experiment.plan.higher_is_better))


def print_lessons(context: Context, found: Sequence[Lesson]) -> None:
    """Print what was learnt, the surest first, and what cannot be said yet in one line."""
    from audiences.lessons import FEWEST, label, said

    known = [one for one in found if one.ratio is not None]
    for one in known:
        click.echo(say(said(one)))
    if unknown := [say(label(one.feature)) for one in found if one.ratio is None]:
        context.say(
            N_("Too little is known (fewer than {least} tests) of: {features}."),
            least=FEWEST, features=", ".join(unknown),
        )  # fmt: skip


def lesson_as_dict(one: Lesson) -> dict[str, Any]:
    """A lesson as JSON has it."""
    from audiences.lessons import is_learnt, said

    return {
        "feature": one.feature,
        "tests": one.tests,
        "ratio": one.ratio,
        "ci_lower": one.lower,
        "ci_upper": one.upper,
        "next_test": list(one.between) if one.between else None,
        "pvalue": one.pvalue,
        "pvalue_adjusted": one.pvalue_adjusted,
        "inconsistency": one.inconsistency,
        "is_learnt": is_learnt(one),
        "text": say(said(one)),
    }


def facts(one: Experiment) -> list[tuple[str, str]]:
    """What was stated of an experiment, beside its variants: what it is called, and what it is."""
    from audiences.verdicts import percent

    return [
        (N_("test"), one.name),
        (N_("id"), one.experiment_id),
        (N_("what decides"), one.metric),
        (N_("what was given to a variant"), one.unit),
        (N_("looking"), one.method),
        (N_("lots drawn"), _("yes") if one.is_by_lot else _("no: an observation")),
        (N_("a difference matters from"), say(percent(one.matters))),
        (N_("first day"), one.first_day.isoformat() if one.first_day else ""),
        (N_("last day"), one.last_day.isoformat() if one.last_day else ""),
        (N_("age of posts in days"), str(one.age) if one.unit == "post" else ""),
        (N_("delivery"), one.delivery),
        (N_("description"), one.description or ""),
    ]


def as_dict(one: Experiment) -> dict[str, Any]:
    """An experiment as JSON has it."""
    return {
        "experiment_id": one.experiment_id,
        "name": one.name,
        "metric": one.metric,
        "unit": one.unit,
        "method": one.method,
        "is_by_lot": one.is_by_lot,
        "matters": one.matters,
        "first_day": one.first_day.isoformat() if one.first_day else None,
        "last_day": one.last_day.isoformat() if one.last_day else None,
        "age": one.age,
        "delivery": one.delivery,
        "description": one.description,
        "variants": [
            {
                "variant": v.name,
                "message": v.message,
                "image": v.image,
                "weight": v.weight,
                "members": [{"kind": r.kind, "value": r.value} for r in v.rules],
            }
            for v in one.variants
        ],
    }
