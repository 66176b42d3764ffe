"""One damage to the bytes of a file: each class of them is a function of bytes and luck."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence

from tests.fuzz import hostile

Damage = Callable[[bytes, random.Random], bytes]


# --- any file --------------------------------------------------------------------------------


def some_bytes(raw: bytes, luck: random.Random) -> bytes:
    """Bytes changed, left out, put in or repeated."""
    data = bytearray(raw)
    at = luck.randrange(len(data) + 1)
    match luck.randrange(5):
        case 0:
            data[at : at + luck.randint(1, 40)] = b""
        case 1:
            data[at:at] = luck.choice(hostile.RAW)
        case 2:
            for _ in range(luck.randint(1, 8)):
                data[luck.randrange(len(data))] = luck.randrange(256)
        case 3:
            data[at:at] = data[at : at + luck.randint(1, 3_000)]
        case _:
            data[at:at] = luck.randbytes(luck.randint(1, 400))
    return bytes(data)


def truncation(raw: bytes, luck: random.Random) -> bytes:
    """Cut off at either end, or nothing left."""
    at = luck.randrange(len(raw) + 1)
    return luck.choice([raw[:at], raw[: at // 20], raw[:-1], raw[:-2], raw[at:], b"", b"\n"])


# --- text ------------------------------------------------------------------------------------


def encodings(raw: bytes, luck: random.Random) -> bytes:
    """Written in another encoding, in two at once, or read in the wrong one and saved."""
    text = raw.decode("utf-8", "ignore")
    name = luck.choice(
        ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "utf-7", "utf-8-sig", "cp437",
         "shift_jis", "gb18030", "cp037", "koi8-r"]
    )  # fmt: skip
    whole = text.encode(name, "replace")
    match luck.randrange(5):
        case 0:
            half = len(text) // 2
            return text[:half].encode() + text[half:].encode(name, "replace")
        case 1:
            return raw.decode("cp1252", "replace").encode()
        case 2:
            return whole[: luck.randrange(len(whole) + 1)]
        case _:
            return whole


def headers(raw: bytes, luck: random.Random) -> bytes:
    """Labels changed, lost, doubled or moved; lines above them; more columns than anyone has."""
    lines = raw.splitlines(keepends=True) or [b"\n"]
    at = next((n for n, line in enumerate(lines) if line.strip()), 0)
    mark = _delimiter(lines[at])
    end = lines[at][len(lines[at].rstrip(b"\r\n")) :] or b"\n"
    labels = lines[at].rstrip(b"\r\n").split(mark)
    one = luck.randrange(len(labels))
    match luck.randrange(11):
        case 0:
            labels[one] = luck.choice(
                [b"", b"Date", b"Impressions", b"x", b"Datum", b"#2", b"\xef\xbb\xbf", b'"', b"id"]
            )
        case 1:
            del labels[one]
        case 2:
            labels.insert(luck.randrange(len(labels)), labels[one])
        case 3:
            luck.shuffle(labels)
        case 4:
            labels[one] = labels[one].upper() + luck.choice([b" ", b"\xc2\xa0", b" (EUR)", b" #2"])
        case 5:
            labels += [b"extra %d" % n for n in range(luck.choice([1, 30, 3_000]))]
        case 6:
            return b"".join([b"Report" + end, end, b"a" + mark + b"b" + end] * 3 + lines)
        case 7:
            del lines[at]
            return b"".join(lines)
        case 8:
            lines.insert(luck.randrange(len(lines) + 1), lines[at])
            return b"".join(lines)
        case 9:
            return b"".join([b"filler" + end] * luck.choice([59, 60, 61, 400]) + lines)
        case _:
            luck.shuffle(lines)
            return b"".join(lines[: luck.randint(1, len(lines))])
    lines[at] = mark.join(labels) + end
    return b"".join(lines)


def _delimiter(line: bytes) -> bytes:
    return max((b",", b";", b"\t", b"|"), key=line.count)


def quotes(raw: bytes, luck: random.Random) -> bytes:
    """Quotes put in, left out, escaped in another way, or never closed."""
    marks = [found.start() for found in re.finditer(b'[",;\t\n]', raw)] or [0]
    at = luck.choice(marks)
    match luck.randrange(5):
        case 0:
            return raw[:at] + luck.choice([b'"', b'""', b'"""', b"'", b'\\"']) + raw[at:]
        case 1:
            return raw.replace(b'"', b"", luck.randint(1, 3))
        case 2:
            return raw.replace(b'""', b'\\"')
        case 3:
            return raw.replace(_delimiter(raw), luck.choice([b';"', b",,", b"\t", b"|", b"^"]))
        case _:
            return raw.replace(b"\n", luck.choice([b"\r", b"\r\n", b"\n\n", b"\r\r\n", b" \n"]))


def _value(pattern: bytes, values: tuple[str, ...]) -> Damage:
    def replaced(raw: bytes, luck: random.Random) -> bytes:
        found = [*re.finditer(pattern, raw)]
        for one in sorted(luck.sample(found, min(len(found), luck.randint(1, 4))),
                          key=lambda match: -match.start()):  # fmt: skip
            value = luck.choice(values).encode("utf-8", "surrogatepass")
            raw = raw[: one.start()] + value + raw[one.end() :]
        return raw

    return replaced


_CELL = rb"[^,;\t\r\n\"]+"
_EVERY_DATE = tuple(date for dates in hostile.DATES.values() for date in dates)
numbers = _value(rb"\d+(?:[.,]\d+)*", hostile.NUMBERS)
dates = _value(rb"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}|\w{3} \w{3} \d+ \d{4}", _EVERY_DATE)
formulas = _value(_CELL, hostile.FORMULAS)
controls = _value(rb"(?=\w)", hostile.CONTROLS)
texts = _value(_CELL, hostile.TEXTS)

TEXT: Mapping[str, Damage] = {
    "bytes": some_bytes,
    "truncation": truncation,
    "encodings": encodings,
    "headers": headers,
    "quotes": quotes,
    "numbers": numbers,
    "dates": dates,
    "formulas": formulas,
    "controls": controls,
    "texts": texts,
}


# --- JavaScript of an archive ----------------------------------------------------------------


def scripts(raw: bytes, luck: random.Random) -> bytes:
    """Values of other types, too deep, too long or written as no reader expects."""
    values = [*re.finditer(rb'"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d+|true|false|null', raw)]
    odd = [b"null", b"[]", b"{}", b"-1", b"1e999", b"NaN", b"true", b'"\\ud800"', b'"\\u0000"', b"[" * 3_000,
           b'{"a":' * 3_000, b'"\\x"', b'"' + b"x" * 200_000 + b'"', b"9" * 5_000, b"", b'""',
           json.dumps(luck.choice(_EVERY_DATE)).encode(), json.dumps(luck.choice(hostile.TEXTS)).encode()]  # fmt: skip
    for one in sorted(luck.sample(values, min(len(values), luck.randint(1, 3))),
                      key=lambda match: -match.start()):  # fmt: skip
        raw = raw[: one.start()] + luck.choice(odd) + raw[one.end() :]
    return raw


SCRIPT: Mapping[str, Damage] = {
    "scripts": scripts,
    **{name: TEXT[name] for name in ("bytes", "truncation", "encodings", "controls", "texts")},
    **{name: TEXT[name] for name in ("numbers", "dates")},
}


# --- zips and workbooks ----------------------------------------------------------------------


def part(raw: bytes, luck: random.Random) -> bytes:
    """One part of a zip damaged, and packed again without a fault."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(packed, "w") as new:
        names = old.namelist()
        chosen = luck.choice(names)
        damage = luck.choice([some_bytes, truncation, cells, numbers, controls, texts])
        for name in names:
            content = old.read(name)
            new.writestr(name, damage(content, luck) if name == chosen else content)
    return packed.getvalue()


def cells(raw: bytes, luck: random.Random) -> bytes:
    """The XML of a sheet: cells elsewhere, of another type, with formulas, entities, nonsense."""
    pattern, values = luck.choice(
        [
            (rb'r="[A-Z]+\d+"', [b'r="XFD1048576"', b'r="A0"', b'r="ZZZZ1"', b'r="A1"', b'r="1A"', b""]),
            (rb't="\w+"', [b't="s"', b't="b"', b't="e"', b't="d"', b't="str"', b't="inlineStr"', b""]),
            (rb"<v>[^<]*</v>", [b"<v>-1</v>", b"<v>999999</v>", b"<v/>", b"<v>1e400</v>", b"<v>NaN</v>",
                                b"<f>1+1</f>", b"<f>A1</f><v>3</v>", b"<v>&x;</v>", b"<v>#REF!</v>"]),
            (rb'ref="[^"]+"', [b'ref="A1:XFD1048576"', b'ref=""', b'ref="A1"', b'ref="B9:A1"']),
            (rb'spans="[^"]+"', [b'spans="1:99999999"', b'spans="x"']),
            (rb's="\d+"', [b's="99999"', b's="-1"', b's="1"']),
            (rb"<t[ >]", [b"<t xml:space='preserve'>\x00", b"<t>&#0;", b"<t>&#x1F;n5", b"<t>" + b"x" * 70_000]),
            (rb"\?>", [b'?><!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "' + b"&x;" * 999 + b'">]>']),
        ]
    )  # fmt: skip
    found = [*re.finditer(pattern, raw)]
    for one in sorted(luck.sample(found, min(len(found), luck.randint(1, 5))),
                      key=lambda match: -match.start()):  # fmt: skip
        raw = raw[: one.start()] + luck.choice(values) + raw[one.end() :]
    return raw


def directory(raw: bytes, luck: random.Random) -> bytes:
    """What a zip says of itself: sizes, flags, names, places."""
    data = bytearray(raw)
    marks = [found.start() for found in re.finditer(b"PK(?:\x01\x02|\x03\x04|\x05\x06)", raw)]
    for _ in range(luck.randint(1, 3)):
        at = luck.choice(marks or [0]) + luck.randrange(4, 46)
        if at < len(data):
            data[at] = luck.choice([0, 1, 255, luck.randrange(256)])
    return bytes(data)


def bomb(raw: bytes, luck: random.Random) -> bytes:
    """Little that becomes much: zeros by the dozen of megabytes, in parts or members."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        chosen = luck.choice(names)
        many = luck.choice([8, 60]) << 20
        for name in names:
            content = old.read(name)
            cut = luck.randrange(len(content) + 1)
            filler = luck.choice([b" ", b"\n", b"0", b"<c/>", b'1,"2"\n', b"a"])
            if name == chosen:
                content = content[:cut] + filler * (many // len(filler)) + content[cut:]
            new.writestr(name, content)
    return packed.getvalue()


WORKBOOK: Mapping[str, Damage] = {
    "part": part,
    "bytes": some_bytes,
    "truncation": truncation,
    "directory": directory,
    "bomb": bomb,
}


def zipped(content: bytes, name: str, luck: random.Random) -> bytes:
    """A zip of a file beside what an attacker, a Mac or another archive puts in."""
    name = name.encode(errors="replace").decode()
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as nested:
        nested.writestr(name, content)
    others: list[tuple[str, bytes]] = [
        (f"../{name}", content), (f"/{name}", content), (f"C:\\{name}", content), ("a.zip", inner.getvalue()),
        (f"__MACOSX/._{name}", b"\x00\x05"), (".DS_Store", b"x"), (f"~${name}", content), ("", content),
        (name, content[: len(content) // 2]), (f"a/{name}", content), (f"a\\b\\{name}", content),
        ("x" * 300 + ".csv", content), ("a\x00b.csv", content), ("con.csv", content), (" .csv", content),
        ("direct-messages.js", b"window.YTD.direct_messages.part0 = []"), ("empty.csv", b""), ("d/", b""),
    ]  # fmt: skip
    packed = io.BytesIO()
    how = luck.choice(
        [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
    )
    with zipfile.ZipFile(packed, "w", how) as archive:
        for other, what in [*luck.sample(others, luck.randint(0, 5)), (name, content)]:
            info = zipfile.ZipInfo(other or "-")
            info.compress_type = how
            if luck.random() < 0.05:
                info.external_attr = 0o120777 << 16  # a link
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that a name is there twice is meant
                archive.writestr(info, what)
    raw = packed.getvalue()
    return luck.choice([raw, raw, raw, directory(raw, luck), some_bytes(raw, luck), b"MZ" + raw])


# --- what changes nothing --------------------------------------------------------------------


def retold(
    table: Sequence[Sequence[str]], delimiter: str, luck: random.Random
) -> tuple[bytes, str]:
    """A CSV that says the same in another way, and the way; see `judge` for what must be equal."""
    rows = [[*row] for row in table]
    is_ragged = len({len(row) for row in rows}) > 1
    ways = ["encoding", "line ends", "quoted", "mark"]
    if not is_ragged:
        ways += ["delimiter", "blank lines", "empty column", "labels", "rows"]
    way = luck.choice(ways)
    form: dict[str, object] = {"delimiter": delimiter, "lineterminator": "\n"}
    encoding = "utf-8"
    match way:
        case "encoding":
            encoding = luck.choice(["utf-16", "utf-8-sig", "utf-32", "utf-16-le"])
            if encoding == "utf-16-le":
                rows[0][0] = "\ufeff" + rows[0][0]
        case "line ends":
            form["lineterminator"] = luck.choice(["\r\n", "\r"])
            if any("\n" in cell for row in rows for cell in row):
                form["quoting"] = csv.QUOTE_ALL  # the writer quotes its own ends of lines only
        case "quoted":
            form["quoting"] = csv.QUOTE_ALL
        case "mark":
            rows[0][0] = "\ufeff" + rows[0][0]
        case "delimiter":
            form["delimiter"] = luck.choice(",;\t|")
        case "blank lines":
            for _ in range(3):
                rows.insert(luck.randrange(1, len(rows) + 1), [])
        case "empty column":
            rows = [[*row, ""] for row in rows]
        case "labels":
            rows[0] = [luck.choice([label.upper(), f" {label} ", label]) for label in rows[0]]
        case _:
            body = rows[1:]
            luck.shuffle(body)
            rows[1:] = body
    target = io.StringIO(newline="")
    writer = csv.writer(target, **form)  # type: ignore[arg-type]
    writer.writerows(rows)
    return target.getvalue().encode(encoding), way
