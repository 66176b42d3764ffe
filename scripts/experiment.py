"""``bereik experiment``: which message and which image work, without fooling anybody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaigns.errors import N_, Message
from campaigns.translations import _, say
from scripts import Context
from scripts._experiment_add import add
from scripts._experiment_results import as_dict, facts, lesson_as_dict, print_lessons, print_result
from scripts._options import json_option
from scripts._tables import print_table
from scripts._testing import Share, columns_of_tests, metric_option

if TYPE_CHECKING:
    from audiences.experiments import Result
    from audiences.files import Tests
    from audiences.lessons import Lesson


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


command.add_command(add, "add")


@command.command("list")
@json_option
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
        context.write_json({"experiments": [as_dict(one) for one in found]})
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
@json_option
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
        context.write_json(as_dict(one))
        return
    print_table(["", ""], [[_(name), value] for name, value in facts(one) if value])
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
@json_option
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
        if not names:
            return experiments.results(snapshot)
        asked = [experiments.find(snapshot, name) for name in names]
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
        print_result(context, one)


@command.command()
@metric_option
@click.option(
    "--effect",
    type=Share(),
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
@click.option(
    "--unit",
    type=click.Choice(["post", "ad-day"]),
    help=N_("What a variant is given to: a post (the default), or a day of ads, as costs are."),
)
@json_option
@click.pass_obj
def plan(
    context: Context, /, metric: str, effect: float, variants: int, account: str | None,
    unit: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Say how many posts or days a test takes, from how the own posts or ads differ.

    \b
    Examples:
      bereik experiment plan --metric er_impressions --effect 20%
      bereik experiment plan --metric cpc --effect 10%
    """
    from audiences.experiments.experiment import metrics_for
    from audiences.experiments.planning import FEWEST, needs, needs_days
    from audiences.verdicts import percent

    by = unit or next((one for one in ("post", "ad-day") if metric in metrics_for(one)), "post")
    if metric not in metrics_for(by):
        known = ", ".join(metrics_for(by))
        text = N_("'{metric}' cannot be planned; these can: {known}.")
        raise click.UsageError(_(text, metric=metric, known=known))
    ask = needs if by == "post" else needs_days
    found = context.store.read(lambda snapshot: ask(snapshot, metric, effect, variants, account))
    if as_json:
        context.write_json(found.as_dict())
        return
    few, answer, column = _PLANNED[by]
    if found.needed is None:
        context.say(few, n=found.posts, least=FEWEST)
        return
    values = {"effect": percent(effect), "n": found.needed, "posts": found.posts}
    click.echo(say(Message(answer, values)))
    rows = [[str(many), say(percent(one))] for many, one in found.visible]
    print_table([_(column), _("smallest difference that is found")], rows, frozenset({0, 1}))


_PLANNED = {
    "post": (
        N_("There are {n} own posts with this metric; it takes {least} to say how posts differ."),
        N_("To find a difference of {effect} with a chance of 80% it takes {n} posts of each "
           "variant (judging by {posts} own posts)."),
        N_("posts of each variant"),
    ),
    "ad-day": (
        N_("There are {n} days on which several ads ran with this metric; it takes {least} to say "
           "how days differ."),
        N_("To find a difference of {effect} with a chance of 80% it takes {n} days of ads "
           "(judging by {posts} days on which several ads ran)."),
        N_("days"),
    ),
}  # fmt: skip
"""Of each unit what is said: too little is known, the answer, and what the first column holds."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@columns_of_tests(is_required=False)
@click.option(
    "--text",
    metavar="COLUMN",
    help=N_("The column with the text of a variant; without it the variant itself."),
)
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="COLUMN",
    help=N_("A column that says 1, yes or ja of variants with something, such as a person in "
            "the picture."),
)  # fmt: skip
@click.option(
    "--unit",
    type=click.Choice(["impression", "post"]),
    default="impression",
    show_default=True,
    help=N_("What was given to a variant by lot: every impression, or a post (a row of the file)."),
)
@json_option
@click.pass_obj
def learn(
    context: Context, /, file: Path | None, unit: str, text: str | None, tags: tuple[str, ...],
    as_json: bool, **columns: str | None,
) -> None:  # fmt: skip
    """Say what many tests teach together: which kinds of messages and images do better.

    Without FILE it learns from your own experiments by posts and by lot. With FILE from a file with
    a row per variant, such as 'bereik test' reads.

    \b
    Examples:
      bereik experiment learn
      bereik experiment learn a.csv --test id --variant kop --trials shown --successes clicks
    """
    if file is None:
        from audiences import experiments

        learnt = context.store.read(experiments.learn)
        tests, found, left = learnt.tests + learnt.others, learnt.lessons, learnt.others
        if tests == left and not as_json:
            context.say(N_("There is nothing to learn from yet: no experiment by posts has data."))
            return
    else:
        given = _read(file, columns, unit, text, tags)
        tests, found = len(given.table.tests), tuple(_lessons(given, unit, text, tags))
        left = _unfair(given, unit)
    if as_json:
        said = [lesson_as_dict(one) for one in found]
        context.write_json({"tests": tests - left, "tests_left_out": left, "lessons": said})
        return
    print_lessons(context, found)
    if left:
        context.say(
            N_("{n} tests are left out: they are not by posts and by lot, lack data, or did not "
               "show their variants equally often."), n=left,
        )  # fmt: skip


def _read(
    file: Path, columns: dict[str, str | None], unit: str, text: str | None, tags: tuple[str, ...]
) -> Tests:
    from audiences.files import read_with

    given = {name: column for name, column in columns.items() if column is not None}
    if missing := [f"--{name}" for name in columns if name not in given]:
        raise click.UsageError(_("A file needs {options}.", options=", ".join(missing)))
    labels = [*([text] if text else []), *tags]
    return read_with(file, given, labels, may_exceed=unit == "post", control=None)


def _unfair(given: Tests, unit: str) -> int:
    from audiences.lessons import is_fair

    return int((~is_fair(given.table)).sum()) if unit == "impression" else 0


def _lessons(given: Tests, unit: str, text: str | None, tags: tuple[str, ...]) -> list[Lesson]:
    from audiences.lessons import features_of, lessons, tagged

    found = features_of(given.labels[text] if text else given.table.variants)
    found |= {tag: tagged(given.labels[tag]) for tag in tags}
    return lessons(given.table, found, unit)
