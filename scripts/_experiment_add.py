"""``bereik experiment add``: stating a test before its posts are published."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from campaigns.errors import N_
from campaigns.schema import DELIVERIES
from campaigns.translations import _
from scripts import Context
from scripts._options import DAY
from scripts._testing import Share, method_option, metric_option

if TYPE_CHECKING:
    from audiences.experiments import Variant


@click.command()
@click.argument("name")
@metric_option
@click.option(
    "--variant",
    "variants",
    multiple=True,
    required=True,
    metavar="NAME=KIND:TEXT",
    help=N_(
        "What carries a variant: hashtag, link, utm_campaign, words, post, account or ad_campaign "
        "as in 'bereik campaigns', campaign (all its posts), or ad (the id or name of an ad, * is "
        "any text). The first variant is the control; a variant may be named more than once."
    ),
)
@click.option(
    "--message",
    "messages",
    multiple=True,
    metavar="NAME=TEXT",
    help=N_("The message of a variant; the same text in two variants is one message."),
)
@click.option(
    "--image",
    "images",
    multiple=True,
    metavar="NAME=TEXT",
    help=N_("The image of a variant; the same text in two variants is one image."),
)
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="NAME=PARTS",
    help=N_("The share a variant was promised; without it all get the same."),
)
@click.option(
    "--unit",
    type=click.Choice(["post", "ad-day", "impression"]),
    default="post",
    show_default=True,
    help=N_(
        "What was given to a variant. impression only when the platform itself drew "
        "lots for every showing."
    ),
)
@method_option
@click.option(
    "--by-lot",
    "is_by_lot",
    is_flag=True,
    help=N_(
        "Lots decided which variant was used; without it a comparison is an "
        "observation, and called so."
    ),
)
@click.option(
    "--matters",
    type=Share(),
    default="10%",
    show_default=True,
    metavar="SHARE",
    help=N_("The smallest difference that matters."),
)
@click.option("--from", "first_day", type=DAY, metavar="DAY", help=N_("First day."))
@click.option("--to", "last_day", type=DAY, metavar="DAY", help=N_("Last day, included."))
@click.option(
    "--age",
    type=click.IntRange(min=0),
    default=7,
    show_default=True,
    metavar="DAYS",
    help=N_("The age at which posts are compared."),
)
@click.option(
    "--delivery",
    type=click.Choice(DELIVERIES),
    default="total",
    show_default=True,
    help=N_("Free, advertised, or both (the default)."),
)
@click.option("--description", help=N_("What it is to find out."))
@click.pass_obj
def add(context: Context, /, name: str, **given: Any) -> None:
    """Add a test. State it before its posts are published.

    \b
    Examples:
      bereik experiment add vraag --metric er_public --variant A=hashtag:a --variant B=hashtag:b
      bereik experiment add kop --unit ad-day --metric ctr --variant A=ad:oud* --variant B=ad:nieuw*
    """  # fmt: skip
    from audiences import experiments

    variants = _variants(given)
    plain = {key: given[key] for key in ("metric", "unit", "method", "is_by_lot", "matters", "age",
                                         "delivery", "description")}  # fmt: skip
    plain |= {key: _day(given[key]) for key in ("first_day", "last_day")}
    new = experiments.checked(experiments.Experiment(name, variants=variants, **plain))
    added = experiments.add(context.create(), new)
    context.say(
        N_("Added experiment '{name}' ({id}) with {n} variants."),
        name=added.name, id=added.experiment_id, n=len(added.variants),
    )  # fmt: skip


def _day(value: dt.datetime | None) -> dt.date | None:
    return value.date() if value else None


def _variants(given: dict[str, Any]) -> tuple[Variant, ...]:
    from audiences.experiments import Variant
    from campaigns.definitions import Rule

    rules: dict[str, list[Rule]] = {}
    for name, text in map(_pair, given["variants"]):
        kind, colon, value = text.partition(":")
        if not colon:
            raise click.UsageError(_("'{text}' is not KIND:TEXT such as hashtag:zomer", text=text))
        rules.setdefault(name, []).append(Rule(kind.strip(), value.strip()))
    said: dict[str, dict[str, Any]] = {name: {} for name in rules}
    for option, field in (("messages", "message"), ("images", "image"), ("weights", "weight")):
        for name, text in map(_pair, given[option]):
            if name not in said:
                raise click.UsageError(_("There is no variant '{name}'.", name=name))
            said[name][field] = _parts(text) if field == "weight" else text
    return tuple(Variant(name, tuple(found), **said[name]) for name, found in rules.items())


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise click.UsageError(_("'{text}' is not NAME=TEXT", text=text))
    return name.strip(), value.strip()


def _parts(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise click.UsageError(_("'{value}' is no number", value=text)) from None
