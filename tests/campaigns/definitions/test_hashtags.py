"""The quick way of reading hashtags gives what the thorough one gives."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campaigns.definitions import texts
from campaigns.store import connect

TEXTS = st.text(alphabet=st.sampled_from("#＃ab1_é& \n\t./:-hw!🎉"), max_size=30)


@pytest.fixture(scope="module")
def engine():
    return connect()


@settings(deadline=None)
@given(text=TEXTS)
@example("#zomer.nl/abc")
@example("hashtag#zomer")
@example("#a#b #c")
@example("&#39; https://x.nl/#deel #echt")
@example("#a\x0b#b")
def test_both_ways_agree(engine, text):
    quick, thorough = (way("$1::VARCHAR") for way in (texts.hashtags, texts.any_hashtags))
    sql = f"SELECT {quick.replace('$1', 't')}, {thorough.replace('$1', 't')} FROM (SELECT $1 AS t)"
    [(one, other)] = engine.execute(sql, [text]).fetchall()
    assert one == other
