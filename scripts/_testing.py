"""Options that the commands about tests share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from campaigns.errors import N_
from campaigns.translations import _

Command = TypeVar("Command", bound=Callable[..., Any])


class Share(click.ParamType[float]):
    """A share as people type it: 10% or 0.1."""

    name = "share"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The share as a fraction."""
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


metric_option = click.option(
    "--metric", required=True, help=N_("The metric that decides: er_impressions, ctr …")
)
method_option = click.option(
    "--method",
    type=click.Choice(["fixed", "sequential", "obf"]),
    default="fixed",
    show_default=True,
    help=N_(
        "fixed: one look at the end; sequential: looking every day is right; obf: "
        "every day until a planned last one."
    ),
)

_COLUMNS = {
    "test": N_("The column that tells tests apart."),
    "variant": N_("The column of the variant."),
    "trials": N_("The column that says of how many: impressions, visitors …"),
    "successes": N_("The column that says how many succeeded: clicks, engagements …"),
}


def columns_of_tests(*, is_required: bool) -> Callable[[Command], Command]:
    """The options that say which column of a file is which."""

    def add(command: Command) -> Command:
        for name, said in reversed(_COLUMNS.items()):
            command = click.option(f"--{name}", required=is_required, metavar="COLUMN", help=said)(
                command
            )
        return command

    return add
