"""Settings: found, read, refused by name, shown with their source, and written with comments."""

import datetime as dt
import tomllib
from decimal import Decimal

import pytest

from campaigns import settings
from campaigns.errors import BadSetting, BadSettings, NoSettings, UnknownSetting
from campaigns.privacy import retention
from campaigns.settings import Settings, commented, effective, load


@pytest.fixture
def written(tmp_path):
    def write(text):
        file = tmp_path / "bereik.toml"
        file.write_text(text, "utf-8")
        return file

    return write


def test_nothing_said_is_all_defaults(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load() == Settings()
    assert load().path is None
    assert load().budget.per_month == Decimal("50.00")


def test_the_file_is_given_or_named_or_here(tmp_path, monkeypatch, written):
    file = written('[schedule]\nevery = "2h"\n')
    elsewhere = tmp_path / "other.toml"
    elsewhere.write_text('[schedule]\nevery = "3h"\n')
    monkeypatch.chdir(tmp_path)
    assert load().schedule.every == dt.timedelta(hours=2)
    monkeypatch.setenv("BEREIK_SETTINGS", str(elsewhere))
    assert load().schedule.every == dt.timedelta(hours=3)
    assert load(file).schedule.every == dt.timedelta(hours=2)


def test_values_are_read_as_what_they_are(tmp_path, written):
    found = load(written(
        '[collect]\naccounts = ["@Gemeente"]\nages = ["90m", "29d18h"]\n'
        '[prices]\npost = 0.1\n'
        '[schedule]\nnightly_at = "04:05"\n'
        '[watch]\nfolders = ["exports", "/srv/x"]\n'
    ))  # fmt: skip
    assert found.collect.accounts == ("gemeente",)
    assert found.collect.ages == (dt.timedelta(minutes=90), dt.timedelta(days=29, hours=18))
    assert found.prices.post == Decimal("0.1")  # not 0.1000000000000000055…
    assert found.schedule.nightly_at == dt.time(4, 5)
    assert [str(path) for path in found.watch.folders] == [str(tmp_path / "exports"), "/srv/x"]


@pytest.mark.parametrize(
    ("text", "key", "nearest"),
    [
        ("[colect]\n", "colect", "collect"),
        ("[collect]\nacounts = []\n", "collect.acounts", "collect.accounts"),
        ("[collect]\nper_day = 3\n", "collect.per_day", "budget.per_day"),
        ("[zzzzqq]\n", "zzzzqq", "bereik settings"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(written, text, key, nearest):
    with pytest.raises(UnknownSetting) as caught:
        load(written(text))
    assert (caught.value.key, caught.value.nearest) == (key, nearest)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[collect]\nages = ["1x"]', "collect.ages"),
        ('[collect]\nages = ["0h"]', "collect.ages"),
        ('[collect]\nages = "1h"', "collect.ages"),
        ('[collect]\nroles = ["peer"]', "collect.roles"),
        ('[collect]\naccounts = ["a b"]', "collect.accounts"),
        ('[collect]\nserver = "http://api.x.com"', "collect.server"),
        ("[collect]\nmentions = 1", "collect.mentions"),
        ("[budget]\nper_day = -1", "budget.per_day"),
        ("[budget]\nper_day = nan", "budget.per_day"),
        ("[budget]\nper_day = true", "budget.per_day"),
        ("[prices]\ncurrency = 'eur'", "prices.currency"),
        ("[retention]\nauthors = 0", "retention.authors"),
        ("[retention]\nauthors = 1.5", "retention.authors"),
        ('[schedule]\nnightly_at = "24:00"', "schedule.nightly_at"),
        ("budget = 1", "budget"),
    ],
)
def test_a_wrong_value_is_refused_by_its_key(written, text, key):
    with pytest.raises(BadSetting) as caught:
        load(written(text))
    assert caught.value.key == key
    assert str(caught.value).startswith(f"{caught.value.path}: {key} is ")


def test_a_server_in_tests_is_on_this_computer(written):
    found = load(written('[collect]\nserver = "http://127.0.0.1:9000/"\n'))
    assert found.collect.server == "http://127.0.0.1:9000"


@pytest.mark.parametrize("content", [b"[collect\n", b"\xff\xfe", b"#" * (2 << 20)])
def test_what_is_no_such_file_is_refused(tmp_path, content):
    file = tmp_path / "bereik.toml"
    file.write_bytes(content)
    with pytest.raises(BadSettings):
        load(file)
    with pytest.raises(NoSettings):
        load(tmp_path / "none.toml")
    with pytest.raises(BadSettings):
        load(tmp_path)


def test_every_setting_is_shown_with_where_it_comes_from(written):
    found = load(written("[budget]\nper_day = 1.50\n"))
    rows = {f"{one.section}.{one.key}": one for one in effective(found)}
    given = rows["budget.per_day"]
    assert (given.value, given.default, given.is_given) == ("1.50", "5.00", True)
    assert [name for name, one in rows.items() if one.is_given] == ["budget.per_day"]
    assert all(one.meaning for one in rows.values())


def test_a_commented_file_says_all_and_changes_nothing(written):
    text = commented(load(written("[budget]\nper_day = 1.50\n")))
    assert tomllib.loads(text)["budget"] == {"per_day": 1.5}
    every = text.replace("# credentials", "").splitlines()
    assert all(f"{one.key} = " in text for one in effective(Settings()))
    uncommented = "\n".join(
        line.removeprefix("# ") if " = " in line and not line.startswith("# file") else line
        for line in every
    )
    assert load(written(uncommented)) .model_dump() == (
        load(written("[budget]\nper_day = 1.50\n")).model_dump()
    )  # fmt: skip


def test_the_times_of_retention_are_those_of_the_kinds_of_data():
    assert Settings().retention.kinds() == retention.periods()


def test_durations():
    assert settings.duration("1d 2h") == dt.timedelta(hours=26)
    for wrong in ("", "d", "1", "1w", "-1h", "0s", 3, None):
        with pytest.raises(ValueError):
            settings.duration(wrong)
