"""Target groups over files as LinkedIn writes them: those of the simulated agency, and a real one."""

import datetime as dt
import os
from pathlib import Path

import openpyxl
import pytest

from audiences import segments
from audiences.segments import Condition, Segment
from campaigns import simulate
from campaigns.imports import Options, import_paths
from campaigns.simulate import audience_files
from campaigns.store import Store

ROOT = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("BEREIK_REAL_EXPORTS", ROOT / ".." / "shared" / "realdata")).resolve()
REAL = sorted((FOLDER / "linkedin-page").rglob("*_followers_*.xlsx"))


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")


def test_the_agency_has_a_group_of_every_kind(tmp_path):
    """Reached more and less than their share, in proportion, too small; each as was made up."""
    agency = simulate.organisation(seed=1, months=3)
    files = []
    for name, data in audience_files.exports(agency):
        path = tmp_path / "exports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        files.append(path)
    assert len(files) == 6
    reports = import_paths(tmp_path / "store", files, Options())
    assert {one.status for one in reports} == {"imported"}
    store = Store.open(tmp_path / "store")
    for one in simulate.TARGET_GROUPS[:4]:
        segments.add(store, Segment(
            one.name, tuple(Condition(*given) for given in one.conditions), "",
            one.population_share, one.population_source,
        ))  # fmt: skip
    found = {
        one.segment.name: one.cells[0]
        for one in segments.report(store, agency.first_day, agency.last_day).groups
    }
    assert {name: cell.verdict for name, cell in found.items()} == {
        "Technici": "over", "Zorg en onderwijs": "under", "Noorden": "alike",
        "Kunst en vormgeving": None,
    }  # fmt: skip
    assert found["Kunst en vormgeving"].is_suppressed
    assert found["Technici"].as_of == agency.last_day
    assert found["Technici"].share == pytest.approx(0.19, rel=0.05)


@pytest.mark.skipif(not REAL, reason=f"no real exports in {FOLDER}")
@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_a_real_export_gives_the_shares_that_stand_in_it(tmp_path):
    sheet = openpyxl.load_workbook(REAL[0])["Job function"].iter_rows(min_row=2, values_only=True)
    people = {name: int(many) for name, many, *_rest in sheet if name and many is not None}
    first, *_others = sorted(people, key=lambda name: -people[name])
    few = min(people, key=lambda name: people[name])
    import_paths(tmp_path, [REAL[0]], Options(role="own"))
    store = Store.open(tmp_path)
    for name, value in (("Most", first), ("Few", few)):
        segments.add(store, Segment(name, (Condition("function", value),)))
    small, large = (
        one.cells[0] for one in segments.report(store, None, dt.date(2100, 1, 1)).groups
    )
    by_fives = [5 * round(many / 5) for many in people.values() if many >= 5]
    rest = 5 * round(sum(many for many in people.values() if many < 5) / 5)
    assert (large.people, large.base) == (5 * round(people[first] / 5), sum(by_fives) + rest)
    assert large.share == pytest.approx(people[first] / sum(people.values()), rel=0.1)
    assert small.is_suppressed == (people[few] < 5)
