"""Target groups by channel: their share of the audience, what they were shown, and the mix."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from audiences.multiplicity import holm
from audiences.segments import figures as shown
from audiences.segments import mix
from audiences.segments.figures import Figures
from audiences.segments.gathering import Gathered, gather
from audiences.segments.people import Index, People, index
from audiences.segments.segment import OF_ADS, OF_PEOPLE, OF_POSTS, Segment
from campaigns.errors import N_, Message
from campaigns.store import Store


@dataclass(frozen=True)
class Cell:
    """A target group on a channel; null is not known, or not shown because it is about few people.

    ``share`` of the ``base`` (followings of accounts of which the dimension is known, or viewers)
    on ``as_of``, with a 95% interval; ``index`` is that by the share of the population and
    ``verdict`` over, under, alike or unclear. Figures of a group of people ``is_estimated``: the
    part that the group is of each audience. ``reach`` has bounds only. Ads stand apart, they are
    never added to the rest; ``posts`` is null where whole accounts are counted.
    """

    platform: str
    people: int | None = None
    base: int | None = None
    share: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    index: float | None = None
    index_lower: float | None = None
    index_upper: float | None = None
    verdict: str | None = None
    basis: str | None = None
    as_of: dt.date | None = None
    accounts: int | None = None
    is_suppressed: bool = False
    is_estimated: bool = False
    posts: int | None = None
    impressions: int | None = None
    engagements: int | None = None
    er_impressions: float | None = None
    reach_lower: int | None = None
    reach_upper: int | None = None
    ad_impressions: int | None = None
    ad_engagements: int | None = None
    ad_reach_lower: int | None = None
    ad_reach_upper: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether anything is known of the group there."""
        return (
            self.basis is not None
            or self.impressions is not None
            or self.ad_impressions is not None
        )


@dataclass(frozen=True)
class Mix:
    """Shares of channels in the impressions of a group, per month, and whether they shifted.

    ``pvalue_adjusted`` is Holm's over all groups of the report; ``is_changed`` at 1%. All null
    where it cannot be judged: one channel, or too few days.
    """

    shares: dict[str, float]
    months: dict[str, dict[str, float]]
    before: dict[str, float] | None = None
    recent: dict[str, float] | None = None
    dispersion: float | None = None
    pvalue: float | None = None
    pvalue_adjusted: float | None = None
    is_changed: bool | None = None


@dataclass(frozen=True)
class Group:
    """A target group with a cell for every channel of the report; ``segment`` is null for all."""

    segment: Segment | None
    cells: tuple[Cell, ...]
    mix: Mix


@dataclass(frozen=True)
class Report:
    """The answer: every target group, and ``whole`` (all that was shown) to compare mixes with.

    ``recent_days`` at the end of the period are held against those before.
    """

    channels: tuple[str, ...]
    groups: tuple[Group, ...]
    whole: Group
    recent_days: int
    notes: tuple[Message, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return {
            "channels": list(self.channels),
            "recent_days": self.recent_days,
            "groups": [_plain(one) for one in self.groups],
            "whole": _plain(self.whole),
            "notes": list(self.notes),
        }


def _plain(one: Group) -> dict[str, Any]:
    about = one.segment
    stated = {} if about is None else {
        "segment": about.name,
        "segment_id": about.segment_id,
        "population_share": about.population_share,
        "population_source": about.population_source,
        "conditions": [asdict(condition) for condition in about.conditions],
    }  # fmt: skip
    return {**stated, "channels": [asdict(cell) for cell in one.cells], "mix": asdict(one.mix)}


def report(
    store: Store,
    first: dt.date | None = None,
    last: dt.date | None = None,
    platforms: Sequence[str] = (),
    names: Sequence[str] = (),
) -> Report:
    """Target groups by channel in a period (inclusive days); without names or platforms all.

    What was shown to groups of people and of accounts is by day (activity), what is about a group
    by day of publication, with all that posts brought since. Raises `UnknownName`.
    """
    data = gather(store, first, last, platforms, names)
    channels = data.channels
    made = [_group(data, place, channels) for place in range(len(data.segments))]
    everybody = Segment("", ())
    of_all = shown.days_of_accounts(data.days, None, everybody)
    mixes = _mixes([*(daily for _cells, daily in made), of_all])
    whole = _cells(channels, {}, shown.of_accounts(data.accounts, None, everybody), {})
    groups = tuple(
        Group(segment, cells, mixed)
        for segment, (cells, _daily), mixed in zip(data.segments, made, mixes, strict=False)
        if segment in data.wanted
    )
    return Report(channels, groups, Group(None, whole, mixes[-1]), mix.RECENT, _notes(groups))


def _group(
    data: Gathered, place: int, channels: Sequence[str]
) -> tuple[tuple[Cell, ...], dict[dt.date, dict[str, float]]]:
    """The cells of a group, and its impressions by day and channel."""
    segment = data.segments[place]
    found = data.people[place] if segment.has(OF_PEOPLE) else None
    rows = data.posts[place]
    if segment.has(OF_POSTS):
        told = shown.of_posts(rows, found)
        daily = shown.days_of_accounts(rows, found, segment)
    elif segment.has(OF_ADS) and not segment.has(OF_PEOPLE):
        told, daily = {}, {}  # it is about ads alone
    else:
        told = shown.of_accounts(data.accounts, found, segment)
        daily = shown.days_of_accounts(data.days, found, segment)
    indexed = {
        name: (one, index(one, segment.population_share)) for name, one in (found or {}).items()
    }
    return _cells(channels, indexed, told, data.ads[place], found is not None), daily


def _cells(
    channels: Sequence[str],
    found: Mapping[str, tuple[People, Index]],
    told: Mapping[str, Figures],
    ads: Mapping[str, Figures],
    is_estimated: bool = False,
) -> tuple[Cell, ...]:
    return tuple(
        _cell(name, found.get(name), told.get(name, Figures()), ads.get(name, Figures()),
              is_estimated)
        for name in channels
    )  # fmt: skip


def _cell(
    platform: str, found: tuple[People, Index] | None, told: Figures, ads: Figures, is_part: bool
) -> Cell:
    about: dict[str, Any] = {}
    if found is not None:
        who, against = found
        about = {
            "people": who.people, "base": who.base, "share": who.share, "ci_lower": who.lower,
            "ci_upper": who.upper, "index": against.value, "index_lower": against.lower,
            "index_upper": against.upper, "verdict": against.verdict, "basis": who.basis,
            "as_of": who.day, "accounts": who.accounts, "is_suppressed": who.is_suppressed,
        }  # fmt: skip
    is_reached = told.reach_lower is not None
    return Cell(
        platform,
        **about,
        is_estimated=is_part and told.impressions is not None,
        posts=told.posts,
        impressions=_whole(told.impressions),
        engagements=_whole(told.engagements),
        er_impressions=told.rate,
        reach_lower=_whole(told.reach_lower),
        reach_upper=_whole(told.reach_upper) if is_reached else None,
        ad_impressions=_whole(ads.impressions),
        ad_engagements=_whole(ads.engagements),
        ad_reach_lower=_whole(ads.reach_lower),
        ad_reach_upper=_whole(ads.reach_upper) if ads.reach_lower is not None else None,
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


# --- the mix


def _mixes(daily: Sequence[dict[dt.date, dict[str, float]]]) -> list[Mix]:
    """The mix of every group; the p-values are adjusted over the groups, all of it apart."""
    last = max((day for one in daily for day in one), default=None)
    shifts = [None if last is None else mix.shift(one, last) for one in daily]
    raw = [np.nan if one is None else one.pvalue for one in shifts]
    adjusted = [*holm(raw[:-1]).tolist(), raw[-1]] if len(raw) > 1 else raw
    return [
        _mix(one, moved, pvalue) for one, moved, pvalue in zip(daily, shifts, adjusted, strict=True)
    ]


def _mix(daily: dict[dt.date, dict[str, float]], moved: mix.Shift | None, adjusted: float) -> Mix:
    by_month: dict[str, dict[dt.date, dict[str, float]]] = defaultdict(dict)
    for day in sorted(daily):
        by_month[day.strftime("%Y-%m")][day] = daily[day]
    months = {month: mix.shares(one) for month, one in by_month.items()}
    if moved is None:
        return Mix(mix.shares(daily), months)
    return Mix(
        mix.shares(daily), months, moved.before, moved.recent, moved.dispersion, moved.pvalue,
        adjusted, adjusted < mix.ALPHA,
    )  # fmt: skip


# --- what a reader must know


def _notes(groups: Sequence[Group]) -> tuple[Message, ...]:
    cells = [cell for one in groups for cell in one.cells]
    notes = []
    if any(cell.is_suppressed for cell in cells):
        notes.append(Message(N_(
            "Groups of fewer than five people are not shown, nor groups that leave fewer than five "
            "of an audience."
        )))  # fmt: skip
    if any(cell.share is not None or cell.ci_upper is not None for cell in cells):
        notes.append(Message(N_(
            "People are counted by fives, and what a platform tells of fewer than five is in no "
            "group: no difference of two groups or days tells of one person."
        )))  # fmt: skip
        notes.append(Message(N_(
            "Shares are of the followers whose group the platform knows. Who follows several "
            "accounts counts in each, so the margins count no more people than the largest "
            "account has. The share of the population is taken as stated."
        )))  # fmt: skip
    if any(cell.basis == "viewers" for cell in cells):
        notes.append(Message(N_("Where the platform tells who saw the posts, shares are of them.")))
    if any(cell.is_estimated for cell in cells):
        notes.append(Message(N_(
            "What a group of people saw and did is an estimate: its part in each audience, as if "
            "it saw and did as much as all others. Platforms do not report it."
        )))  # fmt: skip
    if any(
        one.segment is not None
        and len({c.kind for c in one.segment.conditions if c.kind in OF_PEOPLE}) > 1
        for one in groups
    ):
        notes.append(Message(N_(
            "Platforms tell one trait at a time; of two together only bounds are known."
        )))  # fmt: skip
    notes.append(Message(N_(
        "Reach is not added over days, accounts or channels: it lies between its bounds."
    )))  # fmt: skip
    return tuple(notes)
