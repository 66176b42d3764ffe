"""Pseudonyms of accounts that were registered later: their handles, when a text is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from campaigns.errors import StoreError
from campaigns.privacy.key import DIGITS, UNNAMED, key
from campaigns.store import Store

_PSEUDONYM = re.compile(rf"{UNNAMED}[0-9a-f]{{{DIGITS}}}\b")


def known_names(store: Store) -> dict[str, str]:
    """For each pseudonym of an account that may be named, its handle.

    Colleagues are not among them: a name needs a permission. Empty where the key is not at hand:
    whoever only reads need not have it.
    """
    if store.key_fingerprint is None:
        return {}
    try:
        secret = key(store)
    except StoreError:
        return {}
    rows = store.read(
        lambda snapshot: snapshot.rows(
            "SELECT DISTINCT account_id FROM accounts WHERE is_removed IS NOT TRUE "
            "AND (role IS DISTINCT FROM 'ambassador' OR is_name_permitted)"
        )
    )
    return {secret.pseudonym(row["account_id"])[1:]: str(row["account_id"]) for row in rows}


def joined(text: str, names: Mapping[str, str]) -> str:
    """A text with the handles of those who are known by now; see `known_names`.

    >>> joined("dank @~0123456789abcdef!", {"~0123456789abcdef": "buurgemeente"})
    'dank @buurgemeente!'
    """
    return _PSEUDONYM.sub(lambda found: names.get(found[0], found[0]), text)
