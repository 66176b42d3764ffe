"""Lines of costs, placements and outcomes, stated one at a time."""

import datetime as dt
from decimal import Decimal

import pytest

from campaigns import definitions
from campaigns.definitions import records
from campaigns.definitions.versions import version
from campaigns.errors import BadFields, ChangedMeanwhile, UnknownName
from campaigns.imports import import_paths
from campaigns.reports import Question, report

JUNE = {"first_day": dt.date(2025, 6, 1), "last_day": dt.date(2025, 6, 30)}
COST = {"description": "Folder", "amount": Decimal("1250.50"), "vat": "excl", **JUNE}
HOURS = {"description": "Tekst", "hours": Decimal(4), "rate": Decimal(80), **JUNE}


def keys(row, table="costs"):
    return [row[name] for name in records.RECORDS[table].key]


def standing(store, table="costs"):
    return store.read(lambda snapshot: records.records(snapshot, table))


def faults(table, given):
    kind = records.RECORDS[table]
    with pytest.raises(BadFields) as raised:
        records.checked_line(table, kind.fields, kind.required, given)
    return {name: message.text for name, message in raised.value.fields.items()}


def test_a_line_is_stated_changed_and_taken_out(store):
    row = records.save(store, "costs", COST)
    assert row["currency"] == "EUR"
    changed = records.save(store, "costs", {**COST, "amount": Decimal(2000)}, keys(row))
    assert [one["amount"] for one in standing(store)] == [Decimal(2000)]
    assert standing(store) == [changed]
    records.remove(store, "costs", keys(row))
    assert standing(store) == []
    again = records.save(store, "costs", COST)
    assert keys(again) == keys(row)
    assert standing(store) == [again]


def test_every_change_can_be_undone(store):
    row = records.save(store, "costs", COST)
    records.remove(store, "costs", keys(row))
    newest = max(store.records().values(), key=lambda one: one["recorded_at"])
    store.undo(newest["import_id"])
    assert standing(store) == [row]


def test_a_removed_cost_counts_nowhere(store):
    row = records.save(store, "costs", COST)
    question = Question(metrics=("cost",))
    assert report(store, question).rows[0]["cost"] == pytest.approx(1250.50)
    records.remove(store, "costs", keys(row))
    assert [one["cost"] for one in report(store, question).rows] in ([], [None])


def test_the_same_again_states_nothing(store):
    row = records.save(store, "costs", COST)
    before = store.number_of("imports")
    assert records.save(store, "costs", COST, keys(row)) == row
    assert store.number_of("imports") == before


def test_an_equal_line_needs_a_number_of_its_own(store):
    records.save(store, "costs", COST)
    with pytest.raises(BadFields) as raised:
        records.save(store, "costs", COST)
    assert list(raised.value.fields) == ["number"]
    records.save(store, "costs", {**COST, "number": "2"})
    assert len(standing(store)) == 2


def test_two_who_change_the_same_line(store):
    row = records.save(store, "costs", COST)
    looked_at = version(row)
    records.save(store, "costs", {**COST, "amount": Decimal(1)}, keys(row), looked_at)
    with pytest.raises(ChangedMeanwhile) as raised:
        records.save(store, "costs", {**COST, "amount": Decimal(2)}, keys(row), looked_at)
    newer = raised.value.record
    assert newer["amount"] == Decimal(1)
    records.save(store, "costs", {**COST, "amount": Decimal(2)}, keys(row), version(newer))
    assert standing(store)[0]["amount"] == Decimal(2)


def test_a_line_that_somebody_took_out(store):
    row = records.save(store, "costs", COST)
    records.remove(store, "costs", keys(row), version(row))
    with pytest.raises(ChangedMeanwhile) as raised:
        records.save(store, "costs", COST, keys(row), version(row))
    assert raised.value.record is None
    with pytest.raises(UnknownName):
        records.remove(store, "costs", keys(row), version(row))


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("Productie;Folder;1250,50;2025-06-01;2025-06-30;;",
         {**COST, "kind": "productie", "shares": "Zomer=1"}),
        ("Productie;Folder;1250,50;2025-06-01;2025-06-30;r-7;",
         {**COST, "kind": "production", "shares": "Zomer=1", "number": "r-7"}),
    ],
)  # fmt: skip
def test_a_line_has_the_key_that_its_list_gives_it(store, tmp_path, line, given):
    """But for words that the table has in another form, such as the kind."""
    file = tmp_path / "Kosten.csv"
    header = "Campagne;Soort;Omschrijving;Bedrag;Van;Tot en met;ID;Btw"
    file.write_text(f"{header}\nZomer;{line}excl\n", "utf-8")
    import_paths(store.path, [file])
    (listed,) = standing(store)
    kind = records.RECORDS["costs"]
    row = {**dict.fromkeys(kind.fields), **given}
    assert keys(listed) == records._new_key(kind, {**given, "source": "kosten"}, row, ())


def test_placements_and_outcomes_have_the_keys_of_their_lists(store, tmp_path):
    print_ = tmp_path / "Print.csv"
    print_.write_text(
        "Campagne;Medium;Titel;Van;Tot en met;Oplage\nZomer;print;De Krant;2025-06-01;2025-06-02;9000\n",
        "utf-8",
    )
    results = tmp_path / "Resultaten.csv"
    results.write_text(
        "Campagne;Resultaat;Waarde;Datum\nZomer;sollicitaties;12;2025-06-30\n", "utf-8"
    )
    import_paths(store.path, [print_, results])
    placement = {"campaign": "Zomer", "medium": "print", "title": "De Krant",
                 "first_day": dt.date(2025, 6, 1), "last_day": dt.date(2025, 6, 2)}  # fmt: skip
    with pytest.raises(BadFields):
        records.save(store, "media_placements", placement)
    outcome = {"campaign": "Zomer", "outcome": "sollicitaties", "value": 12.0,
               "day": dt.date(2025, 6, 30), "source": "resultaten"}  # fmt: skip
    with pytest.raises(BadFields):
        records.save(store, "outcomes", outcome)


def test_a_newer_list_says_what_counts(store, tmp_path):
    file = tmp_path / "Kosten.csv"
    file.write_text("Campagne;Bedrag;Datum;ID\nZomer;100;2025-06-01;1\n", "utf-8")
    import_paths(store.path, [file])
    (row,) = standing(store)
    records.save(store, "costs", {**row, "amount": Decimal(150)}, keys(row))
    file.write_text("Campagne;Bedrag;Datum;ID\nZomer;120;2025-06-01;1\n", "utf-8")
    import_paths(store.path, [file])
    assert [one["amount"] for one in standing(store)] == [Decimal(120)]


def test_a_new_line_names_a_campaign_that_may_get_another_name(store):
    campaign = definitions.add(store, definitions.Campaign("Zomer 2025"))
    named = records.entered("zomer  2025", [campaign])
    records.save(store, "costs", {**COST, "shares": records.shares([(named, None)])})
    definitions.replace(
        store, named, "test", lambda old: definitions.Campaign("Zomer", campaign_id=old.campaign_id)
    )
    (row,) = report(store, Question(by=("campaign",), metrics=("cost",))).rows
    assert (row["campaign"], row["cost"]) == (campaign.campaign_id, pytest.approx(1250.50))


def test_all_faults_are_said_at_once():
    assert set(faults("costs", {"currency": "euro", "vat": "ja", "kind": "x"})) == {
        "first_day", "amount", "currency", "vat", "kind",
    }  # fmt: skip
    assert set(faults("costs", {**HOURS, "rate": None})) == {"rate"}
    assert set(faults("costs", {**HOURS, "hours": Decimal(-1)})) == {"hours"}
    assert set(faults("costs", {**COST, "amount": Decimal("1e12")})) == {"amount"}
    assert set(faults("costs", {**COST, "amount": Decimal("NaN")})) == {"amount"}
    assert set(faults("costs", {**COST, "amount": Decimal("0.0000001")})) == {"amount"}
    assert set(faults("costs", {**COST, "last_day": dt.date(2025, 5, 1)})) == {"last_day"}
    assert set(faults("costs", {**COST, "description": "a\nb"})) == {"description"}
    assert set(faults("outcomes", {"outcome": " "})) == {"outcome", "value", "day"}
    assert set(
        faults("outcomes", {"outcome": "x", "value": float("inf"), "day": JUNE["first_day"]})
    ) == {"value"}
    assert set(faults("media_placements", {**JUNE, "circulation": -1})) == {"title", "circulation"}


def test_hours_are_of_that_kind_and_one_day_is_a_period(store):
    row = records.save(store, "costs", {**HOURS, "last_day": None})
    assert (row["kind"], row["last_day"], row["currency"]) == ("hours", JUNE["first_day"], "EUR")
    assert report(store, Question(metrics=("cost",))).rows[0]["cost"] == pytest.approx(320)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ([], None),
        ([("A", None)], "A=1"),
        ([("A", None), ("B", None)], "A=0.5;B=0.5"),
        ([("A", 0.333), ("B", 0.667)], "A=0.333;B=0.667"),
        ([("A", 0.333), ("B", 0.333), ("C", 0.333)], "A=0.333333;B=0.333333;C=0.333333"),
    ],
)
def test_parts_of_campaigns(given, stored):
    assert records.shares(given) == stored


@pytest.mark.parametrize(
    "given",
    [[("A", 0.5)], [("A", 0.7), ("B", 0.7)], [("A", 0.5), ("B", None)], [("A", 0.5), (" a ", 0.5)],
     [("A", 1.5), ("B", -0.5)]],
)  # fmt: skip
def test_parts_that_cannot_be(given):
    with pytest.raises(BadFields):
        records.shares(given)
