"""``bereik serve``: the dashboard in the browser."""

from __future__ import annotations

from pathlib import Path

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
@click.option(
    "--images",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help=N_("Where you keep the images of posts: pages show them from there."),
)
@click.pass_obj
def command(context: Context, host: str, port: int, images: Path | None) -> None:
    """Show reach and cost in the browser.

    Serves the dashboard on this computer, and to nobody else. Stop it with Ctrl+C. The store need
    not exist: files can be dropped on the page Data.

    \b
    Examples:
      bereik serve
      bereik --store demo/store serve --port 9000
      bereik serve --images pictures/
    """
    from dashboard.server import serve

    context.name_store()
    serve(
        context.path,
        host,
        port,
        lambda address: context.say(N_("The dashboard is at {address}"), address=address),
        images,
    )
