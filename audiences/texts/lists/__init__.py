"""Word lists that come with the package; see SOURCES.md for where they are from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent

LANGUAGES = ("nl", "en")
"""The languages whose texts are read."""


@cache
def words(name: str) -> frozenset[str]:
    """The words in a list.

    >>> "zonder" in words("stop_nl"), "zonder" in words("stop_en")
    (True, False)
    """
    return frozenset((_FOLDER / f"{name}.txt").read_text("utf-8").split())


@cache
def tone(language: str) -> dict[str, float]:
    """The polarity, from -1 to 1, of the words that have one in a language.

    >>> tone("nl")["veilig"], tone("en")["bad"]
    (0.4, -0.7)
    """
    lines = (_FOLDER / f"tone_{language}.tsv").read_text("utf-8").splitlines()
    return {word: float(value) for word, value in (line.split("\t") for line in lines)}
