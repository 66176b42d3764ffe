"""Whether what somebody changes is still what was looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from campaigns.errors import ChangedMeanwhile

_PROVENANCE = {"import_id", "collected_at"}


def version(record: object) -> str:
    """A short name for what a record says; who said it, and when, does not matter.

    >>> version({"amount": 1, "import_id": "a"}) == version({"import_id": "b", "amount": 1})
    True
    """
    if isinstance(record, Mapping):
        record = sorted((k, v) for k, v in record.items() if k not in _PROVENANCE)
    return hashlib.sha256(repr(record).encode()).hexdigest()[:16]


def check_version(record: object, carried: str | None) -> None:
    """Raise `ChangedMeanwhile` unless the record is the one of which this is the version.

    None is carried by those who do not care.
    """
    if carried is not None and version(record) != carried:
        raise ChangedMeanwhile(record=record)
