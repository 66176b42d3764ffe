"""What the user says about files: their account, role, date order and columns."""

from __future__ import annotations

import datetime as dt
import fnmatch
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

DateOrder = Literal["dmy", "mdy"]
T = TypeVar("T")


@dataclass(frozen=True)
class FileOptions:
    """What was said about one file.

    ``opted_in_on`` is the day on which the colleague whose account it is agreed to take part.
    """

    account: str | None = None
    role: str = "own"
    is_role_stated: bool = False
    opted_in_on: dt.date | None = None
    date_order: DateOrder | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        """The options as text, always the same for the same options.

        >>> FileOptions(account="demo").as_json()
        '{"account": "demo", "date_order": null, "mapping": {}, "role": "own"}'
        """
        return json.dumps(
            {
                "account": self.account,
                "role": self.role,
                "date_order": self.date_order,
                "mapping": dict(self.mapping),
            },
            sort_keys=True,
            ensure_ascii=False,
        )


@dataclass(frozen=True)
class Options:
    """What was said about all files, each for a pattern of file names or (None) for all.

    ``roles`` and ``opt_ins`` go before ``role`` and ``opted_in_on``, which hold for all files.
    Whoever ``needs_account`` rather gets `NoAccount` than figures of an account without a name.

    >>> options = Options(accounts=((None, "demo"), ("*_b.csv", "other")))
    >>> options.of(Path("a.csv")).account, options.of(Path("x/a_b.csv")).account
    ('demo', 'other')
    """

    accounts: Sequence[tuple[str | None, str]] = ()
    role: str | None = None
    opted_in_on: dt.date | None = None
    date_orders: Sequence[tuple[str | None, DateOrder]] = ()
    mappings: Sequence[tuple[str | None, str, str]] = ()
    roles: Sequence[tuple[str | None, str]] = ()
    opt_ins: Sequence[tuple[str | None, dt.date]] = ()
    needs_account: bool = False

    def of(self, path: Path) -> FileOptions:
        """The options that hold for a file: those for its name before those for all."""
        role = _for(path, self.roles) or self.role
        return FileOptions(
            account=_for(path, self.accounts),
            role=role or "own",
            is_role_stated=role is not None,
            opted_in_on=_for(path, self.opt_ins) or self.opted_in_on,
            date_order=_for(path, self.date_orders),
            mapping={label: column for pattern, label, column in self.mappings
                     if pattern is None or matches(path, pattern)},
        )  # fmt: skip


def matches(path: Path, pattern: str) -> bool:
    """Whether a pattern fits the name of a file, the end of its path, or the zip that holds it.

    >>> matches(Path("exports/x/a.csv"), "x/*.csv"), matches(Path("a.csv"), "A.csv")
    (True, True)
    >>> matches(Path("exports/x.zip!/y/a.csv"), "x.zip")
    True
    """
    name, wanted = path.as_posix().casefold(), pattern.replace("\\", "/").casefold()
    archive, inside, _member = name.partition("!/")
    return (
        fnmatch.fnmatchcase(path.name.casefold(), wanted)
        or fnmatch.fnmatchcase(f"/{name}", f"*/{wanted}")
        or bool(inside and fnmatch.fnmatchcase(f"/{archive}", f"*/{wanted}"))
    )


def _for(path: Path, given: Sequence[tuple[str | None, T]]) -> T | None:
    special = [value for pattern, value in given if pattern is not None and matches(path, pattern)]
    general = [value for pattern, value in given if pattern is None]
    return next(iter([*special[-1:], *general[-1:]]), None)
