"""The kinds of values that settings have: how each is read, written, and what it must be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field

from campaigns.errors import N_

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_DURATION = re.compile(r"(?:(\d{1,5})d)?\s*(?:(\d{1,5})h)?\s*(?:(\d{1,5})m)?\s*(?:(\d{1,5})s)?")
_HANDLE = re.compile(r"\w{1,50}")


@dataclass(frozen=True)
class Takes:
    """What a value must be, in words for an error."""

    words: str


def duration(given: object) -> dt.timedelta:
    """A time as people write it. Raises `ValueError` for anything else, and for none at all.

    >>> duration("29d18h"), duration("90m")
    (datetime.timedelta(days=29, seconds=64800), datetime.timedelta(seconds=5400))
    """
    if isinstance(given, dt.timedelta):
        return given
    found = _DURATION.fullmatch(given.strip()) if isinstance(given, str) else None
    if found is None or not any(found.groups()):
        raise ValueError(given)
    parts = zip(_UNITS.values(), found.groups(), strict=True)
    whole = dt.timedelta(**{unit: int(number or 0) for unit, number in parts})
    if not whole:
        raise ValueError(given)
    return whole


def _clock(given: object) -> dt.time:
    if isinstance(given, dt.time):
        return given
    if not isinstance(given, str):
        raise ValueError(given)
    return dt.datetime.strptime(given, "%H:%M").time()  # noqa: DTZ007 - a time of day


def _handle(given: object) -> str:
    name = given.strip().removeprefix("@").lower() if isinstance(given, str) else ""
    if not _HANDLE.fullmatch(name):
        raise ValueError(given)
    return name


def _text(given: object) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError(given)
    return given.strip()


def _path(given: object) -> Path:
    return given if isinstance(given, Path) else Path(_text(given))


def _server(given: object) -> str:
    parts = urlsplit(_text(given))
    is_near = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not parts.hostname or parts.scheme not in ({"http", "https"} if is_near else {"https"}):
        raise ValueError(given)
    return _text(given).rstrip("/")


def _number(given: object) -> object:
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        raise ValueError(given)
    return given


def _switch(given: object) -> bool:
    if not isinstance(given, bool):
        raise ValueError(given)
    return given


_A_TEXT = N_("a text between quotes")

Duration = Annotated[
    dt.timedelta,
    BeforeValidator(duration),
    Takes(N_('a time such as "30m", "6h", "7d" or "7d12h"')),
]
Clock = Annotated[dt.time, BeforeValidator(_clock), Takes(N_('a time of day such as "03:30"'))]
Handle = Annotated[
    str, BeforeValidator(_handle), Takes(N_("the name of an account between quotes, as after @"))
]
Text = Annotated[str, BeforeValidator(_text), Takes(_A_TEXT)]
File = Annotated[Path, BeforeValidator(_path), Takes(_A_TEXT)]
Server = Annotated[str, BeforeValidator(_server), Takes(N_("an address that begins with https://"))]
Amount = Annotated[
    Decimal, BeforeValidator(_number), Field(ge=0, le=10**9), Takes(N_("an amount such as 5.00"))
]
Count = Annotated[
    int,
    BeforeValidator(_number),
    Field(ge=1, le=100_000),
    Takes(N_("a whole number of 1 or more, without quotes")),
]
Switch = Annotated[bool, BeforeValidator(_switch), Takes(N_("true or false"))]
Currency = Annotated[
    str, Field(pattern=r"[A-Z]{3}$", max_length=3), Takes(N_('a currency such as "EUR"'))
]


def toml(value: Any) -> str:
    """A value as it is written in the file.

    >>> toml((duration("1h"), duration("90m"))), toml(dt.time(3, 30)), toml(Decimal("0.005"))
    ('["1h", "1h30m"]', '"03:30"', '0.005')
    """
    match value:
        case bool():
            return str(value).lower()
        case int() | Decimal():
            return str(value)
        case dt.timedelta():
            return f'"{_written(value)}"'
        case dt.time():
            return f'"{value:%H:%M}"'
        case str() | Path():
            return _quoted(str(value))
        case Sequence():
            return f"[{', '.join(map(toml, value))}]"
        case _:
            raise TypeError(f"no setting is a {type(value).__name__}")


def _written(value: dt.timedelta) -> str:
    rest, text = int(value.total_seconds()), ""
    for letter, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        number, rest = divmod(rest, size)
        text += f"{number}{letter}" if number else ""
    return text


def _quoted(text: str) -> str:
    r"""A text as TOML has it.

    >>> _quoted('C:\\exports "nieuw"')
    '"C:\\\\exports \\"nieuw\\""'
    """
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in plain) + '"'
