"""``bereik test``: thousands of tests in a file, judged in one pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaigns.errors import N_
from campaigns.translations import _, say
from scripts._options import json_option
from scripts._testing import columns_of_tests, method_option

if TYPE_CHECKING:
    from audiences.answers import Answers

_COLUMNS = ("test", "variant", "trials", "successes", "day", "stratum")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@columns_of_tests(is_required=True)
@click.option("--day", metavar="COLUMN", help=N_("The column of the day."))
@click.option(
    "--stratum",
    metavar="COLUMN",
    help=N_("A column of groups within which variants are compared: platform, region …"),
)
@click.option(
    "--unit",
    type=click.Choice(["impression", "post", "ad-day"]),
    required=True,
    help=N_(
        "What was given to a variant by lot: every impression, a post (a row of the "
        "file), or a day of ads."
    ),
)
@click.option(
    "--control",
    default="first",
    show_default=True,
    metavar="VALUE",
    help=N_("The variant to compare with: first is the first in the file."),
)
@click.option(
    "--adjust",
    type=click.Choice(["holm", "bh", "none"]),
    default="holm",
    show_default=True,
    help=N_(
        "For many questions at once: holm within each test, bh over all tests (by e-values where "
        "one looks every day)."
    ),
)
@method_option
@json_option
def command(*, file: Path, as_json: bool, **given: Any) -> None:
    """Judge tests in a file: counts by test and variant, a verdict for each.

    The control must be chosen beforehand: comparing with the best or worst one, seen afterwards,
    finds winners that are none.

    \b
    Examples:
      bereik test a.csv --unit impression --test id --variant kop --trials shown --successes clicks
    """  # fmt: skip
    columns = {name: given[name] for name in _COLUMNS if given[name] is not None}
    _check(given)
    from audiences.analysis import Plan, analyse
    from audiences.answers import Answers
    from audiences.files import read

    control = None if given["control"] == "first" else given["control"]
    rows = read(file, columns, may_exceed=given["unit"] == "post", control=control)
    plan = Plan(unit=given["unit"], method=given["method"], adjust=given["adjust"])
    answers = Answers(analyse(rows, plan))
    if as_json:
        _write(answers)
        return
    _print(answers)


def _check(given: dict[str, Any]) -> None:
    needs_day = given["unit"] == "ad-day" or given["method"] != "fixed"
    if needs_day and given["day"] is None:
        raise click.UsageError(_("Judging by day needs --day COLUMN."))
    if given["unit"] == "post" and given["method"] != "fixed":
        raise click.UsageError(_("Posts are judged once, at the end: --method fixed."))


def _write(answers: Answers) -> None:
    """Write JSON, a test on a line: with thousands of tests indenting takes longer than judging."""
    plan = answers.analysis.plan
    head = json.dumps({"unit": plan.unit, "method": plan.method, "alpha": plan.alpha})
    lines = (json.dumps(_said(answers, n)) for n in range(len(answers.analysis.table.tests)))
    click.echo(f'{head[:-1]}, "tests": [\n' + ",\n".join(lines) + "\n]}")


def _said(answers: Answers, place: int) -> dict[str, Any]:
    found = answers.as_dict(place)
    verdict = found["verdict"]
    remarks = [say(one) for one in verdict["remarks"]]
    return {**found, "verdict": {**verdict, "text": say(verdict["text"]), "remarks": remarks}}


def _print(answers: Answers) -> None:
    for place, name in enumerate(answers.analysis.table.tests):
        click.echo(f"{name}: {say(answers.verdict(place).message)}")
        for remark in answers.remarks(place):
            click.echo(f"- {say(remark)}")
