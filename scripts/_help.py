"""Help in the user's language: of our commands, and of click itself.

Commands are written in English. A help text is translated paragraph by paragraph; in a paragraph
that keeps its lines (``\\b``) line by line, and commands given as examples stay as they are.
"""

from __future__ import annotations

import copy
import inspect

import click
import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

from campaigns.translations import _


def translated(command: click.Command, name: str | None = None) -> click.Command:
    """A copy of a command whose help is in the user's language.

    Commands are written in English once and loaded once; the copy is made when one is used.
    """
    twin = copy.copy(command)
    twin.name = name or command.name
    for part in ("help", "short_help", "epilog"):
        setattr(twin, part, translated_help(getattr(command, part)))
    if twin.help and not twin.short_help:
        twin.short_help = twin.help.partition("\n\n")[0]  # whole; click would cut it off
    twin.params = [copy.copy(param) for param in command.params]
    for param in twin.params:
        for part in ("help", "prompt"):
            if text := getattr(param, part, None):
                setattr(param, part, _(text))
    if isinstance(twin, click.Group):
        twin.commands = {name: translated(sub, name) for name, sub in twin.commands.items()}
    return twin


def translated_help(text: str | None) -> str | None:
    """A help text in the user's language; examples stay as they are."""
    if not text:
        return text
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(_translated_paragraph(paragraph) for paragraph in paragraphs)


def _translated_paragraph(paragraph: str) -> str:
    if not paragraph.startswith("\b"):
        return _(" ".join(paragraph.split()))
    lines = paragraph.splitlines()
    return "\n".join(
        line.replace(words, _(words)) if (words := _words(line)) else line for line in lines
    )


def _words(line: str) -> str:
    """What is to be translated of a line that keeps its place: of a command what follows it."""
    words = line.strip(" \b")
    if words.startswith(("bereik ", "BEREIK_")):
        return words.partition("  ")[2].strip()
    return "" if words.startswith("[") or " = " in words else words  # a file's content


def help_texts(text: str) -> list[str]:
    """The texts to translate of a help text, as `translated_help` looks them up.

    >>> help_texts("Do a thing\\n\\n\\b\\nExamples:\\n  bereik thing")
    ['Do a thing', 'Examples:']
    """
    found: list[str] = []
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith("\b"):
            found += [words for line in paragraph.splitlines() if (words := _words(line))]
        else:
            found.append(" ".join(paragraph.split()))
    return found


def _plural(one: str, many: str, count: int) -> str:
    return _(one if count == 1 else many)


# Click asks gettext for its own words, and gettext wants a compiled catalogue in a folder of the
# system. Ours is read at run time, so click's modules get our lookup; else they speak English.
for _module in (
    click.core,
    click.decorators,
    click.exceptions,
    click.formatting,
    click.parser,
    click.termui,
    click.types,
):
    for _name, _lookup in (("_", _), ("ngettext", _plural)):
        if hasattr(_module, _name):
            setattr(_module, _name, _lookup)
