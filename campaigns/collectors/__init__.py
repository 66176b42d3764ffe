"""Collectors: one file per source; this folder is their registry.

A collector says as data how its files look (`Layout`) and as expressions what their cells mean
(`Parsed`). It never loops over rows, opens no store and knows no other collector:

    recognise   which format is this, in which language, on which row does the header stand?
    read        the cells as text, in the engine (I/O; `campaigns.collectors._sheets` for sheets)
    parse       which cell is which column of which table (pure: returns expressions)

A module of this folder whose name does not begin with ``_`` is a collector when it has
``FORMATS``, a tuple of `Format`. Adding a file is all that adding a collector takes.

Most formats are tables with labels and need no more than data and `parse`. A format of another
kind (JSON, several files that belong together, tables below each other) brings its own
``recognise`` and ``read``; see `Format`.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

from campaigns.errors import N_, Message

# --- what a file looks like ------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """One table of a format: the labels of its columns, and which of them must be there.

    ``labels`` maps a language to {label: field}; labels are compared after `normal`, and the
    label ``"Views #2"`` is the second column labelled ``Views``. ``required`` names the fields
    without which the table is not this one. ``positions`` gives the fields in the order of the
    columns: with it a table of exactly that many columns whose labels are unknown is still
    read, with a note; ``""`` is a column that is not read. ``sheets`` are names of the sheet, as
    further evidence where labels do not decide. An ``optional`` layout may be missing from the
    file.

    What a table must look like, where labels alone prove too little (regular expressions that
    match the whole of a text): ``patterns`` gives a field to labels that hold a value (a period,
    a currency); ``contents`` says how the cells of a field look, the filled ones in a table that
    is read by position, at least half of them elsewhere; ``above``, for a table that is read by
    position, how the first cell of the row above its header looks.
    """

    name: str
    labels: Mapping[str, Mapping[str, str]]
    required: frozenset[str]
    positions: tuple[str, ...] = ()
    sheets: frozenset[str] = frozenset()
    optional: bool = False
    patterns: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)
    above: str = ""


def normal(label: str) -> str:
    """A label as labels are compared: no BOM, no case, single plain spaces.

    >>> normal("\\ufeff Post\\xa0 ID ")
    'post id'
    """
    return _normal(label) if len(label) <= 100 else _normal.__wrapped__(label)


@functools.lru_cache(maxsize=16_384)
def _normal(label: str) -> str:
    return " ".join(label.replace("\ufeff", "").replace("\xa0", " ").split()).casefold()


@dataclass(frozen=True)
class Record:
    """One row: its cells, or the fault for which it cannot be used."""

    cells: tuple[str, ...]
    fault: str | None = None


@dataclass(frozen=True)
class ProbedSheet:
    """The beginning of one sheet (or of a CSV, which has one): up to 60 rows of text."""

    name: str
    index: int
    head: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Probe:
    """What can be known of a file before it is read whole.

    ``container`` is ``csv``, ``xlsx`` or ``xls`` for sheets, ``bundle`` for several files that
    belong together, else the kind of file by content. ``encoding``, ``delimiter`` and ``escape``
    (the quote itself, or a backslash) are those of a CSV. ``opened`` is the reader's own: what
    it need not do again; for a bundle its `Members`.
    """

    path: str
    name: str
    container: str
    sheets: tuple[ProbedSheet, ...]
    size: int
    encoding: str = "utf-8"
    delimiter: str = ","
    escape: str = '"'
    opened: object = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Bundle:
    """Files of a folder or archive that are one source, by their names in it (with ``/``).

    ``root`` is the folder that holds them all, ``""`` for the whole. ``members`` are read, in
    this order; ``side`` are files that came along and are never opened.
    """

    root: str
    members: tuple[str, ...]
    side: tuple[str, ...] = ()


@dataclass(frozen=True)
class Members:
    """The files of a bundle that may be read: their names, and how to open each as bytes."""

    files: Mapping[str, Callable[[], BinaryIO]]
    side: int = 0


@dataclass(frozen=True)
class Found:
    """A layout found in a sheet: where its header stands and which column is which field.

    ``columns`` maps a field to the zero-based position of its column; ``header_row`` is the
    zero-based row of the header; ``by_position`` says that the labels were not known.
    """

    layout: Layout
    sheet: ProbedSheet
    header_row: int
    columns: Mapping[str, int]
    language: str | None
    by_position: bool = False
    unknown_labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recognition:
    """A format recognised in a file, with the evidence. ``score`` orders rival formats."""

    format: Format
    found: Mapping[str, Found]
    language: str | None
    score: float
    notes: tuple[Message, ...] = ()


def own_table(layout: Layout, probe: Probe, preamble: Sequence[tuple[str, ...]] = ()) -> Found:
    """A layout as found in a source that has no labels: every field, in the order of ``en``.

    ``preamble`` is what `parse` should know of the source, as rows above the header.

    >>> layout = Layout("posts", {"en": {"id": "id", "text": "text"}}, frozenset({"id"}))
    >>> own_table(layout, Probe("a.js", "a.js", "js", (), 0)).columns
    {'id': 0, 'text': 1}
    """
    labels = layout.labels["en"]
    sheet = ProbedSheet(probe.name, 0, (*preamble, tuple(labels)))
    columns = {name: at for at, name in enumerate(labels.values())}
    return Found(layout, sheet, header_row=len(preamble), columns=columns, language=None)


# --- what its cells mean ---------------------------------------------------------------------

Kind = Literal["text", "count", "number", "money", "day", "moment"]


@dataclass(frozen=True)
class Cell:
    """The value of a cell: a field of the layout, read as a kind of value.

    ``text``    as it stands, trimmed; empty is null
    ``count``   a whole number: ``1,938`` ``1.938`` ``1938.0`` ``1 938``; null if empty or ``-``
    ``number``  a fraction or score: ``0.0156`` ``59,86%`` ``5.59E-4``; percent becomes a fraction
    ``money``   an amount: ``1.234,56`` ``€ 12`` ``1,234.56``
    ``day``     a day in one of ``formats`` (strptime), or by the date order of the file
    ``moment``  a moment in one of ``formats``; ``zone`` is its time zone when the text has none

    ``pattern`` takes its first group out of the text before it is read as the kind. Values that
    are not empty and cannot be read are counted and reported; they become null, never 0.
    """

    field: str
    kind: Kind
    formats: tuple[str, ...] = ()
    pattern: str = ""
    zone: str = "UTC"


@dataclass(frozen=True)
class Rows:
    """Rows for one table out of the cells of a sheet.

    ``columns`` maps a column of the table to an SQL expression over the names of the cells;
    columns not named are null. ``where`` keeps only some rows: others are not skipped, they
    just have nothing for this table. Literals go in as expressions: ``"'total'"``.
    """

    table: str
    columns: Mapping[str, str]
    where: str = "true"


@dataclass(frozen=True)
class Skip:
    """Rows of the sheet that cannot be used, with the reason that the import report gives."""

    reason: Message
    where: str


def without_figures(cells: Iterable[str]) -> Skip:
    """Rows in which none of these cells has a value, where a table only gets those that do.

    >>> without_figures(["likes", "shares"]).where
    'coalesce(likes, shares) is null'
    """
    return Skip(Message(N_("without a figure")), f"coalesce({', '.join(cells)}) is null")


@dataclass(frozen=True)
class Parsed:
    """What one sheet means: its cells, the rows to skip, and rows for tables.

    ``account`` is an expression for the account that the content names (handle, page); null
    where it does not. ``role`` and ``account_name`` are expressions for what the content says of
    an account that is not registered yet (a competitor is a peer); null: the role that the user
    gives. ``period`` is an expression for the day that a row belongs to, ``stated`` the first and
    last day of the file where it says them. ``from_names`` is what the names of the file and its
    folder said that counts: with another name the same bytes are another import.

    Besides the cells, expressions may use ``row_number`` (1 = the first row below the header),
    and those of columns ``file_first_day`` and ``file_last_day``, the period of the whole file;
    without it rows that need it are skipped. Where a format ``holds_others``,
    ``known_account(handle)`` is the registered account of a handle, in lower case, or of its
    pseudonym; null for anybody else and ``''`` for a colleague who does not take part. An
    account that begins with @ is somebody else's: it is kept as a pseudonym.
    """

    sheet: str
    cells: Mapping[str, Cell]
    rows: Sequence[Rows]
    skip: Sequence[Skip] = ()
    account: str = "null"
    period: str = "null"
    since: str = ""
    notes: Sequence[Message] = ()
    role: str = "null"
    account_name: str = "null"
    stated: tuple[dt.date, dt.date] | None = None
    from_names: str = ""


@dataclass(frozen=True)
class Payload:
    """What `parse` may know: which fields each sheet has, its rows above the header, and names.

    ``fields`` maps a layout's name to the fields found in the file; ``preamble`` to the rows
    above the header. ``account`` and ``role`` are options of the user; ``options`` has others
    (``date_order``) and the name of the ``folder`` or archive that holds the file.
    """

    recognition: Recognition
    fields: Mapping[str, frozenset[str]]
    preamble: Mapping[str, tuple[tuple[str, ...], ...]]
    file_name: str
    account: str | None = None
    role: str = "own"
    options: Mapping[str, str] = field(default_factory=dict)

    def has(self, sheet: str, *names: str) -> bool:
        """Whether the sheet was found with all these fields."""
        return frozenset(names) <= self.fields.get(sheet, frozenset())


@dataclass(frozen=True)
class Format:
    """One export format: how it is recognised and what it means.

    ``title`` names it for people; ``menu`` says where the platform offers it. ``parse`` is pure.
    ``account_in_name`` is a regular expression with the group ``account`` for the file name;
    ``is_statement`` marks lists that the operator writes (costs, campaigns): a later import of
    the same list replaces an earlier one, whatever days it is about. ``date_order`` is the order
    of days and months when the format fixes it. ``is_personal`` marks what a person downloads of
    an own account. ``least`` is how many of its tables a file must have when none of them is
    known by its labels.

    For what is no table with labels: ``recognise`` looks at a probe itself and answers null when
    it is another format; ``read`` gives the rows of each layout that it found, cells in the order
    of ``Found.columns``; ``bundle`` says which names of a folder or archive are one source.

    Files with a name like one of ``never_opened`` (patterns as of a shell, in lower case, of the
    name without its folder) come along with such exports and are nobody's business here:
    messages, contacts. ``nothing`` says why a table that is recognised holds nothing to import.
    ``holds_others`` says that the rows may be of anybody, so that an account which the user gives
    is that of some rows only.
    """

    name: str
    platform: str
    title: str
    layouts: tuple[Layout, ...]
    parse: Callable[[Payload], Iterable[Parsed]]
    menu: str = ""
    account_in_name: str = ""
    is_statement: bool = False
    date_order: Literal["dmy", "mdy"] | None = None
    zone: str = "UTC"
    is_personal: bool = False
    least: int = 1
    recognise: Callable[[Probe], Recognition | None] | None = None
    read: Callable[[Probe, Recognition], Mapping[str, Iterable[Record]]] | None = None
    bundle: Callable[[Sequence[str]], Iterable[Bundle]] | None = None
    never_opened: tuple[str, ...] = ()
    nothing: Message | None = None
    holds_others: bool = False


@functools.cache
def formats() -> tuple[Format, ...]:
    """All formats of all collectors in this folder, in the order of their names.

    >>> len({format.name for format in formats()}) == len(formats())
    True
    """
    found: list[Format] = []
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            loaded = importlib.import_module(f"{__name__}.{module.name}")
            found += getattr(loaded, "FORMATS", ())
    return tuple(sorted(found, key=lambda found_format: found_format.name))
