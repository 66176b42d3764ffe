"""``bereik experiment``: which message and which image work, without fooling anybody."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from campaigns.errors import N_, Message
from campaigns.schema import DELIVERIES
from campaigns.translations import _, say
from scripts import Context
from scripts._tables import print_table

if TYPE_CHECKING:
    from audiences.experiments import Experiment, Result, Variant

_DAY = click.DateTime(["%Y-%m-%d"])


class _Share(click.ParamType[float]):
    """A share as people type it: 10% or 0.1."""

    name = "share"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        try:
            text = value.strip().replace(",", ".")
            found = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            found = 0.0
        if not 0 < found < 10:
            self.fail(_("'{value}' is no share such as 10%", value=value), param, ctx)
        return found


@click.group()
def command() -> None:
    """Test messages and images, and read what came out.

    A test says beforehand which posts or ads carry which variant, and which metric decides. The
    verdict is one of four: a variant wins, it is too early, there is no difference that matters, or
    it is not a fair test, and why.

    \b
    Examples:
      bereik experiment plan --metric er_impressions --effect 20%
      bereik experiment add vraag --metric er_public --variant A=hashtag:a --variant B=hashtag:b
      bereik experiment analyse vraag
    """


@command.command()
@click.argument("name")
@click.option("--metric", required=True, help=N_("The metric that decides: er_impressions, ctr …"))
@click.option(
    "--variant",
    "variants",
    multiple=True,
    required=True,
    metavar="NAME=KIND:TEXT",
    help=N_(
        "What carries a variant: hashtag, link, utm_campaign, words, post, account or ad_campaign "
        "as in 'bereik campaigns', or ad (the id or name of an ad, * is any text). The first "
        "variant is the control; a variant may be named more than once."
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
@click.option(
    "--method",
    type=click.Choice(["fixed", "sequential", "obf"]),
    default="fixed",
    show_default=True,
    help=N_(
        "fixed: one look at the end; sequential: looking every day is right; obf: "
        "every day until a planned last one."
    ),
)
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
    type=_Share(),
    default="10%",
    show_default=True,
    metavar="SHARE",
    help=N_("The smallest difference that matters."),
)
@click.option("--from", "first_day", type=_DAY, metavar="DAY", help=N_("First day."))
@click.option("--to", "last_day", type=_DAY, metavar="DAY", help=N_("Last day, included."))
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


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help=N_("As JSON."))
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """List all tests.

    \b
    Example:
      bereik experiment list --json
    """
    from audiences import experiments

    found = context.store.read(experiments.experiments)
    if as_json:
        context.write_json({"experiments": [_plain(one) for one in found]})
    elif found:
        headers = [_("test"), _("metric"), _("unit"), _("method"), _("variants")]
        print_table(headers, [
            [one.name, one.metric, one.unit, one.method, ", ".join(v.name for v in one.variants)]
            for one in found
        ])  # fmt: skip
    else:
        context.say(N_("There are no tests yet. Begin with: bereik experiment plan"))


@command.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help=N_("As JSON."))
@click.pass_obj
def show(context: Context, name: str, as_json: bool) -> None:
    """Show a test, by its name or id.

    \b
    Example:
      bereik experiment show vraag
    """
    from audiences import experiments

    one = context.store.read(lambda snapshot: experiments.find(snapshot, name))
    if as_json:
        context.write_json(_plain(one))
        return
    plain = {key: value for key, value in _plain(one).items() if key != "variants"}
    print_table(["", ""], [[key, str(value)] for key, value in plain.items() if value is not None])
    click.echo()
    headers = [_("variant"), _("message"), _("image"), _("carried by")]
    print_table(headers, [
        [v.name, v.message or "", v.image or "", ", ".join(f"{r.kind}:{r.value}" for r in v.rules)]
        for v in one.variants
    ])  # fmt: skip


@command.command()
@click.argument("name")
@click.pass_obj
def remove(context: Context, name: str) -> None:
    """Take a test out; the posts and ads that carried it stay.

    \b
    Example:
      bereik experiment remove vraag
    """
    from audiences import experiments

    removed = experiments.remove(context.store, name)
    context.say(N_("Removed experiment '{name}'."), name=removed.name)


@command.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help=N_("As JSON."))
@click.pass_obj
def analyse(context: Context, names: tuple[str, ...], as_json: bool) -> None:
    """Say what tests found so far: the verdict first. Without a name all tests.

    \b
    Examples:
      bereik experiment analyse
      bereik experiment analyse vraag --json
    """
    from audiences import experiments
    from campaigns.store import Snapshot

    def question(snapshot: Snapshot) -> list[Result]:
        asked = (
            [experiments.find(snapshot, name) for name in names]
            if names
            else experiments.experiments(snapshot)
        )
        return [experiments.analyse(snapshot, one) for one in asked]

    found = context.store.read(question)
    if as_json:
        context.write_json({"experiments": [one.as_dict() for one in found]})
        return
    if not found:
        context.say(N_("There are no tests yet. Begin with: bereik experiment plan"))
    for place, one in enumerate(found):
        if place:
            click.echo()
        _print_result(context, one)


def _print_result(context: Context, one: Result) -> None:
    click.echo(f"{one.experiment.name}: {say(one.verdict.message)}")
    answer = one.answer
    if answer is not None:
        headers = [_("variant"), _("units"), _("rate"), _("at least"), _("at most"),
                   _("chance to be best")]  # fmt: skip
        print_table(headers, [
            [v["variant"], _number(context, v["units"]), _number(context, v["rate"]),
             _number(context, v["ci_lower"]), _number(context, v["ci_upper"]),
             _chance(v["chance_to_be_best"])]
            for v in answer["variants"]
        ], frozenset(range(1, 6)))  # fmt: skip
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
    return "-" if value is None else f"{value:.0%}"


@command.command()
@click.option("--metric", required=True, help=N_("The metric that decides: er_impressions, ctr …"))
@click.option(
    "--effect",
    type=_Share(),
    required=True,
    metavar="SHARE",
    help=N_("The difference that must be found, such as 20%."),
)
@click.option(
    "--variants",
    type=click.IntRange(min=2),
    default=2,
    show_default=True,
    help=N_("How many variants are tested together."),
)
@click.option("--account", help=N_("Only posts of this account."))
@click.option("--json", "as_json", is_flag=True, help=N_("As JSON."))
@click.pass_obj
def plan(
    context: Context, metric: str, effect: float, variants: int, account: str | None, as_json: bool
) -> None:
    """Say how many posts a test takes, from how the own posts differ.

    \b
    Example:
      bereik experiment plan --metric er_impressions --effect 20%
    """  # fmt: skip
    from audiences.experiments.planning import FEWEST, needs
    from audiences.verdicts import percent
    from campaigns.metrics import METRICS

    if metric not in METRICS or METRICS[metric].is_money or METRICS[metric].kind == "derived":
        raise click.UsageError(_("'{metric}' cannot be planned by posts.", metric=metric))
    found = context.store.read(lambda snapshot: needs(snapshot, metric, effect, variants, account))
    if as_json:
        context.write_json(found.as_dict())
        return
    if found.needed is None:
        context.say(
            N_("There are {n} own posts with this metric; it takes {least} to say how posts "
               "differ."), n=found.posts, least=FEWEST,
        )  # fmt: skip
        return
    click.echo(say(Message(
        N_("To find a difference of {effect} with a chance of 80% it takes {n} posts of each "
           "variant (judging by {posts} own posts)."),
        {"effect": percent(effect), "n": found.needed, "posts": found.posts},
    )))  # fmt: skip
    headers = [_("posts of each variant"), _("smallest difference that is found")]
    rows = [[str(many), say(percent(one))] for many, one in found.visible]
    print_table(headers, rows, frozenset({0, 1}))


def _plain(one: Experiment) -> dict[str, Any]:
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
