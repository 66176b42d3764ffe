"""What a scheduler of the system is given: a systemd timer, a line for cron, a command for Windows.

Pure: texts from a program and an interval. `campaigns.scheduling.installing` writes them.
"""

from __future__ import annotations

import datetime as dt
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from campaigns.errors import N_, BadDefinition, Message

_HOURS = (1, 2, 3, 4, 6, 8, 12)
_MINUTES = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)


@dataclass(frozen=True)
class Program:
    """What is run: the command with its arguments, from a folder, with some variables.

    ``name`` tells the entries of one store from those of another. Raises `BadDefinition` for what
    no line of such a file can hold.
    """

    name: str
    command: tuple[str, ...]
    folder: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for part in (*self.command, str(self.folder), *self.environment.values()):
            if not part.isprintable():
                reason = Message(N_("a path with a line break in it cannot be scheduled"))
                raise BadDefinition(where=repr(part), reason=reason)


def systemd(program: Program, every: dt.timedelta) -> dict[str, str]:
    """The files of a systemd timer of the user, by name.

    >>> files = systemd(Program("bereik-1a", ("/usr/bin/bereik", "--store", "/srv/50% data")),
    ...                 dt.timedelta(hours=1))
    >>> print(files["bereik-1a.service"].splitlines()[-3])
    ExecStart="/usr/bin/bereik" "--store" "/srv/50%% data"
    """
    lines = ["[Unit]", "Description=bereik: collect, import, keep fit", "", "[Service]",
             "Type=oneshot"]  # fmt: skip
    if program.folder is not None:
        lines.append(f"WorkingDirectory={str(program.folder).replace('%', '%%')}")
    lines += [f"Environment={_quoted(f'{n}={v}')}" for n, v in program.environment.items()]
    command = " ".join(_quoted(part).replace("$", "$$") for part in program.command)
    lines += [f"ExecStart={command}", "SuccessExitStatus=75", "Nice=10"]
    timer = [
        "[Unit]",
        "Description=bereik: when to run",
        "",
        "[Timer]",
        "OnStartupSec=2min",
        "OnActiveSec=1min",
        f"OnUnitActiveSec={int(every.total_seconds())}s",
        "AccuracySec=30s",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    return {
        f"{program.name}.service": "\n".join(lines) + "\n",
        f"{program.name}.timer": "\n".join(timer) + "\n",
    }


def _quoted(text: str) -> str:
    r"""A word as systemd reads it.

    >>> _quoted('a "b" 5%')
    '"a \\"b\\" 5%%"'
    """
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{plain}"'


def mark(program: Program) -> str:
    """What the line of a store ends with, so that it is found again."""
    return f"# {program.name}"


def cron(program: Program, every: dt.timedelta) -> str:
    """The line for cron, which knows whole parts of an hour or day: the next shorter one is taken.

    >>> cron(Program("bereik-1a", ("/usr/bin/bereik", "--store", "/srv/50% data")),
    ...      dt.timedelta(minutes=45))
    "*/30 * * * * /usr/bin/bereik --store '/srv/50\\\\% data' # bereik-1a"
    """
    parts = [f"{name}={shlex.quote(value)}" for name, value in program.environment.items()]
    if program.folder is not None:
        parts = ["cd", shlex.quote(str(program.folder)), "&&", *parts]
    command = " ".join([*parts, shlex.join(program.command)]).replace("%", "\\%")
    return f"{_when(every, program.name)} {command} {mark(program)}"


def _when(every: dt.timedelta, name: str) -> str:
    """The five fields of cron; each store has a minute of its own."""
    minutes = max(1, int(every.total_seconds()) // 60)
    own = sum(name.encode()) % 60
    if minutes < 60:
        step = max(one for one in _MINUTES if one <= minutes)
        return "* * * * *" if step == 1 else f"*/{step} * * * *"
    if minutes < 24 * 60:
        step = max(one for one in _HOURS if one <= minutes // 60)
        return f"{own} * * * *" if step == 1 else f"{own} */{step} * * *"
    return f"{own} 5 * * *"


def windows(program: Program, every: dt.timedelta) -> str:
    r"""The command that gives it to the Task Scheduler of Windows.

    >>> print(windows(Program("bereik-1a", ("C:\\b\\bereik.exe", "--store", "C:\\my data")),
    ...               dt.timedelta(hours=1)))
    schtasks /Create /F /TN bereik-1a /SC MINUTE /MO 60 /TR "C:\b\bereik.exe --store \"C:\my data\""
    """
    minutes = min(1439, max(1, int(every.total_seconds()) // 60))
    inner = subprocess.list2cmdline(program.command)
    given = ["schtasks", "/Create", "/F", "/TN", program.name, "/SC", "MINUTE", "/MO",
             str(minutes), "/TR"]  # fmt: skip
    escaped = inner.replace('"', '\\"')
    return f'{subprocess.list2cmdline(given)} "{escaped}"'
