"""Findings over many texts: keywords, pairs, topics and the words of the audience."""

import math
import random

import pandas as pd
import pytest
from scipy import stats

from audiences import texts
from audiences.texts.collocations import collocations
from audiences.texts.keywords import halves, keywords
from audiences.texts.topics import topics
from audiences.texts.vocabulary import beside

SMALL = "wij zijn er voor u met een"
BRIDGE = ["brug", "bouwen", "rivier", "staal", "fiets", "oever", "schip", "pijler"]
SWIM = ["zwemmen", "strand", "water", "diploma", "zomer", "warm", "zwembad", "badjuf"]


def made(words, number, seed, each=4):
    """Made-up texts of one subject, all different with some luck."""
    chance = random.Random(seed)
    return [f"{SMALL} {' '.join(chance.sample(words, each))}" for _ in range(number)]


def test_keywords_by_hand():
    """Ten texts with 'brug' of 20 in A, five of 40 in B; the prior is worth ten texts."""
    rows = [("A", f"{SMALL} brug aaa{'b' * n}") for n in range(10)]
    rows += [("A", f"{SMALL} weg ccc{'b' * n}") for n in range(10)]
    rows += [("B", f"{SMALL} brug ddd{'b' * n}") for n in range(5)]
    rows += [("B", f"{SMALL} weg eee{'b' * n}") for n in range(35)]
    frame = pd.DataFrame(rows, columns=["group", "text"])
    found = keywords(texts.read(frame), "group")
    [brug] = [one for one in found["A"] if one.word == "brug"]
    assert (brug.count, brug.texts, brug.elsewhere, brug.other_texts) == (10, 20, 5, 40)
    prior = 10 * 15.5 / 61
    here, there = 10 + prior, 5 + prior
    odds = (here / (30 - here)) / (there / (50 - there))
    half = stats.norm.isf(0.025) * math.sqrt(1 / here + 1 / there)
    assert brug.odds_ratio == pytest.approx(odds)
    assert (brug.lower, brug.upper) == pytest.approx((odds / math.exp(half), odds * math.exp(half)))
    assert "brug" not in [one.word for one in found["B"]]


def test_a_text_that_many_share_counts_once():
    rows = [("A", f"{SMALL} brug oever rivier")] * 50 + [("B", text) for text in made(SWIM, 30, 1)]
    found = keywords(texts.read(pd.DataFrame(rows, columns=["group", "text"])), "group")
    assert found["A"] == []


def test_a_word_in_every_text_of_both_groups_tells_nothing():
    rows = [("A", f"{text} altijdwoord") for text in made(BRIDGE, 30, 1)]
    rows += [("B", f"{text} altijdwoord") for text in made(SWIM, 30, 2)]
    found = keywords(texts.read(pd.DataFrame(rows, columns=["group", "text"])), "group", most=50)
    words = {one.word: one for one in found["A"] + found["B"]}
    assert not words["altijdwoord"].is_certain if "altijdwoord" in words else True
    assert words["brug"].is_certain


def test_without_a_difference_almost_no_word_is_certain():
    frame = pd.DataFrame({"text": made(BRIDGE + SWIM, 400, 3)})
    certain = 0
    for seed in range(20):
        labels = random.Random(seed).choices("AB", k=400)
        found = keywords(texts.read(frame), labels, most=50)
        certain += any(one.is_certain for words in found.values() for one in words)
    assert certain <= 3


def test_words_are_compared_within_a_language():
    english = "we are here for you with a"
    rows = [("A", f"{english} {' '.join(text.split()[-4:])}") for text in made(BRIDGE, 20, 1)]
    rows += [("B", text) for text in made(SWIM, 20, 2)]
    found = keywords(texts.read(pd.DataFrame(rows, columns=["group", "text"])), "group")
    assert found == {"A": [], "B": []}


def test_names_are_shown_nowhere():
    rows = [("A", f"{text} fatima yilmaz") for text in made(BRIDGE, 30, 1)]
    rows += [("B", text) for text in made(SWIM, 30, 2)]
    frame = pd.DataFrame(rows, columns=["group", "text"])
    names = frozenset({"fatima", "yilmaz"})
    corpus = texts.read(frame, names)
    shown = [one.word for words in keywords(corpus, "group", 99).values() for one in words]
    shown += [word for pairs in collocations(corpus, "group", 99).values() for one in pairs
              for word in one.words]  # fmt: skip
    shown += [word for one in topics(corpus) for topic in one.topics for word in topic.words]
    shown += [one.word for one in beside(corpus, {"fatima yilmaz": 900, "brug": 900})]
    assert "brug" in shown
    assert names.isdisjoint(shown)


def test_halves_compare_within_an_account():
    frame = pd.DataFrame({"rate": [0.1, 0.2, 5.0, 6.0, None], "account_id": [*"aabb", "b"]})
    assert halves(frame, "rate", ["account_id"]).tolist() == ["less", "more", "less", "more", None]


def test_likelihood_ratio_of_a_pair_by_hand():
    """'open dag' 6 times among texts of 10 words: a 2x2 table of pairs, G² = 2 Σ n ln(n / e)."""
    corpus = texts.read(
        pd.DataFrame({"text": [f"{SMALL} open dag {letter * 4}" for letter in "abcdef"]})
    )
    [pair] = collocations(corpus)[""]
    assert (pair.words, pair.count) == (("open", "dag"), 6)
    whole = sum(len(one.words) for one in corpus.tokens)
    table = [[6, 0], [0, whole - 6]]
    expected = [[6 * 6 / whole, 6 * (whole - 6) / whole],
                [6 * (whole - 6) / whole, (whole - 6) ** 2 / whole]]  # fmt: skip
    g2 = 2 * sum(n * math.log(n / e) for row, rowe in zip(table, expected, strict=True)
                 for n, e in zip(row, rowe, strict=True) if n)  # fmt: skip
    assert pair.expected == pytest.approx(36 / whole)
    assert pair.likelihood_ratio == pytest.approx(g2, rel=1e-6)


def test_two_subjects_are_two_topics():
    frame = pd.DataFrame({"text": made(BRIDGE, 60, 1) + made(SWIM, 40, 2)})
    [found] = topics(texts.read(frame))
    assert found.language == "nl"
    assert [set(one.words) for one in found.topics] == [set(BRIDGE), set(SWIM)]
    assert all(one.stability > 0.9 for one in found.topics)
    assert sum(one.texts for one in found.topics) == found.texts
    assert found.of_text[0] == 0
    assert found == topics(texts.read(frame))[0]


def test_words_at_random_are_no_topics():
    chance = random.Random(5)
    words = ["w" + "".join(chance.choices("abcdefghij", k=5)) for _ in range(300)]
    [found] = topics(texts.read(pd.DataFrame({"text": made(words, 300, 6, each=8)})))
    assert found.topics == ()
    assert found.stability < 0.4


def test_few_texts_have_no_topics_and_say_so():
    [found] = topics(texts.read(pd.DataFrame({"text": made(BRIDGE, 30, 1)})))
    assert (found.topics, found.stability) == ((), None)


def test_words_of_the_audience_beside_ours():
    corpus = texts.read(pd.DataFrame({"text": [f"{SMALL} paspoort aanvragen", f"{SMALL} brug"]}))
    found = beside(corpus, {"paspoorten aanvragen": 40, "id kaart kwijt": 25, "zeldzaam": 9})
    assert [(one.word, one.searches, one.terms, one.texts) for one in found] == [
        ("aanvragen", 40, 1, 1), ("paspoorten", 40, 1, 1), ("kaart", 25, 1, 0), ("kwijt", 25, 1, 0),
    ]  # fmt: skip
    assert found[0].share == 0.5
    assert found[2].lower == pytest.approx(0)


def test_a_frame_of_nothing_gives_an_empty_report():
    frame = pd.DataFrame({"text": pd.Series([], dtype=object), "team": pd.Series([], dtype=object)})
    found = texts.report(frame, by="team")
    assert (found.whole.texts, found.groups, found.topics) == (0, [], [])


def test_a_report_of_a_frame_by_any_column():
    frame = pd.DataFrame({
        "text": [f"{text}. Meld je aan!" for text in made(BRIDGE, 30, 1) + made(SWIM, 30, 2)],
        "target": ["builders"] * 30 + ["parents"] * 29 + [None],
        "rate": range(60),
    })  # fmt: skip
    found = texts.report(frame, by="target", figure="rate")
    assert [one.group for one in found.groups] == ["builders", "parents", None]
    assert found.whole.calls == 60
    assert found.groups[0].keywords[0].word in BRIDGE
    assert {one.word for one in found.results["more"] if one.is_certain} >= {"strand", "zomer"}
    assert found.as_dict()["groups"][0]["languages"] == {"nl": 30, "en": 0, "unknown": 0}
