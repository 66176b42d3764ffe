"""Other people's data: what is hidden, what is kept how long, and what is destroyed.

    key         the key of a store's pseudonyms: made, found, shared, lost
    masking     identifiers in texts, replaced as SQL
    joining     handles that were registered later, when a text is shown
    consent     which colleagues take part
    people      who must not be in the store any more, and rows without them, as SQL
    erasure     erasing a person, and the keyed tombstones that keep the person out
    answers     answers of a platform, as they may be kept
    raw         answers that are kept, without people and posts that must go
    retention   how long each kind of data is kept, and the log of destruction
    record      what is held of everybody and of one person

A handle or name of somebody who is not registered becomes a keyed hash (HMAC-SHA-256) before it
reaches the store. The same person has the same pseudonym in every import of a store, so that
registering the handle later joins it; without the key nobody can go back or try names.
"""

from campaigns.privacy.answers import Hider
from campaigns.privacy.consent import TAKES_PART, takes_part
from campaigns.privacy.erasure import (
    Erased,
    Tombstones,
    check,
    erase,
    find,
    is_erased,
    lift,
    recalled,
    tombstones,
)
from campaigns.privacy.joining import joined, known_names
from campaigns.privacy.key import DIGITS, UNNAMED, Key, is_unnamed, key, key_file, replace
from campaigns.privacy.masking import (
    Engine,
    masked,
    prepare,
    pseudonymised,
    register,
    without_contacts,
    without_profiles,
)
from campaigns.privacy.people import Person, changes, find_posts
from campaigns.privacy.raw import expire, packed, rewrite, without_person, without_posts

__all__ = [
    "DIGITS",
    "TAKES_PART",
    "UNNAMED",
    "Engine",
    "Erased",
    "Hider",
    "Key",
    "Person",
    "Tombstones",
    "changes",
    "check",
    "erase",
    "expire",
    "find",
    "find_posts",
    "is_erased",
    "is_unnamed",
    "joined",
    "key",
    "key_file",
    "known_names",
    "lift",
    "masked",
    "packed",
    "prepare",
    "pseudonymised",
    "recalled",
    "register",
    "replace",
    "rewrite",
    "takes_part",
    "tombstones",
    "without_contacts",
    "without_person",
    "without_posts",
    "without_profiles",
]
