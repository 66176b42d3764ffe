"""What a reader of a benchmark must know: of what it is made, and how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from campaigns.benchmarks.own import MINIMUM_POSTS
from campaigns.benchmarks.peers import MINIMUM_PEERS
from campaigns.errors import N_, Message

if TYPE_CHECKING:
    from campaigns.benchmarks.benchmark import Request

_METHOD = (
    Message(N_("Posts published in the period count with all that they have brought since; ads, "
               "placements and costs by their day or covered period.")),
    Message(N_("An empty value is not known or not reported; it is never 0.")),
    Message(N_("Shares are fractions: 0.05 is 5 %. A ratio is a sum divided by a sum, never an "
               "average of ratios.")),
    Message(N_("People are never added: reach has a lower and an upper bound. Impressions are "
               "not people.")),
    Message(N_("Quartiles are of the organisation's own posts, one value a post; replies and posts "
               "of ambassadors, partners and competitors are left out, ads counted apart too. "
               "With fewer than {posts} posts only their number is given."),
            {"posts": MINIMUM_POSTS}),
    Message(N_("A published figure is only compared with an own figure of the same base, unit and "
               "delivery; where they differ the reason is given. A percentile says which part of "
               "the own posts stays below the published figure.")),
    Message(N_("A figure that was published for other years, countries or sectors is shown with "
               "them; it is no target.")),
    Message(N_("Competitors are compared within one export of the platform, for the same days, "
               "and only when there are {peers} or more."), {"peers": MINIMUM_PEERS}),
)  # fmt: skip
_PRIVACY = (
    Message(N_("No text of a post and no name or handle of a person is in this export. Ambassadors "
               "count as they do in reports: in groups of five or more, or not at all.")),
    Message(N_("A text that a spreadsheet would run as a formula has an apostrophe in front, in "
               "CSV files and in the workbook.")),
)  # fmt: skip


def remarks(
    request: Request, until: dt.date | None, dated: dt.date | None, notes: Sequence[Message]
) -> Iterator[tuple[str, Message]]:
    """Topics and remarks, in order; ``notes`` are those of the reports."""
    yield N_("period"), _period(request)
    if until is not None:
        yield N_("data"), Message(N_("Figures are as known on {day}."), {"day": until})
    if request.made_on is not None:
        yield N_("data"), Message(N_("Made on {day}."), {"day": request.made_on})
    if request.currency or request.rates:
        rates = ", ".join(f"{code}={rate:g}" for code, rate in sorted(request.rates.items()))
        values = {"currency": request.currency or "–", "rates": rates or "–"}
        yield N_("data"), Message(N_("Amounts are in {currency}; rates used: {rates}."), values)
    if request.universe is not None:
        text = N_("At most {universe} people could be reached.")
        yield N_("data"), Message(text, {"universe": request.universe})
    if dated is not None:
        text = N_("The list of published figures is of {day}.")
        yield N_("published figures"), Message(text, {"day": dated})
    for note in _METHOD:
        yield N_("method"), note
    for note in _PRIVACY:
        yield N_("privacy and safety"), note
    for note in {str(note): note for note in notes}.values():
        yield N_("reports"), note


def _period(request: Request) -> Message:
    values = {"first": request.first, "last": request.last}
    if request.first and request.last:
        return Message(N_("Posts published from {first} to {last}."), values)
    if request.first:
        return Message(N_("Posts published since {first}."), values)
    if request.last:
        return Message(N_("Posts published until {last}."), values)
    return Message(N_("All posts that are known."))
