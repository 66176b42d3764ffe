"""The command ``bereik`` itself: which commands there are, and what all of them share.

Exit codes: 0 done, 1 the user's or the world's problem, 2 wrong usage, 130 interrupted. Standard
output carries data alone; whatever is said about it goes to standard error.
"""

from __future__ import annotations

import ast
import errno
import importlib
import importlib.util
import json
import os
import pkgutil
import sys
import traceback
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import click.exceptions

from campaigns.errors import N_, Message, UserError
from campaigns.translations import _, language, say
from scripts._help import translated

if TYPE_CHECKING:
    from campaigns.settings import Settings
    from campaigns.store import Store

UNEXPECTED = N_(
    "Something went wrong that bereik did not foresee ({kind}: {reason}). Nothing half-done was "
    "kept. Please report it, with the command you gave and what it says when BEREIK_DEBUG=1 is set."
)
SYSTEM = N_("The computer refused: {reason}. Nothing half-done was kept.")


class Context:
    """What every command gets: the store, the language, and how to speak. Use `click.pass_obj`.

    Making one opens nothing: a command that needs no store never touches one.
    """

    def __init__(self, path: Path, settings_path: Path | None = None) -> None:
        self.path = path
        self.settings_path = settings_path

    @property
    def language(self) -> str:
        """The user's language, ``nl`` or ``en``."""
        return language()

    @cached_property
    def settings(self) -> Settings:
        """The settings in force. Raises `NoSettings`, `BadSettings` and their kin."""
        from campaigns.settings import load

        return load(self.settings_path)

    @cached_property
    def store(self) -> Store:
        """The store, opened; says which one. Raises `NoStore` and its kin; never makes one."""
        from campaigns.store import Store

        store = Store.open(self.path)
        self.name_store()
        return store

    def create(self) -> Store:
        """The store, made when there is none yet. Only for commands that add something."""
        from campaigns.store import Store

        store = Store.create(self.path)
        self.name_store()
        self.__dict__["store"] = store
        return store

    def name_store(self) -> None:
        """Say which store is used."""
        self.say(N_("Store: {path}"), path=self.path)

    def say(self, what: str | Message | UserError, **values: object) -> None:
        """Say something to the user, in the user's language, on standard error."""
        message = Message(what, values) if isinstance(what, str) else what
        click.echo(say(message), err=True)

    def number(self, value: int) -> str:
        """A whole number as people write it: 12,345 or 12.345."""
        return f"{value:,}".replace(",", "." if self.language == "nl" else ",")

    def write_json(self, data: object) -> None:
        """Write data to standard output as JSON; days and moments as ISO text."""
        click.echo(json.dumps(data, indent=2, default=_plain))


def _plain(value: object) -> object:
    """What JSON cannot hold by itself: messages in the user's language, all else as text."""
    return say(value) if isinstance(value, Message | UserError) else str(value)


class Commands(click.Group):
    """The group ``bereik``, whose commands are the files beside this one."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names of all commands, found by looking at the folder."""
        return sorted(_modules())

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, loaded now, in the user's language."""
        module = _modules().get(name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(f"{__package__}.{module}").command
        return translated(command, name)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with one line each, without loading them."""
        rows = [(name, _(_first_line(module))) for name, module in sorted(_modules().items())]
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> int:
        """Run a command and turn every way in which it can end into an exit code."""
        for stream in (sys.stdout, sys.stderr):
            _never_fail_on_characters(stream)
        name = prog_name or "bereik"
        code = self._run(args, name, complete_var, extra) or _flush()
        if standalone_mode:
            sys.exit(code)
        return code

    def _run(
        self, args: Sequence[str] | None, name: str, complete: str | None, extra: dict[str, Any]
    ) -> int:
        try:
            speaking = translated(self, name)
            result = click.Command.main(speaking, args, name, complete, False, **extra)
        except (click.exceptions.Abort, KeyboardInterrupt) as stop:
            click.echo(_("Stopped."), err=True)
            interrupted = isinstance(stop.__cause__ or stop, KeyboardInterrupt)
            return 130 if interrupted else 1
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except UserError as error:
            return _fail(error)
        except OSError as error:
            _let_go()
            return _fail(Message(SYSTEM, {"reason": error}))
        except Exception as error:  # noqa: BLE001 - the last resort: nobody meets a traceback
            return _fail(Message(UNEXPECTED, {"kind": type(error).__name__, "reason": error}))
        return result if type(result) is int else 0


def _fail(what: Message | UserError) -> int:
    if os.environ.get("BEREIK_DEBUG"):
        traceback.print_exc()
    click.echo(say(what), err=True)
    return 1


def _let_go() -> OSError | None:
    """Send out what is kept back, or give it up: Python would complain of it at its exit."""
    try:
        sys.stdout.flush()
    except OSError as error:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return error
    return None


def _flush() -> int:
    """Send out what is still kept back; a reader who left (``| head``) is no error."""
    error = _let_go()
    if error and error.errno not in {errno.EPIPE, errno.EINVAL}:
        return _fail(Message(SYSTEM, {"reason": error}))
    return 0


def _never_fail_on_characters(stream: Any) -> None:
    """Make a stream show what it cannot write as an escape, and speak UTF-8 on Windows."""
    if hasattr(stream, "reconfigure"):
        encoding = "utf-8" if os.name == "nt" else None
        stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _modules() -> dict[str, str]:
    """The module of each command, by the command's name."""
    names = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    return {
        name.removesuffix("_").replace("_", "-"): name for name in names if not name.startswith("_")
    }


def _first_line(module: str) -> str:
    """The first line of a command's help, read from its source: nothing is imported."""
    spec = importlib.util.find_spec(f"{__package__}.{module}")
    source = spec.loader.get_source(spec.name) if spec and spec.loader else None  # type: ignore[attr-defined]
    for node in ast.parse(source or "").body:
        if isinstance(node, ast.FunctionDef) and node.name == "command":
            return (ast.get_docstring(node) or "").partition("\n")[0]
    return ""


# --- the command -----------------------------------------------------------------------------


def version() -> str:
    """The version of bereik, as it was installed."""
    from importlib import metadata  # slow to load, and seldom asked for

    try:
        return metadata.version("bereik")
    except metadata.PackageNotFoundError:
        return "(run from its source)"


def _show_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"bereik {version()}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"max_content_width": 100})
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    envvar="BEREIK_STORE",
    default="bereik-data",
    show_default=True,
    metavar="DIR",
    help=N_("The folder with the data; else the one in BEREIK_STORE."),
)
@click.option(
    "--settings",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("The file with settings; else the one in BEREIK_SETTINGS, else ./bereik.toml."),
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help=N_("Show the version and exit."),
)
@click.pass_context
def main(ctx: click.Context, store: Path, settings: Path | None) -> None:
    """What a campaign reached, what it cost, and what worked for whom.

    \b
    Begin here:
      bereik demo                             try it with a made-up organisation
      bereik import exports/ costs.csv        read the exports of X and LinkedIn, and costs
      bereik campaigns add zomer --hashtag zomer
      bereik report --by campaign             reach and cost per campaign

    Messages are in Dutch or English: BEREIK_LANGUAGE=nl or en, else the language of the computer.
    """
    ctx.obj = Context(store, settings)
