"""``bereik segments``: target groups, how much of them is reached, and by which channel."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from campaigns.errors import N_
from campaigns.reports import wording
from campaigns.schema import CONDITION_KINDS
from campaigns.translations import _, say
from scripts import Context
from scripts._tables import print_table
from scripts.report import ON_PLATFORMS

if TYPE_CHECKING:
    from audiences.segments import Cell, Condition, Group, Report, Segment
    from audiences.segments.found import Found

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def command() -> None:
    """Name target groups, and see whom you reach and whom not.

    A target group is a list of conditions: on people as LinkedIn describes followers (function,
    seniority, sector, region, company size), on where (platform, account), on posts (language,
    hashtag, topic) or on ads (ad_campaign).

    \b
    Examples:
      bereik segments add Techniek --where function:Engineering --share 5% --source "CBS 2024"
      bereik segments report
    """


@command.command()
@click.argument("name")
@click.option(
    "--where",
    "conditions",
    multiple=True,
    required=True,
    metavar="KIND:VALUE",
    help=N_(
        "A condition: function, seniority, sector, region, company_size, platform, account, "
        "language, hashtag, topic or ad_campaign. Of one kind any may hold, of several kinds all "
        "must; * is any text."
    ),
)
@click.option(
    "--share", metavar="SHARE", help=N_("Which part of the population it is, such as 5%.")
)
@click.option("--source", help=N_("Who says so, and of which year."))
@click.option("--description", help=N_("Whom it is about."))
@click.pass_obj
def add(
    context: Context,
    name: str,
    conditions: tuple[str, ...],
    share: str | None,
    source: str | None,
    description: str | None,
) -> None:
    """Add a target group.

    \b
    Examples:
      bereik segments add Techniek --where function:Engineering --share 5% --source "CBS 2024"
      bereik segments add Zwemmers --where topic:zwemmen --where topic:strand
    """  # fmt: skip
    from audiences import segments

    new = segments.checked(
        segments.Segment(
            name,
            tuple(_condition(one) for one in conditions),
            population_share=None if share is None else _fraction(share),
            population_source=source,
            description=description,
        )
    )
    added = segments.add(context.create(), new)
    context.say(N_("Added target group '{name}' ({id})."), name=added.name, id=added.segment_id)


def _condition(text: str) -> Condition:
    from audiences.segments import Condition

    kind, colon, value = text.partition(":")
    kind = kind.strip().replace("-", "_")
    if not colon or kind not in CONDITION_KINDS:
        known = ", ".join(CONDITION_KINDS)
        raise click.UsageError(
            _("'{text}' is not KIND:VALUE; kinds are {known}", text=text, known=known)
        )
    return Condition(kind, value.strip())


def _fraction(text: str) -> float:
    try:
        bare = text.strip().replace(",", ".")
        return float(bare.removesuffix("%")) / (100 if bare.endswith("%") else 1)
    except ValueError:
        raise click.UsageError(_("'{value}' is no share such as 10%", value=text)) from None


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help=N_("As JSON."))
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """List all target groups with their conditions.

    \b
    Example:
      bereik segments list --json
    """
    from audiences import segments

    found = context.store.read(segments.segments)
    if as_json:
        context.write_json({"segments": [_plain(one) for one in found]})
    elif found:
        headers = [_("target group"), _("conditions"), _("share of the population"), _("source")]
        print_table(headers, [
            [one.name, "; ".join(f"{c.kind}:{c.value}" for c in one.conditions),
             _percent(one.population_share), one.population_source or "-"]
            for one in found
        ], frozenset({2}))  # fmt: skip
    else:
        context.say(N_("There are no target groups yet. Begin with: bereik segments add"))


def _plain(one: Segment) -> dict[str, Any]:
    return {
        "segment_id": one.segment_id,
        "name": one.name,
        "conditions": [{"kind": c.kind, "value": c.value} for c in one.conditions],
        "population_share": one.population_share,
        "population_source": one.population_source,
        "description": one.description,
    }


@command.command()
@click.argument("name")
@click.pass_obj
def remove(context: Context, name: str) -> None:
    """Take a target group out; the figures stay.

    \b
    Example:
      bereik segments remove Techniek
    """
    from audiences import segments

    removed = segments.remove(context.store, name)
    context.say(N_("Removed target group '{name}'."), name=removed.name)


# --- report


@command.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--from", "first_day", type=_DAY, metavar="DAY", help=N_("First day."))
@click.option("--to", "last_day", type=_DAY, metavar="DAY", help=N_("Last day, included."))
@ON_PLATFORMS
@click.option("--json", "as_json", is_flag=True, help=N_("As JSON."))
@click.pass_obj
def report(
    context: Context,
    names: tuple[str, ...],
    first_day: dt.datetime | None,
    last_day: dt.datetime | None,
    platforms: tuple[str, ...],
    as_json: bool,
) -> None:
    """Report target groups by channel: share, index, what they were shown, and the mix.

    The index is the group's share of your audience by its share of the population: 100 is alike.
    Groups of fewer than five people are not shown.

    \b
    Examples:
      bereik segments report
      bereik segments report Techniek --from 2026-01-01 --json
    """  # fmt: skip
    from audiences import segments

    first, last = (None if one is None else one.date() for one in (first_day, last_day))
    found = segments.report(context.store, first, last, platforms, names)
    if as_json:
        context.write_json(found.as_dict())
        return
    if not found.groups:
        context.say(N_("There are no target groups yet. Begin with: bereik segments add"))
        return
    _print_cells(found)
    _print_mix(found)
    for note in found.notes:
        context.say(note)


def _print_cells(found: Report) -> None:
    headers = [
        _("target group"), _("channel"), _("followers"), _("share"), _("index"), "", _("posts"),
        _("impressions"), _("interactions"), _("reach"), _("in ads"),
    ]  # fmt: skip
    rows = [_line(one, cell) for one in found.groups for cell in one.cells if cell.is_known]
    if rows:
        print_table(headers, rows, frozenset({2, 3, 4, 6, 7, 8, 9, 10}))
    unknown = [
        one.segment.name
        for one in found.groups
        if one.segment and not any(cell.is_known for cell in one.cells)
    ]
    if unknown:
        click.echo(_("Nothing is known of: {names}.", names=", ".join(unknown)))


def _line(one: Group, cell: Cell) -> list[str]:
    name = one.segment.name if one.segment else ""
    about = "≈ " if cell.is_estimated else ""
    reach = wording.between(cell.reach_lower, cell.reach_upper)
    return [
        name,
        wording.name("platform", cell.platform),
        _("too few") if cell.is_suppressed else _count(cell.people),
        _bounds(cell.share, cell.ci_lower, cell.ci_upper),
        _index(cell),
        _verdict(cell.verdict),
        _count(cell.posts),
        about + _count(cell.impressions) if cell.impressions is not None else "-",
        about + _count(cell.engagements) if cell.engagements is not None else "-",
        about + reach if cell.reach_lower is not None else reach,
        _count(cell.ad_impressions),
    ]


def _verdict(code: str | None) -> str:
    words = {
        "over": N_("over-reached"),
        "under": N_("under-reached"),
        "alike": N_("in proportion"),
        "unclear": N_("not clear"),
    }
    return "" if code is None else _(words[code])


def _count(value: int | None) -> str:
    return "-" if value is None else wording.number(value, 0)


def _percent(value: float | None) -> str:
    return "-" if value is None else wording.percentage(value, 1)


def _bounds(value: float | None, lower: float | None, upper: float | None) -> str:
    if lower is None or upper is None:
        return _percent(value)
    bounds = f"{_percent(lower)} – {_percent(upper)}"
    return bounds if value is None else f"{_percent(value)} ({bounds})"


def _index(cell: Cell) -> str:
    """The index as it is usual: 100 is the share of the population."""
    value, *bounds = (
        None if one is None else wording.number(100 * one, 0)
        for one in (cell.index, cell.index_lower, cell.index_upper)
    )
    if None in bounds:
        return value or "-"
    between = " – ".join(str(one) for one in bounds)
    return between if value is None else f"{value} ({between})"


def _print_mix(found: Report) -> None:
    click.echo()
    rows = []
    for one in (*found.groups, found.whole):
        if len(one.mix.shares) < 2:
            continue
        name = one.segment.name if one.segment else _("all together")
        rows.append([name, _mix(one.mix.shares), _mix(one.mix.before), _mix(one.mix.recent),
                     _changed(one.mix.is_changed)])  # fmt: skip
    headers = [_("target group"), _("channel mix"), _("before"),
               _("last {n} days", n=found.recent_days), ""]  # fmt: skip
    if rows:
        print_table(headers, rows)


def _mix(shares: dict[str, float] | None) -> str:
    if shares is None:
        return "-"
    ordered = sorted(shares.items(), key=lambda one: -one[1])
    return ", ".join(
        f"{wording.name('platform', name)} {wording.percentage(part, 0)}" for name, part in ordered
    )


def _changed(is_changed: bool | None) -> str:
    if is_changed is None:
        return _("too few days to tell")
    return _("changed") if is_changed else _("no change to be seen")


# --- groups in the data


@command.command()
@click.option(
    "--of",
    type=click.Choice(["posts", "accounts", "partners", "persons"]),
    default="posts",
    show_default=True,
    help=N_("Of what groups are sought."),
)
@click.option(
    "--allow-persons",
    is_flag=True,
    help=N_(
        "Switches groups of colleagues on, once that was agreed with them: without names, of at "
        "least 50, by what was shared alone."
    ),
)
@click.option("--json", "as_json", is_flag=True, help=N_("As JSON."))
@click.pass_obj
def find(context: Context, of: str, allow_persons: bool, as_json: bool) -> None:
    """Look for groups that the data show by themselves, or say that there are none.

    Any method finds groups in any data. These are told only when they come back in samples drawn
    anew (overlap at least 0.75), lie further apart than chance puts them, and are large enough.

    \b
    Example:
      bereik segments find --of posts
    """
    from audiences.segments.found import found

    answer = context.store.read(lambda snapshot: found(snapshot, of, is_allowed=allow_persons))
    if as_json:
        context.write_json(answer.as_dict())
        return
    if answer.reason is not None:
        click.echo(say(answer.reason))
    _print_found(answer)
    for one in answer.tried:
        context.say(
            N_("{n} groups: stability {stability}, smallest {smallest}."),
            n=one.number, stability=f"{one.stability:.2f}", smallest=one.smallest,
        )  # fmt: skip


def _print_found(answer: Found) -> None:
    from audiences.segments.found import FEATURES

    if not answer.groups:
        return
    headers = [_("group"), _("size"), _("found again"), *(_(FEATURES[n]) for n in answer.features)]
    print_table(headers, [
        [str(place), wording.number(one.size, 0), f"{one.stability:.2f}",
         *(f"{_few(t.median)} ({_few(t.ci_lower)} – {_few(t.ci_upper)})" for t in one.traits)]
        for place, one in enumerate(answer.groups, 1)
    ], frozenset(range(1, len(headers))))  # fmt: skip


def _few(value: float) -> str:
    """A figure in three digits: rates are small."""
    return wording.number(value, 0) if value >= 100 else f"{value:.3g}"
