"""The command as a whole: finding commands, languages, streams and exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from campaigns import privacy
from campaigns.errors import N_, Message, UnknownCampaign
from campaigns.store import Store
from scripts import Context, main
from scripts._help import help_texts, translated_help

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def store_by_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("BEREIK_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))  # no credentials of anybody


def bereik(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="bereik")


@pytest.fixture
def broken(monkeypatch):
    """A command `broken` that does what it is given: raises it, or calls it."""

    def install(deed):
        @click.command()
        def command():
            if isinstance(deed, BaseException):
                raise deed
            deed()

        monkeypatch.setattr(main, "get_command", lambda _ctx, _name: command)

    return install


def statement(store: Store) -> str:
    return store.state({"campaigns": [{"campaign_id": "zomer", "name": "Zomer"}]}, "a test")


# --- finding commands


def test_every_file_of_the_folder_is_a_command():
    found = {path.stem for path in (ROOT / "scripts").glob("[!_]*.py")}
    listed = set(main.list_commands(click.Context(main)))
    assert listed == {name.removesuffix("_").replace("_", "-") for name in found}
    assert "import" in listed


def test_help_lists_each_command_with_its_first_line():
    result = bereik("--help")
    assert result.exit_code == 0
    assert "  undo       " in result.stdout.replace("  undo ", "  undo       ")
    assert "Take an import back, rows and all." in result.stdout


def test_help_loads_no_command_and_no_engine():
    code = (
        "import sys; from scripts import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'duckdb', 'deltalake', 'pandas', 'pyarrow', 'rich', 'scripts.undo'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert run.stderr.strip() == "[]"


def test_version():
    result = bereik("--version")
    assert result.stdout.startswith("bereik ")
    assert result.exit_code == 0


# --- exit codes and streams


@pytest.mark.parametrize("args", [["nonsense"], ["undo"], ["undo", "--nonsense"], []])
def test_wrong_usage_exits_2_and_leaves_stdout_empty(args):
    result = bereik(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage" in result.stderr


def test_a_users_mistake_is_told_and_exits_1(broken):
    broken(UnknownCampaign(name="zomer", known="winter"))
    result = bereik("broken")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("There is no campaign 'zomer'. Known: winter.")
    assert "Traceback" not in result.stderr


def test_the_unforeseen_is_told_without_a_traceback(broken):
    broken(RuntimeError("odd"))
    result = bereik("broken")
    assert result.exit_code == 1
    assert "RuntimeError: odd" in result.stderr
    assert "BEREIK_DEBUG" in result.stderr
    assert "Traceback" not in result.stderr


def test_debugging_shows_the_traceback(broken, monkeypatch):
    monkeypatch.setenv("BEREIK_DEBUG", "1")
    broken(RuntimeError("odd"))
    assert "Traceback" in bereik("broken").stderr


def test_the_systems_refusal_is_no_fault_of_bereik(broken):
    broken(PermissionError(13, "Permission denied", "store"))
    result = bereik("broken")
    assert result.exit_code == 1
    assert "Permission denied: 'store'" in result.stderr
    assert "report" not in result.stderr


def test_interrupting_exits_130(broken):
    broken(KeyboardInterrupt())
    result = bereik("broken")
    assert result.exit_code == 130
    assert result.stderr.strip() == "Stopped."


def test_characters_the_terminal_lacks_are_escaped():
    code = (
        "from scripts import main; import click; main.get_command = lambda ctx, name: "
        "click.Command('x', callback=lambda: click.echo('caf\\xe9 \\u2013 \\ud83d')); main(['x'])"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=ROOT, env=environment, check=True
    )
    known = "utf-8" if os.name == "nt" else "latin-1"
    expected = "café – \ud83d".encode(known, "backslashreplace")
    assert run.stdout.strip() == expected


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
def test_a_reader_that_leaves_is_no_error():
    run = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m scripts --help | true'],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert run.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only where there is a full device")
def test_a_full_disk_is_told():
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "scripts", "--help"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
    assert run.returncode == 1
    assert "No space left" in run.stderr
    assert "Traceback" not in run.stderr


# --- the store


def test_reading_never_makes_a_store(tmp_path):
    result = bereik("--store", tmp_path / "none", "imports")
    assert result.exit_code == 1
    assert "There is no store in" in result.stderr
    assert not (tmp_path / "none").exists()


def test_the_option_goes_before_the_environment(tmp_path):
    statement(Store.create(tmp_path / "other"))
    result = bereik("--store", tmp_path / "other", "imports")
    assert result.exit_code == 0
    assert f"Store: {tmp_path / 'other'}" in result.stderr


def test_the_environment_names_the_store(tmp_path):
    Store.create(tmp_path / "store")
    result = bereik("imports")
    assert result.exit_code == 0
    assert f"Store: {tmp_path / 'store'}" in result.stderr


def test_the_store_is_named_once(tmp_path, capsys):
    Store.create(tmp_path / "store")
    context = Context(tmp_path / "store")
    assert context.store is context.store
    assert capsys.readouterr().err.count("Store:") == 1


# --- imports, undo, compact


def test_imports_undo_by_a_prefix(tmp_path):
    store = Store.create(tmp_path / "store")
    first, second = statement(store), statement(store)
    assert bereik("undo", first[:12]).exit_code == 0
    listed = json.loads(bereik("imports", "--json").stdout)["imports"]
    assert {row["import_id"]: row["state"] for row in listed} == {
        first: "undone",
        second: "committed",
    }
    assert listed[0]["rows"] == {"campaigns": 1}
    again = bereik("undo", first)
    assert again.exit_code == 0
    assert "before" in again.stderr


def test_undo_refuses_what_it_cannot_tell_apart(tmp_path):
    store = Store.create(tmp_path / "store")
    statement(store)
    assert bereik("undo", "").exit_code == 0  # one import: its empty beginning is unique
    statement(store)
    several = bereik("undo", "")
    assert several.exit_code == 1
    assert "Several imports begin with ''" in several.stderr
    unknown = bereik("undo", "xyz")
    assert unknown.exit_code == 1
    assert "There is no import 'xyz'" in unknown.stderr


def test_compact_keeps_what_is_known(tmp_path):
    store = Store.create(tmp_path / "store")
    for _ in range(3):
        statement(store)
    before = store.read(lambda snapshot: snapshot.rows("SELECT * FROM campaigns"))
    result = bereik("compact")
    assert result.exit_code == 0
    assert "files became" in result.stderr
    assert store.read(lambda snapshot: snapshot.rows("SELECT * FROM campaigns")) == before


# --- doctor


def test_doctor_without_a_store_makes_none(tmp_path):
    result = bereik("doctor")
    assert result.exit_code == 1
    assert "There is no store in" in result.stderr
    assert str(tmp_path / "store") in result.stdout
    assert not (tmp_path / "store").exists()


def test_doctor_counts_and_never_shows_the_key(tmp_path):
    store = Store.create(tmp_path / "store", timezone="Europe/Brussels")
    statement(store)
    privacy.key(store)
    result = bereik("doctor", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert found["problems"] == []
    assert found["timezone"] == "Europe/Brussels"
    assert found["rows"] == {"campaigns": 1}
    assert found["imports"] == {"committed": 1}
    assert found["is_writable"] is True
    assert found["key"] == "BEREIK_KEY"
    assert found["packages"]["duckdb"]
    for output in (result.output, bereik("doctor").output):
        assert os.environ["BEREIK_KEY"] not in output


def test_doctor_finds_the_wrong_key(tmp_path, monkeypatch):
    privacy.key(Store.create(tmp_path / "store"))
    monkeypatch.setenv("BEREIK_KEY", "another key, just as long as the first one was")
    result = bereik("doctor")
    assert result.exit_code == 1
    assert "is not the key of the store" in result.stderr


def test_doctor_finds_a_lost_key(tmp_path, monkeypatch):
    privacy.key(Store.create(tmp_path / "store"))
    monkeypatch.delenv("BEREIK_KEY")
    monkeypatch.setenv("BEREIK_KEY_FILE", str(tmp_path / "lost.key"))
    result = bereik("doctor")
    assert result.exit_code == 1
    assert "was not found in" in result.stderr


def test_doctor_finds_a_folder_of_something_else(tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "holiday.jpg").touch()
    result = bereik("doctor")
    assert result.exit_code == 1
    assert "is not a bereik store" in result.stderr


# --- languages


def test_help_and_clicks_own_words_in_dutch(monkeypatch):
    monkeypatch.setenv("BEREIK_LANGUAGE", "nl")
    result = bereik("undo", "--help")
    assert result.stdout.startswith("Gebruik: bereik undo")
    assert "Opties:" in result.stdout
    assert "Usage" not in result.stdout
    wrong = bereik("undo", "--nonsense")
    assert "--nonsense" in wrong.stderr
    assert "No such option" not in wrong.stderr
    monkeypatch.setenv("BEREIK_LANGUAGE", "en")
    assert bereik("undo", "--help").stdout.startswith("Usage: bereik undo")


def test_examples_in_help_are_not_translated(monkeypatch):
    catalogue = {"Do it.": "Doe het.", "Example:": "Voorbeeld:", "see it": "zie het"}
    monkeypatch.setattr("scripts._help._", lambda text: catalogue.get(text, text))
    text = "Do\n    it.\n\n    \b\n    Example:\n      bereik do   see it\n    "
    assert help_texts(text) == ["Do it.", "Example:", "see it"]
    assert translated_help(text) == "Doe het.\n\n\b\nVoorbeeld:\n  bereik do   zie het"


def test_json_speaks_messages_and_days():
    @click.command()
    def command():
        Context(Path("none")).write_json({"note": Message(N_("no campaign")), "path": Path("a")})

    result = CliRunner().invoke(command)
    assert json.loads(result.stdout) == {"note": "no campaign", "path": "a"}


@pytest.mark.parametrize(("language", "shown"), [("en", "12,345"), ("nl", "12.345")])
def test_numbers_as_people_write_them(monkeypatch, language, shown):
    monkeypatch.setenv("BEREIK_LANGUAGE", language)
    assert Context(Path("none")).number(12345) == shown


def test_doctor_says_that_the_daily_run_does_not_come(tmp_path, monkeypatch):
    from campaigns.privacy import retention

    bereik("accounts", "add", "x", "gemeente")
    assert bereik("doctor").exit_code == 0
    monkeypatch.setattr(retention, "overdue", lambda *_args: {"authors": 12})
    result = bereik("doctor")
    assert result.exit_code == 1
    assert "12 records are past their time" in result.stderr
