"""``bereik texts``: what messages say, and with which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from campaigns.errors import N_
from campaigns.translations import _
from scripts import Context
from scripts._options import json_option
from scripts._tables import print_table

if TYPE_CHECKING:
    from audiences.texts.report import Group, Report

_COLUMNS = {"campaign": "campaign", "platform": "platform", "account": "account_id",
            "role": "role", "media": "media_type", "month": "month"}  # fmt: skip
_LANGUAGES = {"nl": N_("Dutch"), "en": N_("English"), "unknown": N_("not known")}
_FEWEST = 5


@click.group()
def command() -> None:
    """Read what messages say: language, words, topics, how they read and sound.

    \b
    Example:
      bereik texts report --by campaign
    """


@command.command()
@click.option(
    "--by",
    type=click.Choice(list(_COLUMNS)),
    default="campaign",
    show_default=True,
    help=N_("What tells the texts apart."),
)
@click.option(
    "--words",
    type=click.IntRange(min=1, max=100),
    default=8,
    show_default=True,
    metavar="N",
    help=N_("How many words of each group."),
)
@json_option
@click.pass_obj
def report(context: Context, by: str, words: int, as_json: bool) -> None:
    """Report language, readability, keywords, topics and tone of the posts.

    Words are those that tell a group from the others; the ones with * are no accident. Tone is
    by a list of words: it knows no irony and no context, so it compares many texts and judges none.
    Posts of colleagues who may not be named, of others, and their replies are not read.

    \b
    Examples:
      bereik texts report
      bereik texts report --by month --json
    """
    from audiences import texts

    found = context.store.read(lambda snapshot: texts.report(snapshot, _COLUMNS[by], most=words))
    if as_json:
        context.write_json(found.as_dict())
        return
    if not found.whole.texts:
        context.say(N_("There are no texts to read yet."))
        return
    _print_groups(context, found, by)
    _print_words(found)
    _print_topics(found)
    _print_results(found)
    _print_searched(context, found)
    if found.left_out:
        context.say(N_("Posts that may not be read: {n}."), n=context.number(found.left_out))


def _print_groups(context: Context, found: Report, by: str) -> None:
    columns = [_(name) for name in _LANGUAGES.values()]
    headers = [_(by), _("texts"), *columns, _("readability"), _("questions"), _("calls to act"),
               _("positive"), _("negative")]  # fmt: skip
    rows = [_line(context, one, _name(one)) for one in found.groups]
    rows.append(_line(context, found.whole, _("all")))
    print_table(headers, rows, frozenset(range(1, len(headers))))


def _name(one: Group) -> str:
    return _("(none)") if one.group is None else str(one.group)


def _line(context: Context, one: Group, name: str) -> list[str]:
    toned = sum(one.tones.values())
    language = max(("nl", "en"), key=lambda spoken: one.languages[spoken])
    ease = one.reading_ease[language]
    return [
        name,
        context.number(one.texts),
        *(_share(one.languages[spoken], one.texts) for spoken in _LANGUAGES),
        "-" if ease is None else f"{ease:.0f}",
        _share(one.questions, one.texts),
        _share(one.calls, one.known),
        _share(one.tones.get("positive", 0), toned),
        _share(one.tones.get("negative", 0), toned),
    ]


def _share(part: int, whole: int) -> str:
    """A share in whole percents; of fewer than five texts none is told."""
    return f"{part / whole:.0%}" if whole >= _FEWEST else "-"


def _print_words(found: Report) -> None:
    for one in found.groups:
        if one.keywords:
            click.echo(f"\n{_name(one)}: {_listed(one.keywords)}")
        if one.collocations:
            pairs = ", ".join(f"{' '.join(pair.words)} ({pair.count})" for pair in one.collocations)
            click.echo(f"  {_('together')}: {pairs}")


def _listed(keywords: list[Any]) -> str:
    return ", ".join(
        f"{one.word}{'*' if one.is_certain else ''} ({one.count}/{one.texts})" for one in keywords
    )


def _print_topics(found: Report) -> None:
    for one in found.topics:
        click.echo()
        language = _(_LANGUAGES[one.language])
        if one.stability is None:
            click.echo(_("{language}: too few texts to look for topics.", language=language))
        elif not one.topics:
            click.echo(_("{language}: no stable topics were found.", language=language))
        else:
            headers = [_("topic") + f" ({language})", _("texts"), _("found again")]
            print_table(headers, [
                [", ".join(topic.words), str(topic.texts), f"{topic.stability:.0%}"]
                for topic in one.topics
            ], frozenset({1, 2}))  # fmt: skip


def _print_results(found: Report) -> None:
    words = [one for one in found.results.get("more", []) if one.is_certain]
    if words:
        click.echo()
        click.echo(
            _("More than usual interactions per impression went with: {words}. It is an idea for "
              "a test, not a cause.", words=_listed(words))
        )  # fmt: skip


def _print_searched(context: Context, found: Report) -> None:
    if not found.searched:
        return
    click.echo()
    headers = [_("word searched for"), _("searches"), _("texts with it"), _("share of texts")]
    print_table(headers, [
        [one.word, context.number(one.searches), context.number(one.texts),
         f"{one.share:.1%} ({one.lower:.1%} – {one.upper:.1%})"]
        for one in found.searched
    ], frozenset({1, 2, 3}))  # fmt: skip
