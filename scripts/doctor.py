"""``bereik doctor``: is this computer, and is this store, as they should be?"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaigns.errors import N_, Message, NoCredentials, UserError
from campaigns.translations import _, say
from scripts import Context
from scripts._options import json_option
from scripts._shell import version
from scripts._tables import print_table

if TYPE_CHECKING:
    from campaigns.collecting.credentials import Credentials
    from campaigns.store import Snapshot, Store

PACKAGES = ("click", "deltalake", "duckdb", "pandas", "pillow", "pyarrow", "pydantic",
            "python-calamine", "tweepy", "tzdata")  # fmt: skip

Fact = tuple[str, str, object]
"""A fact: its name in JSON, its name for people, and what was found."""


@click.command()
@click.option("--offline", "is_offline", is_flag=True, help=N_("Ask nothing of X."))
@json_option
@click.pass_context
def command(ctx: click.Context, is_offline: bool, as_json: bool) -> None:
    """Say where everything is and what is wrong.

    It looks at the store, its key, its place on the disk and the packages in use; where there are
    credentials for X it asks X what they allow. Keys and other secrets are never shown, so the
    answer can be sent to somebody who helps.

    \b
    Examples:
      bereik doctor
      bereik --store /srv/bereik doctor --json
    """
    context: Context = ctx.obj
    problems: list[Message | UserError] = []
    facts = [
        *_machine(context),
        *_settings(context, problems),
        *_credentials(context, problems, is_offline=is_offline),
        *_disk(context.path, problems),
        *_store(context, problems),
    ]
    if as_json:
        found = {name: value for name, _label, value in facts}
        context.write_json({**found, "problems": [say(problem) for problem in problems]})
    else:
        print_table(["", ""], [[_(label), _shown(context, value)] for _name, label, value in facts])
    for problem in problems:
        context.say(problem)
    ctx.exit(1 if problems else 0)


def _shown(context: Context, value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _(N_("yes")) if value else _(N_("no"))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(context, part)}" for name, part in value.items()) or "–"
    return context.number(value) if isinstance(value, int) else str(value)


def _machine(context: Context) -> Iterator[Fact]:
    yield "bereik", "bereik", version()
    yield "python", "Python", platform.python_version()
    yield "system", N_("system"), f"{platform.system()} {platform.machine()}"
    yield "packages", N_("packages"), {name: _package(name) for name in PACKAGES}
    yield "language", N_("language"), context.language


def _settings(context: Context, problems: list[Message | UserError]) -> Iterator[Fact]:
    """Which settings hold; when they cannot be read the other checks use the defaults."""
    from campaigns.settings import Settings

    try:
        file = context.settings.path
    except UserError as error:
        problems.append(error)
        context.settings, file = Settings(), context.settings_path
    yield "settings", N_("settings"), None if file is None else str(file)


def _credentials(
    context: Context, problems: list[Message | UserError], *, is_offline: bool
) -> Iterator[Fact]:
    """Which credentials for X there are and where they come from; none is no problem."""
    from campaigns.collecting.credentials import credentials

    found, keys = None, None
    try:
        keys = credentials(context.settings)
        found = keys.sources
    except NoCredentials as error:
        if context.settings.credentials.file is not None:
            problems.append(error)
    except UserError as error:
        problems.append(error)
    yield "credentials", N_("credentials for X"), found
    if keys is not None and not is_offline:
        yield from _access(context, keys, problems)


def _access(
    context: Context, keys: Credentials, problems: list[Message | UserError]
) -> Iterator[Fact]:
    """What X says the credentials allow."""
    from campaigns.collecting.checking import check

    found = check(keys, context.settings)
    yield "signed_in", N_("account that is signed in at X"), found.account
    yield "metrics", N_("figures that X allows"), ", ".join(found.metrics) or None
    yield "metrics_missing", N_("figures that X does not allow"), ", ".join(found.missing) or None
    if found.trouble is not None:
        problems.append(found.trouble)


def _package(name: str) -> str | None:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _disk(path: Path, problems: list[Message | UserError]) -> Iterator[Fact]:
    yield "store", N_("store"), str(path.absolute())
    place = next(folder for folder in [path, *path.absolute().parents] if folder.is_dir())
    yield "free", N_("free on the disk (MB)"), shutil.disk_usage(place).free // 1_000_000
    is_writable = _can_write(place)
    yield "is_writable", N_("can be written"), is_writable
    if not is_writable:
        problems.append(Message(N_("{path} cannot be written by this user."), {"path": place}))


def _can_write(folder: Path) -> bool:
    """Whether a file can be made there: the rights alone do not say it, on Windows least of all."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _store(context: Context, problems: list[Message | UserError]) -> Iterator[Fact]:
    from campaigns.privacy import retention

    try:
        store = context.store
    except UserError as error:
        problems.append(error)
        return
    yield "store_id", N_("name of the store"), store.store_id
    yield "timezone", N_("time zone of its days"), store.timezone
    yield from _key(store, problems)
    yield "size", N_("size (kB)"), _size(store.path) // 1000
    try:
        counts, states = store.read(_counts)
    except UserError as error:
        problems.append(error)
        return
    yield "imports", N_("imports"), states
    yield "rows", N_("rows"), counts
    kept = context.settings.retention.kinds()
    late = retention.overdue(store, dt.datetime.now(dt.UTC), kept)
    yield "overdue", N_("past their time"), late
    if late:
        problems.append(
            Message(
                N_("{rows} records are past their time for over a day, so the daily run does not "
                   "come: bereik schedule install. Kept longer on purpose? Say so in the "
                   "settings."),
                {"rows": sum(late.values())},
            )
        )  # fmt: skip


def _key(store: Store, problems: list[Message | UserError]) -> Iterator[Fact]:
    """Where the key is and whether it is the right one; never makes one, never shows it."""
    from campaigns import privacy

    if store.key_fingerprint is None:
        yield "key", N_("key of the pseudonyms"), None
        return
    try:
        source = privacy.key(store).source
    except UserError as error:
        problems.append(error)
        source = None
    yield "key", N_("key of the pseudonyms"), source
    if source and os.environ.get("BEREIK_KEY") is None:
        yield (
            "key_advice",
            N_("to share it"),
            _(
                "let the service account read a copy of this file, and name it in its "
                "BEREIK_KEY_FILE; keep another copy in a safe place"
            ),
        )


def _size(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):  # deleted meanwhile by another process
            total += file.stat().st_size
    return total


def _counts(snapshot: Snapshot) -> tuple[dict[str, int], dict[str, int]]:
    """How many keys each table has, and how many imports are in each state."""
    from campaigns.schema import TABLES

    counts = {
        name: int(snapshot.value(f"SELECT count(*) FROM {name}"))
        for name in TABLES
        if name != "imports"
    }
    states = snapshot.rows("SELECT state, count(*) AS n FROM imports GROUP BY state ORDER BY state")
    return (
        {name: count for name, count in counts.items() if count},
        {row["state"]: int(row["n"]) for row in states},
    )
