"""Words that tell a group of texts from the others: a campaign, a target group, what did well.

Counted are different texts with a word, not uses of it, and texts are compared with those of the
same language. The log odds ratio has an informative prior, the words of all texts together worth
`PRIOR` texts, which draws rare words to no difference (Monroe, Colaresi & Quinn, Fightin' Words,
Political Analysis 16 (2008) 372-403). P-values are adjusted for all words of all groups
(Benjamini-Hochberg). What belongs to a word may lie in what the texts were about, when they were
posted or by whom: a word that goes with a good result is an idea for a test, not a cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from audiences import multiplicity
from audiences.texts.corpus import Corpus

PRIOR = 10.0
"""The number of texts that the prior is worth."""

FEWEST = 3
"""Texts of a group in which a word must stand."""

ALPHA = 0.05


@dataclass(frozen=True)
class Keyword:
    """A word of a group: in ``count`` of its ``texts``, and in ``elsewhere`` of ``other_texts``.

    ``odds_ratio`` is drawn to 1 by the prior, with its 95 % bounds; ``is_certain`` when it is above
    1 after adjustment for all words.
    """

    word: str
    stem: str
    language: str
    count: int
    texts: int
    elsewhere: int
    other_texts: int
    odds_ratio: float
    lower: float
    upper: float
    pvalue_adjusted: float

    @property
    def is_certain(self) -> bool:
        """Whether the word is more common here than chance and many words explain."""
        return self.pvalue_adjusted <= ALPHA


def keywords(
    corpus: Corpus, by: str | Sequence[Hashable], most: int = 10
) -> dict[Hashable, list[Keyword]]:
    """The words of each group of texts (a column, or a label for each text), strongest first.

    Groups without such words have an empty list; a text without a label is in no group.
    """
    rows = _counted(corpus, by)
    found: dict[Hashable, list[Keyword]] = {
        label: [] for label in dict.fromkeys(corpus.labels(by)) if label is not None
    }
    if rows.empty:
        return found
    value, error = log_odds(
        *(rows[name].to_numpy(float) for name in ("count", "texts", "elsewhere", "other_texts"))
    )
    adjusted = multiplicity.benjamini_hochberg(2 * stats.norm.sf(np.abs(value) / error))
    half = float(stats.norm.isf(0.025)) * error
    rows = rows.assign(
        odds_ratio=np.exp(value), lower=np.exp(value - half), upper=np.exp(value + half),
        pvalue_adjusted=adjusted, strength=value / error,
    )  # fmt: skip
    rows = rows[rows["strength"] > 0].sort_values(["strength", "stem"], ascending=[False, True])
    for label, of_group in rows.groupby("label", sort=False):
        best = of_group.head(most).drop(columns=["label", "strength"])
        found[label] = [_keyword(corpus, row) for row in best.to_dict("records")]
    return found


def _keyword(corpus: Corpus, row: Mapping[Hashable, Any]) -> Keyword:
    values = {str(name): value for name, value in row.items()}
    return Keyword(word=corpus.shown[values["language"], values["stem"]], **values)


def log_odds(
    count: np.ndarray, texts: np.ndarray, elsewhere: np.ndarray, other_texts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The log odds ratio of words with the prior, and its standard error.

    >>> value, error = log_odds(*(np.array([float(n)]) for n in (5, 10, 5, 90)))
    >>> round(float(value[0]), 4), round(float(error[0]), 4)
    (1.9066, 0.5755)
    """
    prior = PRIOR * (count + elsewhere + 0.5) / (texts + other_texts + 1)
    here, there = count + prior, elsewhere + prior
    value = np.log(here / (texts + PRIOR - here)) - np.log(there / (other_texts + PRIOR - there))
    return value, np.sqrt(1 / here + 1 / there)


def halves(frame: pd.DataFrame, figure: str, within: Sequence[str] = ()) -> pd.Series:
    """For each row ``more`` or ``less``: above the median of a figure or not, within its group.

    ``within`` are columns of which the values have little to do with the text (platform, account).
    Null where the figure is.

    >>> frame = pd.DataFrame({"rate": [1.0, 2.0, None, 9.0], "platform": ["x", "x", "x", "y"]})
    >>> halves(frame, "rate").tolist()
    ['less', 'less', None, 'more']
    """
    figures = frame[figure].astype(float)
    keys = [frame[name] for name in within]
    middle = (
        figures.groupby(keys, dropna=False).transform("median")
        if keys
        else pd.Series(figures.median(), frame.index)
    )
    made = pd.Series(np.where(figures > middle, "more", "less"), frame.index, dtype=object)
    return made.where(figures.notna(), None)


def _counted(corpus: Corpus, by: str | Sequence[Hashable]) -> pd.DataFrame:
    """A row per group and word that stands in `FEWEST` of its texts."""
    groups = [
        (label, spoken, len(places), _documents(corpus, places))
        for label, spoken, places in corpus.groups(by)
    ]
    whole: dict[str, Counter[str]] = {}
    texts: Counter[str] = Counter()
    for _label, spoken, number, counts in groups:
        whole.setdefault(spoken, Counter()).update(counts)
        texts[spoken] += number
    return pd.DataFrame(
        [
            {
                "label": label, "stem": root, "language": spoken,
                "count": count, "texts": number,
                "elsewhere": whole[spoken][root] - count, "other_texts": texts[spoken] - number,
            }
            for label, spoken, number, counts in groups
            if texts[spoken] > number
            for root, count in counts.items()
            if count >= FEWEST
        ]
    )  # fmt: skip


def _documents(corpus: Corpus, places: Sequence[int]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for place in places:
        counts.update(set(corpus.stems[place]))
    return counts
