"""Every text a user can see has its Dutch, and every Dutch text is still in use."""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

from campaigns.errors import Message, UnknownCampaign
from campaigns.translations import _, catalogue, language, say, singulars
from scripts._help import help_texts

ROOT = Path(__file__).parents[2]
PACKAGES = ("campaigns", "audiences", "dashboard", "scripts")
MARKS = {"_", "N_", "Message"}
FIELDS = re.compile(r"\{[^}]*\}")


def calls(tree: ast.AST) -> Iterator[ast.expr]:
    """The first argument of each call that marks a text."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name(name), [first, *_rest]) if name in MARKS:
                yield first


def is_command(function: ast.FunctionDef) -> bool:
    """Whether a function is a command or group, so that its docstring is shown as help."""
    made = (d.func for d in function.decorator_list if isinstance(d, ast.Call))
    return any(isinstance(f, ast.Attribute) and f.attr in {"command", "group"} for f in made)


def in_the_code() -> dict[str, str]:
    """All texts in the code that are to be translated, and the file that each stands in."""
    found: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            texts = [arg.value for arg in calls(tree) if isinstance(arg, ast.Constant)]
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and is_command(node):
                    texts += help_texts(ast.get_docstring(node) or "")
            name = path.relative_to(ROOT).as_posix()
            found |= {text: name for text in texts if text}
    return found


def in_click() -> set[str]:
    """The texts that click itself looks up."""
    found: set[str] = set()
    for path in Path(inspect.getfile(click)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "ngettext"}:
                constants = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
                found |= {text for text in constants if isinstance(text, str)}
    return found | {"required"}


TEXTS = in_the_code()
DUTCH = catalogue("nl")


def test_every_text_has_its_dutch():
    missing = {text: place for text, place in TEXTS.items() if text not in DUTCH}
    assert missing == {}


def test_every_dutch_text_is_in_use():
    assert set(DUTCH) - set(TEXTS) - in_click() == set()


def test_no_text_is_put_together_before_it_is_translated():
    bad = [
        f"{path.name}:{arg.lineno}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for arg in calls(ast.parse(path.read_text("utf-8")))
        if isinstance(arg, ast.JoinedStr | ast.BinOp)
    ]
    assert bad == []


COUNTED = re.compile(r"\{(n)\} (posts|rows|tests|files|days|groups|variants|campaigns)\b")
"""Texts that count something. Some never count one: a period has days, a pool has campaigns."""

NEVER_ONE = (
    "In the last {n} days", "The last {n} days", "last {n} days", "The same for all {n} files",
    "The {n} posts that were shown most", "The median of {n} campaigns", "it takes {n} ",
    "with {n} variants", "over {n} tests",
)  # fmt: skip


@pytest.mark.parametrize("code", ["nl", "en"])
def test_what_counts_one_is_said_of_one(code):
    counted = {
        text for text in TEXTS if COUNTED.search(text) and not any(p in text for p in NEVER_ONE)
    }
    assert len(counted) > 20
    ones = singulars(code)
    assert counted - ones.keys() == set()
    assert ones.keys() - TEXTS.keys() == set()
    assert [text for text, (name, _one) in ones.items() if f"{{{name}}}" not in text] == []
    wrong = {
        text: one
        for text, (name, one) in ones.items()
        if set(FIELDS.findall(one)) - set(FIELDS.findall(text)) or f"{{{name}}}" not in one
    }
    assert wrong == {}


def test_one_is_one_and_all_else_are_several():
    assert [_("{n} posts match.", "en", n=n) for n in (0, 1, 2, "1", "1.5")] == [
        "0 posts match.", "1 post matches.", "2 posts match.", "1 post matches.",
        "1.5 posts match.",
    ]  # fmt: skip


def test_translations_keep_the_fields():
    wrong = {
        text: dutch
        for text, dutch in DUTCH.items()
        if sorted(set(FIELDS.findall(text))) != sorted(set(FIELDS.findall(dutch)))
    }
    assert wrong == {}


def test_help_by_example_keeps_its_place():
    """A text beside an example must stay on its line."""
    assert [text for text, dutch in DUTCH.items() if "\n" in dutch and "\n" not in text] == []


def test_the_catalogue_is_whole():
    with (resources.files("campaigns.translations") / "nl.po").open("rb") as file:
        entries = [e for e in read_po(file, locale="nl") if e.id and not e.context]
    assert [entry.id for entry in entries if entry.fuzzy or not entry.string] == []
    assert len({entry.id for entry in entries}) == len(entries)


def test_words_that_mean_two_things_are_avoided():
    """`reacties` is both reactions and comments; impressions are never people."""
    ambiguous = re.compile(r"\breacties?\b", re.IGNORECASE)
    assert {text for text, dutch in DUTCH.items() if ambiguous.search(dutch)} == set()


@pytest.mark.parametrize(
    ("wish", "spoken"),
    [("nl", "nl"), ("nl_BE.UTF-8", "nl"), ("nl-NL", "nl"), ("en", "en"), ("de", "en"), ("C", "en")],
)
def test_the_language_is_chosen_by_the_environment(monkeypatch, wish, spoken):
    monkeypatch.setenv("BEREIK_LANGUAGE", wish)
    assert language() == spoken


def test_the_locale_decides_without_a_wish(monkeypatch):
    monkeypatch.delenv("BEREIK_LANGUAGE")
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    assert language() == "nl"


def test_values_are_never_read_as_a_text():
    assert _("{rows} rows skipped", "nl", rows="{rows}").startswith("{rows}")
    error = UnknownCampaign(name="{known}", known="zomer")
    assert "'{known}'" in say(error, "nl")
    assert "'{known}'" in say(error, "en")


def test_an_unknown_text_is_shown_in_english():
    assert say(Message("no such text {n}", {"n": 1}), "nl") == "no such text 1"
