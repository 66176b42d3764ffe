"""What messages say: language, words, topics, how they read, ask, call and sound.

    lists         word lists that come with the package
    tokens        words, hashtags, mentions, addresses, emoji; sentences
    languages     Dutch, English, or not known
    stems         forms of a word that come together
    readability   Flesch for English, Flesch-Douma for Dutch
    wording       questions, calls to act, tone
    corpus        texts that were read, with all of these
    keywords      words that tell groups of texts apart, or go with a result
    collocations  pairs of words
    topics        what texts are about, where they fall into topics
    vocabulary    words of the audience beside those of the organisation
    gathering     the texts of the store that may be read
    report        all of it, by group

All but ``gathering`` and ``vocabulary.searched`` are pure: frames in, findings out, no store.
Nothing is downloaded: NLTK is used only for what it does without its data.
"""

from audiences.texts.corpus import Corpus, read
from audiences.texts.gathering import Gathered, gather
from audiences.texts.keywords import halves, keywords
from audiences.texts.report import BY, Group, Report, report

__all__ = [
    "BY",
    "Corpus",
    "Gathered",
    "Group",
    "Report",
    "gather",
    "halves",
    "keywords",
    "read",
    "report",
]
