"""The tables as a Frictionless data package: files, and ``datapackage.json`` that describes them.

See https://specs.frictionlessdata.io (data package, tabular data resource, table schema, CSV
dialect). Column names and values that stand for something are English in every language, so that
programs can rely on them; labels, meanings and remarks are in the user's language.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from campaigns.benchmarks.benchmark import Benchmark
from campaigns.benchmarks.tables import Field, Filled, Table
from campaigns.errors import N_
from campaigns.reports.exports import harmless
from campaigns.translations import _

PACKAGE = "bereik-benchmark"
DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written: for programs, or for a spreadsheet set to Dutch."""

    delimiter: str = ","
    decimal: str = "."
    newline: str = "\n"
    has_mark: bool = False


DIALECTS = {"standard": Dialect(), "nl": Dialect(";", ",", "\r\n", True)}
"""The kinds of CSV: ``nl`` opens by a double click in a Dutch Excel."""


def file_name(table: Table, form: str) -> str:
    """The name of a table's file.

    >>> from campaigns.benchmarks.tables import CAMPAIGNS
    >>> file_name(CAMPAIGNS, "csv")
    'benchmark_campaigns.csv'
    """
    return f"benchmark_{table.name}.{form}"


def as_csv(filled: Filled, dialect: Dialect) -> bytes:
    """A table as CSV in UTF-8; null is empty, days are ISO, numbers never have an exponent."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator=dialect.newline)
    names = [field.name for field in filled.table.fields]
    writer.writerow(names)
    for row in filled.rows:
        writer.writerow([_cell(row[name], dialect) for name in names])
    return text.getvalue().encode("utf-8-sig" if dialect.has_mark else "utf-8")


def _cell(value: object, dialect: Dialect) -> str:
    """A value as it stands in a CSV file.

    >>> _cell(2.9e-05, DIALECTS["nl"]), _cell(True, DIALECTS["nl"]), _cell("=1", DIALECTS["nl"])
    ('0,000029', 'true', "'=1")
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f").replace(".", dialect.decimal)
    return str(harmless(value))


def as_json(filled: Filled, _dialect: Dialect) -> bytes:
    """A table as a JSON array of objects; days are ISO texts."""
    rows = [{name: _plain(value) for name, value in row.items()} for row in filled.rows]
    return (json.dumps(rows, indent=1, ensure_ascii=False) + "\n").encode()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def as_parquet(filled: Filled, _dialect: Dialect) -> bytes:
    """A table as Parquet, with fixed types also where all is null."""
    import pyarrow
    import pyarrow.parquet

    types = {
        "string": pyarrow.string(), "integer": pyarrow.int64(), "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(), "date": pyarrow.date32(),
    }  # fmt: skip
    schema = pyarrow.schema(
        [pyarrow.field(one.name, types[one.kind]) for one in filled.table.fields]
    )
    columns = [
        pyarrow.array([_float(row[one.name], one) for row in filled.rows], types[one.kind])
        for one in filled.table.fields
    ]
    target = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(pyarrow.table(columns, schema=schema), target)
    content: bytes = target.getvalue().to_pybytes()
    return content


def _float(value: object, field: Field) -> object:
    return float(value) if field.kind == "number" and isinstance(value, int) else value


FORMATS: dict[str, Callable[[Filled, Dialect], bytes]] = {
    "csv": as_csv,
    "json": as_json,
    "parquet": as_parquet,
}
"""How tables are written, by the ending of the file."""


# --- the description


def files(
    benchmark: Benchmark, forms: Iterable[str], dialect: Dialect, others: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The files of the package by name, the description last; ``others`` go with them."""
    chosen = [form for form in FORMATS if form in set(forms)]
    made: dict[str, bytes] = {}
    resources = []
    for form in chosen:
        mark = f"_{form}" if len(chosen) > 1 else ""
        for filled in benchmark.tables:
            content = FORMATS[form](filled, dialect)
            made[file_name(filled.table, form)] = content
            resources.append(_resource(filled.table, form, mark, content, dialect))
    resources += [_other(name, content) for name, content in others.items()]
    return {**others, **made, DESCRIPTOR: _json(_descriptor(benchmark, resources))}


def _other(name: str, content: bytes) -> dict[str, Any]:
    """A file that is no table, such as the workbook."""
    stem, _point, form = name.partition(".")
    return {
        "profile": "data-resource",
        "type": "file",
        "name": f"{stem}_{form}",
        "path": name,
        "format": form,
        "mediatype": _MEDIA[form],
        **_sum(content),
    }


def _sum(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}


def _json(data: Mapping[str, object]) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()


def _descriptor(benchmark: Benchmark, resources: list[dict[str, Any]]) -> dict[str, Any]:
    made_on = benchmark.request.made_on
    return {
        "profile": "data-package",
        "name": PACKAGE,
        "title": _(N_("Benchmark of campaigns")),
        "description": _(
            N_("What campaigns reached and cost, how the own posts spread, and published figures "
               "beside them. Read the table notes first; metrics and dictionary say what each "
               "figure means.")
        ),
        **({"created": f"{made_on}T00:00:00Z"} if made_on else {}),
        "resources": resources,
    }  # fmt: skip


_MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _resource(
    table: Table, form: str, mark: str, content: bytes, dialect: Dialect
) -> dict[str, Any]:
    # The reference implementation reads JSON only with an extra, and no empty array; of Parquet
    # it takes nulls in whole numbers for errors. Such files it checks as files, by their sum.
    is_read = form == "csv"
    resource: dict[str, Any] = {
        "profile": "tabular-data-resource" if is_read else "data-resource",
        "type": "table" if is_read else "file",
        "name": f"{table.name}{mark}",
        "title": _(table.title),
        "description": _(table.meaning),
        "path": file_name(table, form),
        "format": form,
        "mediatype": _MEDIA[form],
        **_sum(content),
    }
    if form != "parquet":
        resource["encoding"] = "utf-8"
    if form == "csv":
        resource["dialect"] = {"delimiter": dialect.delimiter, "lineTerminator": dialect.newline}
    resource["schema"] = _schema(table, mark, dialect.decimal if form == "csv" else ".")
    return resource


def _schema(table: Table, mark: str, decimal: str) -> dict[str, Any]:
    """A table's schema: types, meaning, what must be filled, keys and references."""
    schema: dict[str, Any] = {
        "fields": [_described(field, decimal) for field in table.fields],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.links:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": f"{other}{mark}", "fields": [there]}}
            for column, other, there in table.links
        ]
    return schema


def _described(field: Field, decimal: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": field.name,
        "type": field.kind,
        "description": _(field.meaning),
    }
    if field.unit:
        described["unit"] = _(field.unit)
    if field.kind == "number" and decimal != ".":
        described["decimalChar"] = decimal
    constraints: dict[str, Any] = {"required": True} if field.is_required else {}
    if field.known:
        constraints["enum"] = list(field.known)
    return {**described, **({"constraints": constraints} if constraints else {})}
