"""What a reader must know of a report: partial figures, what was left out, which source counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from campaigns.errors import N_, Message
from campaigns.reports.plan import Plan
from campaigns.reports.statement import LISTS, merged
from campaigns.store import Snapshot

_CHANGED = {
    "x": N_("The period crosses December 2022, when X began to count impressions differently."),
    "linkedin": N_(
        "The period crosses April 2024, since when LinkedIn counts the impressions of reposts "
        "with the original."
    ),
}
_COUNTED = (
    ("covered_rows", N_("Paid figures of {n} posts or days come from the ads export, not from the "
                        "page export.")),
    ("kept_rows", N_("Paid figures of {n} posts stay with the campaign of the post, because no ads "
                     "of that campaign are known: ads of no campaign, or of another, may hold them "
                     "too.")),
    ("overlapping_rows", N_("{n} posts or days are known as a total only, while their ads are "
                            "known apart: paid figures may overlap.")),
    ("ads_left", N_("{n} ad rows cover days outside the period or the row and are left out.")),
    ("ads_repeated", N_("{n} ad rows repeat what another level or a longer period of the same ads "
                        "says and are left out.")),
    ("ads_lost", N_("{n} ad rows overlap others of the same ads in part and are left out, with "
                    "what only they say of other days. Export all levels over the same periods.")),
    ("costs_left", N_("{n} costs cover days outside the period or the row and are left out.")),
    ("placements_left", N_("{n} placements cover days outside the period or the row and are left "
                           "out.")),
    ("costs_carried", N_("{n} costs of kind media are refused: ads or placements of that campaign "
                         "and period already carry them.")),
    ("costs_unsaid", N_("{n} costs do not say for which platform or account they were and are left "
                        "out.")),
    ("hidden_posts", N_("{n} posts of ambassadors are not shown: a group of persons has at least "
                        "five, a name needs permission.")),
    ("unjudged", N_("{n} posts without campaign cannot be judged by any rule. See them with: "
                    "bereik campaigns unjudged")),
)  # fmt: skip

_TOLD = ("_before", "_after", "_partial")


def remarks(snapshot: Snapshot, view: str, parts: list[str]) -> dict[str, Any]:
    """What was told beside the rows: counts and lists by name, and the sums of the partial."""
    named = {*LISTS, "offline_costs", *(name for name, _ in _COUNTED)}
    told = [name for name in parts if name in named or name.endswith(_TOLD)]
    values = ", ".join(f"{merged(name)} AS {name}" for name in told)
    (row,) = snapshot.rows(f"SELECT {values} FROM {view}")
    return row


def _counts(plan: Plan, told: Mapping[str, Any]) -> Iterator[Message]:
    """How much was left out or taken from elsewhere, where the question is about it."""
    silent = {"costs_left", "costs_carried", "costs_unsaid"} if "costs" not in plan.wants else set()
    if not plan.row_figures and "reach" not in plan.wants:
        silent |= {"covered_rows", "kept_rows", "overlapping_rows"}
    for name, text in _COUNTED:
        if told.get(name) and name not in silent:
            yield Message(text, {"n": int(told[name])})


def _partial(plan: Plan, told: Mapping[str, Any]) -> Iterator[Message]:
    """What lacks a part."""
    lacking = {"potential_reach": told.get("potential_reach_partial")}
    partial = [
        m.name for m in plan.metrics if m.name not in lacking and told.get(f"{m.name}_partial")
    ]
    if lacking["potential_reach"] and "potential" in plan.wants:
        yield Message(
            N_("Potential reach lacks the followers of {n} accounts: of their time none are "
               "known."),
            {"n": int(lacking["potential_reach"])},
        )  # fmt: skip
    if partial:
        yield Message(
            N_("Partial: of some posts or days only the organic or only the paid part is known "
               "({metrics}). A rate divides figures of one delivery, else it leaves them out."),
            {"metrics": ", ".join(partial)},
        )  # fmt: skip


def _of_money(plan: Plan, told: Mapping[str, Any]) -> Iterator[Message]:
    """What amounts were added, and what their base is."""
    if len(told.get("vats") or ()) > 1 and "costs" in plan.wants:
        yield Message(
            N_("Amounts are added as entered, with and without VAT ({vats})."),
            {"vats": ", ".join(told["vats"])},
        )
    if told.get("offline_costs") and any(m.numerator == "online_cost" for m in plan.question.asked):
        yield Message(
            N_("Costs per impression, click, engagement, view or person leave out the costs of "
               "print and other media ({n}): those have contacts as their base. Costs that name "
               "no platform are in them."),
            {"n": int(told["offline_costs"])},
        )  # fmt: skip
    if told.get("assumed_currency"):
        yield Message(
            N_("Of some amounts the currency is not known: they are counted as {currency}, as "
               "asked."),
            {"currency": told["assumed_currency"]},
        )  # fmt: skip


def notes(plan: Plan, told: Mapping[str, Any]) -> Iterator[Message]:
    """The remarks as sentences."""
    q = plan.question
    yield from _partial(plan, told)
    yield from _counts(plan, told)
    shared = set(told.get("unlinked_platforms") or ()) & set(told.get("paid_platforms") or ())
    if shared:
        yield Message(
            N_("Ad accounts on {platforms} belong to no account: their paid impressions may "
               "overlap with those of posts. Name them with: bereik accounts"),
            {"platforms": ", ".join(sorted(shared))},
        )  # fmt: skip
    if told.get("kinds"):
        yield Message(
            N_("Results of several kinds are not added ({kinds}): each stands apart. The goal of "
               "a campaign chooses one."),
            {"kinds": ", ".join(told["kinds"][:10])},
        )  # fmt: skip
    if told.get("shared_payers"):
        yield Message(
            N_("Several accounts list ad account {names}: its ads count with the first of them. "
               "Give it to one with: bereik accounts"),
            {"names": ", ".join(sorted(told["shared_payers"])[:10])},
        )  # fmt: skip
    yield from _of_money(plan, told)
    for platform, text in _CHANGED.items():
        if told.get(f"{platform}_before") and told.get(f"{platform}_after"):
            yield Message(text)
    if q.accounting == "activity" or "day" in q.keys:
        yield Message(N_("Days that a platform states in UTC stay days in UTC."))
    if "budget_left" in {m.name for m in plan.metrics} and (q.first or q.last):
        yield Message(N_("Budget left counts only the costs inside the period."))
