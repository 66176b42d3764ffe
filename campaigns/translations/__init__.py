"""Words for people: English in the code, Dutch in ``nl.po``, chosen by ``BEREIK_LANGUAGE``.

What either says of one thing, where the text speaks of several, stands in ``nl.po`` and ``en.po``
under the name of the field that counts them.

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
    return {} if code == "en" else _read(code)[0]


@functools.cache
def singulars(code: str) -> dict[str, tuple[str, str]]:
    """What texts say instead where a field of theirs is 1: that field, and the text.

    >>> singulars("en")["{days} days"]
    ('days', '{days} day')
    """
    return _read(code)[1]


@functools.cache
def _read(code: str) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    from babel.messages.pofile import read_po  # only who needs it pays for loading Babel

    text = resources.files(__name__) / f"{code}.po"
    with text.open("rb") as file:
        entries = [one for one in read_po(file, locale=code) if one.id and one.string]
    plain = {str(one.id): str(one.string) for one in entries if not one.context}
    ones = {str(one.id): (one.context, str(one.string)) for one in entries if one.context}
    return plain, ones


def _(text: str, code: str | None = None, /, **values: object) -> str:
    """A text in the user's language with its ``{fields}`` filled.

    >>> _("{days} days", "en", days=2), _("{days} days", "nl", days=1)
    ('2 days', '1 dag')
    """
    spoken = code or language()
    if any(str(value) == "1" for value in values.values()):
        name, one = singulars(spoken).get(text, ("", ""))
        if name and str(values.get(name)) == "1":
            return fill(one, values)
    return fill(catalogue(spoken).get(text, text), values)


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
