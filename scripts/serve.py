"""``bereik serve``: the dashboard in the browser."""

from __future__ import annotations

import click

from campaigns.errors import N_
from scripts import Context

PORT = 8765


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help=N_("An address of this computer; others are refused."),
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    metavar="N",
    help=N_("The port to listen on."),
)
@click.pass_obj
def command(context: Context, host: str, port: int) -> None:
    """Show reach and cost in the browser.

    Serves the dashboard on this computer, and to nobody else. Stop it with Ctrl+C. The store need
    not exist: files can be dropped on the page Data.

    \b
    Examples:
      bereik serve
      bereik --store demo/store serve --port 9000
    """
    from dashboard.server import serve

    context.name_store()
    serve(
        context.path,
        host,
        port,
        lambda address: context.say(N_("The dashboard is at {address}"), address=address),
    )
