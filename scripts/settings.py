"""``bereik settings``: what an operator may decide, and what holds now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaigns.errors import N_, CannotWrite, Message
from campaigns.translations import _
from scripts import Context
from scripts._options import json_option
from scripts._tables import print_table

if TYPE_CHECKING:
    from campaigns.settings import Setting


@click.command()
@click.option(
    "--write",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Write a file with all settings, each with its meaning; never over another file."),
)
@json_option
@click.pass_obj
def command(context: Context, file: Path | None, as_json: bool) -> None:
    """Show the settings in force, and write a file to change them in.

    They are read from the file in --settings, else in BEREIK_SETTINGS, else from bereik.toml in
    the current folder. Without a file everything has its default. Secrets are not among them.

    \b
    Examples:
      bereik settings
      bereik settings --write bereik.toml
      bereik --settings /etc/bereik.toml settings --json
    """
    from campaigns.settings import commented, effective

    settings = context.settings
    if file is not None:
        _write(file, commented(settings))
        context.say(N_("Written: {path}"), path=file)
        return
    rows = effective(settings)
    if as_json:
        shown = {f"{one.section}.{one.key}": _plain(one) for one in rows}
        context.write_json({"file": settings.path, "settings": shown})
        return
    where = settings.path or _("no file: all defaults")
    context.say(N_("Settings: {where}"), where=where)
    heads = [N_("setting"), N_("value"), N_("from"), N_("meaning")]
    print_table([_(head) for head in heads], [_row(one) for one in rows])


def _row(one: Setting) -> list[str]:
    source = _("file, default {value}", value=one.default or "–") if one.is_given else _("default")
    return [f"{one.section}.{one.key}", one.value or "–", source, _(one.meaning)]


def _plain(one: Setting) -> dict[str, object]:
    return {
        "value": one.value,
        "default": one.default,
        "source": "file" if one.is_given else "default",
        "meaning": _(one.meaning),
    }


def _write(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        reason = Message(N_("there is a file already"))
        raise CannotWrite(path=file, reason=reason) from None
