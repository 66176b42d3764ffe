"""The credentials for the API of X: from the environment or a file, and never shown.

In the environment they are ``BEREIK_X_BEARER_TOKEN``, ``BEREIK_X_CONSUMER_KEY`` and so on; in the
file they stand as TOML, and only its owner may read it:

    bearer_token = "…"
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import platformdirs

from campaigns.errors import N_, BadCredentials, Message, NoCredentials, OpenCredentials
from campaigns.settings import Settings

FIELDS = (
    "bearer_token",
    "consumer_key",
    "consumer_secret",
    "access_token",
    "access_token_secret",
)
PREFIX = "BEREIK_X_"
FILE_VARIABLE = "BEREIK_X_CREDENTIALS"
HIDDEN = "…"

_SHAPE = re.compile(r"[\x21-\x7e]{8,1024}")
_LARGEST = 1 << 16


class Credentials:
    """Secrets that only their users take out; printed, logged or pickled they are not there.

    ``sources`` says of each field that is known where it came from.

    >>> secret = Credentials({"bearer_token": "A" * 20}, {"bearer_token": "a test"})
    >>> secret
    Credentials(bearer_token from a test)
    >>> secret.hide("401 for Bearer " + "A" * 20)
    '401 for Bearer …'
    """

    __slots__ = ("__found", "sources")

    def __init__(self, found: Mapping[str, str], sources: Mapping[str, str]) -> None:
        self.__found = dict(found)
        self.sources = dict(sources)

    @property
    def bearer_token(self) -> str | None:
        """Of the app."""
        return self.__found.get("bearer_token")

    @property
    def consumer_key(self) -> str | None:
        """Of the app (API key)."""
        return self.__found.get("consumer_key")

    @property
    def consumer_secret(self) -> str | None:
        """Of the app (API key secret)."""
        return self.__found.get("consumer_secret")

    @property
    def access_token(self) -> str | None:
        """Of the account that is signed in."""
        return self.__found.get("access_token")

    @property
    def access_token_secret(self) -> str | None:
        """Of the account that is signed in."""
        return self.__found.get("access_token_secret")

    @property
    def is_signed_in(self) -> bool:
        """Whether they are those of an account too, so that its private figures can be read."""
        return set(FIELDS[1:]) <= set(self.__found)

    def hide(self, text: str) -> str:
        """A text of others, such as an error, without any of the secrets."""
        for secret in sorted(self.__found.values(), key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    def __repr__(self) -> str:
        known = ", ".join(f"{name} from {source}" for name, source in self.sources.items())
        return f"Credentials({known})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("credentials are not written down")


def usual_file() -> Path:
    """Where the file is when nothing names another place."""
    return Path(platformdirs.user_config_dir("bereik")) / "x.toml"


def credentials(settings: Settings) -> Credentials:
    """What the environment gives, and of the rest what the file gives.

    The file is the one in ``BEREIK_X_CREDENTIALS``, else in the settings, else in the usual
    place. Raises `NoCredentials` when there is nothing to sign in with, `OpenCredentials` when
    others can read the file, `BadCredentials` when it cannot be used.
    """
    file, is_named = _place(settings)
    found = {name: (text, str(file)) for name, text in _in_file(file, is_named=is_named).items()}
    for name in FIELDS:
        variable = PREFIX + name.upper()
        if text := os.environ.get(variable, "").strip():
            found[name] = (text, variable)
    for name, (text, source) in found.items():
        if not _SHAPE.fullmatch(text):
            reason = Message(N_("{field} has a form that no token has"), {"field": name})
            raise BadCredentials(source=source, reason=reason)
    values = {name: text for name, (text, _source) in found.items()}
    result = Credentials(values, {name: source for name, (_text, source) in found.items()})
    if not result.bearer_token and not result.is_signed_in:
        raise NoCredentials(path=file)
    return result


def _place(settings: Settings) -> tuple[Path, bool]:
    named = os.environ.get(FILE_VARIABLE) or settings.credentials.file
    return (Path(named), True) if named else (usual_file(), False)


def _in_file(file: Path, *, is_named: bool) -> dict[str, str]:
    """The secrets in a file that nobody else can read; none when there is no file."""
    try:
        with file.open("rb") as opened:
            _check_rights(file, os.fstat(opened.fileno()))
            content = opened.read(_LARGEST)
    except FileNotFoundError:
        if is_named:
            raise NoCredentials(path=file) from None
        return {}
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadCredentials(source=file, reason=reason) from None
    return _taken(file, content)


def _check_rights(file: Path, facts: os.stat_result) -> None:
    """Raise `OpenCredentials` when others have rights; Windows keeps rights elsewhere."""
    user = getattr(os, "geteuid", None)
    if user is None:
        return
    if stat.S_IMODE(facts.st_mode) & 0o077 or facts.st_uid not in {user(), 0}:
        raise OpenCredentials(path=file)


def _taken(file: Path, content: bytes) -> dict[str, str]:
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))  # all else in it may be part of a secret
        where = {"line": line[1] if line else "?"}
        reason = Message(N_('line {line} is not NAME = "VALUE"'), where)
        raise BadCredentials(source=file, reason=reason) from None
    for name, value in values.items():
        if name not in FIELDS or not isinstance(value, str):
            known = {"name": name if name in FIELDS else HIDDEN, "known": ", ".join(FIELDS)}
            reason = Message(N_("{name} is none of these with a text: {known}"), known)
            raise BadCredentials(source=file, reason=reason)
    return {name: value.strip() for name, value in values.items() if value.strip()}
