"""``bereik report``: what was reached and what it cost, by one or two columns."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaigns.errors import N_
from campaigns.metrics import METRICS
from campaigns.reports import ACCOUNTINGS, COMPARISONS, KEYS, Question, report, wording
from campaigns.reports.ages import at_age
from campaigns.reports.exports import as_csv, as_json, heading, write_parquet, write_xlsx
from campaigns.schema import DELIVERIES
from campaigns.translations import _
from scripts import Context
from scripts._tables import print_table

if TYPE_CHECKING:
    from campaigns.reports import Report

_WIDTH = 14
_HIDDEN = ("post_id", "account_id", "url", "currency")


def _columns(_ctx: click.Context, _param: click.Parameter, given: str | None) -> tuple[str, ...]:
    """One or two known columns, separated by a comma."""
    names = _names(given or "", KEYS)
    if len(names) > 2 or len(set(names)) < len(names):
        raise click.BadParameter(_("Give one or two different columns."))
    return names


def _metrics(
    _ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...]:
    """Known metrics, in order."""
    return tuple(name for text in given for name in _names(text, METRICS))


def _names(given: str, known: Iterable[str]) -> tuple[str, ...]:
    names = tuple(name.strip().casefold() for name in given.split(",") if name.strip())
    for name in names:
        if name not in known:
            raise click.BadParameter(
                _("'{name}' is none of: {known}.", name=name, known=", ".join(known))
            )
    return names


def _rates(
    _ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]
) -> dict[str, float]:
    """What one unit of another currency is worth, by its code."""
    return dict(_rate(text) for text in given)


def _rate(given: str) -> tuple[str, float]:
    code, _sign, number = given.partition("=")
    try:
        rate = float(number.replace(",", ".") if "." not in number else number)
    except ValueError:
        rate = 0.0
    code = code.strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha() and 0 < rate < float("inf")):
        raise click.BadParameter(_("'{value}' is no rate like USD=0.92.", value=given))
    return code, rate


def _currency(_ctx: click.Context, _param: click.Parameter, given: str | None) -> str | None:
    code = given.strip().upper() if given else None
    if code is not None and not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise click.BadParameter(_("'{value}' is no currency like EUR.", value=given))
    return code


def _age(_ctx: click.Context, _param: click.Parameter, given: str | None) -> dt.timedelta | None:
    from campaigns.settings import duration

    try:
        return None if given is None else duration(given)
    except ValueError:
        raise click.BadParameter(_("'{value}' is no age like 6h or 7d.", value=given)) from None


_DAY = click.DateTime(["%Y-%m-%d"])


def _platforms(
    _ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...]:
    """Platforms; which ones there are the report says."""
    names = (name.strip().casefold() for text in given for name in text.split(","))
    return tuple(name for name in names if name)


ON_PLATFORMS = click.option(
    "--platform",
    "platforms",
    callback=_platforms,
    multiple=True,
    metavar="P[,P]",
    help=N_("Only these platforms: x, linkedin, print ...; may be given more than once."),
)
"""Which platforms a report is about."""


@click.command()
@click.option(
    "--by",
    callback=_columns,
    metavar="COLUMN[,COLUMN]",
    help=N_("One or two of: campaign account ambassador platform post day week month media."),
)
@click.option(
    "--metric",
    "metrics",
    callback=_metrics,
    multiple=True,
    metavar="NAME",
    help=N_("A metric; may be given more than once. Without it the usual ones."),
)
@click.option("--from", "first", type=_DAY, metavar="DAY", help=N_("First day, as 2025-01-31."))
@click.option("--to", "last", type=_DAY, metavar="DAY", help=N_("Last day, included."))
@click.option("--campaign", metavar="C", help=N_("Only this campaign."))
@click.option("--account", metavar="A", help=N_("Only this account."))
@click.option("--ambassador", metavar="P", help=N_("Only this team of ambassadors."))
@ON_PLATFORMS
@click.option(
    "--delivery",
    type=click.Choice(DELIVERIES),
    default="total",
    help=N_("Free, advertised, or both (the default)."),
)
@click.option(
    "--accounting",
    type=click.Choice(ACCOUNTINGS),
    default="published",
    help=N_(
        "Posts published in the period with all that they brought (the default), or "
        "what happened in the period."
    ),
)
@click.option(
    "--age",
    callback=_age,
    metavar="AGE",
    help=N_("Posts at the same age, such as 6h or 7d: what each had brought by then."),
)
@click.option(
    "--compare",
    type=click.Choice(COMPARISONS),
    help=N_("Beside it the period before, or the same days a year earlier."),
)
@click.option(
    "--currency", callback=_currency, metavar="CODE", help=N_("The currency to show, with --rate.")
)
@click.option(
    "--rate",
    "rates",
    callback=_rates,
    multiple=True,
    metavar="CODE=NUMBER",
    help=N_("What one unit of another currency is worth in --currency."),
)
@click.option(
    "--universe",
    type=click.IntRange(min=1),
    metavar="PEOPLE",
    help=N_("How many people could be reached at all; nobody more was."),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "xlsx", "parquet"]),
    default="table",
    help=N_("How to write it."),
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=N_("Where to write it, instead of on the screen."),
)
@click.pass_obj
def command(
    context: Context,
    /,
    *,
    first: dt.datetime | None,
    last: dt.datetime | None,
    form: str,
    output: Path | None,
    age: dt.timedelta | None,
    **asked: Any,
) -> None:  # fmt: skip
    """Report what was reached and what it cost.

    A number that is not known is empty, never 0. People are never added: the reach of several
    posts lies between the largest of them and all together.

    \b
    Examples:
      bereik report --by campaign
      bereik report --by campaign,platform --from 2025-01-01 --to 2025-03-31
      bereik report --by media --campaign zomer
      bereik report --by month --metric impressions --metric er_impressions
      bereik report --by campaign --from 2025-01-01 --to 2025-12-31 --compare year
      bereik report --by post --format xlsx --output posts.xlsx
      bereik report --by account --accounting activity --format json
      bereik report --by post --age 7d
      bereik report --by campaign --platform x,linkedin
    """
    if form in {"xlsx", "parquet"} and output is None:
        raise click.UsageError(_("--format {form} needs --output FILE.", form=form))
    question = Question(
        first=first.date() if first else None,
        last=last.date() if last else None,
        **asked,
    )
    question.check()
    found = report(context.store, question) if age is None else at_age(context.store, question, age)
    _write(context, found, form, output)


def _write(context: Context, answer: Report, form: str, output: Path | None) -> None:
    """Write the report to a file or the screen, and say what must be known of it."""
    texts: dict[str, Callable[[Report], str]] = {"csv": as_csv, "json": as_json}
    if form == "xlsx" and output:
        write_xlsx(answer, output)
    elif form == "parquet" and output:
        write_parquet(answer, output)
    elif form == "table":
        _write_text(_table(answer), output)
    else:
        _write_text(texts[form](answer), output)
    if form != "json" or output:
        for note in answer.notes:
            context.say(note)


def _write_text(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8", newline="")


# --- the table on the screen


def _table(answer: Report) -> str:
    """The rows as aligned columns under headings of at most a few words a line."""
    columns = [name for name in answer.columns if _is_shown(answer, name)]
    heads = [
        textwrap.wrap(heading(_joined(answer, name)), _WIDTH, break_long_words=False) or [""]
        for name in columns
    ]
    height = max((len(head) for head in heads), default=0)
    lines = [
        [head[line - height + len(head)] if line >= height - len(head) else "" for head in heads]
        for line in range(height)
    ]
    body = [[_cell(answer, row, name) for name in columns] for row in answer.rows]
    right = frozenset(place for place, name in enumerate(columns) if name not in answer.question.by)
    return _captured(lines, body, right)


def _captured(lines: list[list[str]], body: list[list[str]], right: frozenset[int]) -> str:
    import contextlib
    import io

    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        print_table(lines[0] if lines else [], [*lines[1:], *body], right)
    return text.getvalue()


def _is_shown(answer: Report, name: str) -> bool:
    """Whether a column says something: usual metrics that nothing is known of stay away."""
    is_joined = "reach_lower" in answer.columns and answer.question.compare is None
    if name in _HIDDEN or (name == "reach_upper" and is_joined):
        return False
    if name in {*answer.question.by, "posts"} or answer.question.metrics:
        return True
    names = ("reach_lower", "reach_upper") if name == "reach_lower" else (name,)
    return any(row.get(one) is not None for row in answer.rows for one in names)


def _joined(answer: Report, name: str) -> str:
    """Both bounds of reach share a column, unless there are twice as many to compare."""
    is_joined = "reach_upper" in answer.columns and answer.question.compare is None
    return "reach" if name == "reach_lower" and is_joined else name


def _cell(answer: Report, row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if name in answer.question.by:
        return wording.name(name, value)
    if name == "reach_lower" and "reach_upper" in row and answer.question.compare is None:
        return wording.between(value, row["reach_upper"])
    if value is None:
        return wording.by_kind(name, row) or wording.unknown(name)
    if isinstance(value, str | dt.date):
        return textwrap.shorten(str(value), 40, placeholder=" …")
    mark = "*" if name in row.get("partial", ()) else ""
    return wording.figure(name, value, row.get("currency")) + mark
