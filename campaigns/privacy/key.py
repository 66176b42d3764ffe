"""The key of a store's pseudonyms and its life: made, found, shared, changed, lost."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from campaigns.errors import BadKey, NoKey, WrongKey
from campaigns.store import Store

DIGITS = 16
"""Hexadecimal digits of a pseudonym: 64 bits, so that a million people do not collide."""

UNNAMED = "~"
"""How the account of somebody who is not registered begins: what follows is a keyed hash."""

_SHORTEST_KEY = 32


@dataclass(frozen=True)
class Key:
    """The key of a store's pseudonyms and where it came from. Never printed.

    >>> Key(b"x" * 32, "a test")
    Key(source='a test')
    """

    secret: bytes
    source: str

    def __repr__(self) -> str:
        return f"Key(source={self.source!r})"

    @property
    def fingerprint(self) -> str:
        """What a store keeps to recognise its key; the key cannot be found from it.

        >>> Key(b"x" * 32, "a test").fingerprint == Key(b"x" * 32, "elsewhere").fingerprint
        True
        """
        return hmac.new(self.secret, b"bereik fingerprint", hashlib.sha256).hexdigest()[:DIGITS]

    def pseudonym(self, name: str) -> str:
        """The pseudonym of a handle or name, the same as the engine's `pseudonymised`.

        >>> Key(b"x" * 32, "a test").pseudonym("Jan") == Key(b"x" * 32, "").pseudonym("jan")
        True
        """
        return f"@{UNNAMED}{self.hashed(name.lower())[:DIGITS]}"

    def hashed(self, text: str) -> str:
        """The keyed hash of a text (HMAC-SHA-256), in hexadecimal digits."""
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()


def is_unnamed(account: str) -> bool:
    """Whether an account is a pseudonym, which names nobody.

    >>> is_unnamed("~0123456789abcdef"), is_unnamed("gemeente")
    (True, False)
    """
    return account.startswith(UNNAMED)


def key_file(store: Store) -> Path:
    """Where the key of a store lies when neither ``BEREIK_KEY`` nor ``BEREIK_KEY_FILE`` says so.

    Outside the store, so that a copy of the store is not a copy of its key.
    """
    return Path(platformdirs.user_config_dir("bereik")) / "keys" / f"{store.store_id}.key"


def key(store: Store) -> Key:
    """The key of a store, made on first use; raises `NoKey`, `BadKey` or `WrongKey`."""
    found = _given(store)
    if found is None:
        if store.key_fingerprint is not None:
            raise NoKey(path=store.path, source=key_file(store))
        found = _make(key_file(store))
    if store.bind_key(found.fingerprint) != found.fingerprint:
        raise WrongKey(path=store.path, source=found.source)
    return found


def replace(store: Store) -> Key:
    """Give a store another key: the one in the environment, else a new one.

    Nothing can be hashed anew, because the names are not kept: pseudonyms begin afresh, those of
    before stay what they are and join nothing, and who was erased must be erased again.
    """
    is_named = os.environ.get("BEREIK_KEY") or os.environ.get("BEREIK_KEY_FILE")
    if not is_named:
        key_file(store).unlink(missing_ok=True)
    found = (_given(store) if is_named else None) or _make(key_file(store))
    store.bind_key(found.fingerprint, replaces=True)
    return found


def _given(store: Store) -> Key | None:
    if text := os.environ.get("BEREIK_KEY"):
        return _checked(text, "BEREIK_KEY")
    named = os.environ.get("BEREIK_KEY_FILE")
    file = Path(named) if named else key_file(store)
    try:
        return _checked(file.read_text("utf-8"), str(file))
    except FileNotFoundError:
        if named:
            raise NoKey(path=store.path, source=file) from None
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadKey(source=file, reason=type(error).__name__) from None


def _checked(text: str, source: str) -> Key:
    secret = text.strip().encode()
    if len(secret) < _SHORTEST_KEY:
        raise BadKey(source=source, reason=f"< {_SHORTEST_KEY}")
    return Key(secret, source)


def _make(file: Path) -> Key:
    """Make a key file that only its owner can read; of several processes one makes it."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = secrets.token_hex(32)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(secret + "\n")
    try:
        os.link(draft, file)  # unlike replacing, linking never overwrites another's key
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        if not file.exists():
            draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return _checked(file.read_text("utf-8"), str(file))
