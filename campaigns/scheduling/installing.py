"""Give what is shown to systemd or cron, and take it away again; nothing else is touched."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import platformdirs

from campaigns.errors import N_, Message, UserError
from campaigns.scheduling import entries
from campaigns.scheduling.entries import Program

Kind = Literal["systemd", "cron"]


class NoScheduler(UserError):
    """Neither systemd nor cron can be used by this user."""

    text = N_(
        "This computer offers no systemd for users and no cron. Keep the schedule running with: "
        "bereik schedule run; on Windows give the Task Scheduler what bereik schedule show prints."
    )


class SchedulerFailed(UserError):
    """The scheduler of the system refused."""

    text = N_("{program} refused: {reason}. Nothing was scheduled; what was there is unchanged.")


def kind_here() -> Kind:
    """What this computer offers. Raises `NoScheduler`."""
    if shutil.which("systemctl") and _asked(["systemctl", "--user", "show-environment"])[0] == 0:
        return "systemd"
    if shutil.which("crontab"):
        return "cron"
    raise NoScheduler


def folder() -> Path:
    """Where systemd looks for the timers of this user."""
    return Path(platformdirs.user_config_dir()) / "systemd" / "user"


def installed(program: Program) -> Kind | None:
    """What was installed for a store and is still there."""
    if (folder() / f"{program.name}.timer").is_file():
        return "systemd"
    if shutil.which("crontab") and any(_is_ours(line, program) for line in _crontab()):
        return "cron"
    return None


def install(program: Program, every: dt.timedelta, kind: Kind) -> bool:
    """Install, in place of what was installed before; False when it was there just like that.

    Raises `SchedulerFailed`.
    """
    if kind == "systemd":
        _remove_cron(program)
        return _install_systemd(entries.systemd(program, every), program)
    _remove_systemd(program)
    before = _crontab()
    kept = [line for line in before if not _is_ours(line, program)]
    wanted = [*kept, entries.cron(program, every)]
    if sorted(wanted) == sorted(before):
        return False
    _write_crontab(wanted)
    return True


def remove(program: Program) -> bool:
    """Take away what was installed; False when there was nothing."""
    was_timer = _remove_systemd(program)
    return _remove_cron(program) or was_timer


def _install_systemd(files: Mapping[str, str], program: Program) -> bool:
    place = folder()
    same = all(_text(place / name) == text for name, text in files.items())
    before = {name: _text(place / name) for name in files}
    place.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (place / name).write_text(text, "utf-8")
    try:
        _done(["systemctl", "--user", "daemon-reload"])
        _done(["systemctl", "--user", "enable", "--now", f"{program.name}.timer"])
    except SchedulerFailed:
        for name, old in before.items():
            (place / name).unlink() if old is None else (place / name).write_text(old, "utf-8")
        raise
    return not same


def _remove_systemd(program: Program) -> bool:
    files = [folder() / f"{program.name}.{end}" for end in ("timer", "service")]
    there = [file for file in files if file.is_file()]
    if not there:
        return False
    _asked(["systemctl", "--user", "disable", "--now", f"{program.name}.timer"])
    for file in there:
        file.unlink()
    _asked(["systemctl", "--user", "daemon-reload"])
    return True


def _remove_cron(program: Program) -> bool:
    if not shutil.which("crontab"):
        return False
    before = _crontab()
    kept = [line for line in before if not _is_ours(line, program)]
    if len(kept) == len(before):
        return False
    _write_crontab(kept)
    return True


def _is_ours(line: str, program: Program) -> bool:
    return line.rstrip().endswith(entries.mark(program))


def _crontab() -> list[str]:
    """The lines that there are. Raises `SchedulerFailed` rather than take an error for none."""
    code, out = _asked(["crontab", "-l"])
    if code and "no crontab" not in out:
        raise SchedulerFailed(program="crontab", reason=out.strip())
    return [] if code else out.splitlines()


def _write_crontab(lines: Sequence[str]) -> None:
    _done(["crontab", "-"], "".join(f"{line}\n" for line in lines))


def _text(file: Path) -> str | None:
    try:
        return file.read_text("utf-8")
    except OSError:
        return None


def _done(command: Sequence[str], given: str | None = None) -> None:
    code, out = _asked(command, given)
    if code:
        reason: object = out.strip() or Message(N_("it ended with {code}"), {"code": code})
        raise SchedulerFailed(program=command[0], reason=reason)


def _asked(command: Sequence[str], given: str | None = None) -> tuple[int, str]:
    """Run a program of the system; its exit code and what it said."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed programs, no shell
            command,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 127, str(error)
    return done.returncode, done.stdout or done.stderr
