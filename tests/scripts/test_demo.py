"""The demo: it runs from an empty folder, touches nothing else, and changes nothing twice."""

import functools
import json

import pytest
from click.testing import CliRunner, Result

from campaigns import simulate
from scripts import main


@pytest.fixture
def short(monkeypatch):
    """Three months, and only the lists and the exports of one account: the tests are fast."""
    write = simulate.write
    few = {"exports", "agww_werkt"}
    monkeypatch.setattr(
        simulate, "organisation", functools.partial(simulate.organisation, months=3)
    )
    monkeypatch.setattr(
        simulate,
        "write",
        lambda made, folder: [path for path in write(made, folder) if path.parent.name in few],
    )


def shown(months: int) -> set[str]:
    """The tests whose posts are in so many months."""
    run = set(simulate.organisation(months=months).variants.experiment_id)
    return {test.name for test in simulate.EXPERIMENTS if test.experiment_id in run}


def bereik(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="bereik")


def test_the_demo_reports_campaigns_and_leaves_the_own_store_alone(short, tmp_path, monkeypatch):
    own = tmp_path / "own"
    monkeypatch.setenv("BEREIK_STORE", str(own))
    out = tmp_path / "a demo"
    first = bereik("demo", "--out", out)
    assert first.exit_code == 0, first.output
    assert "zwemveilig-2026" in first.stdout
    assert "not imported" not in first.stderr
    assert f"bereik --store '{out / 'store'}' report" in first.stderr
    assert sorted(path.name for path in out.iterdir()) == ["exports", "store"]
    assert not own.exists()
    tests = json.loads(bereik("--store", out / "store", "experiment", "list", "--json").stdout)
    assert {one["name"] for one in tests["experiments"]} == {"Storm of winter", *shown(3)}

    again = bereik("demo", "--out", out)
    assert again.exit_code == 0
    assert again.stdout == first.stdout
    assert "files: imported before" in again.stderr
    assert "0 new, 0 changed" in again.stderr
    assert "Tests of message and image: 0 new" in again.stderr


def test_another_seed_has_folders_of_its_own(short, tmp_path, monkeypatch):
    from scripts import demo

    for step in ("_import", "_define", "_name_groups", "_test", "_report"):
        monkeypatch.setattr(demo, step, lambda *_args: [])
    assert bereik("demo", "--out", tmp_path, "--seed", 2).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["exports-2"]
