"""Every sample of every format, damaged at random: a right import or a clear error, never else.

``BEREIK_FUZZ=10000`` damages each sample that often; the usual run does it a few times, each
time the same way. `tests.fuzz` does it in bulk, in processes with limits of memory and time, and
goes on where it ended.
"""

import io
import itertools
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import python_calamine

from campaigns.collectors import Found, Layout, Probe, ProbedSheet
from tests.fuzz import damage, judge, mutants, tables
from tests.fuzz.samples import samples

ROOT = Path(__file__).parents[3]
TIMES = int(os.environ.get("BEREIK_FUZZ", "2"))
TOGETHER = 200
"""Mutants of several samples that are imported at once."""

GROUPS = {
    folder: [*group] for folder, group in itertools.groupby(sorted(samples()), lambda n: n.partition("/")[0])
}  # fmt: skip

pytestmark = pytest.mark.timeout(max(300, TIMES * 60))


def problems(some, folder):
    """What is wrong with the outcome of mutants."""
    waiting, found = iter(some), []
    while together := [*itertools.islice(waiting, TOGETHER)]:
        place = folder / str(len([*folder.iterdir()]))
        found += [str(problem) for problem in judge.run(together, place)]
    return found


@pytest.mark.parametrize("group", GROUPS)
def test_damaged_files(group, tmp_path):
    every = (mutants.of_file(samples()[name], n) for name in GROUPS[group] for n in range(TIMES))
    assert problems(every, tmp_path) == []


@pytest.mark.parametrize("group", GROUPS)
def test_damaged_rows(group, tmp_path):
    """The structure is whole: every row of a known number must be told."""
    files = range(-(-TIMES // mutants.ROWS))
    some = GROUPS[group][:: 1 if TIMES >= mutants.ROWS else 4]
    made = [mutants.of_rows(samples()[name], n) for name in some for n in files]
    assert problems([mutant for mutant in made if mutant], tmp_path) == []


def test_the_same_in_another_encoding_or_dialect(tmp_path):
    """Encoding, line ends, quotes, delimiter, order of rows: nothing changes what is stored."""
    luck = random.Random(TIMES)
    texts = [s for s in samples().values() if s.kind == "text" and tables.table_of(s)]
    made = [mutants.retold(sample, number, luck) for number, sample in enumerate(texts)]
    assert problems([mutant for mutant in made if mutant], tmp_path) == []


def program(folder, *options):
    """What `tests.fuzz` says in the end; it fails when there was a problem."""
    command = [sys.executable, "-m", "tests.fuzz", *options, "--state", folder / "state.json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]


def test_the_program_counts_mutants_and_goes_on_where_it_ended(tmp_path):
    some = ("--only", "lists/regels.csv", "--files")
    expected = "1 samples, {} damaged files, 0 damaged rows, 0 bombs, 0 problems"
    assert program(tmp_path, *some, "3") == expected.format(3)
    assert program(tmp_path, *some, "5") == expected.format(5)


def test_bombs_stay_within_a_gibibyte(tmp_path):
    """Little that becomes much is refused or read; the program looks at what its process had."""
    said = program(tmp_path, "--only", "linkedin_page_competitors", "--bombs", "3")
    assert said == "1 samples, 0 damaged files, 0 damaged rows, 3 bombs, 0 problems"


# --- the count of our own --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\n3,4\n", {2}),
        ('a,b\r\n1,"x\r\ny"\r\n\r\n3,4', {2}),
        ("a,b\n1,2\na,b\n3,4\n", {2}),  # the header again
        ('a,b\n1,"x" y\n3,4\n', {2}),  # a broken row is one
        ('a,b\n1,2\n3,"cut\n5,6\n', {2, 3}),
        ('a,b\n"\n""\n"1,2\n3,4\n', {2, 3, 4}),  # "" alone may be a row, a lone quote is one
        ("a,b\n", {0}),
    ],
)
def test_records_are_counted_by_a_grammar(text, rows):
    found = Found(
        Layout("t", {}, frozenset()), ProbedSheet("t", 0, (("a", "b"),)), 0, {"a": 0, "b": 1}, None
    )
    assert judge.records(text.encode(), Probe("t", "t.csv", "csv", (), 1), found) == rows


def test_every_class_of_damage_is_done():
    """Bytes, encodings, headers, truncation, numbers, dates, bombs, names, formulas, controls."""
    done = {
        name
        for sample in samples().values()
        for n in range(20)
        for name in mutants.of_file(sample, n).classes
        if not name.startswith("same")
    }
    assert done >= {*damage.TEXT, *damage.SCRIPT, *damage.WORKBOOK, "name", "zipped"} - {"bomb"}


@pytest.mark.parametrize("name", ["x_archive/dijkwacht", "linkedin_archive/Comments.csv"])
def test_rows_are_damaged_and_their_number_is_known(name):
    made = mutants.of_rows(samples()[name], 1)
    assert made.rows == mutants.ROWS
    assert {*made.files} != {*samples()[name].members}


def test_rows_of_formulas_are_seen_whatever_those_show():
    """What shows nothing, or an error, is read as an empty cell, and a row of those as no row."""
    book = tables.as_book([("Sheet", [["=A1", "=1/0"]] * 30)], random.Random(1))
    rows = python_calamine.load_workbook(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert len(rows) == 30
    assert all(any(cell != "" for cell in row) for row in rows)


def test_a_mutant_is_made_from_its_number_alone():
    name = next(iter(samples()))
    assert mutants.of_file(samples()[name], 7) == mutants.of_file(samples()[name], 7)
