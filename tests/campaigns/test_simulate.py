"""The simulated organisation: the same every time, believable, and counted alike by reports."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from campaigns import simulate
from campaigns.definitions import files as definition_files
from campaigns.imports import Options, import_paths
from campaigns.reports import Question, report
from campaigns.simulate.expected import FIGURES, campaign_of, newest
from campaigns.store import Store


@pytest.fixture(scope="module")
def small() -> simulate.Organisation:
    return simulate.organisation(seed=1, months=3)


@pytest.fixture(scope="module")
def large() -> simulate.Organisation:
    return simulate.organisation(seed=1)


@pytest.fixture(scope="module")
def files(small: simulate.Organisation, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All but those of colleagues: these have tests of their own."""
    written = simulate.write(small, tmp_path_factory.mktemp("exports"))
    return [path for path in written if path.parent.parent.name != simulate.COLLEAGUES]


def _bytes(paths: list[Path], root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


# --- always the same -------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes(small: simulate.Organisation, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    first = simulate.write(small, one)
    again = simulate.write(simulate.organisation(seed=1, months=3), two)
    assert _bytes(first, one) == _bytes(again, two)


def test_writing_again_replaces_and_leaves_other_files_alone(
    small: simulate.Organisation, tmp_path: Path
) -> None:
    first = simulate.write(small, tmp_path)
    before = _bytes(first, tmp_path)
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    assert _bytes(simulate.write(small, tmp_path), tmp_path) == before
    assert other.read_text() == "mine"


def test_another_seed_gives_other_figures(small: simulate.Organisation) -> None:
    other = simulate.organisation(seed=2, months=3)
    assert other.posts.impressions.sum() != small.posts.impressions.sum()


@pytest.mark.parametrize("months", [0, 2, 121])
def test_months_out_of_range_are_refused(months: int) -> None:
    with pytest.raises(ValueError, match="months"):
        simulate.organisation(months=months)


# --- believable ------------------------------------------------------------------------------


def test_six_accounts_with_a_quarter_of_a_million_followers(large: simulate.Organisation) -> None:
    assert large.accounts.groupby("platform").size().to_dict() == {"linkedin": 3, "x": 3}
    assert 240_000 <= large.accounts.followers.sum() <= 260_000
    assert large.posts.groupby(["platform", "account_id"]).ngroups == 6


def test_twenty_four_months_to_a_fixed_day(large: simulate.Organisation) -> None:
    assert (str(large.first_day), str(large.last_day)) == ("2024-07-01", "2026-06-30")
    assert large.posts.published_on.min() >= large.first_day
    assert large.posts.published_on.max() <= large.last_day


def test_ids_are_unique_and_tell_the_time_as_those_of_the_platforms(
    large: simulate.Organisation,
) -> None:
    assert large.posts.post_id.is_unique
    on_x = large.posts[large.posts.platform == "x"]
    since = on_x.post_id.astype("int64") // 2**22 + 1_288_834_974_657
    assert (pd.to_datetime(since, unit="ms", utc=True) == on_x.published_at).all()


def test_figures_of_a_post_only_grow(large: simulate.Organisation) -> None:
    log = large.post_figures.sort_values("collected_at")
    steps = log.groupby(["post_id", "delivery"]).impressions.diff().dropna()
    assert (steps >= 0).all()
    assert (steps > 0).any()


def test_variant_b_gets_its_true_effect_on_clicks(large: simulate.Organisation) -> None:
    told = large.posts[large.posts.experiment_id == "zwem-beeld"]
    sums = told.groupby("variant")[["clicks", "impressions"]].sum()
    rates = sums.clicks / sums.impressions
    assert rates["b"] / rates["a"] == pytest.approx(1.35, rel=0.2)
    assert large.variants.groupby(["experiment_id", "variant"]).size().min() >= 12


def test_there_is_something_to_do_for_a_user(large: simulate.Organisation) -> None:
    """A campaign of which no costs are known, a hashtag without campaign, and a gap."""
    costs = large.expected().costs
    assert "bruggen-2026" in set(large.posts.campaign_id.dropna())
    assert "bruggen-2026" not in set(costs.campaign.dropna())
    assert 5 < large.posts.text.str.contains("#WeekVanHetWater").sum() < 100
    known = set(large.post_figures.post_id)
    on_x = large.posts[large.posts.account_id == "agww_werkt"]
    assert 15 < (~on_x.post_id.isin(known)).sum() < len(on_x) / 4
    others = large.posts[large.posts.account_id != "agww_werkt"]
    assert others.post_id.isin(known).all()


def test_there_are_print_outcomes_and_more_than_a_year(large: simulate.Organisation) -> None:
    assert {"bezoeken", "telefoontjes", "sollicitaties"} <= set(large.outcomes.outcome)
    assert "placement" in set(large.expected().costs.kind)
    assert (large.last_day - large.first_day).days > 700


def test_citizens_are_named_in_replies_only(large: simulate.Organisation) -> None:
    is_named = large.posts.text.str.contains("@")
    assert (is_named == large.posts.is_reply).all()
    assert is_named.sum() > 500


# --- the quirks of real exports --------------------------------------------------------------


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def test_one_file_was_damaged_by_excel_and_its_links_tell_the_ids(files: list[Path]) -> None:
    [damaged] = [path for path in files if "kopie" in path.name]
    rows = _rows(damaged)
    assert all(row["Tweet id"].endswith("E+18") for row in rows)
    assert len({row["Tweet id"] for row in rows}) < len(rows)
    assert len({row["Tweet permalink"] for row in rows}) == len(rows)
    assert "-" in {row["promoted impressions"] for row in rows}


def test_there_are_ghost_rows_and_a_file_twice(files: list[Path]) -> None:
    [again] = [path for path in files if "content" in path.name and "(1)" in path.name]
    assert again.read_bytes() == Path(str(again).replace(" (1)", "")).read_bytes()
    ghosts = [row for row in _rows(again) if row["Post Link"].endswith("/undefined")]
    assert {row["Post id"] for row in ghosts} == {""}


def test_a_boosted_post_has_three_rows_that_add_up(files: list[Path]) -> None:
    pages = [path for path in files if path.suffix == ".xlsx" and path.parent.name == "linkedin"]
    books = [CalamineWorkbook.from_path(path) for path in pages]
    sheets = [book.get_sheet_by_index(1).to_python() for book in books]
    rows = pd.DataFrame([row for sheet in sheets for row in sheet if "urn:li" in str(row[1])])
    rows["file"] = [n for n, sheet in enumerate(sheets) for row in sheet if "urn:li" in str(row[1])]
    kinds = rows.pivot_table(index=["file", 1], columns=2, values=9, aggfunc="sum")
    boosted = kinds.dropna(subset=["Sponsored"])
    assert len(boosted) > 3
    assert (boosted.Organic + boosted.Sponsored == boosted.Total).all()
    assert {book.sheet_names[0] for book in books} == {"Metrics", "Statistieken"}


def test_days_can_be_negative_and_cells_empty(large: simulate.Organisation) -> None:
    assert (large.day_figures.likes < 0).any()
    on_linkedin = large.post_figures[large.post_figures.post_id.str.startswith("urn")]
    assert 0 < on_linkedin.clicks.isna().mean() < 0.1


def test_ads_are_utf16_with_lines_above_the_header(files: list[Path]) -> None:
    ads = [path for path in files if "ad_performance" in path.name]
    lines = ads[0].read_bytes().decode("utf-16").splitlines()
    assert ads[0].read_bytes()[:2] == b"\xff\xfe"
    assert lines[1].startswith("Report Start: ")
    assert lines[5].split("\t")[0] == "Start Date (in UTC)"


# --- the second opinion ----------------------------------------------------------------------


def test_newest_is_per_column_the_newest_known_value() -> None:
    log = pd.DataFrame(
        {"post_id": ["a", "a", "b"], "clicks": [3.0, None, None], "likes": [1.0, 4.0, 2.0],
         "collected_at": [1, 2, 1]}
    )  # fmt: skip
    rows = newest(log, ["post_id"]).set_index("post_id")
    assert rows.loc["a", ["clicks", "likes"]].tolist() == [3, 4]
    assert pd.isna(rows.loc["b", "clicks"])


def test_rules_give_a_post_to_the_first_campaign_in_its_period() -> None:
    both = "Glad en nat #WinterWegen #StormKlaar"
    assert campaign_of(both, date(2025, 12, 1)) == "stormklaar-2025"
    assert campaign_of(both, date(2026, 2, 15)) == "winterwegen-2025"
    assert campaign_of(both, date(2024, 12, 1)) == "stormklaar-2024"
    assert campaign_of("zonder merk", date(2025, 12, 1)) is None


# --- the files, imported ---------------------------------------------------------------------

OVERVIEWS = Options(accounts=simulate.ACCOUNT_OPTIONS)


@pytest.fixture(scope="module")
def store(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The small organisation's exports, imported in the order of download."""
    path = tmp_path_factory.mktemp("ordered") / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
        exports = [file for file in files if file.suffix != ".toml"]
        reports = import_paths(path, exports, OVERVIEWS)
    assert {report.status for report in reports} == {"imported", "unchanged"}
    assert [report.path.name for report in reports if report.status == "unchanged"] == [
        file.name for file in exports if "content" in file.name and "(1)" in file.name
    ]
    made = Store.open(path)
    [toml] = [file for file in files if file.suffix == ".toml"]
    definition_files.load(made, definition_files.read(toml))
    return made


def _figures(store: Store) -> dict[tuple[str, str], tuple[int | None, ...]]:
    rows = store.read(
        lambda snapshot: snapshot.rows(
            f"SELECT post_id, delivery, {', '.join(FIGURES)} FROM post_metrics"
        )
    )
    return {(row["post_id"], row["delivery"]): tuple(row[n] for n in FIGURES) for row in rows}


def _true_figures(
    organisation: simulate.Organisation,
) -> dict[tuple[str, str], tuple[int | None, ...]]:
    found: dict[tuple[str, str], tuple[int | None, ...]] = {}
    for post in organisation.expected().posts.to_dict("records"):
        for delivery in ("organic", "paid", "total"):
            values = [post[f"{figure}_{delivery}"] for figure in FIGURES]
            if not pd.isna(values[0]):
                known = tuple(None if pd.isna(value) else int(value) for value in values)
                found[post["post_id"], delivery] = known
    return found


def _days(store: Store) -> dict[tuple[str, str, date, str], int]:
    rows = store.read(
        lambda snapshot: snapshot.rows(
            "SELECT platform, account_id, day, delivery, impressions FROM account_days "
            "WHERE NOT (platform = 'linkedin' AND delivery = 'total')"
        )
    )
    return {
        (row["platform"], row["account_id"], row["day"], row["delivery"]): row["impressions"]
        for row in rows
    }


def test_imported_posts_have_the_true_figures(small: simulate.Organisation, store: Store) -> None:
    stored = _figures(store)
    boosted = {post for post, delivery in stored if delivery == "paid"}
    extra = {key: values for key, values in stored.items() if key[1] == "total"
             and key[0].startswith("urn")}  # fmt: skip
    assert {post for post, _delivery in extra} == {p for p in boosted if p.startswith("urn")}
    assert {key: value for key, value in stored.items() if key not in extra} == (
        _true_figures(small)
    )


def test_a_stored_total_of_a_boosted_post_is_organic_and_paid(store: Store) -> None:
    stored = _figures(store)
    for (post, delivery), total in stored.items():
        if delivery == "total" and post.startswith("urn"):
            organic, paid = stored[post, "organic"], stored[post, "paid"]
            assert [a + b for a, b in zip(organic, paid, strict=True)] == list(total)


def test_imported_days_have_the_true_figures(small: simulate.Organisation, store: Store) -> None:
    true = small.expected().days
    keys = zip(true.platform, true.account_id, true.day, true.delivery, strict=True)
    assert _days(store) == dict(zip(keys, true.impressions.astype(int), strict=True))


def test_imported_ads_have_the_true_spend(small: simulate.Organisation, store: Store) -> None:
    [row] = store.read(
        lambda snapshot: snapshot.rows(
            "SELECT sum(spend)::DOUBLE AS spend, sum(impressions) AS impressions FROM ad_periods"
        )
    )
    ads = small.expected().ads
    assert row["spend"] == pytest.approx(ads.spend.sum(), abs=0.005)
    assert row["impressions"] == ads.impressions.sum()


def test_in_any_order_and_twice_the_store_says_the_same(
    files: list[Path], store: Store, tmp_path: Path
) -> None:
    exports = [file for file in files if file.suffix != ".toml"]
    shuffled = [exports[index] for index in np.random.default_rng(7).permutation(len(exports))]
    import_paths(tmp_path / "store", shuffled, OVERVIEWS)
    again = import_paths(tmp_path / "store", exports, OVERVIEWS)
    assert {report.status for report in again} == {"unchanged"}
    other = Store.open(tmp_path / "store")
    assert _figures(other) == _figures(store)
    assert _days(other) == _days(store)


def test_citizens_are_pseudonyms_in_the_store(store: Store) -> None:
    texts = [
        row["text"] for row in store.read(lambda s: s.rows("SELECT text FROM posts WHERE is_reply"))
    ]
    assert len(texts) > 50
    assert all(text.startswith("@~") for text in texts)


# --- reports over the files say what the truth says -----------------------------------------


@pytest.mark.parametrize("column", ["platform", "account_id", "campaign"])
@pytest.mark.parametrize("delivery", ["organic", "paid", "total"])
def test_reports_have_the_true_totals(
    small: simulate.Organisation, store: Store, column: str, delivery: str
) -> None:
    by = column.removesuffix("_id")
    names = {"organic": "organic_impressions", "paid": "paid_impressions"}
    wanted = {"posts": "posts", "impressions": names.get(delivery, "impressions")}
    if delivery == "total":
        more = [*FIGURES, "replies", "spend", *(["cost"] if column != "account_id" else [])]
        wanted |= {name: name for name in more}
    metrics = tuple(name for name in wanted if name != "posts")
    answer = report(store, Question(by=(by,), metrics=metrics, delivery=delivery))
    said = {row[by] or "": {name: row[name] for name in wanted} for row in answer.rows}
    true = small.expected().by(column)
    assert said.keys() <= set(true.index)
    for group in true.index:
        for name, source in wanted.items():
            truth = true[source][group]
            expected = None if pd.isna(truth) else pytest.approx(truth, abs=0.006)
            assert (group, name, said.get(group, {}).get(name)) == (group, name, expected)


def test_days_of_the_activity_accounting_have_the_true_totals(
    small: simulate.Organisation, store: Store
) -> None:
    question = Question(by=("account",), metrics=("impressions",), accounting="activity")
    said = {row["account"]: row["impressions"] for row in report(store, question).rows}
    expected = small.expected()
    days, ads = expected.days, expected.ads
    organic = days[days.delivery != "paid"].groupby("account_id").impressions.sum()
    total = organic.add(ads.groupby("account_id").impressions.sum(), fill_value=0)
    assert said == total.astype(int).to_dict()
