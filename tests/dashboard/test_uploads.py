"""Files that arrive: hostile, huge, broken off, many at once; and what is asked about them."""

import io
import json
import stat
import threading
import time
import zipfile

import pytest
from plotly.utils import PlotlyJSONEncoder

from campaigns import definitions
from campaigns.store import Store
from campaigns.translations import speaking
from dashboard import intake, uploads
from dashboard.app import COOKIE, create, show
from dashboard.intake import Intake, safe_parts

OVERVIEW = (
    "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,"
    "Profile visits,Create Post,Video views,Media views\n"
    '"Tue, Feb 18, 2025",{a},1,2,0,0,0,0,0,0,0,1,0,0\n'
    '"Wed, Feb 19, 2025",{b},1,2,0,0,0,0,0,0,0,1,0,0\n'
)
COSTS = "Campaign;Amount;Kind;Date\nzomer;100;production;{first}\nzomer;50;production;{second}\n"


def overview(a=100, b=200):
    return OVERVIEW.format(a=a, b=b).encode()


def costs(**labels):
    """A list of costs, of which the labels are called otherwise."""
    head, _end, rows = COSTS.format(first="2025-01-31", second="2025-02-28").partition("\n")
    for known, own in labels.items():
        head = head.replace(known, own)
    return f"{head}\n{rows}".encode()


class Sender:
    """What the page's script does, without a browser."""

    def __init__(self, store):
        self.store = store
        self.app = create(store)
        self.client = self.app.server.test_client()
        self.client.set_cookie(COOKIE, "en", domain="localhost")
        self.intake = self.app.server.extensions["bereik_intake"]

    def begin(self):
        return self.client.post("/uploads").json["batch"]

    def send(self, batch, name, content, **more):
        return self.client.post(
            f"/uploads/{batch}/files",
            query_string={"path": name},
            data={"file": (io.BytesIO(content), "file")},
            content_type="multipart/form-data",
            **more,
        )

    def start(self, batch, **more):
        return self.client.post(f"/uploads/{batch}/start", json=more)

    def wait(self, batch):
        end = time.monotonic() + 120
        while (now := self.client.get(f"/uploads/{batch}").json)["state"] != "done":
            assert time.monotonic() < end, now
            time.sleep(0.02)
        return now

    def give(self, **files):
        """Send files, import them, and wait; returns the batch."""
        batch = self.begin()
        for name, content in files.items():
            assert self.send(batch, name, content).status_code == 200
        self.start(batch)
        self.wait(batch)
        return self.intake.find(batch)

    def answer(self, batch, place=0, **said):
        answered = self.client.post(f"/uploads/{batch.number}/answers/{place}", data=said)
        if answered.status_code == 202:
            self.wait(batch.number)
        return answered

    def rows(self, sql):
        return Store.open(self.store).read(lambda snapshot: snapshot.rows(sql))


@pytest.fixture
def sender(tmp_path):
    one = Sender(tmp_path / "store")
    yield one
    one.intake.close()


def statuses(batch):
    return {entry.name: entry.report.status for entry in batch.entries}


# --- the way in ------------------------------------------------------------------------------


def test_a_file_that_leaves_nothing_open_is_imported_and_not_kept(sender):
    batch = sender.give(
        **{"list.csv": COSTS.format(first="2025-02-13", second="2025-02-14").encode()}
    )
    assert statuses(batch) == {"list.csv": "imported"}
    assert batch.entries[0].effect["costs"] == intake.Effect(new=2, updated=0, unchanged=0)
    assert sender.rows("SELECT sum(amount)::INTEGER AS total FROM costs") == [{"total": 150}]
    assert not batch.folder.exists()
    assert not list((sender.store / "tmp").glob("*"))


def test_what_is_new_and_what_is_updated_is_counted(sender):
    first = COSTS.format(first="2025-02-13", second="2025-02-14").encode()
    sender.give(**{"list.csv": first})
    batch = sender.give(
        **{"list.csv": first.replace(b";50;", b";60;") + b"zomer;5;hours;2025-02-15\n"}
    )
    assert batch.entries[0].effect["costs"] == intake.Effect(new=1, updated=1, unchanged=1)
    again = sender.give(**{"list.csv": first})
    assert statuses(again) == {"list.csv": "unchanged"}


def test_the_account_is_asked_before_anything_is_kept(sender):
    batch = sender.give(**{"account_overview_analytics.csv": overview()})
    assert [entry.asks for entry in batch.open] == ["account"]
    assert batch.folder.exists()
    assert not (sender.store / "bereik.json").exists() or not sender.rows("FROM account_days")
    assert sender.answer(batch, account="").json["field"] == "account"
    assert sender.answer(batch, account=" @Gemeente ").status_code == 202
    assert statuses(batch) == {"account_overview_analytics.csv": "imported"}
    assert sender.rows("SELECT DISTINCT account_id AS a FROM account_days") == [{"a": "gemeente"}]
    assert not batch.folder.exists()


def test_one_answer_serves_all_files_that_ask_the_same(sender):
    batch = sender.give(
        **{"a.csv": overview(1, 2), "b.csv": overview(1, 2).replace(b"Feb 1", b"Mar 1")}
    )
    assert len(batch.open) == 2
    sender.answer(batch, account="gemeente", for_all="on")
    assert set(statuses(batch).values()) == {"imported"}


def test_files_of_two_accounts_each_get_their_own(sender):
    batch = sender.give(**{"a[1].csv": overview(1, 2), "b*.csv": overview(3, 4)})
    assert sorted(statuses(batch)) == ["a[1].csv", "b_.csv"]
    sender.answer(batch, 0, account="museum")
    assert len(batch.open) == 1
    sender.answer(batch, 1, account="gemeente")
    rows = sender.rows(
        "SELECT account_id AS a, sum(impressions)::INT AS n FROM account_days GROUP BY 1 ORDER BY 1"
    )
    assert rows == [{"a": "gemeente", "n": 7}, {"a": "museum", "n": 3}]


def test_the_order_of_dates_is_asked_and_honoured(sender):
    batch = sender.give(
        **{"list.csv": COSTS.format(first="03/04/2025", second="05/04/2025").encode()}
    )
    if not batch.open:
        pytest.skip("the file's language settles it")
    assert sender.answer(batch, date_order="ydm").status_code == 422
    sender.answer(batch, date_order="mdy")
    days = sender.rows("SELECT min(first_day)::TEXT AS day FROM costs")
    assert days == [{"day": "2025-03-04"}]


def test_a_members_question_is_answered_inside_its_archive(sender):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("x/account_overview_analytics.csv", overview())
        archive.writestr("costs.csv", COSTS.format(first="2025-02-13", second="2025-02-14"))
    batch = sender.give(**{"all.zip": whole.getvalue()})
    by_name = statuses(batch)
    assert by_name == {
        "all.zip!/costs.csv": "imported",
        "all.zip!/x/account_overview_analytics.csv": "failed",
    }
    place = list(by_name).index("all.zip!/x/account_overview_analytics.csv")
    sender.answer(batch, place, account="gemeente")
    assert set(statuses(batch).values()) == {"imported"}
    assert sender.rows("SELECT count(*) AS n FROM costs") == [{"n": 2}]


def creator():
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheets = {
        "DISCOVERY": [
            ["Overall Performance", "1/1/2025 - 1/31/2025"],
            ["Impressions", 300],
            ["Members reached", 100],
        ],
        "ENGAGEMENT": [
            ["Date", "Impressions", "Engagements"],
            ["1/30/2025", 100, 5],
            ["1/31/2025", 200, 6],
        ],
        "FOLLOWERS": [
            ["Total followers on 1/31/2025:", 900],
            [],
            ["Date", "New followers"],
            ["1/31/2025", 2],
        ],
    }
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_columns_with_names_of_ones_own_are_asked_and_read(sender):
    batch = sender.give(**{"a.csv": costs(Amount="Spent in all"), "odd.csv": b"Some,Thing\n1,2\n"})
    [asked, odd] = batch.entries
    assert (asked.asks, odd.asks) == ("columns", None)
    with sender.app.server.test_request_context("/data"), speaking("en"):
        content, _navigation = show("/data", f"?batch={batch.number}")
        page = json.dumps(content, cls=PlotlyJSONEncoder)
    assert "Which column is 'Amount'?" in page
    assert "Spent in all" in page
    for wrong in ({}, {"column_0": "Thing"}):
        answered = sender.answer(batch, **wrong)
        assert (answered.status_code, answered.json["field"]) == (422, "column_0")
    assert sender.answer(batch, column_0="Spent in all").status_code == 202
    assert batch.entries[0].report.status == "imported"
    assert sender.rows("SELECT sum(amount) AS spent FROM costs") == [{"spent": 150}]


def test_files_that_lack_the_same_column_are_answered_at_once(sender):
    batch = sender.give(
        **{"a.csv": costs(Amount="Sum"), "b.csv": costs(Amount="Sum") + b"zomer;7;media;2025-03-01\n",
           "c.csv": costs(Amount="Other")}
    )  # fmt: skip
    assert len(uploads.like(batch, batch.entries[0])) == 2
    sender.answer(batch, column_0="Sum", for_all="on")
    assert [one.report.status for one in batch.entries] == ["imported", "imported", "failed"]


def test_a_personal_account_needs_a_role_and_a_colleague_a_day(sender):
    batch = sender.give(**{"AggregateAnalytics_jan.xlsx": creator()})
    assert [entry.asks for entry in batch.open] == ["person"], batch.entries[0].report
    said = {"account": "jan-jansen"}
    assert sender.answer(batch, **said).json["field"] == "role"
    said["role"] = "ambassador"
    assert sender.answer(batch, **said).json["field"] == "opted_in_on"
    assert sender.answer(batch, **said, opted_in_on="2999-01-01").json["field"] == "opted_in_on"
    sender.answer(batch, **said, opted_in_on="2025-01-01")
    assert set(statuses(batch).values()) == {"imported"}
    [row] = [
        row
        for row in Store.open(sender.store).read(definitions.accounts)
        if row["account_id"] == "jan-jansen"
    ]
    assert (row["role"], str(row["opted_in_on"])) == ("ambassador", "2025-01-01")


def test_undo_takes_the_rows_back(sender):
    batch = sender.give(
        **{"list.csv": COSTS.format(first="2025-02-13", second="2025-02-14").encode()}
    )
    address = f"/imports/{batch.entries[0].report.import_id}/undo"
    sender.client.get(address)
    assert len(sender.rows("FROM costs")) == 2
    assert sender.client.post(address).status_code == 200
    assert sender.rows("FROM costs") == []
    assert sender.client.post("/imports/no-such-thing/undo").status_code == 409


# --- hostile files ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd.csv", "/etc/x.csv", "C:\\Windows\\x.csv", "a/../../b.csv", "..", "", "\x00\x01.csv",
     "x" * 5000 + ".csv", "/".join(["deep"] * 500) + ".csv", "<script>alert(1)</script>.csv", "a\u202egpj.csv",
     "-rf *.csv", "$(reboot).csv", "~root/x.csv", "nul.\udce9.csv", ".../....//x.csv"],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(sender, name):
    batch = sender.intake.begin()
    for _time in range(2):
        target = batch.place(name)
        assert target.resolve().is_relative_to(batch.folder.resolve())
        assert target.is_file()
        assert all(len(part.encode()) < 700 for part in target.parts)
    assert all(part not in {"", ".", ".."} for part in safe_parts(name))


def test_html_in_a_name_stays_text(sender):
    name = "<img src=x onerror=alert(1)>.csv"
    batch = sender.give(**{name: b"no table"})
    assert statuses(batch) == {"_img src=x onerror=alert(1)_.csv": "failed"}


def test_files_of_one_name_are_both_read(sender):
    batch = sender.begin()
    for amount in (1, 2):
        content = COSTS.format(first="2025-02-13", second="2025-02-14").replace("100", str(amount))
        assert sender.send(batch, "list.csv", content.encode()).status_code == 200
    sender.start(batch)
    sender.wait(batch)
    assert len(sender.intake.find(batch).entries) == 2


def test_the_folder_is_private(sender):
    batch = sender.intake.begin()
    target = batch.place("a/b.csv")
    folders = [batch.folder, target.parent]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_messages_and_litter_are_never_written(sender):
    batch = sender.begin()
    for name in ("archive/data/direct-messages.js", ".DS_Store", "~$list.xlsx"):
        assert sender.send(batch, name, b"secret").json["name"] == ""
    found = sender.intake.find(batch)
    assert list(found.folder.rglob("*")) == []
    assert found.left_out == 3


@pytest.mark.parametrize("piece", [b"a,b\r\n", b"\x00\xff", b"\r\n--"])
def test_a_file_of_many_pieces_arrives_as_it_is(sender, piece):
    content = piece * (300_000 // len(piece)) + b"end"
    batch = sender.begin()
    assert sender.send(batch, "large.csv", content).status_code == 200
    [arrived] = sender.intake.find(batch).folder.rglob("*.csv")
    assert arrived.read_bytes() == content


def test_a_file_that_is_too_large_is_refused_and_removed(sender, monkeypatch):
    monkeypatch.setattr(uploads, "FILE_BYTES", 1000)
    batch = sender.begin()
    refused = sender.send(batch, "big.csv", b"x" * 200_000)
    assert refused.status_code == 413
    assert "too large" in refused.json["said"]
    assert sender.send(batch, "sly.csv", b"x" * 5000).status_code == 413
    found = sender.intake.find(batch)
    assert list(found.folder.rglob("*.csv")) == []
    assert [name for name, _why in found.refused] == ["big.csv", "sly.csv"]


def test_all_files_together_have_a_limit(sender, monkeypatch):
    monkeypatch.setattr(uploads, "BATCH_BYTES", 3000)
    batch = sender.begin()
    assert sender.send(batch, "a.csv", b"x" * 2000).status_code == 200
    assert sender.send(batch, "b.csv", b"x" * 100_000).status_code == 413


def test_there_is_a_limit_to_the_number_of_files(sender, monkeypatch):
    monkeypatch.setattr(uploads, "FILES", 1)
    batch = sender.begin()
    assert sender.send(batch, "a.csv", b"x").status_code == 200
    assert sender.send(batch, "b.csv", b"x").status_code == 413


def test_a_full_disk_is_said(sender, monkeypatch):
    monkeypatch.setattr(uploads, "SPARE_BYTES", 1 << 60)
    refused = sender.send(sender.begin(), "a.csv", b"x")
    assert refused.status_code == 507
    assert "no room" in refused.json["said"]


def test_a_bomb_is_not_unpacked(sender):
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("zeros.csv", "w", force_zip64=True) as file,
    ):
        for _part in range(120):
            file.write(b"0" * (1 << 20))
    batch = sender.give(**{"bomb.zip": bomb.getvalue()})
    assert statuses(batch) == {"bomb.zip!/zeros.csv": "failed"}


def test_a_program_in_the_clothes_of_a_list_fails_alone(sender):
    good = COSTS.format(first="2025-02-13", second="2025-02-14").encode()
    batch = sender.give(**{"list.csv": b"MZ\x90\x00" + bytes(range(256)) * 50, "costs.csv": good})
    assert statuses(batch) == {"list.csv": "failed", "costs.csv": "imported"}


@pytest.mark.parametrize(
    "body",
    [b"", b"not multipart", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\n"],
)
def test_a_request_without_a_file_is_refused(sender, body):
    batch = sender.begin()
    sent = sender.client.post(
        f"/uploads/{batch}/files?path=a.csv",
        data=body,
        content_type="multipart/form-data; boundary=x",
    )
    assert sent.status_code == 400
    assert list(sender.intake.find(batch).folder.rglob("*.csv")) == []


def test_a_file_that_breaks_off_leaves_nothing(sender):
    batch = sender.begin()
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nDate,Imp'
    sent = sender.client.post(
        f"/uploads/{batch}/files?path=a.csv", input_stream=io.BytesIO(body),
        content_type="multipart/form-data; boundary=x", headers={"Content-Length": "100000"},
    )  # fmt: skip
    assert sent.status_code == 400
    found = sender.intake.find(batch)
    assert list(found.folder.rglob("*.csv")) == []
    assert found.names == []


def test_another_site_cannot_send_files(sender):
    headers = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert sender.client.post("/uploads", headers=headers).status_code == 403


def test_what_the_browser_refused_is_reported(sender):
    batch = sender.begin()
    said = sender.start(
        batch,
        refused=[{"name": "<b>big</b>.zip", "why": "too_large"}, {"name": "x", "why": "no"}, 7],
    )
    assert said.json["state"] == "done"
    assert "not imported: 1" in said.json["said"]


# --- at once, and broken off -----------------------------------------------------------------


def test_two_batches_are_imported_one_after_the_other(sender, monkeypatch):
    running, most = [], []
    true = intake.import_and_assign

    def watched(*given):
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        try:
            return true(*given)
        finally:
            running.pop()

    monkeypatch.setattr(intake, "import_and_assign", watched)
    batches = []
    for amount in range(3):
        batch = sender.begin()
        content = COSTS.format(first="2025-02-13", second="2025-02-14").replace(
            "100", str(amount + 1)
        )
        sender.send(batch, f"list{amount}.csv", content.encode())
        batches.append(batch)
    threads = [
        threading.Thread(target=sender.intake.start, args=[sender.intake.find(b)])
        for b in batches * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for batch in batches:
        sender.wait(batch)
    assert max(most) == 1
    assert len(most) == 3


def test_after_a_restart_an_old_batch_is_gone_and_its_files_too(sender):
    batch = sender.begin()
    sender.send(batch, "a.csv", b"x")
    folder = sender.intake.find(batch).folder
    sender.intake.close()
    again = Sender(sender.store)
    assert again.client.get(f"/uploads/{batch}").json["state"] == "gone"
    assert again.send(batch, "b.csv", b"x").status_code == 410
    assert again.start(batch).status_code == 410
    assert not folder.exists()


def test_files_wait_an_hour_and_no_longer(sender):
    batch = sender.give(**{"account_overview_analytics.csv": overview()})
    sender.intake.sweep(batch.touched + intake.KEPT.total_seconds() - 1)
    assert batch.folder.exists()
    sender.intake.sweep(batch.touched + intake.KEPT.total_seconds() + 1)
    assert not batch.folder.exists()
    assert sender.answer(batch, account="gemeente").status_code == 410


def test_a_batch_that_was_never_started_goes_too(sender):
    number = sender.begin()
    sender.send(number, "a.csv", b"x")
    batch = sender.intake.find(number)
    sender.intake.sweep(batch.touched + 2 * intake.KEPT.total_seconds())
    assert not batch.folder.exists()


def test_old_batches_are_forgotten(sender, monkeypatch):
    monkeypatch.setattr(intake, "BATCHES", 2)
    numbers = [sender.begin() for _time in range(4)]
    assert [sender.intake.find(number) is not None for number in numbers] == [
        False,
        False,
        True,
        True,
    ]


def test_an_import_that_fails_unforeseen_is_said_without_its_trace(sender, monkeypatch, caplog):
    def fails(*_given):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(intake, "import_and_assign", fails)
    batch = sender.give(**{"a.csv": b"x"})
    said = sender.client.get(f"/uploads/{batch.number}").json["said"]
    assert batch.reference in said
    assert "secret" not in said
    assert "secret detail" in caplog.text
    assert not batch.folder.exists()


# --- stores in trouble -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("{", "cannot be read"),
        ('{"format": 99, "timezone": "UTC", "store_id": "x"}', "newer bereik"),
    ],
)
def test_a_store_in_trouble_takes_nothing_and_says_why(sender, manifest, words):
    sender.store.mkdir()
    (sender.store / "bereik.json").write_text(manifest)
    refused = sender.client.post("/uploads")
    assert refused.status_code == 409
    assert words in refused.json["said"]


def test_a_folder_that_is_no_store_is_left_alone(sender):
    sender.store.mkdir()
    (sender.store / "thesis.docx").write_text("mine")
    assert sender.client.post("/uploads").status_code == 409
    assert [path.name for path in sender.store.iterdir()] == ["thesis.docx"]


def test_a_wrong_key_is_said_and_the_files_can_be_tried_again(sender, monkeypatch):
    content = COSTS.format(first="2025-02-13", second="2025-02-14").encode()
    sender.give(**{"first.csv": content})
    key = json.dumps("k" * 40)
    with monkeypatch.context() as patch:
        patch.setenv("BEREIK_KEY", key)
        batch = sender.give(**{"second.csv": content.replace(b"100", b"7")})
        assert "key" in sender.client.get(f"/uploads/{batch.number}").json["said"]
        assert batch.folder.exists()
    sender.start(batch.number)
    sender.wait(batch.number)
    assert statuses(batch) == {"second.csv": "imported"}


def test_reports_name_no_place_on_this_computer(sender):
    batch = sender.give(**{"folder/bad.csv": b"\x00\x01", "a.zip": b"PK\x03\x04broken"})
    said = " ".join(str(entry.report) for entry in batch.entries if entry.report.error)
    texts = " ".join(str(entry.report.error) for entry in batch.entries)
    assert str(batch.folder) not in texts
    assert said


def test_intake_needs_no_store(tmp_path):
    one = Intake(tmp_path / "nowhere" / "store")
    batch = one.begin()
    assert batch.folder.exists()
    one.close()
    assert not (tmp_path / "nowhere").exists()
