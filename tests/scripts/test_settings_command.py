"""The command ``settings``, and commands that use what it says."""

import json

import pytest
from click.testing import CliRunner

from campaigns.store import Store
from scripts import main


@pytest.fixture
def bereik(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    Store.create(tmp_path / "store")
    return lambda *args: CliRunner().invoke(main, ["--store", "store", *args])


def test_settings_are_shown_and_written(bereik, tmp_path):
    assert "no file: all defaults" in bereik("settings").stderr
    assert bereik("settings", "--write", "bereik.toml").exit_code == 0
    assert "bereik.toml" in bereik("settings").stderr
    refused = bereik("settings", "--write", "bereik.toml")
    assert refused.exit_code == 1
    assert "there is a file already" in refused.stderr
    (tmp_path / "bereik.toml").write_text("[retention]\nauthors = 30\n")
    shown = json.loads(bereik("settings", "--json").stdout)["settings"]
    assert shown["retention.authors"] | {"meaning": ""} == {
        "value": "30", "default": "365", "source": "file", "meaning": "",
    }  # fmt: skip


def test_times_of_the_settings_hold_for_retention(bereik, tmp_path):
    (tmp_path / "bereik.toml").write_text("[retention]\nauthors = 30\n")
    kinds = json.loads(bereik("privacy", "retention", "--json").stdout)["kinds"]
    assert kinds["authors"]["days"] == 30
    kinds = json.loads(bereik("privacy", "retention", "--json", "--keep", "authors=9").stdout)
    assert kinds["kinds"]["authors"]["days"] == 9
    held = json.loads(bereik("privacy", "report", "--json").stdout)["held"]
    assert {one["kind"]: one["days"] for one in held}["authors"] == 30


def test_doctor_tells_of_settings_that_cannot_be_read(bereik, tmp_path):
    (tmp_path / "bereik.toml").write_text("[retention]\nauthor = 30\n")
    result = bereik("doctor", "--json", "--offline")
    assert result.exit_code == 1
    assert "retention.authors" in json.loads(result.stdout)["problems"][0]


def test_doctor_says_where_credentials_are_and_never_what(bereik, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    assert json.loads(bereik("doctor", "--json", "--offline").stdout)["credentials"] is None
    monkeypatch.setenv("BEREIK_X_BEARER_TOKEN", "AAAAAAAAsecretAAAAAAAA")
    result = bereik("doctor", "--json", "--offline")
    assert json.loads(result.stdout)["credentials"] == {"bearer_token": "BEREIK_X_BEARER_TOKEN"}
    assert "secret" not in result.output
    (tmp_path / "bereik.toml").write_text('[credentials]\nfile = "none.toml"\n')
    monkeypatch.delenv("BEREIK_X_BEARER_TOKEN")
    assert "none.toml" in json.loads(bereik("doctor", "--json", "--offline").stdout)["problems"][0]
