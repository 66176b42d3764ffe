"""Tables of ads as a warehouse holds them: what the APIs of the platforms said, day by day.

One row per ad, ad group or campaign and day, with the names of the API: ``cost_micros`` (Google)
and ``billed_charge_local_micro`` (X) are millionths, the others units of the currency. An empty
cell is null. A day may be split into rows by placement, network or device; these are added.
LinkedIn's campaign is stored as campaign, its creative as ad; X's line item as group.

A warehouse has other tables too: figures split by country or keyword, of the whole account,
conversions by kind, earlier states of names. They repeat what the tables by unit say, or belong
to no table here: they are recognised and left alone.

Source: tables of connectors that many warehouses use; their descriptions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from campaigns.collectors import Format, Found, Layout, Parsed, Payload, Probe, Recognition, normal
from campaigns.collectors.ad_tables.figures import parse
from campaigns.collectors.ad_tables.others import BY_DAY, SPLIT_BY, WITHOUT_DAY, Other
from campaigns.collectors.ad_tables.tables import DAY, TABLES, Table


def _kind_of(labels: Collection[str]) -> Table | Other | None:
    """The kind of table with these labels."""
    known = set(labels)
    has_day = bool(known & {*DAY, "month"})
    if has_day and not known & SPLIT_BY:
        for table in TABLES:
            if table.needs <= known:
                return table
    return next(
        (other for other in (BY_DAY if has_day else WITHOUT_DAY) if other.is_it(known)), None
    )


def _recognise(name: str, probe: Probe) -> Recognition | None:
    """The table of this name, by the labels in the first row of the first sheet."""
    if not probe.sheets or not probe.sheets[0].head:
        return None
    sheet = probe.sheets[0]
    labels = [normal(cell) for cell in sheet.head[0]]
    kind = _kind_of(labels)
    if kind is None or kind.name != name:
        return None
    format_ = next(known for known in FORMATS if known.name == name)
    layout = format_.layouts[0]
    fields = layout.labels["en"]
    columns: dict[str, int] = {}
    for at, label in enumerate(labels):
        if label in fields:
            columns.setdefault(fields[label], at)
    found = Found(layout, sheet, 0, columns, language=None)
    return Recognition(format_, {layout.name: found}, None, score=20.0 + len(columns))


def _nothing(_payload: Payload) -> Iterator[Parsed]:
    return iter(())


FORMATS = (
    *(
        Format(
            name=table.name,
            platform=table.platform,
            title=table.title,
            layouts=(Layout("rows", {"en": table.labels}, frozenset({"day"})),),
            parse=partial(parse, table),
            recognise=partial(_recognise, table.name),
        )
        for table in TABLES
    ),
    *(
        Format(
            name=other.name,
            platform="other",
            title=other.title,
            layouts=(Layout("rows", {"en": {label: label for label in other.needs}}, other.needs),),
            parse=_nothing,
            recognise=partial(_recognise, other.name),
            nothing=other.why,
        )
        for other in (*BY_DAY, *WITHOUT_DAY)
    ),
)
