"""Bounds of net reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.reach import Bounds, bounds, random_duplication


def test_without_units_nothing_is_known():
    assert bounds([]) == Bounds(None, None)
    assert bounds([], universe=100) == Bounds(None, None)


def test_a_measured_zero_is_a_measurement():
    assert bounds([(0, 5)]) == Bounds(0, 0)


def test_impressions_alone_give_only_an_upper_bound():
    assert bounds([(None, 30), (None, 12)]) == Bounds(None, 42)


def test_a_unit_that_knows_nothing_leaves_only_the_universe():
    assert bounds([(10, 20), (None, None)]) == Bounds(10, None)
    assert bounds([(10, 20), (None, None)], universe=500) == Bounds(10, 500)


def test_a_reach_larger_than_the_universe_is_refused():
    with pytest.raises(ValueError, match="universe 10"):
        random_duplication([11], 10)


audiences = st.lists(st.sets(st.integers(0, 30)), min_size=1, max_size=6)


@given(audiences)
def test_the_people_really_reached_lie_between_the_bounds(seen_by):
    """Each unit reached a set of people; the union is the truth that bounds must hold."""
    everybody = set().union(*seen_by)
    found = bounds([(len(people), len(people) * 2) for people in seen_by], universe=31)
    assert found.lower <= len(everybody) <= found.upper


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=8))
def test_random_duplication_lies_between_the_bounds(reaches):
    found = bounds([(reach, None) for reach in reaches], universe=1000)
    point = random_duplication(reaches, 1000)
    assert found.lower - 1e-9 <= point <= found.upper + 1e-9
