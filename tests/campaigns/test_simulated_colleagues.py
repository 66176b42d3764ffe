"""Colleagues of the simulated agency: their files are kept in part and reported as they must be."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from campaigns import simulate
from campaigns.definitions import files as definition_files
from campaigns.imports import Options, import_paths
from campaigns.reports import Question
from campaigns.reports.sharing import Sharing, sharing
from campaigns.simulate.expected_colleagues import by_row, kept, rows
from campaigns.store import Store


@pytest.fixture(scope="module")
def agency() -> simulate.Organisation:
    return simulate.organisation(seed=1, months=4)


@pytest.fixture(scope="module")
def store(agency: simulate.Organisation, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The lists of the agency, its campaigns, and what colleagues handed in; no own exports."""
    folder = tmp_path_factory.mktemp("colleagues")
    files = simulate.write(agency, folder / "exports")
    path = folder / "store"
    theirs = [file for file in files if file.parent.parent.name == simulate.COLLEAGUES]
    lists = [file for file in files if file.parent.name == "exports" and file.suffix == ".csv"]
    toml = Path(folder / "exports" / simulate.CAMPAIGNS_FILE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
        assert {one.status for one in import_paths(path, lists)} == {"imported"}
        definition_files.load(Store.open(path), definition_files.read(toml))
        options = Options(accounts=simulate.colleague_options(agency))
        reports = import_paths(path, theirs, options)
    assert {one.status for one in reports} == {"imported"}
    assert len(reports) == len(theirs) > 30
    return Store.open(path)


@pytest.fixture(scope="module")
def made(store: Store) -> Sharing:
    return sharing(store, Question())


def test_some_forty_people_in_teams_of_whom_one_is_too_small(agency: simulate.Organisation) -> None:
    people = agency.ambassadors
    assert 38 <= len(people) <= 46
    sizes = people.groupby("team").size()
    assert (sizes < 5).sum() == 1
    assert people.opted_in_on.isna().sum() == len(sizes)
    assert people.withdrawn_on.notna().sum() == 1
    assert people.is_name_permitted.sum() == 3
    assert people.account_id.is_unique


def test_only_posts_of_campaigns_are_stored(agency: simulate.Organisation, store: Store) -> None:
    stored = store.read(lambda snapshot: snapshot.rows("SELECT DISTINCT post_id FROM posts"))
    wanted = kept(agency)
    assert {row["post_id"] for row in stored} == set(wanted.post_id)
    assert 0 < len(wanted) < len(agency.shared)


def test_the_report_says_what_the_truth_says(agency: simulate.Organisation, made: Sharing) -> None:
    true = by_row(agency)
    assert {row.name for row in made.rows} == set(true.index)
    for row in made.rows:
        truth = true.loc[str(row.name)]
        assert (row.name, row.posts, row.impressions) == (row.name, truth.posts, truth.impressions)
        assert row.engagements == truth.engagements
        cost = None if pd.isna(truth.cost) else pytest.approx(truth.cost)
        assert (row.name, row.cost) == (row.name, cost)


def test_the_people_of_every_row_are_those_who_take_part(
    agency: simulate.Organisation, made: Sharing
) -> None:
    sizes = rows(agency).groupby("row").person.nunique()
    assert {row.name: row.people for row in made.rows} == sizes.to_dict()
    assert made.total is not None
    assert made.total.people == sizes.sum()


def test_no_team_under_five_is_in_the_report_and_others_are_several_teams(
    agency: simulate.Organisation, made: Sharing
) -> None:
    names = {row.name for row in made.rows}
    assert "Laboratorium" not in names
    assert "(other ambassadors)" in names
    text = str(made.as_json())
    unnamed = agency.ambassadors[~agency.ambassadors.is_name_permitted]
    assert not any(person in text for person in unnamed.person)
    assert not any(account in text for account in unnamed.account_id)


def test_which_kinds_of_media_are_shared_is_known_of_x(made: Sharing) -> None:
    assert {one.media for one in made.media} <= {"photo", "video", "text"}
    assert made.media
