"""``bereik privacy``: what is held of people, how long, and the key of the pseudonyms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from campaigns.errors import N_, Message
from campaigns.translations import _
from scripts import Context
from scripts._options import json_option
from scripts._tables import print_table


@click.group()
def command() -> None:
    """What is held of people, why and how long; and the key of the pseudonyms.

    \b
    Examples:
      bereik privacy report > verwerking.md       the record of processing
      bereik privacy access @sanne_de_vries       what is held of one person
      bereik privacy retention --apply            destroy what is past its time
      bereik privacy key                          where the key is, and how to share it
    """


@command.command()
@json_option
@click.pass_obj
def report(context: Context, as_json: bool) -> None:
    """Write the record of processing: what is held, why, how long, and what was destroyed.

    It names no person. Without --json it is a text in Markdown.

    \b
    Example:
      bereik privacy report > verwerking.md
    """
    from campaigns.privacy import record

    found = record.report(context.store, context.settings.retention.model_dump())
    if as_json:
        context.write_json(found)
    else:
        click.echo("\n".join(_markdown(context, found)))


def _markdown(context: Context, found: Mapping[str, Any]) -> Iterator[str]:
    yield "# " + _("Record of processing")
    yield ""
    heads = [N_("what is held"), N_("why"), N_("kept"), N_("records")]
    yield from _lines(
        [_(head) for head in heads],
        [
            [one["what"], one["why"], _kept(one["days"]), context.number(one["records"])]
            for one in found["held"]
        ],
    )
    yield ""
    yield "## " + _("What was destroyed")
    yield ""
    heads = [N_("day"), N_("kind"), N_("reason"), N_("rows")]
    yield from _lines(
        [_(head) for head in heads],
        [
            [one["destroyed_on"].isoformat(), one["kind"], one["reason"],
             context.number(sum(one["rows"].values()))]
            for one in found["destroyed"]
        ],
    )  # fmt: skip


def _kept(days: int | None) -> str:
    if days is None:
        return _("as long as the store")
    return _("{days} days", days=days)


def _lines(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


@command.command()
@click.argument("person")
@click.option(
    "--name",
    "names",
    multiple=True,
    help=N_("Another name or handle of this person; as often as needed."),
)
@click.pass_obj
def access(context: Context, person: str, names: tuple[str, ...]) -> None:
    """Write all that is held of one person, as JSON: for that person alone.

    PERSON is a handle or a name.

    \b
    Example:
      bereik privacy access "Sanne de Vries" > inzage.json
    """
    from campaigns import privacy
    from campaigns.privacy import record

    context.write_json(record.access(context.store, privacy.find(context.store, person, names)))


def _days(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> dict[str, int]:
    """Take ``KIND=DAYS`` apart."""
    from campaigns.privacy import retention

    known = retention.periods()
    found = {}
    for value in values:
        kind, _equals, days = value.partition("=")
        if kind not in known or not days.isdigit():
            message = _(
                "'{value}' is not KIND=DAYS; kinds: {known}", value=value, known=", ".join(known)
            )
            raise click.BadParameter(message)
        found[kind] = int(days)
    return found


@command.command("retention")
@click.option("--apply", "is_applied", is_flag=True, help=N_("Destroy it; else it is only shown."))
@click.option(
    "--keep",
    "given",
    multiple=True,
    callback=_days,
    metavar="KIND=DAYS",
    help=N_("How long a kind of data is kept, instead of the time in the settings."),
)
@json_option
@click.pass_obj
def retention_(context: Context, is_applied: bool, given: dict[str, int], as_json: bool) -> None:
    """Show what is past its time, and destroy it with --apply.

    The destruction is logged without naming anybody and cannot be undone. Have it run every day.

    \b
    Examples:
      bereik privacy retention
      bereik privacy retention --apply --keep others_posts=30
    """
    from campaigns.privacy import retention

    store, today = context.store, dt.datetime.now(dt.UTC).date()
    kept = context.settings.retention
    days = {**retention.periods({**kept.kinds(), **given}), "raw_answers": kept.raw_answers}
    found = (retention.apply if is_applied else retention.due)(store, today, days)
    held = store.purge() if is_applied else 0
    if as_json:
        kinds = {name: {"days": days.get(name, 0), "rows": rows} for name, rows in found.items()}
        context.write_json({"is_applied": is_applied, "kinds": kinds})
    else:
        rows = [
            [name, str(days.get(name, 0)), context.number(sum(counts.values()))]
            for name, counts in found.items()
        ]
        heads = [N_("kind"), N_("days"), N_("rows past their time")]
        print_table([_(head) for head in heads], rows, frozenset({1, 2}))
    if is_applied:
        context.say(N_("What was past its time is destroyed."))
    if held:
        context.say(
            N_("{held} old files are still open in another program: close it and try again."),
            held=held,
        )


@command.command("key")
@click.option(
    "--replace", "is_replaced", is_flag=True, help=N_("Make another key, when this one is lost.")
)
@click.option("--yes", is_flag=True, help=N_("Do not ask first."))
@click.pass_obj
def key_(context: Context, is_replaced: bool, yes: bool) -> None:
    """Say where the key of the pseudonyms is, and how to share it. The key is never shown.

    With --replace the store gets another key: the one in BEREIK_KEY or BEREIK_KEY_FILE, else a
    new one. Names are not kept, so nothing can be hashed anew: pseudonyms begin afresh, those of
    before join nothing any more, and who was erased before must be erased again.

    \b
    Examples:
      bereik privacy key
      bereik privacy key --replace
    """
    from campaigns import privacy

    store = context.store
    if is_replaced:
        if not yes:
            click.confirm(_(REPLACING), abort=True, err=True)
        privacy.replace(store)
    elif store.key_fingerprint is None:
        context.say(N_("This store has no key yet: it is made at the first import."))
        return
    found = privacy.key(store)
    click.echo(found.source)
    context.say(Message(SHARING))


REPLACING = N_(
    "Pseudonyms begin afresh, and erased persons must be erased again. Give the store another key?"
)
SHARING = N_(
    "Who has this key can recognise the people behind pseudonyms. Let the service account read a "
    "copy and name it in its BEREIK_KEY_FILE; keep another copy in a safe place, apart from the "
    "store and its backups. Without the key nothing can be imported; reports still work."
)
