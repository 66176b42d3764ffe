"""What a text is made of: parts, language, sentences, syllables, readability, calls and tone."""

import socket

import pytest

from audiences.texts.languages import language
from audiences.texts.lists import LANGUAGES, tone, words
from audiences.texts.readability import Size, reading_ease, size, syllables
from audiences.texts.stems import content, stem
from audiences.texts.tokens import sentences, tokens
from audiences.texts.wording import is_call, is_question, polarity, tone_word

DUTCH = (
    "De gemeente opent morgen een nieuwe brug over de rivier. Fietsers en wandelaars kunnen dan "
    "weer snel naar de overkant. Wij zijn er blij mee."
)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a text is read without the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_parts_of_a_text_stand_apart():
    found = tokens(
        "Zo'n mooie dag! 🇳🇱👨‍👩‍👧 Met @gemeente_x en #Zwem4daagse &amp; #2025 zie www.zwem.nl/a?b=c. "
        "E-bike's van Zee-land"
    )
    assert found.words == (
        "zo'n",
        "mooie",
        "dag",
        "met",
        "en",
        "zie",
        "e-bike's",
        "van",
        "zee-land",
    )
    assert found.hashtags == ("zwem4daagse",)
    assert found.mentions == ("gemeente_x",)
    assert found.urls == ("www.zwem.nl/a?b=c.",)
    assert found.emoji == ("🇳🇱", "👨‍👩‍👧")


def test_what_was_masked_is_no_word_and_no_mention():
    found = tokens("Dank @~0123456789abcdef en [gewist], mail [e-mail] of ~0123456789abcdef")
    assert found.words == ("dank", "en", "mail", "of")
    assert found.mentions == ()


def test_an_empty_text_has_no_parts():
    assert tokens("").words == ()
    assert sentences("") == []
    assert reading_ease(size(tokens(""), "nl"), "nl") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wij zijn er voor u en uw kinderen", "nl"),
        ("We are here for you and your children", "en"),
        ("Brug open", None),  # too short
        ("", None),
        ("Wir sind heute mit dem Fahrrad zur Arbeit gefahren", None),
        ("Nous sommes heureux de vous accueillir dans notre ville", None),
        ("Het is een mooie dag voor ons allemaal and we are happy with all of you", None),  # both
    ],
)
def test_the_language_is_told_by_small_words(text, expected):
    assert language(tokens(text).words) == expected


def test_a_full_stop_ends_a_sentence_unless_it_shortens_a_word():
    assert sentences("Volgens art. 5 en dhr. J. de Wit mag het. Tot 2025. Daarna niet!") == [
        "Volgens art. 5 en dhr. J. de Wit mag het.", "Tot 2025.", "Daarna niet!",
    ]  # fmt: skip
    assert sentences("Eén\n\n…\nTwee?!") == ["Eén", "Twee?!"]


@pytest.mark.parametrize(
    ("spoken", "word", "expected"),
    [
        *(("nl", *one) for one in [
            ("brug", 1), ("gemeente", 3), ("rivier", 2), ("nieuwe", 2), ("fietsers", 2),
            ("wandelaars", 3), ("overkant", 3), ("bijeenkomst", 3), ("draaien", 2), ("mooi", 1),
            ("koeien", 2), ("leeuw", 1), ("zeeën", 2), ("beïnvloeden", 4), ("financiële", 5),
            ("bureau", 2), ("industrie", 3), ("reactie", 3), ("aquarel", 3), ("baby", 2),
            ("groei", 1), ("ijs", 1), ("zoiets", 2), ("nl", 1), ("naïef", 2), ("café", 2),
        ]),
        *(("en", *one) for one in [
            ("bridge", 1), ("table", 2), ("the", 1), ("walked", 1), ("wanted", 2), ("places", 2),
            ("makes", 1), ("people", 2), ("city", 2), ("government", 3), ("free", 1), ("rhythm", 1),
        ]),
    ],
)  # fmt: skip
def test_syllables(spoken, word, expected):
    assert syllables(word, spoken) == expected


def test_flesch_douma_by_hand():
    """25 words, 3 sentences. Syllables: de 1 gemeente 3 opent 2 morgen 2 een 1 nieuwe 2 brug 1
    over 2 de 1 rivier 2 = 17; fietsers 2 en 1 wandelaars 3 kunnen 2 dan 1 weer 1 snel 1 naar 1
    de 1 overkant 3 = 16; wij 1 zijn 1 er 1 blij 1 mee 1 = 5; together 38."""
    found = size(tokens(DUTCH), "nl")
    assert found == Size(words=25, syllables=38, sentences=3)
    assert reading_ease(found, "nl") == pytest.approx(206.835 - 0.93 * 25 / 3 - 77 * 38 / 25)


def test_flesch_by_hand():
    """23 words, 2 sentences. the 1 city 2 opens 2 a 1 new 1 bridge 1 over 2 the 1 river 2 on 1
    monday 2 = 16; we 1 are 1 happy 2 that 1 all 1 of 1 you 1 can 1 walk 1 to 1 work 1 again 2 = 14."""
    text = (
        "The city opens a new bridge over the river on Monday. "
        "We are happy that all of you can walk to work again!"
    )
    found = size(tokens(text), "en")
    assert found == Size(words=23, syllables=30, sentences=2)
    assert reading_ease(found, "en") == pytest.approx(206.835 - 1.015 * 23 / 2 - 84.6 * 30 / 23)


def test_a_short_text_or_another_language_has_no_readability():
    assert reading_ease(Size(19, 30, 2), "nl") is None
    assert reading_ease(Size(19, 30, 2) + Size(1, 1, 1), "nl") is not None
    assert reading_ease(Size(40, 60, 4), None) is None


def test_forms_come_together_under_a_stem():
    assert stem("berekening", "nl") == stem("berekeningen", "nl")
    assert stem("bridges", "en") == stem("bridge", "en")
    assert content(["de", "brug", "jansen"], frozenset({"jansen"})) == ["brug"]


@pytest.mark.parametrize(
    ("text", "spoken", "expected"),
    [
        ("Meld je aan!", "nl", True),
        ("👉 Lees het verhaal", "nl", True),
        ("De brug is open. Kijk hier", "nl", True),
        ("Kom je ook?", "nl", False),  # a question
        ("Wij lezen graag", "nl", False),
        ("Hier lees je meer https://a.nl/b", "nl", True),  # link and verb
        ("Hier lees je meer", "nl", False),
        ("Read more", "en", True),
        ("Read more", None, False),
    ],
)
def test_calls_to_act(text, spoken, expected):
    assert is_call(tokens(text), spoken) is expected


def test_a_question_mark_in_an_address_is_no_question():
    assert is_question(tokens("Wist je dat? Ja"))
    assert not is_question(tokens("Ja https://a.nl/?q=1"))


def test_tone_is_the_mean_of_known_words_and_turned_by_a_negation():
    known = tone("en")
    assert polarity(["good", "and", "bad"], "en") == pytest.approx(
        (known["good"] + known["bad"]) / 2
    )
    assert polarity(["not", "a", "good", "idea"], "en") == pytest.approx(-known["good"] / 2)
    assert polarity(["isn't", "good"], "en") == pytest.approx(-known["good"] / 2)
    assert polarity(["good"], None) is None
    assert tone_word(polarity(["slecht"], "nl")) == "negative"


def test_lists_are_clean():
    for spoken in LANGUAGES:
        assert all(0.2 <= abs(value) <= 1 for value in tone(spoken).values())
        for name in ("stop", "calls"):
            assert all(word == word.lower() for word in words(f"{name}_{spoken}"))
