"""The invented agency: its accounts, campaigns, teams and what it pays. Plain data, no chance.

Agentschap Waterweide looks after water, land and roads. Neither it nor any person, newspaper or
address here exists; web addresses end in ``.example``, which nobody can own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

LAST_DAY = date(2026, 6, 30)
"""The last day of the simulated period: fixed, so that the same seed gives the same bytes."""

SITE = "https://www.waterweide.example"
ORGANISATION = "Agentschap Waterweide"


@dataclass(frozen=True)
class Account:
    """One own account. ``rate`` is posts a week, ``view_share`` median impressions per follower."""

    platform: str
    account_id: str
    name: str
    followers: int
    rate: float
    view_share: float
    replies: float
    topics: tuple[str, ...]
    campaigns: tuple[str, ...]
    ad_account: str = ""
    ad_account_name: str = ""


ACCOUNTS = (
    Account("x", "ag_waterweide", ORGANISATION, 98_400, 9.0, 0.055, 0.45,
            ("water", "werk", "land", "wegen"),
            ("zwemveilig-2025", "zwemveilig-2026", "stormklaar-2024", "stormklaar-2025",
             "waterbrief-2025", "open-dag-2026")),
    Account("x", "agww_nu", "Waterweide Nu", 41_200, 8.0, 0.12, 0.6,
            ("wegen", "water"),
            ("stormklaar-2024", "stormklaar-2025", "winterwegen-2025", "bruggen-2026")),
    Account("x", "agww_werkt", "Werken bij Waterweide", 6_300, 2.5, 0.08, 0.2,
            ("werk",),
            ("werken-aan-water-2026", "open-dag-2026")),
    Account("linkedin", "agentschap-waterweide", ORGANISATION, 71_500, 4.0, 0.07, 0.0,
            ("water", "land", "wegen", "werk"),
            ("zwemveilig-2025", "zwemveilig-2026", "stormklaar-2025", "waterbrief-2025",
             "open-dag-2026"),
            "507480117", "Agentschap Waterweide advertenties"),
    Account("linkedin", "werken-bij-waterweide", "Werken bij Waterweide", 24_800, 3.0, 0.09, 0.0,
            ("werk",),
            ("werken-aan-water-2026", "open-dag-2026"),
            "507480932", "Werken bij Waterweide advertenties"),
    Account("linkedin", "waterweide-wegen", "Waterweide Wegen", 9_100, 2.0, 0.11, 0.0,
            ("wegen",),
            ("winterwegen-2025", "stormklaar-2025")),
)  # fmt: skip


@dataclass(frozen=True)
class Campaign:
    """One campaign: its days, what marks its posts, and what it should bring.

    ``share`` is the part of an account's posts that are about it while it runs; ``lift`` the
    factor on their impressions; ``pull`` the factor on their clicks. Of one without ``has_costs``
    nobody wrote down what it cost.
    """

    campaign_id: str
    name: str
    topic: str
    hashtag: str
    path: str
    first_day: date
    last_day: date
    budget: int
    goal_metric: str
    goal_target: int
    share: float
    lift: float
    pull: float
    has_costs: bool = True

    @property
    def utm(self) -> str:
        """The value of ``utm_campaign`` in its links."""
        return self.campaign_id

    @property
    def ad_names(self) -> tuple[str, str]:
        """How the names of its ad campaigns begin: ads, and boosts of posts."""
        return f"WW | {self.campaign_id} | ", f"Boost | {self.campaign_id} | "

    @property
    def link(self) -> str:
        """The address of its page on the site."""
        return f"{SITE}/{self.path}"


CAMPAIGNS = (
    Campaign("stormklaar-2024", "Stormklaar 2024", "storm", "StormKlaar", "stormklaar",
             date(2024, 10, 1), date(2025, 1, 31), 18_000, "impressions", 1_500_000,
             0.30, 1.6, 0.9),
    Campaign("zwemveilig-2025", "Veilig zwemmen 2025", "zwemmen", "ZwemVeilig", "zwemmen",
             date(2025, 5, 15), date(2025, 9, 15), 32_000, "bezoeken", 60_000, 0.35, 1.3, 1.4),
    Campaign("waterbrief-2025", "De Waterbrief", "brief", "Waterbrief", "waterbrief",
             date(2025, 9, 1), date(2025, 11, 15), 64_000, "telefoontjes", 4_000, 0.20, 0.9, 1.8),
    Campaign("stormklaar-2025", "Stormklaar 2025", "storm", "StormKlaar", "stormklaar",
             date(2025, 10, 1), date(2026, 1, 31), 24_000, "impressions", 2_500_000,
             0.30, 1.7, 0.9),
    Campaign("winterwegen-2025", "Winterwegen", "winter", "WinterWegen", "winterwegen",
             date(2025, 11, 15), date(2026, 3, 1), 15_000, "bezoeken", 20_000, 0.35, 1.4, 0.8),
    Campaign("werken-aan-water-2026", "Werken aan water", "banen", "WerkenAanWater", "werken",
             date(2026, 2, 2), date(2026, 6, 14), 55_000, "sollicitaties", 400, 0.55, 1.1, 2.0),
    Campaign("bruggen-2026", "Bruggen weer open", "wegen", "BruggenOpen", "bruggen",
             date(2026, 3, 9), date(2026, 5, 3), 4_000, "impressions", 300_000,
             0.25, 1.2, 0.9, has_costs=False),
    Campaign("zwemveilig-2026", "Veilig zwemmen 2026", "zwemmen", "ZwemVeilig", "zwemmen",
             date(2026, 5, 15), date(2026, 9, 15), 34_000, "bezoeken", 60_000, 0.35, 1.3, 1.4),
    Campaign("open-dag-2026", "Open dag 2026", "opendag", "OpenDagWaterweide", "opendag",
             date(2026, 5, 18), date(2026, 6, 13), 12_000, "bezoeken", 9_000, 0.50, 1.2, 1.5),
)  # fmt: skip


@dataclass(frozen=True)
class Flight:
    """One ad campaign on LinkedIn: its name there, what it costs a day and its ads.

    ``campaign_id`` is None for ads that always run and belong to no campaign.
    """

    campaign_id: str | None
    account_id: str
    name: str
    group: str
    objective: str
    first_day: date
    last_day: date
    daily_budget: float
    headlines: tuple[str, ...]

    def days(self) -> Iterator[date]:
        """Its days, in order."""
        for number in range(self.first_day.toordinal(), self.last_day.toordinal() + 1):
            yield date.fromordinal(number)


FLIGHTS = (
    Flight(None, "agentschap-waterweide", "WW | doorlopend | Volgers", "Doorlopend",
           "Page follows", date(2016, 7, 1), LAST_DAY, 9.0, ("Volg ons werk",)),
    Flight(None, "werken-bij-waterweide", "WW | doorlopend | Talent", "Doorlopend",
           "Page follows", date(2016, 7, 1), LAST_DAY, 7.0, ("Kom ons versterken",)),
    Flight("zwemveilig-2025", "agentschap-waterweide", "WW | zwemveilig-2025 | Bekendheid",
           "Veilig zwemmen", "Brand awareness", date(2025, 6, 2), date(2025, 7, 13), 210.0,
           ("Zwem waar het kan", "Kijk eerst, zwem dan")),
    Flight("waterbrief-2025", "agentschap-waterweide", "WW | waterbrief-2025 | Bezoek",
           "Waterbrief", "Website visits", date(2025, 9, 8), date(2025, 10, 5), 160.0,
           ("Uw brief over water", "Wat betaalt u waarvoor?")),
    Flight("werken-aan-water-2026", "werken-bij-waterweide",
           "WW | werken-aan-water-2026 | Sollicitaties", "Werken aan water",
           "Job applicants", date(2026, 2, 9), date(2026, 4, 26), 260.0,
           ("Maak Nederland droger", "Jouw werk, onze dijken", "Word sluismeester")),
    Flight("werken-aan-water-2026", "werken-bij-waterweide",
           "WW | werken-aan-water-2026 | Bezoek", "Werken aan water",
           "Website visits", date(2026, 4, 6), date(2026, 5, 31), 140.0,
           ("Werken aan water", "Techniek met zicht op zee")),
    Flight("zwemveilig-2026", "agentschap-waterweide", "WW | zwemveilig-2026 | Bekendheid",
           "Veilig zwemmen", "Brand awareness", date(2026, 6, 1), date(2026, 6, 30), 220.0,
           ("Zwem waar het kan", "Eerst kijken, dan koelen")),
)  # fmt: skip


@dataclass(frozen=True)
class Experiment:
    """Pairs of posts that differ in one thing. ``effect`` is the true factor on clicks of b."""

    experiment_id: str
    name: str
    campaign_id: str
    account_id: str
    kind: str
    a: str
    b: str
    pairs: int
    effect: float


EXPERIMENTS = (
    Experiment("zwem-beeld", "Mensen of landschap", "zwemveilig-2025", "agentschap-waterweide",
               "image", "een leeg strandje", "zwemmende kinderen", 14, 1.35),
    Experiment("werk-boodschap", "Salaris of betekenis", "werken-aan-water-2026",
               "werken-bij-waterweide", "message", "Goed salaris, vaste baan.",
               "Jij houdt Nederland droog.", 16, 1.2),
    Experiment("winter-toon", "Waarschuwen of helpen", "winterwegen-2025", "agww_nu",
               "message", "Pas op!", "Wij helpen je op weg.", 12, 1.0),
)  # fmt: skip

THEME = ("WeekVanHetWater", "water", 3, range(16, 30))
"""A hashtag that no campaign has, its topic, and the month and days of every year on which posts
carry it: what a user could make a campaign of."""


@dataclass(frozen=True)
class Team:
    """Colleagues who were asked to share; ``size`` of them, of whom ``named`` may be named.

    ``hours`` is what the team spends on a campaign that it shares, null where nobody noted it.
    """

    name: str
    platform: str
    size: int
    campaigns: tuple[str, ...]
    hours: float | None = None
    named: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()


_OF_WATER = ("waterbrief-2025", "stormklaar-2025", "zwemveilig-2026", "open-dag-2026")
TEAMS = (
    Team("Dijken en kades", "linkedin", 9, _OF_WATER, 14, named=(4,)),
    Team("Wegen noord", "x", 9,
         ("stormklaar-2025", "winterwegen-2025", "open-dag-2026"), 9.5, withdrawn=(5,)),
    Team("Sluizen", "linkedin", 7, _OF_WATER, 11),
    Team("Personeel en werving", "linkedin", 15,
         ("werken-aan-water-2026", "open-dag-2026"), 26, named=(6, 9)),
    Team("Laboratorium", "linkedin", 3, _OF_WATER, 4),
)  # fmt: skip
"""Teams of ambassadors. One is smaller than five, and one comes together with it: no report may
show those few alone."""

UNWILLING = 2
"""The colleague of every team who was asked and did not agree."""

FIRST_NAMES = ("Aletta", "Bram", "Cornelia", "Daan", "Elif", "Femke", "Gijs", "Hanneke", "Ilias",
               "Jorrit", "Karima", "Lotte", "Maarten", "Noor", "Otto", "Pleun", "Quinten",
               "Roos", "Sjoerd", "Tirza", "Umit", "Veerle", "Wout", "Xandra", "Ype", "Zoë",
               "Anouk", "Berend", "Chaima", "Dirk")  # fmt: skip
LAST_NAMES = ("Duinhof", "Waterdrinker", "van Oeverbeek", "Rietzoom", "Kwelder", "Slootweg-Baas",
              "ter Kade", "Polderdijk", "Zandplaat", "van der Gemaal", "Plasmeer", "Stuwman",
              "Klinkhaak", "Brugwachter", "Wielewaal")  # fmt: skip

PARTNERS = (
    ("x", "mp_oever_vb", "Meldpunt Oever (verzonnen)"),
    ("x", "vodp_vb", "Stichting Veilig op de Plas (verzonnen)"),
    ("linkedin", "stichting-veilig-op-de-plas", "Stichting Veilig op de Plas (verzonnen)"),
)
"""Partner organisations: platform, account and name."""


@dataclass(frozen=True)
class Placement:
    """One print or outdoor placement as the media agency would list it."""

    placement_id: str
    campaign_id: str
    medium: str
    title: str
    first_day: date
    last_day: date
    insertions: int
    circulation: int | None
    readership: int | None
    amount: float


PLACEMENTS = (
    Placement("P-2024-01", "stormklaar-2024", "print", "Weekblad Polderpraat",
              date(2024, 10, 9), date(2024, 10, 30), 4, 38_000, 61_000, 5_200.00),
    Placement("P-2025-01", "zwemveilig-2025", "print", "Dagblad De Oeverbode",
              date(2025, 6, 14), date(2025, 6, 28), 3, 112_000, 287_000, 9_750.00),
    Placement("P-2025-02", "zwemveilig-2025", "outdoor", "Borden bij strandjes",
              date(2025, 6, 1), date(2025, 8, 31), 1, None, None, 4_100.00),
    Placement("P-2025-03", "waterbrief-2025", "print", "Brief aan huishoudens",
              date(2025, 9, 3), date(2025, 9, 12), 1, 420_000, 690_000, 38_400.00),
    Placement("P-2025-04", "waterbrief-2025", "print", "Dagblad De Oeverbode",
              date(2025, 9, 20), date(2025, 9, 20), 1, 111_000, None, 3_400.00),
    Placement("P-2026-01", "winterwegen-2025", "radio", "Radio Rivierenstreek",
              date(2026, 1, 5), date(2026, 1, 25), 63, None, None, 4_900.00),
    Placement("P-2026-02", "open-dag-2026", "print", "Weekblad Polderpraat",
              date(2026, 5, 27), date(2026, 6, 10), 3, 37_500, 60_000, 3_900.00),
)  # fmt: skip
