"""Aggregates add up, and what is missing is left out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiences.aggregates import counts, counts_by, moments, moments_by, moments_of_sums

ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.floats(-1e3, 1e3), st.floats(1, 1e3)), min_size=2, max_size=40
)


def parts(found):
    return np.concatenate([found.count.ravel(), found.mean.ravel(), found.scatter.ravel()])


@given(ROWS, st.integers(0, 40))
def test_moments_of_parts_add_up_to_those_of_all_rows(rows, cut):
    groups, values = np.array([row[0] for row in rows]), np.array([row[1:] for row in rows])
    both = moments_by(groups[:cut], 3, values[:cut]) + moments_by(groups[cut:], 3, values[cut:])
    whole = moments_by(groups, 3, values)
    assert parts(both) == pytest.approx(parts(whole), rel=1e-6, abs=1e-4, nan_ok=True)
    assert parts(whole.total()) == pytest.approx(parts(moments(values)), rel=1e-6, abs=1e-4)


@given(ROWS)
def test_moments_are_those_of_numpy(rows):
    values = np.array([row[1:] for row in rows])
    found = moments(values)
    assert found.mean == pytest.approx(values.mean(0), rel=1e-9, abs=1e-9)
    expected = np.cov(values.T)
    assert found.covariance(0, 1) == pytest.approx(expected[0, 1], rel=1e-6, abs=1e-6)
    assert found.variance(1) == pytest.approx(expected[1, 1], rel=1e-6, abs=1e-6)
    sums = moments_of_sums(len(values), values.sum(0), values.T @ values)
    assert parts(sums) == pytest.approx(parts(found), rel=1e-6, abs=1e-1)


@given(ROWS, st.floats(0.1, 10))
def test_the_ratio_of_sums_does_not_depend_on_the_unit(rows, scale):
    values = np.array([row[1:] for row in rows])
    one, other = moments(values).ratio_of(), moments(values * [scale, 1]).ratio_of()
    assert other.value == pytest.approx(one.value * scale, rel=1e-9, abs=1e-12)
    assert other.standard_error == pytest.approx(one.standard_error * scale, rel=1e-4, abs=1e-6)
    assert one.value == pytest.approx(values[:, 0].sum() / values[:, 1].sum(), rel=1e-9, abs=1e-12)


def test_what_is_missing_is_left_out_and_never_zero():
    found = moments_by(np.array([0, 0, 1]), 3, [[1.0, np.nan], [2.0, 4.0], [3.0, 5.0]])
    assert found.count.tolist() == [1, 1, 0]
    assert found.mean[0].tolist() == [2.0, 4.0]
    assert np.isnan(found.mean[2]).all()
    assert np.isnan(found.variance()).all()
    assert np.isnan(found.mean_of().pvalue()).all()


def test_counts_add_up():
    found = counts_by(np.array([0, 1, 0]), 3, [10, 20, 5], [1, 2, np.nan])
    assert found.trials.tolist() == [15, 20, 0]
    assert np.isnan(found.rate[2])
    assert float(found.total().rate) == pytest.approx(3 / 35)


def test_more_successes_than_trials_are_refused():
    with pytest.raises(ValueError, match="between 0 and the trials"):
        counts([10], [11])
