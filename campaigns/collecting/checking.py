"""Whether the credentials work, and which figures they allow, asked of the API.

The app is asked for a post that cannot be, which costs no read; an account that is signed in is
asked for itself, which costs one.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from campaigns.collecting.client import Api, Ask, Fault, Keys, Refused, TooMany, Unanswerable
from campaigns.errors import N_, Message
from campaigns.settings import Settings

_APP = Ask("get_tweets", "check", "check", "post", {"ids": ["1"]}, 0)
_ACCOUNT = Ask("get_me", "check", "check", "user", {}, 1, as_user=True)

PUBLIC = ("public_metrics",)
PRIVATE = ("non_public_metrics", "organic_metrics", "promoted_metrics", "analytics")
"""Kinds of figures by what must be signed in for them: the app, or the account itself."""


@dataclass(frozen=True)
class Access:
    """What the credentials allow: ``metrics`` are kinds of figures, ``missing`` those they do not.

    ``account`` is the one that is signed in. ``trouble`` says what somebody must do, or why it
    could not be found out; null when all is well.
    """

    metrics: tuple[str, ...] = ()
    missing: tuple[str, ...] = (*PUBLIC, *PRIVATE)
    account: str | None = None
    trouble: Message | None = None


def check(keys: Keys, settings: Settings) -> Access:
    """Ask the API; nothing is raised, and no secret is in the answer."""
    timeout = settings.collect.timeout.total_seconds()
    with closing(Api(keys, settings.collect.server, timeout)) as api:
        try:
            api.answer(_APP)
        except Fault as fault:
            return Access(trouble=_words(fault))
        if not api.signed_in:
            return Access(PUBLIC, PRIVATE)
        try:
            me = api.answer(_ACCOUNT)
        except Fault as fault:
            return Access(PUBLIC, PRIVATE, trouble=_words(fault))
    name = str((me.get("data") or {}).get("username") or api.signed_in)
    return Access((*PUBLIC, *PRIVATE), (), name)


def _words(fault: Fault) -> Message:
    match fault:
        case Refused(reason=reason):
            return reason
        case TooMany(seconds=seconds):
            text = N_("X answers again in {seconds} seconds: the credentials were not checked")
            return Message(text, {"seconds": round(seconds)})
        case Unanswerable():
            return Message(N_("X refuses the question ({fault})"), {"fault": str(fault)})
        case _:
            text = N_("X did not answer ({fault}): the credentials were not checked")
            return Message(text, {"fault": str(fault)})
