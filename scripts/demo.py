"""``bereik demo``: a made-up organisation's files, their import, and the campaign report."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaigns.errors import N_
from campaigns.translations import _, say
from scripts import Context
from scripts.import_ import STATUSES

if TYPE_CHECKING:
    from campaigns.imports import FileReport
    from campaigns.simulate import Organisation

SEED = 1


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    metavar="DIR",
    help=N_("Where to put the files and the store."),
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=SEED,
    show_default=True,
    help=N_("Another number makes another organisation, in folders of its own."),
)
@click.pass_context
def command(ctx: click.Context, out: Path, seed: int) -> None:
    """Try bereik with a made-up organisation.

    Writes two years of export files of a public agency that does not exist, imports them the
    same way as your own files, and reports its campaigns. The files come in DIR/exports, the data
    in DIR/store; your own store is not touched. A second time changes nothing.

    \b
    Examples:
      bereik demo
      bereik demo --out elsewhere --seed 2
    """
    from campaigns import simulate

    mark = "" if seed == SEED else f"-{seed}"
    exports, context = out / f"exports{mark}", Context(out / f"store{mark}")
    context.say(N_("Making two years of exports of a public agency that does not exist."))
    agency = simulate.organisation(seed)
    files = simulate.write(agency, exports)
    context.say(N_("{n} files are in {folder}"), n=len(files), folder=exports)
    theirs = [path for path in files if path.parent.parent.name == simulate.COLLEAGUES]
    own = [path for path in files if path.suffix != ".toml" and path not in theirs]
    reports = _import(context, own, simulate.ACCOUNT_OPTIONS)
    _define(context, exports / simulate.CAMPAIGNS_FILE)
    _name_groups(context)
    # Of colleagues only posts of campaigns are kept, so the campaigns come first.
    reports += _import(context, theirs, simulate.colleague_options(agency))
    _test(context, agency)
    _report(context)
    _say_next(context, exports)
    ctx.exit(1 if any(report.status == "failed" for report in reports) else 0)


def _import(
    context: Context, paths: list[Path], accounts: Sequence[tuple[str | None, str]]
) -> list[FileReport]:
    """Import the files; say what became of them, and which failed."""
    from campaigns.imports import Options, import_paths

    options = Options(accounts=accounts)
    with click.progressbar(length=len(paths), file=sys.stderr, label=_("Importing")) as bar:
        reports = import_paths(
            context.path, paths, options, lambda done, _total, _path: bar.update(done - bar.pos)
        )
        bar.update(len(paths) - bar.pos)
    counts = Counter[str](report.status for report in reports)
    for status, text in STATUSES.items():
        if counts[status]:
            context.say(N_("{n} files: {status}"), n=counts[status], status=_(text))
    for report in reports:
        if report.error is not None:
            click.echo(say(report.error), err=True)
    return reports


def _define(context: Context, path: Path) -> None:
    """Put the agency's campaigns in the store."""
    from campaigns.definitions import files
    from campaigns.store import Store

    new, changed = files.load(Store.open(context.path), files.read(path), str(path))
    context.say(N_("Campaigns: {new} new, {changed} changed."), new=new, changed=changed)


def _test(context: Context, agency: Organisation) -> None:
    """Put the agency's tests in the store: those by lot, and one that is an observation."""
    from audiences import experiments
    from audiences.experiments import Experiment, Variant
    from campaigns import simulate
    from campaigns.definitions import Rule
    from campaigns.store import Store

    store = Store.open(context.path)
    known = {one.experiment_id for one in store.read(experiments.experiments)}
    carried = agency.variants.groupby(["experiment_id", "variant"]).post_id.apply(list)
    found = []
    for test in simulate.EXPERIMENTS:
        if (test.experiment_id, "a") not in carried.index:
            continue
        variants = []
        for side, said in (("a", test.a), ("b", test.b)):
            rules = tuple(Rule("post", post) for post in carried[test.experiment_id, side])
            message, image = (said if test.kind == kind else None for kind in ("message", "image"))
            variants.append(Variant(said.rstrip(".!"), rules, message, image))
        found.append(
            Experiment(test.name, "ctr", tuple(variants), test.experiment_id, is_by_lot=True)
        )
    tags = tuple(Variant(f"#{tag}", (Rule("hashtag", tag),)) for tag in simulate.OBSERVED)
    found.append(Experiment("Storm of winter", "er_impressions", tags, "storm-of-winter"))
    new = [one for one in found if one.experiment_id not in known]
    for one in new:
        experiments.add(store, one)
    context.say(N_("Tests of message and image: {new} new."), new=len(new))


def _name_groups(context: Context) -> None:
    """Put the agency's target groups in the store, those that are not there yet."""
    from audiences import segments
    from campaigns import simulate
    from campaigns.store import Store

    store = Store.open(context.path)
    known = {one.name for one in store.read(segments.segments)}
    for group in simulate.TARGET_GROUPS:
        if group.name not in known:
            conditions = tuple(segments.Condition(*one) for one in group.conditions)
            segments.add(
                store,
                segments.Segment(
                    group.name,
                    conditions,
                    population_share=group.population_share,
                    population_source=group.population_source,
                ),
            )


def _report(context: Context) -> None:
    """Print what ``bereik report --by campaign`` prints."""
    from scripts import report

    click.echo(err=True)
    report.command.main(["--by", "campaign"], "report", standalone_mode=False, obj=context)


def _say_next(context: Context, exports: Path) -> None:
    """Say what can be tried from here."""
    store = f"bereik --store {shlex.quote(str(context.path))}"
    context.say(N_("\nTry next:"))
    for line in (
        f"{store} report --by media --campaign zwemveilig-2025",
        f"{store} report --by month,platform --metric impressions",
        f"{store} ambassadors report",
        f"{store} segments report",
        f"{store} campaigns unjudged",
        f"{store} experiment analyse",
        f"{store} imports",
    ):
        click.echo(f"  {line}", err=True)
    context.say(
        N_("The files to look at are in {folder}. Your own: bereik import FILE..."), folder=exports
    )
