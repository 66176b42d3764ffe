"""What each kind of rule matches; the expected ids are read off the texts by hand."""

import datetime as dt
import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.definitions import Campaign, Rule, add, texts
from campaigns.store import Store, connect, literal


def kind(name, *values, **limits):
    return tuple(Rule(name, value, **limits) for value in values)


# --- hashtags --------------------------------------------------------------------------------


def test_a_hashtag_is_matched_whole_and_without_case(put, matched):
    put(
        "Kom ook #Zomer",  # 1: yes
        "#ZOMER!",  # 2: yes
        "#Zomerweek",  # 3: another tag
        "#zomer_2025",  # 4: another tag
        "zomer zonder teken",  # 5
        "(#zomer)",  # 6: yes
        "#zomer-feest",  # 7: yes, the tag ends at the dash
        "regel een\n#zomer\nregel drie",  # 8: yes
        "#zomer🌞",  # 9: yes, an emoji is no letter
        "🌞#zomer",  # 10: yes
        "C#zomer",  # 11: within a word
        "&#zomer;",  # 12: an entity
        "https://example.nl/p#zomer",  # 13: within an address
        "＃zomer",  # 14: yes, the wide sign
        "hashtag#zomer",  # 15: yes, as LinkedIn copies it
        "#a#zomer",  # 16: yes, tags in a chain
        "#zo\u00admer",  # 17: yes, a soft hyphen is not seen
        "#zomers",  # 18: another tag
        "example.nl/pad#zomer en www.x.nl#zomer",  # 19: within addresses
    )
    assert matched(Rule("hashtag", "#zomer")) == sorted(
        str(n) for n in (1, 2, 6, 7, 8, 9, 10, 14, 15, 16, 17)
    )


def test_hashtags_in_other_scripts_and_forms(put, matched):
    put(
        "#İstanbul",  # 1
        "#istanbul",  # 2
        "#Caf\u00e9",  # 3: composed
        "#CAFE\u0301",  # 4: decomposed
        "#cafe",  # 5: another word: accents count in a hashtag
        "قبل #عربي بعد",  # 6
        "#\u200fعربي",  # 7: with a direction mark
        "#東京",  # 8
        "#日本語東京",  # 9: another tag
    )
    assert matched(Rule("hashtag", "istanbul")) == ["1", "2"]
    assert matched(Rule("hashtag", "Café")) == ["3", "4"]
    assert matched(Rule("hashtag", "cafe")) == ["5"]
    assert matched(Rule("hashtag", "عربي")) == ["6", "7"]
    assert matched(Rule("hashtag", "#東京")) == ["8"]


# --- words -----------------------------------------------------------------------------------


def test_words_are_whole_and_all_needed_in_any_order(put, matched):
    put(
        "Kijk uit bij het water",  # 1
        "water: kijk, UIT!",  # 2
        "kijkuit water",  # 3: no word "kijk"
        "kijk uit",  # 4: no water
        "water\nuit\tkijk",  # 5
        "waterkijk uit",  # 6
        "https://example.nl/kijk/uit/water",  # 7: an address has no words
        "#water_kijk uit",  # 8: an underscore parts words
    )
    assert matched(Rule("words", "kijk uit water")) == ["1", "2", "5", "8"]


def test_quoted_words_are_a_phrase(put, matched):
    put("wij gaan op weg", "weg op gaan", "op (weg)", "drop weg", "op wegen", "op-weg")
    assert matched(Rule("words", '"op weg"')) == ["1", "3", "6"]
    assert matched(Rule("words", 'gaan "op weg"')) == ["1"]
    assert matched(Rule("words", "“op weg”")) == ["1", "3", "6"]


def test_words_ignore_accents_and_case(put, matched):
    put("ÉÉN café", "een CAFE\u0301", "eend cafe", "één 🌞 cafés", "ΣΟΦΟΣ", "σοφός")
    assert matched(Rule("words", "Een Café")) == ["1", "2"]
    assert matched(Rule("words", "σοφος")) == ["5", "6"]


def test_nothing_in_a_rule_is_a_pattern(put, matched):
    put("prijs 100% (korting) a.b", "prijs 100 korting axb", "o'neil zegt", "foto's")
    assert matched(Rule("words", "a.b")) == ["1"]
    assert matched(Rule("words", "(korting) 100%")) == ["1", "2"]
    assert matched(Rule("words", "o'neil")) == ["3"]
    assert matched(Rule("words", "foto's")) == ["4"]
    assert matched(Rule("words", "pri.*")) == []
    assert matched(Rule("link", "example.nl/(.*)+$")) == []


# --- links -----------------------------------------------------------------------------------


def test_a_link_is_a_domain_or_an_address_and_all_below(put, matched):
    put(
        "zie https://www.Example.nl/Zomer.",  # 1
        "zie (example.nl/zomer/tips)",  # 2
        "example.nl/zomerweek",  # 3: another page
        {"text": "geen", "links": "https://a.nl https://example.nl/zomer?x=1"},  # 4
        "notexample.nl/zomer",  # 5
        "sub.example.nl/zomer",  # 6: of the domain, not of the address
        "mail info@example.nl",  # 7: no link
        "example.nl.evil.com/zomer",  # 8
        "http://example.nl",  # 9
        "exampleXnl/zomer",  # 10
    )
    assert matched(Rule("link", "https://example.nl/zomer/")) == ["1", "2", "4"]
    assert matched(Rule("link", "example.nl")) == ["1", "2", "3", "4", "6", "9"]


def test_utm_campaign_is_decoded_and_whole(put, matched):
    put(
        {"links": "https://a.nl/?utm_medium=x&utm_campaign=Zomer%202025"},
        "https://a.nl/?UTM_CAMPAIGN=zomer+2025#top",
        "https://a.nl/?utm_campaign=zomer+2025b",
        "https://a.nl/?x=1&amp;utm_campaign=zomer%202025",
        "https://a.nl/?my_utm_campaign=zomer+2025",
        "https://a.nl/?utm_campaign=%FF%zz",
        "(zie a.nl/?utm_campaign=zomer+2025).",
    )
    assert matched(Rule("utm_campaign", "zomer 2025")) == ["1", "2", "4", "7"]
    assert matched(Rule("utm_campaign", "https://b.nl/?utm_campaign=zomer%202025")) == [
        "1", "2", "4", "7",
    ]  # fmt: skip


# --- posts, accounts, ad campaigns -----------------------------------------------------------


def test_posts_are_named_by_id_other_id_or_address(store, put, matched):
    activity = "urn:li:activity:7100000000000000001"
    put(
        {"post_id": "123"},
        {"platform": "linkedin", "post_id": activity},
        {"platform": "facebook", "post_id": "f1", "url": "https://www.facebook.com/g/posts/1/"},
        {"post_id": "1234"},
    )
    alias = {"platform": "linkedin", "post_id": activity, "alias": "urn:li:share:99000001"}
    store.state({"post_aliases": [alias]}, "test")
    for value in (
        "123",
        "x:123",
        "https://x.com/g/status/123",
        "mobile.twitter.com/i/web/status/123",
    ):
        assert matched(Rule("post", value)) == ["123"]
    for value in (
        activity,
        "https://www.linkedin.com/feed/update/" + activity + "/",
        "https://nl.linkedin.com/posts/gemeente_zomer-activity-7100000000000000001-AbCd?x=1",
        "linkedin.com/posts/gemeente_zomer-share-99000001-AbCd",
        "7100000000000000001",
    ):
        assert matched(Rule("post", value)) == [activity], value
    assert matched(Rule("post", "facebook.com/g/posts/1?ref=x")) == ["f1"]
    assert matched(Rule("post", "x:1")) == []


def test_an_account_within_a_period(store, put, matched):
    put(
        {"published_on": dt.date(2025, 6, 1)},
        {"published_on": dt.date(2025, 6, 30)},
        {"published_on": dt.date(2025, 7, 1)},
        {"published_on": dt.date(2025, 6, 2), "account_id": "ander"},
        {"published_on": dt.date(2025, 6, 2), "platform": "linkedin", "account_id": "page"},
    )
    june = {"first_day": dt.date(2025, 6, 1), "last_day": dt.date(2025, 6, 30)}
    assert matched(Rule("account", "@Gemeente", **june)) == ["1", "2"]
    page = {"platform": "linkedin", "account_id": "page", "name": "De Pagina", "role": "own"}
    store.state({"accounts": [page]}, "test")
    assert matched(Rule("account", "de pagina", **june)) == ["5"]


def test_ad_campaigns_are_named_whole_or_with_a_star(put, matched):
    put(
        {"ad_campaign": "NL_Zomer 100% [A]"},
        {"ad_campaign": "nl_zomer 2025"},
        {"ad_campaign": "NLxZomer 2025"},
        {"ad_campaign": None, "text": "nl_zomer 2025"},
    )
    assert matched(Rule("ad_campaign", "nl_zomer 100% [a]")) == ["1"]
    assert matched(Rule("ad_campaign", "NL_Zomer*")) == ["1", "2"]
    assert matched(Rule("ad_campaign", "*2025")) == ["2", "3"]
    assert matched(Rule("ad_campaign", "nl%")) == []


# --- limits ----------------------------------------------------------------------------------


def test_a_rule_is_limited_by_itself_and_by_the_period_of_its_campaign(put, matched):
    days = [dt.date(2025, 5, 31), dt.date(2025, 6, 1), dt.date(2025, 8, 31), dt.date(2025, 9, 1)]
    put(*({"text": "#zomer", "published_on": day} for day in days))
    summer = Campaign("z", first_day=dt.date(2025, 6, 1), last_day=dt.date(2025, 8, 31))
    assert matched(Rule("hashtag", "zomer"), campaign=summer) == ["2", "3"]
    late = Rule("hashtag", "zomer", first_day=dt.date(2025, 7, 1))
    assert matched(late, campaign=summer) == ["3"]
    assert matched(late) == ["3", "4"]
    assert matched(Rule("hashtag", "zomer", platform="linkedin")) == []
    assert matched(Rule("hashtag", "zomer", account_id="@GEMEENTE")) == ["1", "2", "3", "4"]
    assert matched(Rule("post", "4"), campaign=summer) == ["4"]


def test_posts_of_peers_match_only_rules_that_name_the_account(store, put, matched):
    put({"text": "#zomer", "account_id": "buur"}, "#zomer")
    peer = {"platform": "x", "account_id": "buur", "role": "peer"}
    store.state({"accounts": [peer]}, "test")
    assert matched(Rule("hashtag", "zomer")) == ["2"]
    assert matched(Rule("hashtag", "zomer", account_id="buur")) == ["1"]
    assert matched(Rule("account", "buur")) == ["1"]


# --- properties ------------------------------------------------------------------------------

LETTERS = st.characters(categories=["L", "N"]) | st.sampled_from("abcÉİßıﬁςſK")
WORD = st.text(LETTERS, min_size=1, max_size=8)
NOISE = st.text(max_size=20)


@pytest.fixture(scope="module")
def engine():
    connection = connect()
    yield connection
    connection.close()


@settings(max_examples=60, deadline=None)
@given(word=WORD, before=NOISE, after=NOISE)
def test_what_holds_a_needle_is_never_left_out(engine, word, before, after):
    """The quick pattern over all texts keeps every text in which the exact look finds the key."""
    for forms in (word, word.upper(), word.title(), unicodedata.normalize("NFD", word)):
        text = f"{before} #{forms} {after}"
        key, tags, words, word_key = engine.execute(
            f"SELECT {texts.tag_key('$word')}, list_transform({texts.hashtags('$text')}, "
            f"lambda tag: {texts.tag_key('tag')}), {texts.plain_words('$text')}, "
            f"{texts.word_key('$word')}",
            {"word": word, "text": text},
        ).fetchone()

        def may(needle, after="", text=text):
            pattern = literal(texts.may_match([needle], after))
            return engine.execute(f"SELECT regexp_matches($t, {pattern})", {"t": text}).fetchone()[
                0
            ]

        if key in tags:
            assert may(key, "[#＃]")
        exact = literal(texts.has_phrase(word_key))
        found = engine.execute(f"SELECT regexp_matches($w, {exact})", {"w": words}).fetchone()[0]
        if word_key and found:
            assert may(max(word_key.split(), key=len))


TEXTS = [
    "#zomer en #winter", "#winter", "zomer op het strand https://example.nl/zomer", "niets",
    "#Zomer example.nl/winter?utm_campaign=zomer", "WINTER strand", "",
]  # fmt: skip
RULE = st.one_of(
    st.builds(Rule, st.just("hashtag"), st.sampled_from(["zomer", "winter"])),
    st.builds(Rule, st.just("words"), st.sampled_from(["zomer", "strand", "winter strand"])),
    st.builds(Rule, st.just("link"), st.sampled_from(["example.nl", "example.nl/zomer"])),
    st.builds(Rule, st.just("utm_campaign"), st.just("zomer")),
    st.builds(Rule, st.just("post"), st.sampled_from("1234567")),
    st.builds(Rule, st.just("account"), st.just("gemeente")),
)


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rules=st.lists(st.lists(RULE, max_size=3, unique=True), min_size=2, max_size=3),
    order=st.randoms(use_true_random=False),
)
def test_each_post_has_one_campaign_whatever_the_order_of_adding(tmp_path_factory, rules, order):
    from campaigns import definitions

    campaigns = [
        Campaign(f"C{n}", f"c{n}", position=n, rules=tuple(given))
        for n, given in enumerate(rules, 1)
    ]
    shuffled = list(campaigns)
    order.shuffle(shuffled)
    answers = []
    for sequence in (campaigns, shuffled):
        store = Store.create(tmp_path_factory.mktemp("order") / "store")
        posts = [
            {"platform": "x", "post_id": str(n), "account_id": "gemeente", "text": text,
             "published_on": dt.date(2025, 6, 1)}
            for n, text in enumerate(TEXTS, 1)
        ]  # fmt: skip
        store.state({"posts": posts}, "test")
        for campaign in sequence:
            add(store, campaign)

        def question(snapshot):
            definitions.prepare(snapshot)
            return snapshot.rows("SELECT * FROM post_campaigns ORDER BY ALL")

        rows = store.read(question)
        assert len({row["post_id"] for row in rows}) == len(rows)
        answers.append(rows)
    assert answers[0] == answers[1]
    first = {
        str(n): next((c.campaign_id for c in campaigns if _independent(c, str(n), text)), None)
        for n, text in enumerate(TEXTS, 1)
    }
    found = {row["post_id"]: row["campaign_id"] for row in answers[0]}
    assert found == {post: campaign for post, campaign in first.items() if campaign}


def _independent(campaign, post_id, text):
    """The same rules in plain Python, for the texts above."""
    tags = re.findall(r"#(\w+)", text.lower())
    words = re.findall(r"\w+", re.sub(r"\S+\.nl\S*", "", text.lower()))
    links = re.findall(r"example\.nl\S*", text.lower())

    def holds(rule):
        return {
            "hashtag": rule.value in tags,
            "words": all(word in words for word in rule.value.split()),
            "link": any(link == rule.value or re.match(re.escape(rule.value) + "[/?]", link)
                        for link in links),
            "utm_campaign": f"utm_campaign={rule.value}" in text,
            "post": rule.value == post_id,
            "account": True,
        }[rule.kind]  # fmt: skip

    return any(holds(rule) for rule in campaign.rules)
