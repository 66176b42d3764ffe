"""The columns that a person would write in a list: for each field its labels, by language."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from campaigns.collectors import Layout

Labels = Mapping[str, tuple[str, str]]
"""For each field its labels in English and in Dutch, separated by ``|``."""


def layouts(fields: Labels, *required: str) -> tuple[Layout, ...]:
    """One layout for each set of fields that makes a list what it is; all are read alike.

    >>> [layout.required for layout in layouts(RULES, "campaign kind value")]
    [frozenset({...})]
    """
    labels = {
        language: {
            label: field for field, names in fields.items() for label in names[at].split("|")
        }
        for at, language in enumerate(("en", "nl"))
    }
    return tuple(Layout(needed, labels, frozenset(needed.split())) for needed in required)


def _amounts(words: str, tax: str, out: str, of: str) -> str:
    """Labels of an amount, with what people add: is tax in it, and in which currency is it.

    >>> _amounts("Bedrag", "btw", "exclusief", "inclusief").split("|")[:3]
    ['Bedrag', 'Bedrag (EUR)', 'Bedrag (€)']
    """
    short = [f" {way} {tax}" for way in ("excl.", "excl", "ex", out, "incl.", "incl", of)]
    taxes = ["", *short, f" (excl. {tax})", f" (incl. {tax})"]
    return "|".join(map("".join, itertools.product(words.split("|"), taxes, _CURRENCIES)))


_CURRENCIES = ("", " (EUR)", " (€)", " EUR", " €", " in euro", " in euro's", " in euros",
               " (USD)", " ($)", " (GBP)", " (£)")  # fmt: skip

_AMOUNT = (
    _amounts("Amount|Cost|Costs|Price|Total|Total cost|Budget", "VAT", "excluding", "including"),
    _amounts("Bedrag|Kosten|Prijs|Totaal|Totaalbedrag|Budget", "btw", "exclusief", "inclusief"),
)
_RATE = (
    _amounts("Rate|Hourly rate", "VAT", "excluding", "including"),
    _amounts("Tarief|Uurtarief", "btw", "exclusief", "inclusief"),
)
_CURRENCY = ("Currency", "Valuta|Munt|Munteenheid")
_VAT = ("VAT|Tax", "Btw")
_ID = ("ID|Row|Line|No.|Number", "ID|Regel|Regelnummer|Nr.|Nr|Nummer|Volgnummer")
_PLATFORM = ("Platform|Network", "Platform|Netwerk")
_ACCOUNT = ("Account|Account name|Handle|Page", "Account|Accountnaam|Gebruikersnaam|Pagina")
_CAMPAIGN = ("Campaign|Campaign name|Campaign 1|Project",
             "Campagne|Campagnenaam|Campagne 1|Project")  # fmt: skip
_FIRST_DAY = ("First day|From|Start|Start date|Begin",
              "Eerste dag|Van|Vanaf|Begin|Begindatum|Startdatum|Ingangsdatum|Start")  # fmt: skip
_LAST_DAY = ("Last day|To|Until|Till|Through|End|End date",
             "Laatste dag|Tot|Tot en met|T/m|Eind|Einde|Einddatum")  # fmt: skip
_PERIOD: Labels = {
    "first_day": _FIRST_DAY,
    "last_day": _LAST_DAY,
    "day": ("Date|Day|Invoice date", "Datum|Dag|Factuurdatum"),
    "month": ("Month|Period|Quarter", "Maand|Periode|Kwartaal"),
    "year": ("Year", "Jaar"),
}

COSTS: Labels = {
    "campaign": _CAMPAIGN,
    **{f"campaign_{n}": (f"Campaign {n}", f"Campagne {n}") for n in (2, 3, 4)},
    "share": ("Share|Share 1|Part|Part 1", "Aandeel|Aandeel 1|Deel|Deel 1"),
    **{f"share_{n}": (f"Share {n}|Part {n}", f"Aandeel {n}|Deel {n}") for n in (2, 3, 4)},
    "shares": ("Shares|Split|Division|Campaigns", "Verdeling|Verdeelsleutel|Aandelen|Campagnes"),
    "source": ("Source|List", "Bron|Lijst"),
    "row_id": _ID,
    "kind": ("Kind|Type|Category|Cost type", "Soort|Kostensoort|Categorie|Type|Kostenpost"),
    "description": (
        "Description|What|Item|Subject",
        "Omschrijving|Beschrijving|Wat|Onderwerp|Post",
    ),
    "invoice": ("Invoice|Invoice number", "Factuur|Factuurnummer"),
    "supplier": ("Supplier|Vendor", "Leverancier|Bureau"),
    "amount": _AMOUNT,
    "currency": _CURRENCY,
    "vat": _VAT,
    "hours": ("Hours|Hours worked", "Uren|Aantal uren|Gewerkte uren"),
    "rate": _RATE,
    **_PERIOD,
    "platform": (f"{_PLATFORM[0]}|Channel", f"{_PLATFORM[1]}|Kanaal"),
    "account_id": _ACCOUNT,
    "ambassador": ("Ambassador|Ambassadors|Team", "Ambassadeur|Ambassadeurs|Team"),
}

PLACEMENTS: Labels = {
    "row_id": _ID,
    "campaign": _CAMPAIGN,
    "medium": ("Medium|Media|Media type|Channel|Type",
               "Medium|Mediumtype|Mediatype|Soort medium|Kanaal|Soort"),
    "title": ("Title|Publication|Newspaper|Magazine|Station|Outlet",
              "Titel|Uitgave|Krant|Blad|Tijdschrift|Zender|Mediumtitel|Naam"),
    "insertions": ("Insertions|Placements|Times",
                   "Plaatsingen|Aantal plaatsingen|Inserties|Aantal keer|Keren"),
    "circulation": ("Circulation|Print run", "Oplage|Verspreide oplage"),
    "circulation_source": ("Circulation source|Source of circulation", "Bron oplage|Oplagebron"),
    "readership": ("Readership|Readers|Audience", "Leesbereik|Lezers|Bereik|Luisteraars|Kijkers"),
    "readership_source": ("Readership source|Source of readership|Source",
                          "Bron leesbereik|Bron bereik|Bron"),
    "amount": _AMOUNT,
    "currency": _CURRENCY,
    "vat": _VAT,
    **_PERIOD,
}  # fmt: skip

OUTCOMES: Labels = {
    "source": ("List", "Lijst"),
    "row_id": _ID,
    "campaign": _CAMPAIGN,
    "outcome": ("Result|Outcome|Measure|Indicator|What",
                "Resultaat|Uitkomst|Maatstaf|Indicator|Effect|Wat"),
    "value": ("Value|Number of|Count|Score", "Waarde|Aantal|Score"),
    "unit": ("Unit", "Eenheid"),
    "measured_by": ("Measured by|Source|Method", "Gemeten door|Gemeten met|Bron|Meting|Methode"),
    **_PERIOD,
}  # fmt: skip

ACCOUNTS: Labels = {
    "platform": (f"{_PLATFORM[0]}|Channel", f"{_PLATFORM[1]}|Kanaal"),
    "account_id": (f"{_ACCOUNT[0]}|Username|Link|URL", f"{_ACCOUNT[1]}|Link|URL"),
    "name": ("Name|Display name", "Naam|Weergavenaam"),
    "role": ("Role", "Rol"),
    "sector": ("Sector|Industry", "Sector|Branche"),
    "ad_accounts": ("Ad accounts|Ad account", "Advertentieaccounts|Advertentieaccount"),
    "team": ("Team|Department|Unit", "Team|Afdeling"),
    "person": ("Person|Ambassador|Colleague|Employee", "Persoon|Ambassadeur|Collega|Medewerker"),
    "opted_in_on": ("Opted in on|Opted in|Opt-in|Opt-in date|Consent|Consent date",
                    "Aangemeld op|Opt-in|Toestemming|Toestemming op|Datum toestemming|"
                    "Deelname sinds"),
    "withdrawn_on": ("Withdrawn on|Withdrawn|Opt-out|Opted out on",
                     "Ingetrokken op|Ingetrokken|Afgemeld op|Opt-out|Gestopt op"),
    "is_name_permitted": ("Name permitted|Name may be shown|Show name",
                          "Naam tonen|Naam mag getoond|Toestemming naam"),
    "hourly_rate": _RATE,
    "currency": _CURRENCY,
}  # fmt: skip

CAMPAIGNS: Labels = {
    "campaign_id": ("ID|Campaign ID|Short name|Code", "ID|Campagne-ID|Korte naam|Code"),
    "name": ("Campaign|Campaign name|Name", "Campagne|Campagnenaam|Naam"),
    "position": ("Position|Order|Priority", "Positie|Volgorde|Prioriteit"),
    "first_day": _FIRST_DAY,
    "last_day": _LAST_DAY,
    "budget": _AMOUNT,
    "currency": _CURRENCY,
    "goal_metric": ("Goal|Goal metric|Objective", "Doel|Doelmaat|Doelstelling"),
    "goal_target": ("Target|Goal target", "Streefwaarde|Doelwaarde|Streefgetal"),
    "goal_on": ("Target date|Goal date|Deadline", "Doeldatum|Streefdatum|Deadline"),
    "description": ("Description", "Omschrijving|Beschrijving"),
}

RULES: Labels = {
    "campaign": ("Campaign|Campaign ID", "Campagne|Campagne-ID"),
    "kind": ("Rule|Kind of rule|Rule kind|Kind", "Regel|Soort regel|Regelsoort|Soort"),
    "value": ("Value|Looks for", "Waarde|Zoekt|Zoekwaarde"),
    "platform": _PLATFORM,
    "account_id": _ACCOUNT,
    "first_day": _FIRST_DAY,
    "last_day": _LAST_DAY,
}
