"""Credentials: found in the environment or in a file of one's own, and seen by nobody."""

import copy
import logging
import os
import pickle
import traceback

import pytest

from campaigns.collecting.credentials import FIELDS, Credentials, credentials, usual_file
from campaigns.errors import BadCredentials, NoCredentials, OpenCredentials, UserError
from campaigns.settings import Settings, load

SECRET = "AAAAsecretAAAA%2Bxyz"


@pytest.fixture(autouse=True)
def nobody(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("CREDENTIALS", *(field.upper() for field in FIELDS)):
        monkeypatch.delenv(f"BEREIK_X_{name}", raising=False)


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "x.toml"
    monkeypatch.setenv("BEREIK_X_CREDENTIALS", str(path))

    def write(text, mode=0o600):
        path.write_text(text)
        path.chmod(mode)
        return path

    return write


def test_of_the_environment(monkeypatch):
    monkeypatch.setenv("BEREIK_X_BEARER_TOKEN", f" {SECRET}\n")
    found = credentials(Settings())
    assert found.bearer_token == SECRET
    assert found.sources == {"bearer_token": "BEREIK_X_BEARER_TOKEN"}
    assert not found.is_signed_in


def test_of_a_file_and_the_environment_goes_first(file, monkeypatch):
    path = file("".join(f'{field} = "{SECRET}{field}"\n' for field in FIELDS))
    monkeypatch.setenv("BEREIK_X_ACCESS_TOKEN", "123456-fromtheenvironment")
    found = credentials(Settings())
    assert found.access_token == "123456-fromtheenvironment"
    assert found.consumer_key == f"{SECRET}consumer_key"
    assert found.sources["consumer_key"] == str(path)
    assert found.is_signed_in


def test_of_the_file_in_the_settings_and_of_the_usual_one(tmp_path):
    named = tmp_path / "named.toml"
    named.write_text(f'bearer_token = "{SECRET}"')
    named.chmod(0o600)
    (tmp_path / "bereik.toml").write_text('[credentials]\nfile = "named.toml"\n')
    assert credentials(load(tmp_path / "bereik.toml")).bearer_token == SECRET
    with pytest.raises(NoCredentials):
        credentials(Settings())
    usual_file().parent.mkdir(parents=True)
    named.rename(usual_file())
    assert credentials(Settings()).bearer_token == SECRET


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o601])
def test_a_file_that_others_can_read_is_refused(file, mode):
    file(f'bearer_token = "{SECRET}"', mode)
    with pytest.raises(OpenCredentials):
        credentials(Settings())


@pytest.mark.parametrize(
    "text",
    [
        f'bearer_token = "{SECRET}',
        f"bearer_token = {SECRET}",
        f"{SECRET}",
        f'{SECRET} = "bearer_token"',
        f'bearer_token = ["{SECRET}"]',
        f'bearer_token = "{SECRET}\\r\\nX-Other: 1"',
        f'bearer_token = "{SECRET} {SECRET}"',
        'bearer_token = "kort"',
        f'bearer_token = "{SECRET}"\nbearer_token = "{SECRET}"',
    ],
)
def test_what_cannot_be_used_is_refused_without_showing_it(file, text):
    file(text)
    with pytest.raises(BadCredentials) as caught:
        credentials(Settings())
    told = "".join(traceback.format_exception(caught.value))
    assert "AAAAsecret" not in told + repr(caught.value.values)


@pytest.mark.parametrize("text", ["", 'bearer_token = ""', 'consumer_key = "abcdefghijkl"'])
def test_too_little_to_sign_in_with(file, text):
    file(text)
    with pytest.raises(NoCredentials):
        credentials(Settings())


def test_a_file_that_is_named_and_not_there(file, tmp_path):
    with pytest.raises(NoCredentials):
        credentials(Settings())
    (tmp_path / "x.toml").mkdir()
    with pytest.raises(UserError):
        credentials(Settings())


def test_they_are_shown_nowhere(caplog):
    found = Credentials({"bearer_token": SECRET}, {"bearer_token": "a test"})
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").info("with %s %r", found, found)
    seen = [f"{found}", repr(found), str([found]), str(dir(found)), caplog.text]
    assert not any(SECRET in text for text in seen)
    assert not hasattr(found, "__dict__")
    for write_down in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            write_down(found)
    assert SECRET not in found.hide(f"wrong: {SECRET}!")
