"""What people type is read strictly, in Dutch and in English, and never guessed."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.errors import Message
from campaigns.translations import speaking
from dashboard.entries import read, shown


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1250", "1250"), ("1250,5", "1250.5"), ("1250.5", "1250.5"), ("1.250,50", "1250.50"),
        ("1,250.50", "1250.50"), ("1.250.000", "1250000"), ("1,250,000", "1250000"),
        ("1 250,50", "1250.50"), ("€ 1.250,50", "1250.50"), ("1250 EUR", "1250"),
        ("-12,5", "-12.5"), ("0,125", "0.125"), ("1250,125", "1250.125"), ("0", "0"),
    ],
)  # fmt: skip
def test_amounts(text, amount):
    assert read("amount", text) == Decimal(amount)


@pytest.mark.parametrize("text", ["1.250", "1,250", "12.345", "999,999"])
def test_an_amount_that_can_be_read_in_two_ways_is_refused(text):
    refused = read("amount", text)
    assert isinstance(refused, Message)
    assert read("amount", refused.values["whole"]) == Decimal(
        text.replace(".", "").replace(",", "")
    )


@pytest.mark.parametrize(
    "text",
    ["abc", "1.25.0", "1,2,3", "1.2500,5", "12,", ",5", "1e5", "NaN", "--1", "1 250 ,5x", "9" * 50,
     "=1+1", "٣", "1.250,5.0"],
)  # fmt: skip
def test_what_is_no_amount(text):
    assert isinstance(read("amount", text), Message)


@pytest.mark.parametrize(
    ("text", "count"), [("12", 12), ("1.250", 1250), ("1,250", 1250), ("1 250", 1250), ("0", 0)]
)
def test_counts(text, count):
    assert read("count", text) == count


@pytest.mark.parametrize("text", ["1,5", "1.25", "12.3456", "een", "9" * 30])
def test_what_is_no_count(text):
    assert isinstance(read("count", text), Message)


def test_other_kinds():
    assert read("day", "2025-06-01") == dt.date(2025, 6, 1)
    assert isinstance(read("day", "1-6-2025"), Message)
    assert read("percentage", "37,5 %") == pytest.approx(0.375)
    assert read("check", True) is True
    assert read("text", "  ") is None
    assert read("amount", None) is None


@given(
    st.decimals(-(10**11), 10**11, allow_nan=False, places=2).map(
        lambda x: x.quantize(Decimal("0.01"))
    ),
    st.sampled_from(["nl", "en"]),
)
def test_what_is_shown_is_read_as_the_same(amount, code):
    with speaking(code):
        assert read("amount", shown("amount", amount)) == amount


@given(st.text(max_size=60), st.sampled_from(["amount", "count", "number", "percentage", "day"]))
def test_whatever_is_typed_gives_a_value_or_a_reason(text, kind):
    read(kind, text)
