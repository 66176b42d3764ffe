"""Words for people: English in the code, Dutch in ``nl.po``, chosen by ``BEREIK_LANGUAGE``.

The English text is the key. A text is looked up when it is shown, never when it is written, so
one process can speak both languages: each thread or request that of its reader (`speaking`).
"""

from __future__ import annotations

import contextlib
import functools
import locale
import os
from collections.abc import Iterator
from contextvars import ContextVar
from importlib import resources

from campaigns.errors import Message, UserError, fill

LANGUAGES = ("nl", "en")

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


@contextlib.contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language in this thread or request, whatever the machine speaks.

    >>> with speaking("nl"):
    ...     language()
    'nl'
    """
    before = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(before)


def language() -> str:
    """The language to speak: that of `speaking`, ``BEREIK_LANGUAGE``, the locale, else English.

    >>> language() in LANGUAGES
    True
    """
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    for wish in (
        os.environ.get("BEREIK_LANGUAGE"),
        os.environ.get("LC_ALL"),
        os.environ.get("LC_MESSAGES"),
        os.environ.get("LANG"),
        locale.getlocale()[0],
    ):
        if wish:
            code = wish.replace("-", "_").partition("_")[0].casefold()
            return "nl" if code in {"nl", "dutch"} else "en"
    return "en"


@functools.cache
def catalogue(code: str) -> dict[str, str]:
    """The translations into a language, by their English text; empty for English.

    >>> catalogue("en")
    {}
    """
    if code == "en":
        return {}
    from babel.messages.pofile import read_po  # only a Dutch reader pays for loading Babel

    text = resources.files(__name__) / f"{code}.po"
    with text.open("rb") as file:
        entries = read_po(file, locale=code)
    return {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string}


def _(text: str, code: str | None = None, /, **values: object) -> str:
    """A text in the user's language with its ``{fields}`` filled.

    >>> _("{rows} rows skipped", "en", rows=2)
    '2 rows skipped'
    """
    return fill(catalogue(code or language()).get(text, text), values)


def say(what: Message | UserError, code: str | None = None) -> str:
    """A message or error in the user's language; messages among its values too.

    >>> say(Message("because {why}", {"why": Message("{n} rows", {"n": 2})}), "en")
    'because 2 rows'
    """
    message = what.message if isinstance(what, UserError) else what
    values = {
        name: say(value, code) if isinstance(value, Message) else value
        for name, value in message.values.items()
    }
    return _(message.text, code, **values)
