"""Dutch texts of an agency's posts: templates with slots, varied by chance.

The marks by which campaigns recognise posts (hashtags, links) are put in by
`campaigns.simulate.posts`, not here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

PLACES = ("Oeverveen", "Noorderplas", "Rietdrecht", "Zilverwaard", "Kolkhaven", "Lage Gouw",
          "Duinkerke-aan-de-Wiel", "Sluiskade", "Polderzicht", "Wielsum")  # fmt: skip
ROADS = ("W12", "W27", "W31", "W58", "de Dijkweg", "de Veerroute", "de Plassenroute")

_TOPICS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "zwemmen": (
        ("Lekker zwemmen bij {place}?", "Warm weekend op komst.", "Groen, geel of rood?",
         "Een duik nemen in {place}?", "De zon schijnt, het water lonkt.",
         "Blauwalg gezien bij {place}."),
        ("Kijk eerst of het water schoon is.", "Wij meten elke twee weken {n} plekken.",
         "Let op stroming bij de sluis & blijf bij de kant.",
         "Zwem alleen waar het mag: niet bij bruggen en sluizen.",
         "Vandaag zijn {n} zwemplekken goedgekeurd."),
    ),
    "storm": (
        ("Het gaat waaien: code geel voor de kust.", "Is jouw tuin stormklaar?",
         "Hoogwater verwacht bij {place}.", "Onze dijkwachten lopen vannacht de ronde.",
         "Stormseizoen begonnen."),
        ("Zet losse spullen binnen & maak de goot schoon.",
         "De kering bij {place} gaat vanavond dicht.", "Wij houden {n} kilometer dijk in de gaten.",
         "Waterstand nu: {n} cm boven normaal.", "Zo bereid je je voor in vijf minuten."),
    ),
    "winter": (
        ("Gladheid op {road}.", "Vannacht vorst tot -{few} graden.", "De strooiwagens staan klaar.",
         "IJzel in het noorden.", "Zo houden wij {road} sneeuwvrij."),
        ("Pas je snelheid aan & houd afstand.", "Er gaan {n} wagens de weg op.",
         "Vertrek later als het kan.", "Kijk op de kaart waar al is gestrooid.",
         "Tip: warme jas en telefoonlader mee."),
    ),
    "banen": (
        ("Wij zoeken {n} nieuwe collega’s.", "Zin in werk dat ertoe doet?",
         "Vacature: sluismeester in {place}.", "Van student tot dijkinspecteur.",
         "Hoe is het om bij ons te werken?"),
        ("Solliciteer vóór de 15e.", "Femke vertelt over haar eerste jaar.",
         "Flexibele uren & een goede opleiding.", "Loop een dag mee in {place}.",
         "Techniek, data en modder: alles door elkaar."),
    ),
    "brief": (
        ("Valt deze week op de mat: een brief over uw water.", "Heeft u onze brief al gelezen?",
         "Waarom krijgt u een brief van ons?", "Vragen over de brief?"),
        ("Daarin staat wat er in {place} verandert.", "Bel ons gerust op 088 000 12 34.",
         "In gewone taal & op twee kantjes.", "Een filmpje van {n} seconden legt het uit."),
    ),
    "opendag": (
        ("Zaterdag 13 juni: open dag!", "Altijd al in een gemaal willen kijken?",
         "Kom kijken in {place}.", "Nog {n} dagen tot de open dag."),
        ("Voor jong en oud & gratis.", "Varen, graven en vragen stellen.",
         "Er rijden pendelbussen vanaf {place}.", "Meld je aan, dan staat de soep klaar."),
    ),
    "water": (
        ("De waterstand bij {place} is weer normaal.", "Wist je dat {n} gemalen ons droog houden?",
         "Onderhoud aan de sluis bij {place}.", "Waterkwaliteit: de nieuwe cijfers.",
         "Droogte houdt aan."),
        ("Schepen wachten gemiddeld {n} minuten.", "We baggeren tot eind van de maand.",
         "Meer weten? Lees het verslag.", "Dank aan de buurt voor het geduld.",
         "Onze metingen staan online & zijn gratis."),
    ),
    "wegen": (
        ("{road} dit weekend dicht.", "Nieuw asfalt op {road}.", "Ongeval op {road} bij {place}.",
         "Spitsstrook {road} weer open.", "Werk aan de brug bij {place}."),
        ("Houd rekening met {n} minuten extra.", "Omleiding via {place} staat op de borden.",
         "We zijn maandag om 5 uur klaar.", "Stil asfalt: {few} decibel minder.",
         "Hulpdiensten zijn ter plaatse & de weg is vrij."),
    ),
    "land": (
        ("De bevers bij {place} hebben jongen.", "Bloemrijke dijken: goed voor bijen.",
         "We planten {n} bomen bij {place}.", "Schapen maaien onze dijken."),
        ("Loop je mee met de boswachter?", "Honden aan de lijn & afval mee.",
         "Kijk mee met de camera.", "Zo maken we ruimte voor natuur."),
    ),
    "werk": (
        ("Even voorstellen: onze collega’s van {place}.", "Stagemarkt in {place}.",
         "Vijfentwintig jaar in dienst!", "Een kijkje in de meldkamer.",
         "Onze trainees zijn gestart."),
        ("Trots op dit team.", "In {n} weken leer je het vak.", "Vragen? Stel ze hieronder.",
         "Samen werken we aan droge voeten.", "Bekijk het interview."),
    ),
}  # fmt: skip

_ANSWERS = (
    "Dank voor de melding. We sturen iemand naar {place}.",
    "Goede vraag! De metingen van {place} staan op onze site.",
    "Wat vervelend. Stuur ons een privébericht met de plek, dan kijken we mee.",
    "Klopt, {road} is weer open. Goede reis!",
    "We begrijpen de zorg. De afdeling vergunningen belt je terug.",
    "Mooie foto! Mogen we die gebruiken?",
    "Nee, zwemmen mag daar niet: er varen schepen.",
    "Het duurt nog ongeveer {n} minuten.",
)

_CITIZENS = (
    "jannie",
    "pieter",
    "fatma",
    "kees",
    "wandelaar",
    "visser",
    "sanne",
    "bootje",
    "moeder",
    "forens",
    "henk",
    "zwemster",
)


def filled(template: str, rng: np.random.Generator) -> str:
    """A template with its places, roads and numbers."""
    return template.format(
        place=PLACES[rng.integers(len(PLACES))],
        road=ROADS[rng.integers(len(ROADS))],
        n=int(rng.integers(3, 60)),
        few=int(rng.integers(2, 9)),
    )


def _one(of: Sequence[str], rng: np.random.Generator) -> str:
    return of[int(rng.integers(len(of)))]


def sentences(topic: str, rng: np.random.Generator) -> tuple[str, str]:
    """An opening and a second sentence on a topic.

    >>> sentences("storm", np.random.default_rng(1)) == sentences("storm", np.random.default_rng(1))
    True
    """
    openings, middles = _TOPICS[topic]
    return filled(_one(openings, rng), rng), filled(_one(middles, rng), rng)


def answer(rng: np.random.Generator) -> str:
    """A reply to an invented citizen, whose handle stands first."""
    return f"@{citizen(rng)} {filled(_one(_ANSWERS, rng), rng)}"


def citizen(rng: np.random.Generator) -> str:
    """The handle of an invented citizen."""
    return f"{_one(_CITIZENS, rng)}_vb{rng.integers(100, 1000)}"


def short_link(host: str, rng: np.random.Generator, length: int = 10) -> str:
    """A shortened address, which does not show where it leads."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return f"https://{host}/" + "".join(letters[i] for i in rng.integers(len(letters), size=length))
