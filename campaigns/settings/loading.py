"""Find the file with the settings, read it, and say what is wrong in it."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from campaigns.errors import N_, BadSetting, BadSettings, Message, NoSettings, UnknownSetting
from campaigns.settings.sections import Section, Settings
from campaigns.settings.values import Takes, toml
from campaigns.translations import _

NAME = "bereik.toml"
VARIABLE = "BEREIK_SETTINGS"
_LARGEST = 1 << 20
EMPTY = '""'


def find(given: Path | None = None) -> Path | None:
    """The file that is given, else in ``BEREIK_SETTINGS``, else ``bereik.toml`` here, if any."""
    if given is not None:
        return given
    if named := os.environ.get(VARIABLE):
        return Path(named)
    usual = Path(NAME)
    return usual if usual.is_file() else None


def load(given: Path | None = None) -> Settings:
    """The settings in force. Raises `NoSettings`, `BadSettings`, `UnknownSetting`, `BadSetting`.

    Relative paths in the file are meant from the folder of the file.
    """
    path = find(given)
    if path is None:
        return Settings()
    values = _read(path)
    _refuse_unknown(path, values)
    try:
        found = Settings.model_validate(values)
    except ValidationError as error:
        raise _told(path, error) from None
    found = _from_its_folder(found, path.absolute().parent)
    found._path = path.absolute()
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise BadSettings(path=path, reason=Message(N_("it is too large to be that file")))
        text = path.read_text("utf-8-sig")
        return tomllib.loads(text, parse_float=Decimal)
    except FileNotFoundError:
        raise NoSettings(path=path) from None
    except UnicodeDecodeError:
        raise BadSettings(path=path, reason=Message(N_("it is not written in UTF-8"))) from None
    except (OSError, tomllib.TOMLDecodeError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadSettings(path=path, reason=reason) from None


def _refuse_unknown(path: Path, values: Mapping[str, object]) -> None:
    """Raise `UnknownSetting` for the first key that is none, with the key it comes nearest to."""
    sections = Settings.model_fields
    known = {name: section for name in sections if (section := _section(name))}
    everywhere = [f"{name}.{key}" for name, one in known.items() for key in one.model_fields]
    for name, inside in values.items():
        if name not in known:
            raise _unknown(path, name, [*known, *everywhere])
        for key in inside if isinstance(inside, Mapping) else ():
            if key not in known[name].model_fields:
                raise _unknown(path, f"{name}.{key}", everywhere)


def _unknown(path: Path, given: str, known: list[str]) -> UnknownSetting:
    by_last = {one.rpartition(".")[2]: one for one in known}
    last = given.rpartition(".")[2]
    exact = [by_last[last]] if last in by_last else []
    alike = [by_last[name] for name in difflib.get_close_matches(last, by_last, 1)]
    near = exact or difflib.get_close_matches(given, known, 1) or alike
    return UnknownSetting(path=path, key=given, nearest=near[0] if near else "bereik settings")


def _section(name: str) -> type[Section] | None:
    kind = Settings.model_fields[name].annotation
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


def _told(path: Path, error: ValidationError) -> BadSetting:
    """The first thing that is wrong, as an error that names file, key, value and remedy."""
    first = error.errors()[0]
    names = [str(part) for part in first["loc"] if isinstance(part, str)]
    section = _section(names[0])
    if section is None or len(names) < 2:
        words: object = Message(
            N_("a section with keys, under a line [{name}]"), {"name": names[0]}
        )
        return BadSetting(path=path, key=names[0], given=first["input"], wanted=words)
    wanted = _wanted(section.model_fields[names[1]])
    return BadSetting(path=path, key=".".join(names[:2]), given=first["input"], wanted=wanted)


def _wanted(field: FieldInfo) -> Message:
    words = next(_takes(field), None)
    if words is not None:
        is_list = str(field.annotation).startswith("tuple")
        text = N_("a list, each {kind}") if is_list else "{kind}"
        return Message(text, {"kind": Message(words)})
    return Message(N_("a list of some of: {known}"), {"known": ", ".join(field.default)})


def _takes(field: FieldInfo) -> Iterator[str]:
    """What values must be, of the field itself or of the items of a list."""
    found = [*field.metadata, *getattr(field.annotation, "__args__", ())]
    for one in found:
        for part in (one, *getattr(one, "__metadata__", ())):
            if isinstance(part, Takes):
                yield part.words


def _from_its_folder(settings: Settings, folder: Path) -> Settings:
    def placed(path: Path) -> Path:
        return folder / path.expanduser()

    changes: dict[str, Section] = {}
    if settings.watch.folders:
        folders = tuple(map(placed, settings.watch.folders))
        changes["watch"] = settings.watch.model_copy(update={"folders": folders})
    if settings.credentials.file is not None:
        file = placed(settings.credentials.file)
        changes["credentials"] = settings.credentials.model_copy(update={"file": file})
    return settings.model_copy(update=changes)


# --- shown -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """One setting in force: ``value`` and ``default`` as the file writes them, null when empty."""

    section: str
    key: str
    value: str | None
    default: str | None
    is_given: bool
    meaning: str


def effective(settings: Settings) -> list[Setting]:
    """Every setting in the order of the file, with its default and whether the file gives it."""
    found = []
    for name in Settings.model_fields:
        section: Section = getattr(settings, name)
        default: Section = type(section)()
        for key, field in type(section).model_fields.items():
            value, usual = (_shown(getattr(one, key)) for one in (section, default))
            is_given = key in section.model_fields_set and name in settings.model_fields_set
            found.append(Setting(name, key, value, usual, is_given, field.description or ""))
    return found


def _shown(value: object) -> str | None:
    return None if value is None else toml(value)


def commented(settings: Settings) -> str:
    """A file with every setting and its meaning; what is the default stands behind a ``#``.

    >>> print(commented(Settings()).partition("[budget]")[2].split("[")[0].strip())
    # at most so much on one day (UTC)
    # per_day = 5.00
    <BLANKLINE>
    # at most so much in one calendar month
    # per_month = 50.00
    <BLANKLINE>
    # For how many days data are kept
    """
    lines = ["# " + _(N_("Settings of bereik. A line behind # shows the default."))]
    section = ""
    for one in effective(settings):
        if one.section != section:
            section = one.section
            title = Settings.model_fields[section].description or ""
            lines += ["", "# " + _(title), f"[{section}]"]
        else:
            lines.append("")
        lines.append("# " + _(one.meaning))
        mark = "" if one.is_given else "# "
        lines.append(f"{mark}{one.key} = {one.value or EMPTY}")
    return "\n".join(lines) + "\n"
