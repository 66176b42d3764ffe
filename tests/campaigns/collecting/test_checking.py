"""What X says the credentials allow, asked of the local server; and what doctor makes of it."""

import json

import pytest
from click.testing import CliRunner

from campaigns.collecting.checking import PRIVATE, PUBLIC, check
from campaigns.collecting.credentials import Credentials
from campaigns.settings import Settings
from campaigns.store import Store
from scripts import main
from tests.x_api.clock import Clock
from tests.x_api.faults import Faults
from tests.x_api.server import Server
from tests.x_api.signing import APP_TOKEN, KEYS
from tests.x_api.world import BEGIN, world

WORLD = world(seed=5)


@pytest.fixture
def server(tmp_path):
    with Server(WORLD, Clock(tmp_path / "clock", BEGIN), Faults()) as running:
        yield running


def settings(server):
    return Settings.model_validate({"collect": {"server": server.url}})


def keys(**given):
    return Credentials(given, dict.fromkeys(given, "a test"))


def test_the_app_alone_sees_public_figures_and_asking_costs_nothing(server):
    found = check(keys(bearer_token=APP_TOKEN), settings(server))
    assert (found.metrics, found.missing) == (PUBLIC, PRIVATE)
    assert (found.account, found.trouble) == (None, None)
    assert sum(server.reads.paid.values()) == 0


@pytest.mark.parametrize("app", [{}, {"bearer_token": APP_TOKEN}])
def test_who_is_signed_in_sees_private_figures(server, app):
    found = check(keys(**app, **KEYS), settings(server))
    assert (found.metrics, found.missing) == ((*PUBLIC, *PRIVATE), ())
    assert found.account == "gemeente_dam"
    assert sum(server.reads.paid.values()) <= 1


def test_what_is_wrong_is_told_without_a_secret(server):
    wrong = check(keys(bearer_token="wrong-token-for-tests"), settings(server))
    assert wrong.metrics == ()
    assert "401" in str(wrong.trouble)
    half = check(keys(bearer_token=APP_TOKEN, **{**KEYS, "access_token_secret": "w" * 20}),
                 settings(server))  # fmt: skip
    assert (half.metrics, half.missing) == (PUBLIC, PRIVATE)
    assert "401" in str(half.trouble)
    assert "wrong-token" not in str(wrong.trouble)


def test_a_server_that_is_not_there(server):
    gone = settings(server)
    server.http.server_close()
    found = check(keys(bearer_token=APP_TOKEN),
                  Settings.model_validate({"collect": {"server": "http://127.0.0.1:9"}}))  # fmt: skip
    assert gone.collect.server != "http://127.0.0.1:9"
    assert "were not checked" in str(found.trouble)


def test_doctor_asks_and_shows_no_secret(server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Store.create(tmp_path / "store")
    (tmp_path / "bereik.toml").write_text(f'[collect]\nserver = "{server.url}"\n')
    monkeypatch.setenv("BEREIK_X_BEARER_TOKEN", APP_TOKEN)

    def doctor(*more):
        return CliRunner().invoke(main, ["--store", "store", "doctor", "--json", *more])

    result = doctor()
    found = json.loads(result.stdout)
    assert (result.exit_code, found["problems"]) == (0, [])
    assert found["metrics"] == "public_metrics"
    assert "analytics" in found["metrics_missing"]
    assert APP_TOKEN not in result.output
    assert "metrics" not in json.loads(doctor("--offline").stdout)
    monkeypatch.setenv("BEREIK_X_BEARER_TOKEN", "wrong-token-for-tests")
    result = doctor()
    assert result.exit_code == 1
    assert "401" in json.loads(result.stdout)["problems"][0]
    assert "wrong-token" not in result.output
