"""Folders and zips as marketers have them: what is imported, what is left alone, what is refused."""

import os
import shutil
import stat
import struct
import sys
import zipfile
from pathlib import Path

import pytest

from campaigns.imports import Options, archives, import_paths
from campaigns.store import Store

DATA = Path(__file__).parents[2] / "data"
CONTENT = DATA / "x_posts_export" / "account_analytics_content_2025-11-02_2025-11-09.csv"
OTHER = DATA / "x_posts_export" / "account_analytics_content_2025-12-01_2025-12-31.csv"
ARCHIVE = DATA / "x_archive" / "dijkwacht"


def imported(folder, *paths, **options):
    """The reports by path below the folder, and how many posts the store has then."""
    reports = import_paths(folder / "store", paths, Options(role="own", **options))
    by_path = {report.path.relative_to(folder).as_posix(): report for report in reports}
    assert len(by_path) == len(reports)
    return by_path


def statuses(by_path):
    return {name: report.status for name, report in by_path.items()}


def posts(folder):
    store = Store.open(folder / "store")
    return store.read(lambda snapshot: snapshot.rows("SELECT count(*)::INT AS n FROM posts"))[0][
        "n"
    ]


def zipped(path, members):
    """A zip of names and their content (bytes, or a file)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            if isinstance(content, Path):
                content = content.read_bytes()
            archive.writestr(name, content)
    return path


# --- folders ---------------------------------------------------------------------------------


def test_a_messy_folder_is_read_and_nothing_is_left_unmentioned(tmp_path):
    mess = tmp_path / "exports"
    (mess / "x" / "oud").mkdir(parents=True)
    (mess / "__MACOSX").mkdir()
    shutil.copy(CONTENT, mess / "x" / "content.csv")
    shutil.copy(CONTENT, mess / "x" / "oud" / "content (1).csv")
    shutil.copy(OTHER, mess / "december.csv")
    (mess / "__MACOSX" / "._december.csv").write_bytes(b"\0\5\x16\7")
    for litter in (".DS_Store", "._december.csv", "~$costs.xlsx", "Thumbs.db", "desktop.ini"):
        (mess / litter).write_bytes(b"\0")
    (mess / "notulen.txt").write_text("Beste collega,\nhet regent\n")
    (mess / "plaatje.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    found = imported(tmp_path, mess)
    assert statuses(found) == {
        "exports/.DS_Store": "ignored",
        "exports/._december.csv": "ignored",
        "exports/Thumbs.db": "ignored",
        "exports/december.csv": "imported",
        "exports/desktop.ini": "ignored",
        "exports/notulen.txt": "ignored",
        "exports/plaatje.png": "ignored",
        "exports/x/content.csv": "imported",
        "exports/x/oud/content (1).csv": "unchanged",
        "exports/~$costs.xlsx": "ignored",
    }
    assert all(report.notes for report in found.values() if report.status == "ignored")
    assert posts(tmp_path) == 3


def test_a_file_named_twice_is_one_entry(tmp_path):
    shutil.copy(CONTENT, tmp_path / "a.csv")
    found = import_paths(tmp_path / "store", [tmp_path / "a.csv", tmp_path, tmp_path / "a.csv"])
    assert [report.path.name for report in found] == ["a.csv"]


def test_a_store_inside_the_folder_is_passed_over(tmp_path):
    shutil.copy(CONTENT, tmp_path / "a.csv")
    assert statuses(imported(tmp_path, tmp_path)) == {"a.csv": "imported"}
    assert statuses(imported(tmp_path, tmp_path)) == {"a.csv": "unchanged"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    found = imported(tmp_path, tmp_path, tmp_path / "pipe.csv")
    assert "it is not a file" in str(found["pipe.csv"].error)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_that_lead_nowhere_or_in_a_circle_end(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "circle").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "lost.csv").symlink_to(tmp_path / "absent.csv")
    shutil.copy(CONTENT, tmp_path / "in" / "a.csv")
    (tmp_path / "in" / "again.csv").symlink_to(tmp_path / "in" / "a.csv")
    found = imported(tmp_path, tmp_path / "in")
    assert statuses(found) == {"in/a.csv": "imported", "in/lost.csv": "failed"}


def test_options_of_a_pattern_hold_for_a_zip_and_its_members(tmp_path):
    overview = DATA / "x_overview_export" / "account_overview_analytics.csv"
    zipped(tmp_path / "x.zip", {"overview.csv": overview})
    found = imported(tmp_path, tmp_path / "x.zip", accounts=[("x.zip", "anders"), (None, "ieder")])
    assert found["x.zip!/overview.csv"].account == "anders"


# --- zips ------------------------------------------------------------------------------------


def test_members_of_a_zip_are_files_of_a_folder(tmp_path):
    path = zipped(
        tmp_path / "exports.zip",
        {
            "x/content.csv": CONTENT,
            "x/nog eens.csv": CONTENT,
            "december é.csv": OTHER,
            "__MACOSX/x/._content.csv": b"\0\5",
            "x/.DS_Store": b"\0",
            "brief.txt": b"Beste collega,\nhet regent\n",
        },
    )
    found = imported(tmp_path, path)
    assert statuses(found) == {
        "exports.zip!/brief.txt": "ignored",
        "exports.zip!/december é.csv": "imported",
        "exports.zip!/x/.DS_Store": "ignored",
        "exports.zip!/x/content.csv": "imported",
        "exports.zip!/x/nog eens.csv": "unchanged",
    }
    assert posts(tmp_path) == 3


def test_a_zip_in_a_folder_and_its_unpacked_files_are_the_same(tmp_path):
    mess = tmp_path / "exports"
    mess.mkdir()
    shutil.copy(CONTENT, mess / "z.csv")
    zipped(mess / "a.zip", {"content.csv": CONTENT})
    found = imported(tmp_path, mess)
    assert statuses(found) == {
        "exports/a.zip!/content.csv": "imported",
        "exports/z.csv": "unchanged",
    }


def test_spreadsheets_are_no_archives(tmp_path):
    path = zipped(tmp_path / "brief.docx", {"[Content_Types].xml": b"<x/>", "word/d.xml": b"<x/>"})
    [report] = import_paths(tmp_path / "store", [path])
    assert report.path == path
    assert report.status == "failed"


def test_a_zip_in_a_zip_is_refused(tmp_path):
    inner = zipped(tmp_path / "inner.zip", {"content.csv": CONTENT})
    hidden = zipped(tmp_path / "hidden", {"content.csv": CONTENT})
    path = zipped(
        tmp_path / "outer.zip", {"inner.zip": inner, "hidden.csv": hidden, "a.csv": OTHER}
    )
    found = imported(tmp_path, path)
    assert found["outer.zip!/a.csv"].status == "imported"
    assert "an archive inside an archive" in str(found["outer.zip!/inner.zip"].error)
    assert "an archive inside an archive" in str(found["outer.zip!/hidden.csv"].error)


@pytest.mark.parametrize(
    "name", ["../../evil.csv", "/etc/evil.csv", "C:/evil.csv", "a/../../e.csv", "..\\evil.csv"]
)
def test_names_that_lead_outside_are_refused(tmp_path, name):
    path = zipped(tmp_path / "evil.zip", {name: CONTENT, "good.csv": OTHER})
    before = set(tmp_path.parent.rglob("*evil.csv"))
    reports = import_paths(tmp_path / "store", [path])
    assert sorted(report.status for report in reports) == ["failed", "imported"]
    [refused] = [report for report in reports if report.status == "failed"]
    assert "outside the archive" in str(refused.error)
    assert set(tmp_path.parent.rglob("*evil.csv")) == before


def test_a_link_in_a_zip_is_refused(tmp_path):
    path = tmp_path / "links.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("passwd.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    [report] = import_paths(tmp_path / "store", [path])
    assert "is a link" in str(report.error)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = zipped(tmp_path / "bomb.zip", {"zeros.csv": bytes(60 << 20), "good.csv": CONTENT})
    found = imported(tmp_path, path)
    assert "unpacks to 60 MiB" in str(found["bomb.zip!/zeros.csv"].error)
    assert found["bomb.zip!/good.csv"].status == "imported"
    monkeypatch.setattr(archives, "MAX_MEMBER", 100)
    again = imported(tmp_path, zipped(tmp_path / "b.zip", {"a.csv": OTHER}))
    assert "too large" in str(again["b.zip!/a.csv"].error)


def test_many_small_members_can_be_a_bomb_too(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "SUM_FROM", 1 << 20)
    path = zipped(tmp_path / "b.zip", {f"{n}.csv": bytes(1 << 20) for n in range(3)})
    [report] = import_paths(tmp_path / "store", [path])
    assert "unpacks to 3 MiB" in str(report.error)


def test_an_endless_list_of_members_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_DIRECTORY", 50)
    path = zipped(tmp_path / "b.zip", {f"{n}.csv": b"a" for n in range(3)})
    [report] = import_paths(tmp_path / "store", [path])
    assert "lists more files" in str(report.error)


def test_damaged_zips_say_so(tmp_path):
    whole = zipped(tmp_path / "a.zip", {"a.csv": CONTENT}).read_bytes()
    at = whole.index(b"a.csv") + 5
    damaged = {
        "cut.zip": whole[: len(whole) // 2],
        "noise.zip": whole[: at + 20] + b"\xff" * 40 + whole[at + 60 :],
        "empty.zip": b"PK\x05\x06" + bytes(18),
    }
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
        [report] = import_paths(tmp_path / "store", [tmp_path / name])
        assert report.status == "failed", name
        expected = "it is empty" if name == "empty.zip" else "the archive is damaged or cut off"
        assert expected in str(report.error), name


@pytest.mark.parametrize("name", [" .csv", "wat?.csv", "c" * 230 + ".csv"])
def test_a_damaged_member_is_called_by_its_own_name(tmp_path, name):
    """On the disk it is called otherwise while it is read: no system takes every name."""
    path = zipped(tmp_path / "a.zip", {name: b"PK\x03\x04 cut off"})
    [report] = import_paths(tmp_path / "store", [path])
    assert str(report.error).startswith(f"{name} cannot be read")


def test_a_password_is_told(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.csv": CONTENT})
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.index(mark) + offset
        raw[at : at + 2] = struct.pack("<H", 1)
    path.write_bytes(raw)
    [report] = import_paths(tmp_path / "store", [path])
    assert "it has a password" in str(report.error)


def test_of_two_members_of_one_name_the_last_counts(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", CONTENT.read_bytes())
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.csv", OTHER.read_bytes())
    reports = import_paths(tmp_path / "store", [path])
    assert [report.status for report in reports] == ["imported", "ignored"]
    assert reports[0].account == "agua_demo"


def test_no_copy_of_a_member_is_left(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    imported(tmp_path, zipped(tmp_path / "a.zip", {"a.csv": CONTENT, "b.csv": b"x,y\n1,2\n"}))
    assert not list((tmp_path / "temporary").rglob("*.csv"))


# --- sources of several files ----------------------------------------------------------------


def archive_members():
    return {
        path.relative_to(ARCHIVE).as_posix(): path
        for path in sorted(ARCHIVE.rglob("*"))
        if path.is_file()
    }


def test_an_archive_of_an_account_is_one_entry_as_folder_and_as_zip(tmp_path):
    shutil.copytree(ARCHIVE, tmp_path / "twitter-2025")
    shutil.copy(CONTENT, tmp_path / "twitter-2025" / "content.csv")
    found = imported(tmp_path, tmp_path / "twitter-2025", accounts=[(None, "dijkwacht")])
    assert statuses(found) == {"twitter-2025": "imported", "twitter-2025/content.csv": "imported"}
    again = zipped(tmp_path / "twitter-2025.zip", archive_members())
    found = imported(tmp_path, again, accounts=[(None, "dijkwacht")])
    assert statuses(found) == {"twitter-2025.zip": "unchanged"}


def test_an_archive_beside_other_files_in_a_zip_has_a_name_of_its_own(tmp_path):
    members = {f"download/{name}": path for name, path in archive_members().items()}
    path = zipped(tmp_path / "all.zip", {**members, "content.csv": CONTENT})
    found = imported(tmp_path, path, accounts=[(None, "dijkwacht")])
    assert statuses(found) == {"all.zip!/content.csv": "imported", "all.zip!/download": "imported"}


def test_files_of_an_archive_named_one_by_one_are_one_entry(tmp_path):
    shutil.copytree(ARCHIVE / "data", tmp_path / "data")
    names = sorted((tmp_path / "data").iterdir())
    found = imported(tmp_path, *names, accounts=[(None, "dijkwacht")])
    assert statuses(found) == {"data": "imported"}
    assert found["data"].tables["posts"] == 7


def test_messages_are_never_opened(tmp_path, monkeypatch):
    shutil.copytree(ARCHIVE, tmp_path / "a")
    opened = []
    real_open = Path.open

    def spy(self, *args, **kwargs):
        opened.append(self.name)
        return real_open(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", spy)
    lonely = tmp_path / "b" / "direct-messages.js"
    lonely.parent.mkdir()
    shutil.copy(ARCHIVE / "data" / "direct-messages.js", lonely)
    opened.clear()
    found = imported(tmp_path, tmp_path / "a", lonely, accounts=[(None, "dijkwacht")])
    assert statuses(found) == {"a": "imported", "b/direct-messages.js": "ignored"}
    assert "tweets.js" in opened
    assert not {"direct-messages.js", "like.js"} & set(opened)


def test_a_damaged_archive_in_a_zip_says_so(tmp_path):
    path = zipped(tmp_path / "a.zip", archive_members())
    raw = path.read_bytes()
    at = raw.index(b"data/tweets.js") + 14
    path.write_bytes(raw[: at + 100] + bytes(60) + raw[at + 160 :])
    [report] = import_paths(
        tmp_path / "store", [path], Options(accounts=[(None, "dijkwacht")], role="own")
    )
    assert report.status == "failed"
    assert "damaged" in str(report.error)


def test_archives_with_names_that_are_no_text_or_damaged_members_stop_no_other(tmp_path):
    shutil.copy(CONTENT, tmp_path / "z.csv")
    with zipfile.ZipFile(tmp_path / "named.zip", "w") as archive:
        archive.writestr("\u00e9.csv", CONTENT.read_bytes())
    named = (tmp_path / "named.zip").read_bytes()
    (tmp_path / "named.zip").write_bytes(named.replace("\u00e9".encode(), b"\xff\xfe"))
    with zipfile.ZipFile(tmp_path / "packed.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", CONTENT.read_bytes() * 5)
    packed = bytearray((tmp_path / "packed.zip").read_bytes())
    packed[60:90] = bytes(byte ^ 0x5A for byte in packed[60:90])
    (tmp_path / "packed.zip").write_bytes(packed)

    files = [tmp_path / name for name in ("named.zip", "packed.zip", "z.csv")]
    found = statuses(imported(tmp_path, *files, accounts=((None, "demo"),)))
    assert found == {"named.zip": "failed", "packed.zip!/a.csv": "failed", "z.csv": "imported"}


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text here")
def test_a_file_whose_name_is_no_text_stops_no_other(tmp_path):
    shutil.copy(CONTENT, tmp_path / os.fsdecode(b"caf\xe9.csv"))
    shutil.copy(CONTENT, tmp_path / "z.csv")
    files = sorted(tmp_path.glob("*.csv"))
    found = statuses(imported(tmp_path, *files, accounts=((None, "demo"),)))
    assert found == {"caf?.csv": "failed", "z.csv": "imported"}


def test_a_competitor_stays_one_when_its_first_import_is_undone(tmp_path):
    [file] = (DATA / "linkedin_page_competitors_export").iterdir()
    first, _again = (
        import_paths(tmp_path / "store", [file], Options(((None, "demo"),), date_orders=orders))[0]
        for orders in ((), ((None, "mdy"),))
    )
    store = Store.open(tmp_path / "store")
    store.undo(first.import_id)
    peers = store.read(
        lambda snapshot: snapshot.rows(
            "SELECT account_id FROM account_periods WHERE (platform, account_id) IN "
            "(SELECT (platform, account_id) FROM accounts WHERE role = 'peer') ORDER BY 1"
        )
    )
    assert [row["account_id"] for row in peers] == ["other-agency", "waterschap-een-w1"]
