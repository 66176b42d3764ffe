"""A campaign and its rules: what they are, and what makes them right."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from campaigns.definitions.references import utm_campaign
from campaigns.errors import N_, BadDefinition, Message
from campaigns.schema import PLATFORMS, RULE_KINDS

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_ADDRESS = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#]\S*)?")
_LARGEST = Decimal(10) ** 12  # DECIMAL(18,6)
_SPECIAL = str.maketrans(
    {"ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o",
     "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One rule by which posts and ads belong to a campaign.

    What ``value`` means depends on ``kind``; upper and lower case never matter:

    ``hashtag``       the whole tag: ``zomer`` is not ``#zomerweek``; accents count
    ``link``          a domain with its subdomains, or an address and all below it
    ``utm_campaign``  the whole value of that parameter in a link
    ``words``         all the words, whole, in any order, as a phrase when "quoted"; accents and
                      addresses do not count
    ``post``          a post: its id, another id of it, or its address
    ``account``       all posts of an account, by its handle or name
    ``ad_campaign``   the name of an ad campaign, whole, or with ``*`` for any text

    The other fields limit it: to a platform, an account, days (inclusive). ``position`` is its
    place among the rules of its campaign (1 = first) and ``key`` the row in which it is stated
    (campaign as written there, number); neither is part of what a rule says.
    """

    kind: str
    value: str
    platform: str | None = None
    account_id: str | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    position: int | None = field(default=None, compare=False)
    key: tuple[str, int] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Campaign:
    """A campaign: its goal, period (inclusive days), budget and rules, in their order.

    ``position`` is its place when several campaigns match a post; the first one gets it. An
    empty ``campaign_id`` is made from the name when the campaign is added.
    """

    name: str
    campaign_id: str = ""
    position: int | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    budget: Decimal | None = None
    currency: str | None = None
    goal_metric: str | None = None
    goal_target: float | None = None
    goal_on: dt.date | None = None
    description: str | None = None
    rules: tuple[Rule, ...] = ()


def slug(name: str) -> str:
    """A name as an id: ASCII, lower case, dashes. The same name gives the same id.

    A name without a Latin letter or digit gets an id from its hash.

    >>> slug("Élke Dag: 's zomers naar de IJssel!")
    'elke-dag-s-zomers-naar-de-ijssel'
    """
    plain = unicodedata.normalize("NFKD", name.translate(_SPECIAL))
    ascii_only = plain.encode("ascii", "ignore").decode().lower().replace("'", " ")
    found = "-".join(re.findall(r"[a-z0-9]+", ascii_only))[:60].strip("-")
    return found or "campaign-" + hashlib.sha256(name.encode()).hexdigest()[:8]


def same_name(name: str) -> str:
    """A name as names are compared: without case and needless spaces.

    >>> same_name("  Veilig  UIT ") == same_name("veilig uit")
    True
    """
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def checked(campaign: Campaign, where: str = "") -> Campaign:
    """The campaign with every field in its usual form; `BadDefinition` when one cannot be right.

    ``where`` begins the place that the error names: a file.

    >>> checked(Campaign("  Zomer ", budget=Decimal(10), rules=(Rule("hashtag", "#Zomer"),)))
    Campaign(name='Zomer', ..., budget=Decimal('10'), currency='EUR', ...value='Zomer', ...)
    """
    place = _place(where, Message(N_("campaign '{name}'"), {"name": campaign.name}))
    name = checked_text(campaign.name, place, "name")
    if name is None:
        raise _bad(_place(where), "name", N_("a campaign needs a name"))
    if campaign.campaign_id and not _ID.fullmatch(campaign.campaign_id):
        raise _bad(place, "id", N_("use a-z, 0-9 and single dashes: {example}"), example=slug(name))
    if campaign.position is not None and campaign.position < 1:
        raise _bad(place, "position", N_("the first place is 1"))
    budget, currency = _money(campaign, place)
    metric = checked_text(campaign.goal_metric, place, "goal")
    target = campaign.goal_target
    if target is not None and not math.isfinite(target):
        raise _bad(place, "target", N_("must be a number"))
    if metric is None and (target is not None or campaign.goal_on is not None):
        raise _bad(place, "goal", N_("a target or day needs a metric or outcome"))
    _check_period(campaign.first_day, campaign.last_day, place)
    return dataclasses.replace(
        campaign,
        name=name,
        budget=budget,
        currency=currency,
        goal_metric=metric,
        description=checked_text(campaign.description, place, "description", lines=True),
        rules=_without_repeats(
            checked_rule(rule, place, number) for number, rule in enumerate(campaign.rules, 1)
        ),
    )


def checked_rule(rule: Rule, place: object = "", number: int | None = None) -> Rule:
    """The rule in its usual form; `BadDefinition` when it can never match.

    >>> checked_rule(Rule("link", "https://www.Example.nl/zomer/")).value
    'example.nl/zomer'
    >>> checked_rule(Rule("account", "@Gemeente")).value
    'gemeente'
    """
    here = _place(place, Message(N_("rule {number}"), {"number": number}) if number else "")
    if rule.kind not in RULE_KINDS:
        raise _bad(here, "kind", N_("is none of {known}"), known=", ".join(RULE_KINDS))
    if rule.platform is not None and rule.platform not in PLATFORMS:
        raise _bad(here, "platform", N_("is none of {known}"), known=", ".join(PLATFORMS))
    value = checked_text(rule.value, here, rule.kind)
    if value is None:
        raise _bad(here, rule.kind, N_("is empty"))
    _check_period(rule.first_day, rule.last_day, here)
    account = checked_text(rule.account_id, here, "account")
    return dataclasses.replace(
        rule,
        value=_value(rule.kind, value, here),
        account_id=None if account is None else account_key(account),
    )


def account_key(text: str) -> str:
    """A handle or page name as accounts are keyed.

    >>> account_key(" @Gemeente_X")
    'gemeente_x'
    """
    return text.strip().removeprefix("@").strip().lower()


def _value(kind: str, value: str, place: object) -> str:
    if kind in _USUAL:
        value = _USUAL[kind](value)
    if not value:
        raise _bad(place, kind, N_("is empty"))
    if kind in _RIGHT:
        is_right, reason = _RIGHT[kind]
        if not is_right(value):
            raise _bad(place, kind, reason)
    return value


def _tag(value: str) -> str:
    return value.lstrip("#＃")


def _is_tag(value: str) -> bool:
    return re.fullmatch(r"[\w\u200c\u200d]*\w[\w\u200c\u200d]*", _without_marks(value)) is not None


def _has_word(value: str) -> bool:
    return re.search(r"[^\W_]", value) is not None


def _target(value: str) -> str:
    """An address as a rule has it: the host in lower case, no scheme, no last slash."""
    bare = re.sub(r"(?i)^(?:https?:)?(?://)?(?:www\.)?", "", value).rstrip("/")
    host, slash, rest = bare.partition("/")
    return host.lower() + slash + rest


def _is_target(value: str) -> bool:
    return _ADDRESS.fullmatch(value) is not None


def _names_something(value: str) -> bool:
    return bool(value.replace("*", "").strip())


def _without_marks(text: str) -> str:
    """Without combining marks, which belong to a word but not to Python's ``\\w``."""
    return "".join(c for c in text if unicodedata.category(c)[0] != "M")


_USUAL: dict[str, Callable[[str], str]] = {
    "hashtag": _tag,
    "link": _target,
    "utm_campaign": utm_campaign,
    "account": account_key,
}
"""For each kind of rule the usual form of its value."""

_RIGHT: dict[str, tuple[Callable[[str], bool], str]] = {
    "hashtag": (_is_tag, N_("a hashtag is one word of letters, digits and _")),
    "words": (_has_word, N_("has no letter or digit")),
    "link": (_is_target, N_("is no domain or address, such as example.nl/summer")),
    "ad_campaign": (_names_something, N_("would match every ad campaign")),
}
"""For each kind of rule what its value must be."""


def _money(campaign: Campaign, place: object) -> tuple[Decimal | None, str | None]:
    budget, currency = campaign.budget, campaign.currency
    if budget is not None:
        if not budget.is_finite() or not 0 <= budget < _LARGEST:
            raise _bad(place, "budget", N_("must be an amount of 0 or more"))
        if budget != round(budget, 6):
            raise _bad(place, "budget", N_("has more than six decimals"))
        currency = currency or "EUR"
    if currency is not None:
        currency = currency.strip().upper()
        if not _CURRENCY.fullmatch(currency):
            raise _bad(place, "currency", N_("is a code of three letters, such as EUR"))
    return budget, currency


def _check_period(first: dt.date | None, last: dt.date | None, place: object) -> None:
    if first is not None and last is not None and first > last:
        reason = N_("the period ends ({last}) before it begins ({first})")
        raise BadDefinition(where=place, reason=Message(reason, {"last": last, "first": first}))


def checked_text(
    value: str | None, place: object, field: str, *, lines: bool = False
) -> str | None:
    """The text, trimmed; None when nothing is left. `BadDefinition` when it cannot be stored."""
    if value is None:
        return None
    allowed = "\n\t" if lines else ""
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in value.strip()):
        raise _bad(place, field, N_("holds a line break or another character that cannot be seen"))
    if len(value) > 2000:
        raise _bad(place, field, N_("is longer than 2000 characters"))
    return unicodedata.normalize("NFC", value).strip() or None


def _without_repeats(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(dict.fromkeys(rules))


def _place(*parts: object) -> object:
    """Where something stands, from the outside in; parts may be messages."""
    given = [part for part in parts if part not in ("", None)]
    if len(given) == 2:
        return Message("{outer}: {inner}", {"outer": given[0], "inner": given[1]})
    return given[0] if given else Message(N_("a definition"))


def _bad(place: object, field: str, reason: str, **values: object) -> BadDefinition:
    return BadDefinition(
        where=Message("{outer}: {inner}", {"outer": place, "inner": field}),
        reason=Message(reason, values),
    )
