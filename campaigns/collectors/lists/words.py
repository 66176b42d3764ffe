"""What people mean by the words in a list: platforms, kinds, roles, accounts, currencies, tax."""

from __future__ import annotations

import re
from collections.abc import Mapping

from campaigns.collectors.lists.sheet import Sheet, plain
from campaigns.errors import N_, Message

PLATFORM_WORDS = {
    "x": r"x\b|twitter",
    "linkedin": "linkedin|linked in",
    "facebook": "facebook|meta",
    "instagram": "instagram|insta",
    "print": "print|krant|dagblad|tijdschrift|magazine|newspaper|huis-aan-huis|huis aan huis",
    "radio": "radio",
    "television": "televis|tv",
    "outdoor": "outdoor|buiten|abri|billboard|ooh|dooh|mupi",
    "web": "web|site|online|google",
}
KIND_WORDS = {
    "media": "media|advert|ads|inkoop|spend|zendtijd|boost|promot",
    "production": "produc|creat|ontwerp|design|drukwerk|druk|video|foto|vormgev|film|fotograf",
    "hours": "hour|uren|uur|inzet|personeel|staff",
    "agency": "agency|bureau|advies|consult",
    "tools": "tool|licen|software|abonnement|subscr",
    "other": "overig|other|divers",
}
ROLE_WORDS = {
    "own": "own|eigen|organisatie zelf",
    "ambassador": "ambass",
    "partner": "partner",
    "peer": "peer|vergelijk|concur|compet",
    "organisation": "organis|overig",
}
RULE_WORDS = {
    "hashtag": "hashtag|#",
    "utm_campaign": "utm",
    "ad_campaign": "ad|advert",
    "account": "account",
    "link": "link|url|adres",
    "post": "post|bericht",
    "words": "word|woord|tekst|text",
}
VAT_WORDS = {"excl": "ex", "incl": "in", "none": "geen|none|no|vrij|nvt|n.v.t|0"}


def words(text: str, kinds: Mapping[str, str]) -> str:
    """The kind whose pattern a text begins with, else null."""
    cases = " ".join(
        f"when regexp_matches({plain(text)}, '^({pattern})') then '{kind}'"
        for kind, pattern in kinds.items()
    )
    return f"case {cases} end"


def platform(sheet: Sheet, name: str = "platform") -> str:
    """The platform or medium by its usual names; another stays as it is, in lower case."""
    if name not in sheet.cells:
        return "null::varchar"
    return f"coalesce({words(name, PLATFORM_WORDS)}, nullif({plain(name)}, ''))"


def account(sheet: Sheet) -> str:
    """The handle or page in lower case: out of a link, or without its `@`."""
    if "account_id" not in sheet.cells:
        return "null"
    bare = "regexp_replace(trim(account_id), '^(https?://)?(www\\.)?', '')"
    page = (
        f"regexp_replace({bare}, '^[a-z.]+\\.[a-z]{{2,3}}/(company/|in/|showcase/|school/)?', '')"
    )
    return f"nullif(lower(ltrim(regexp_extract({page}, '^[^/?#]*'), '@')), '')"


def currency(sheet: Sheet, *amounts: str) -> tuple[str, Message | None]:
    """The currency: of the row, of its amount, of the header; else euro, and then a note."""
    known = [name for name in amounts if name in sheet.cells]
    ways = [_code(name) for name in ("currency",) if name in sheet.cells]
    ways += [_code(sheet.text(name)) for name in known]
    header = " ".join(sheet.label(name) for name in known).casefold()
    stated = [code for code, pattern in _CURRENCIES.items() if re.search(pattern, header)]
    assumed = Message(N_("Where the list does not say the currency of an amount, euro is assumed."))
    ways.append(f"'{stated[0]}'" if stated else "'EUR'")
    return f"coalesce({', '.join(ways)})", assumed if known and not stated else None


_CURRENCIES = {
    "EUR": r"€|\beuro?s?\b|\beuro",
    "USD": r"\$|\busd\b|dollar",
    "GBP": r"£|\bgbp\b|pound|pond",
}


def _code(text: str) -> str:
    named = " ".join(
        f"when regexp_matches(lower({text}), '{pattern}') then '{code}'"
        for code, pattern in _CURRENCIES.items()
    )
    letters = f"nullif(regexp_extract(upper({text}), '\\b[A-Z]{{3}}\\b'), '')"
    return f"case {named} else {letters} end"


def vat(sheet: Sheet) -> str:
    """Whether tax is in the amount: by the column, else by the header of the amount."""
    header = sheet.label("amount").casefold() if "amount" in sheet.cells else ""
    stated = re.search(r"\b(ex|in)(cl)?", header.replace("in euro", ""))
    ways = [words("vat", VAT_WORDS)] if "vat" in sheet.cells else []
    ways += [f"'{stated[1]}cl'"] if stated else []
    return f"coalesce({', '.join(ways)})" if ways else "null"
