"""The schedule: what is shown is installed and nothing else; what ran is written down and told."""

import datetime as dt
import json
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from campaigns.collecting import Outcome
from campaigns.errors import BadDefinition, Message
from campaigns.scheduling import entries, installing, record
from campaigns.scheduling.entries import Program
from campaigns.scheduling.loop import loop
from campaigns.scheduling.record import Record, Run
from campaigns.scheduling.work import Work, exit_code
from campaigns.settings import Settings, load
from campaigns.store import Store
from scripts import main

HOUR = dt.timedelta(hours=1)
NOON = dt.datetime(2025, 6, 2, 12, tzinfo=dt.UTC)
COSTS = "First day;Last day;Campaign;Kind;Amount\n2025-01-01;2025-01-31;zomer;media;10\n"


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "store")


@pytest.fixture
def nobody(tmp_path, monkeypatch):
    """A home of its own, and no programs but those that a test makes."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    return programs


def program(programs, name, script):
    file = programs / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@pytest.fixture
def cron(nobody, tmp_path, monkeypatch):
    """A crontab in a file, with the lines of somebody else."""
    table = tmp_path / "crontab"
    table.write_text("# mine\n0 5 * * * backup\n")
    program(
        nobody, "crontab", f'if [ "$1" = -l ]; then /bin/cat {table}; else /bin/cat > {table}; fi'
    )
    return table


# --- what a scheduler is given ---------------------------------------------------------------


PROGRAM = Program("bereik-1a2b3c4d", ("/srv/b/bereik", "--store", "/srv/it's $5 & 50%"))


@pytest.mark.parametrize(
    ("minutes", "fields"),
    [(1, "* * * * *"), (7, "*/6 * * * *"), (59, "*/30 * * * *"), (1440, "{own} 5 * * *"),
     (60, "{own} * * * *"), (120, "{own} */2 * * *"), (300, "{own} */4 * * *"), (0.2, "* * * * *")],
)  # fmt: skip
def test_cron_runs_at_least_as_often(minutes, fields):
    own = entries.cron(PROGRAM, HOUR).split()[0]
    assert 0 <= int(own) < 60
    line = entries.cron(PROGRAM, dt.timedelta(minutes=minutes))
    assert line.startswith(fields.format(own=own) + " ")


def test_cron_and_the_shell_get_the_very_arguments(tmp_path):
    out = tmp_path / "out"
    args = ("/usr/bin/env", "printf", r"%s\n", "a b", "it's", "$HOME", "50%", '"', "`id`", "é")
    line = entries.cron(Program("n", args, tmp_path, {"BEREIK_KEY_FILE": "/k e/y"}), HOUR)
    command = line.split(" ", 5)[5].replace("\\%", "%")  # as cron itself does
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["a b", "it's", "$HOME", "50%", '"', "`id`", "é"]
    assert not out.exists()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_finds_nothing_wrong(tmp_path):
    odd = Program(
        "bereik-x", ("/bin/true", "a b", "50%", "$5", 'q"q', "b\\s"), tmp_path, {"A": "b c"}
    )
    for name, text in entries.systemd(odd, HOUR).items():
        (tmp_path / name).write_text(text)
    units = [str(tmp_path / f"bereik-x.{end}") for end in ("service", "timer")]
    done = subprocess.run(["systemd-analyze", "verify", "--user", *units],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert "bereik-x" not in done.stderr


def test_a_path_with_a_line_break_is_refused():
    for command, variables in [(("a\nb",), {}), (("a",), {"X": "b\r"})]:
        with pytest.raises(BadDefinition):
            Program("n", command, None, variables)


# --- installed, and removed ------------------------------------------------------------------


def test_cron_keeps_the_lines_of_others_and_can_be_repeated(cron):
    mine = cron.read_text()
    assert installing.kind_here() == "cron"
    assert installing.install(PROGRAM, HOUR, "cron") is True
    assert cron.read_text() == mine + entries.cron(PROGRAM, HOUR) + "\n"
    assert installing.install(PROGRAM, HOUR, "cron") is False
    assert installing.install(PROGRAM, 2 * HOUR, "cron") is True
    assert cron.read_text() == mine + entries.cron(PROGRAM, 2 * HOUR) + "\n"
    assert installing.installed(PROGRAM) == "cron"
    assert installing.remove(PROGRAM) is True
    assert cron.read_text() == mine
    assert installing.remove(PROGRAM) is False
    assert installing.installed(PROGRAM) is None


def test_a_crontab_that_cannot_be_read_is_not_written_over(cron, nobody):
    before = cron.read_text()
    program(nobody, "crontab", f'[ "$1" = -l ] && {{ echo "not allowed" >&2; exit 1; }}; '
                               f"/bin/cat > {cron}")  # fmt: skip
    with pytest.raises(installing.SchedulerFailed, match="not allowed"):
        installing.install(PROGRAM, HOUR, "cron")
    assert cron.read_text() == before
    program(nobody, "crontab", f'[ "$1" = -l ] && {{ echo "no crontab for x" >&2; exit 1; }}; '
                               f"/bin/cat > {cron}")  # fmt: skip
    installing.install(PROGRAM, HOUR, "cron")
    assert cron.read_text() == entries.cron(PROGRAM, HOUR) + "\n"


def test_systemd_gets_the_files_that_are_shown(nobody, tmp_path):
    log = tmp_path / "log"
    program(nobody, "systemctl", f'echo "$@" >> {log}')
    assert installing.kind_here() == "systemd"
    assert installing.install(PROGRAM, HOUR, "systemd") is True
    written = {file.name: file.read_text() for file in installing.folder().iterdir()}
    assert written == entries.systemd(PROGRAM, HOUR)
    assert "--user enable --now bereik-1a2b3c4d.timer" in log.read_text()
    assert installing.install(PROGRAM, HOUR, "systemd") is False
    assert installing.remove(PROGRAM) is True
    assert list(installing.folder().iterdir()) == []
    assert "--user disable --now bereik-1a2b3c4d.timer" in log.read_text()


def test_a_refusal_of_systemd_leaves_what_was_there(nobody):
    program(nobody, "systemctl", "exit 0")
    installing.install(PROGRAM, HOUR, "systemd")
    before = {file.name: file.read_text() for file in installing.folder().iterdir()}
    program(nobody, "systemctl", "echo no bus >&2; exit 1")
    with pytest.raises(installing.SchedulerFailed, match="no bus"):
        installing.install(PROGRAM, 2 * HOUR, "systemd")
    assert {file.name: file.read_text() for file in installing.folder().iterdir()} == before


def test_a_computer_without_either(nobody):
    with pytest.raises(installing.NoScheduler):
        installing.kind_here()
    assert installing.remove(PROGRAM) is False


# --- what ran --------------------------------------------------------------------------------


def test_what_is_written_down_is_read_again(store):
    why = Message("because {why}", {"why": Message("{n} rows", {"n": 2})})
    run = Run(NOON, NOON + HOUR, "done", next_at=NOON + 2 * HOUR)
    record.note_starter(store.path, "cron", 6 * HOUR, NOON)
    record.note(store.path, "collect", run, 6 * HOUR)
    later = Run(NOON + 2 * HOUR, NOON + 3 * HOUR, "person", why)
    record.note(store.path, "collect", later, 6 * HOUR)
    known = record.read(store.path)
    assert (known.by, known.since, known.stale_after) == ("cron", NOON, 6 * HOUR)
    assert known.runs["collect"].done_at == NOON + HOUR  # the last good one is kept
    assert str(known.runs["collect"].reason) == str(why)
    Store.open(store.path)  # a file beside the tables disturbs nothing


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"runs": 3}', '{"runs": {"collect": {}}}'])
def test_a_damaged_record_is_an_empty_one(store, text):
    record.note_starter(store.path, "cron", HOUR, NOON)
    record.file(store.path).write_text(text)
    assert record.read(store.path) == Record()


def test_a_run_by_hand_is_told_and_expected_no_more_than_before(store):
    run = Run(NOON, NOON + HOUR / 4, "done")
    record.note_by_hand(store.path, "collect", run, HOUR)
    known = record.read(store.path)
    assert known.runs["collect"].ended_at == run.ended_at
    assert known.stale(NOON + 99 * HOUR) == {}

    record.note_starter(store.path, "cron", HOUR, NOON)
    assert record.read(store.path).stale(NOON + 99 * HOUR) == {"collect": run.ended_at}

    record.note(store.path, "collect", Run(NOON, NOON, "done", next_at=NOON + HOUR), HOUR)
    record.note_by_hand(store.path, "collect", run, HOUR)
    last = record.read(store.path).runs["collect"]
    assert (last.next_at, last.is_expected) == (NOON + HOUR, True)


def test_old_is_what_did_not_end_well_for_too_long():
    good = Run(NOON, NOON, "done", done_at=NOON)
    bad = Run(NOON + 9 * HOUR, NOON + 9 * HOUR, "person", done_at=NOON)
    known = Record("cron", 6 * HOUR, NOON, {"collect": bad, "folders": good, "nightly": good})
    assert known.stale(NOON + 5 * HOUR) == {}
    assert known.stale(NOON + 7 * HOUR) == {"collect": NOON, "folders": NOON}
    assert set(known.stale(NOON + 31 * HOUR)) == {"collect", "folders", "nightly"}
    never = Record("cron", 6 * HOUR, NOON, {})
    assert (never.stale(NOON + HOUR), never.stale(NOON + 7 * HOUR)) == ({}, {"collect": None})
    assert Record().stale(NOON) == {}


def settings(tmp_path, text):
    file = tmp_path / "bereik.toml"
    file.write_text(text)
    return load(file)


def test_one_pass_imports_and_keeps_fit_once_a_night(store, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "costs.csv").write_text(COSTS)
    clock = [NOON]
    known = settings(tmp_path, '[watch]\nfolders = ["exports"]\n')
    work = Work(store, known, now=lambda: clock[0], sleep=lambda _s: None)
    assert {job: run.ending for job, run in work.once().items()} == {
        "folders": "done", "nightly": "done",
    }  # fmt: skip
    assert len(store.read(lambda snapshot: snapshot.rows("FROM costs"))) == 1
    # 3:30 in Amsterdam is 1:30 in UTC, in summer
    assert record.read(store.path).runs["nightly"].next_at == dt.datetime(
        2025, 6, 3, 1, 30, tzinfo=dt.UTC
    )
    clock[0] = dt.datetime(2025, 6, 3, 1, 29, tzinfo=dt.UTC)
    assert list(work.once()) == ["folders"]
    clock[0] = dt.datetime(2025, 6, 3, 1, 31, tzinfo=dt.UTC)
    assert list(work.once()) == ["folders", "nightly"]
    (tmp_path / "exports" / "letter.txt").write_text("Dear colleague,")
    runs = work.once()
    assert (runs["folders"].ending, exit_code(runs.values())) == ("person", 1)
    assert record.read(store.path).runs["folders"].done_at == clock[0]


def test_collection_runs_only_when_somebody_meant_it(store, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert Work(store, Settings()).wanted() == ["nightly"]
    meant = settings(tmp_path, '[collect]\naccounts = ["gemeente"]\n')
    work = Work(store, meant, now=lambda: NOON)
    run = work.once(["collect"])["collect"]
    assert run.ending == "person"
    assert "BEREIK_X_BEARER_TOKEN" in str(run.reason)
    monkeypatch.setenv("BEREIK_X_BEARER_TOKEN", "AAAAAAAAAAAAAAAAAAAA")
    assert Work(store, Settings()).wanted() == ["collect", "nightly"]
    later = Outcome("later", Message("the rate limit"))
    monkeypatch.setattr("campaigns.scheduling.work.collect", lambda *_a, **_k: later)
    runs = work.once(["collect"])
    assert (runs["collect"].ending, exit_code(runs.values())) == ("later", 75)
    assert exit_code([]) == 0


def test_answers_of_x_go_when_the_settings_say_so(store, tmp_path):
    kept = store.path / "raw" / "x" / "kept"
    kept.mkdir(parents=True)
    for day in ("2025-05-20", "2025-05-30"):
        (kept / f"x-{day}-1.jsonl.gz").write_bytes(b"")
    known = settings(tmp_path, "[retention]\nraw_answers = 10\n")
    assert Work(store, known, now=lambda: NOON).once(["nightly"])["nightly"].ending == "done"
    assert [file.name for file in kept.iterdir()] == ["x-2025-05-30-1.jsonl.gz"]


def test_the_loop_runs_every_job_and_goes_on_after_a_failure(store, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    (tmp_path / "exports").mkdir()
    known = settings(tmp_path, '[watch]\nfolders = ["exports"]\nsettled = "1s"\nagain = "1s"\n')
    looked = []

    def fails_once(*_args, **_more):
        looked.append(time.monotonic())
        if len(looked) == 1:
            raise RuntimeError("secret")
        found = Outcome("done")
        return type("Looked", (), {"outcome": lambda _self: found})()

    monkeypatch.setattr("campaigns.scheduling.work.look", fails_once)
    stop = threading.Event()
    thread = threading.Thread(target=loop, args=(Work(store, known), stop))
    thread.start()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (
        len(looked) > 1
        and record.read(store.path).runs.get("folders", Run(NOON, NOON, "later")).ending == "done"
    ):
        time.sleep(0.05)
    during = record.read(store.path)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert during.by == "loop"
    assert during.runs["folders"].ending == "done"
    assert during.runs["folders"].next_at is not None
    after = record.read(store.path)
    assert (after.by, after.runs["nightly"].ending) == (None, "done")
    assert "secret" not in record.file(store.path).read_text()


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def bereik(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*args, code=0):
        result = CliRunner().invoke(main, ["--store", "store", "schedule", *args])
        assert result.exit_code == code, result.output
        return result

    return call


def test_show_install_status_and_remove(bereik, cron, store, monkeypatch):
    monkeypatch.setenv("BEREIK_X_BEARER_TOKEN", "AAAAAAAAsecretAAAAAAAA")
    before = cron.read_text()
    shown = bereik("show")
    assert cron.read_text() == before
    line = bereik("show", "--for", "cron").stdout.splitlines()[1]
    assert line in shown.stdout
    assert "schtasks /Create" in bereik("show", "--for", "windows").stdout
    assert "ExecStart=" in bereik("show", "--for", "systemd").stdout
    assert str(store.path) in line
    assert "BEREIK_X_BEARER_TOKEN is set here alone" in shown.stderr
    assert "Installed" in bereik("install").stderr
    assert cron.read_text() == f"{before}{line}\n"
    assert "already" in bereik("install").stderr
    assert "secret" not in cron.read_text() + shown.output
    assert json.loads(bereik("status", "--json").stdout)["by"] == "cron"
    record.note(store.path, "collect", Run(NOON, NOON, "done"), HOUR)
    bereik("status", code=1)
    bereik("remove")
    assert json.loads(bereik("status", "--json").stdout)["stale"] == []  # nothing is expected
    assert cron.read_text() == before
    assert "Nothing was installed" in bereik("remove").stderr


def test_once_says_what_is_wrong_and_nothing_else(bereik, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    assert bereik("run", "--once").output == ""
    assert "Nothing starts it" in bereik("status").stderr
    (tmp_path / "bereik.toml").write_text('[watch]\nfolders = ["gone"]\n')
    assert "watched folders that are not there: 1" in bereik("run", "--once", code=1).stderr
    found = json.loads(bereik("status", "--json", code=1).stdout)
    assert found["jobs"]["folders"]["ending"] == "person"
    assert found["jobs"]["nightly"]["ending"] == "done"


def test_status_warns_of_old_data(bereik, store):
    record.note_starter(store.path, "cron", HOUR, NOON)
    record.note(store.path, "collect", Run(NOON, NOON, "done", next_at=NOON + HOUR), HOUR)
    result = bereik("status", code=1)
    assert (
        "collection from X: older than expected. The last good run: 2025-06-02 14:00"
        in result.stderr
    )
    assert json.loads(bereik("status", "--json", code=1).stdout)["stale"] == ["collect"]


def test_the_command_that_is_scheduled_can_be_run(bereik, cron, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/usr/bin:/bin")
    line = bereik("show", "--for", "cron").stdout.splitlines()[1]
    command = line.split(" ", 5)[5].replace("\\%", "%")
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False,
                          cwd="/", env={"PATH": "/usr/bin:/bin", "BEREIK_LANGUAGE": "en",
                                        "HOME": str(tmp_path), "BEREIK_KEY": "k" * 40})  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert record.read(Path("store")).runs["nightly"].ending == "done"
