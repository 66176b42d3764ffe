"""The lists that the agency keeps itself: accounts, ambassadors, costs, placements, results,
and its campaigns as TOML.

The lists are CSV as a Dutch spreadsheet saves it: semicolons, decimal commas, days before months.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from campaigns.simulate.agency import CAMPAIGNS, PARTNERS, PLACEMENTS
from campaigns.simulate.posts import records
from campaigns.simulate.truth import Organisation

CAMPAIGNS_FILE = "campaigns.toml"

_NAMES = {campaign.campaign_id: campaign.name for campaign in CAMPAIGNS}
_KINDS = {"media": "Media", "production": "Productie", "agency": "Bureau", "hours": "Uren",
          "tools": "Licenties"}  # fmt: skip
_MEDIA = {"print": "Krant", "outdoor": "Buitenreclame", "radio": "Radio"}


def lists(organisation: Organisation) -> Iterator[tuple[str, bytes]]:
    """The lists: name and bytes of each."""
    yield "accounts.csv", _accounts(organisation)
    yield "ambassadors.csv", _ambassadors(organisation)
    yield "costs.csv", _costs(organisation)
    yield "placements.csv", _placements(organisation)
    yield "outcomes.csv", _outcomes(organisation)
    yield CAMPAIGNS_FILE, _campaigns(organisation)


def _accounts(organisation: Organisation) -> bytes:
    rows: list[list[Any]] = [
        [one["platform"], one["account_id"], one["name"], "eigen", "rijk", one["ad_account_name"]]
        for one in records(organisation.accounts)
    ]
    rows += [[*partner, "partner", "", ""] for partner in PARTNERS]
    return _csv("Platform;Account;Naam;Rol;Sector;Advertentieaccounts", rows)


def _ambassadors(organisation: Organisation) -> bytes:
    rows = [
        [one["platform"], one["account_id"], "ambassadeur", one["person"], one["team"],
         one["opted_in_on"], one["withdrawn_on"], "ja" if one["is_name_permitted"] else "nee"]
        for one in records(organisation.ambassadors)
    ]  # fmt: skip
    header = "Platform;Account;Rol;Persoon;Team;Aangemeld op;Ingetrokken op;Naam tonen"
    return _csv(header, rows)


def _costs(organisation: Organisation) -> bytes:
    rows = [
        [one["row_id"], _shared(one["shares"]), _KINDS[one["kind"]], one["description"],
         one["platform"], one["ambassador"], one["amount"], one["hours"], one["rate"],
         one["first_day"], one["last_day"]]
        for one in records(organisation.costs)
    ]  # fmt: skip
    header = "Nr;Campagnes;Kostensoort;Omschrijving;Kanaal;Team;Bedrag excl. btw (EUR);Uren"
    return _csv(f"{header};Uurtarief (EUR);Van;Tot en met", rows)


def _shared(shares: str) -> str:
    """The campaigns that bear a cost, by name: ``Stormklaar 2024: 60%; …``."""
    parts = [part.partition("=") for part in shares.split(";")]
    if len(parts) == 1:
        return _NAMES.get(parts[0][0], "")
    return "; ".join(f"{_NAMES[name]}: {float(part):.0%}" for name, _, part in parts)


def _placements(organisation: Organisation) -> bytes:
    rows: list[list[Any]] = [
        [one.placement_id, _NAMES[one.campaign_id], _MEDIA[one.medium], one.title, one.insertions,
         one.circulation, "opgave uitgever" if one.circulation else "", one.readership,
         "leesonderzoek 2024" if one.readership else "", one.amount, one.first_day, one.last_day]
        for one in PLACEMENTS
        if organisation.first_day <= one.first_day and one.last_day <= organisation.last_day
    ]  # fmt: skip
    header = "Nr;Campagne;Medium;Titel;Plaatsingen;Oplage;Bron oplage;Leesbereik;Bron leesbereik"
    return _csv(f"{header};Kosten excl. btw (EUR);Van;Tot en met", rows)


def _outcomes(organisation: Organisation) -> bytes:
    rows = [
        [one["row_id"], one["campaign"], one["day"], one["outcome"], one["value"], one["unit"],
         one["measured_by"]]
        for one in records(organisation.outcomes)
    ]  # fmt: skip
    return _csv("Nr;Campagne;Datum;Uitkomst;Waarde;Eenheid;Gemeten door", rows)


def _campaigns(organisation: Organisation) -> bytes:
    """The campaigns of the period in the order in which they decide, with their rules."""
    lines = ["# Campagnes van Agentschap Waterweide (verzonnen)"]
    by_hand = organisation.by_hand
    for one in CAMPAIGNS:
        if one.last_day < organisation.first_day:
            continue
        rules = [("hashtag", one.hashtag), ("utm_campaign", one.utm)]
        rules += [("ad_campaign", f"{name}*") for name in one.ad_names]
        rules += [("post", f"linkedin:{post}") for post in _links(organisation, one.campaign_id)]
        goal = f'metric = "{one.goal_metric}", target = {one.goal_target}, day = {one.last_day}'
        lines += [
            "", "[[campaigns]]", f'id = "{one.campaign_id}"', f'name = "{one.name}"',
            f"first_day = {one.first_day}", f"last_day = {one.last_day}",
            f"budget = {one.budget}", 'currency = "EUR"', f"goal = {{ {goal} }}", "rules = [",
            *(f'  {{ {kind} = "{value}" }},' for kind, value in rules), "]",
        ]  # fmt: skip
        posts = records(by_hand[by_hand.campaign_id == one.campaign_id])
        if posts:
            named = [f'  "{post["platform"]}:{post["post_id"]}",' for post in posts]
            lines += ["posts = [", *named, "]"]
    return ("\n".join(lines) + "\n").encode()


def _links(organisation: Organisation, campaign_id: str) -> list[str]:
    """The posts of colleagues on LinkedIn that the agency knows of: their export has no texts."""
    shared = organisation.shared
    known = shared[(shared.platform == "linkedin") & shared.is_reported]
    return [str(post) for post in known.post_id[known.campaign_id == campaign_id]]


def _csv(header: str, rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header.split(";"))
    writer.writerows([_cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(value: Any) -> str:
    """A value as a Dutch spreadsheet shows it; nothing for what is not known."""
    if value is None or value != value:  # pandas writes unknown as NaN
        return ""
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, float):
        return (f"{value:.0f}" if value.is_integer() else f"{value:.2f}").replace(".", ",")
    return str(value)
