"""Audiences: whom do we reach, and whom not?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from audiences import segments
from audiences.segments import Cell, Group, Report
from campaigns.errors import N_, NoStore
from campaigns.reports import wording
from campaigns.reports.exports import heading
from campaigns.translations import _, say
from dashboard import figures, formats, forms
from dashboard.answers import Answers
from dashboard.controls import Control
from dashboard.page import Content, Page, address
from dashboard.pages import _audience_form as form
from dashboard.pages import _editing as editing
from dashboard.parts import (
    Column,
    Line,
    Part,
    Table,
    badge,
    button_link,
    card,
    chart,
    empty,
    note,
    remarks,
    table,
)
from dashboard.shell import field
from dashboard.view import View

_VERDICTS = {
    "over": (N_("over-reached"), "good"),
    "under": (N_("under-reached"), "bad"),
    "alike": (N_("in proportion"), "plain"),
    "unclear": (N_("not clear"), "plain"),
}
_BASES = {"followers": N_("followers"), "viewers": N_("viewers")}
_ALL = "all"


def content(view: View) -> Content:
    """Target groups by channel, what they were shown, and how that is divided over channels."""
    period = view.period
    found = view.answers.asked(
        ("segments", period.first, period.last, view.platforms),
        lambda store: segments.report(store, period.first, period.last, view.platforms),
    )
    way = button_link(_("Add a target group"), form.NEW, "plus")
    mix = _mix(view, found)
    if not found.groups:
        return [_nobody(way), *mix]
    return [
        editing.head(way),
        _conclusion(found),
        _by_channel(view, found),
        _shown(view, found),
        *mix,
        remarks([say(one) for one in found.notes]),
    ]


def _nobody(way: Part) -> html.Section:
    return empty(
        _("No target groups yet"),
        _("A target group is a name with conditions, such as a job function, a region or a topic. "
          "State which part of the population it is, and here stands whether you reach it more or "
          "less than that."),
        way,
    )  # fmt: skip


# --- values in words


def _name(one: Group) -> str:
    return _("all together") if one.segment is None else one.segment.name


def _percent(value: float | None, places: int = 1) -> str:
    return _("not known") if value is None else wording.percentage(value, places)


def _count(value: int | None) -> str:
    return _("not measured") if value is None else wording.number(value, 0)


def _about(cell: Cell, text: str) -> str:
    """A figure of a group of people is an estimate, and looks like one."""
    return f"≈ {text}" if cell.is_estimated else text


def _index(cell: Cell) -> str:
    """The index with its bounds, as it is usual: 100 is the share of the population."""
    if cell.index_lower is None or cell.index_upper is None:
        return ""
    lower, upper = (wording.number(100 * one, 0) for one in (cell.index_lower, cell.index_upper))
    if cell.index is None:
        return _("index {lower} to {upper}", lower=lower, upper=upper)
    value = wording.number(100 * cell.index, 0)
    return _("index {value} ({lower} to {upper})", value=value, lower=lower, upper=upper)


def _verdict(cell: Cell) -> html.Span | None:
    if cell.verdict is None:
        return None
    text, kind = _VERDICTS[cell.verdict]
    return badge(_(text), kind)


def _conclusion(found: Report) -> html.Div:
    """Who is under- and over-reached, in a sentence."""
    named: dict[str, list[str]] = {"under": [], "over": []}
    for one in found.groups:
        for cell in one.cells:
            if cell.verdict in named:
                channel = wording.name("platform", cell.platform)
                said = _("{group} on {channel}", group=_name(one), channel=channel)
                named[cell.verdict].append(said)
    parts = []
    if named["under"]:
        parts.append(_("Under-reached: {groups}.", groups="; ".join(named["under"])))
    if named["over"]:
        parts.append(_("Over-reached: {groups}.", groups="; ".join(named["over"])))
    if not parts:
        parts.append(_("Of no target group can be said that it is over- or under-reached."))
    return note(" ".join(parts), kind="warn" if named["under"] else "info")


# --- by channel


def _by_channel(view: View, found: Report) -> html.Section:
    columns = [
        Column("group", _("target group")),
        Column("population", _("of the population"), is_number=True),
        *(Column(name, wording.name("platform", name), is_number=True) for name in found.channels),
    ]
    rows = Table(
        "groups", _("Target groups by channel"), columns, [_row(one) for one in found.groups]
    )
    about = _("The share of your followers or viewers that is of the group, and the index: 100 is "
              "as in the population. The margins are of 95%.")  # fmt: skip
    return card(table(view, rows), forms.quiet(about))


def _row(one: Group) -> Line:
    about = one.segment
    values: dict[str, Any] = {"group": _name(one), "population": None}
    shown: dict[str, Part | Sequence[Part]] = {"population": "–"}
    if about is not None:
        href = address(form.EDIT, segment=about.segment_id)
        shown["group"] = forms.row_link(about.name, href)
        if about.population_share is not None:
            values["population"] = about.population_share
            source = html.Span(about.population_source, className="quiet")
            shown["population"] = [_percent(about.population_share), html.Br(), source]
    for cell in one.cells:
        values[cell.platform] = cell.index if cell.index is not None else cell.share
        shown[cell.platform] = _cell(cell)
    return Line(values, shown)


def _cell(cell: Cell) -> list[Part]:
    """What is known of a group on a channel: its share, else what was posted for it."""
    if cell.is_suppressed:
        return [html.Span(_("too few people to show"), className="quiet")]
    if cell.basis is not None:
        bounds = _(
            "{lower} to {upper}", lower=_percent(cell.ci_lower), upper=_percent(cell.ci_upper)
        )
        day = "" if cell.as_of is None else formats.day(cell.as_of)
        basis = _(
            "of {base} {who}, {day}", base=_count(cell.base), who=_(_BASES[cell.basis]), day=day
        )
        lines: list[Part] = [
            html.Strong(_percent(cell.share)) if cell.share is not None else html.Strong(bounds),
            " ", _verdict(cell), html.Br(),
            html.Span(_index(cell) or bounds, className="quiet"),
        ]  # fmt: skip
        return [*lines, html.Br(), html.Span(basis, className="quiet")] if cell.base else lines
    if cell.posts:
        posts = _("{n} posts", n=wording.number(cell.posts, 0))
        times = _("{n} impressions", n=_count(cell.impressions))
        return [html.Strong(posts), html.Br(), html.Span(times, className="quiet")]
    if cell.impressions is not None or cell.ad_impressions is not None:
        many = cell.impressions if cell.impressions is not None else cell.ad_impressions
        return [html.Strong(_("{n} impressions", n=_count(many)))]
    return [html.Span(_("not known"), className="quiet")]


# --- what was shown


def _shown(view: View, found: Report) -> html.Section:
    has_ads = any(cell.ad_impressions is not None for one in found.groups for cell in one.cells)
    columns = [
        Column("group", _("target group")),
        Column("channel", heading("platform")),
        Column("people", _("followers"), is_number=True),
        Column("posts", heading("posts"), is_number=True, metric="posts"),
        Column("impressions", heading("impressions"), is_number=True, metric="impressions"),
        Column("engagements", heading("engagements"), is_number=True, metric="engagements"),
        Column("er", heading("er_impressions"), is_number=True, metric="er_impressions"),
        Column("reach", _("reach"), is_number=True, metric="net_reach"),
        *([Column("ads", _("impressions of ads"), is_number=True)] if has_ads else []),
    ]
    lines = [_figures(one, cell) for one in found.groups for cell in one.cells if cell.is_known]
    rows = Table("shown", _("What target groups were shown, and did"), columns, lines)
    about = _("≈ is an estimate: the part that the group is of each audience, as if it saw and did "
              "as much as all others. What accounts showed has their ads in it; ads that are "
              "chosen by name stand apart.")  # fmt: skip
    return card(table(view, rows), forms.quiet(about))


def _figures(one: Group, cell: Cell) -> Line:
    reach = wording.between(cell.reach_lower, cell.reach_upper)
    too_few = _("too few people to show")
    values = {
        "group": _name(one),
        "channel": wording.name("platform", cell.platform),
        "people": cell.people,
        "posts": cell.posts,
        "impressions": cell.impressions,
        "engagements": cell.engagements,
        "er": cell.er_impressions,
        "reach": cell.reach_lower,
        "ads": cell.ad_impressions,
    }
    if cell.is_suppressed:
        return Line(values, {
            name: too_few if name == "people" else "–"
            for name in ("people", "posts", "impressions", "engagements", "er", "reach", "ads")
        })  # fmt: skip
    return Line(
        values,
        {
            "people": "–" if cell.people is None else wording.number(cell.people, 0),
            "posts": "–" if cell.posts is None else wording.number(cell.posts, 0),
            "impressions": _about(cell, _count(cell.impressions)),
            "engagements": _about(cell, _count(cell.engagements)),
            "er": _("not measured")
            if cell.er_impressions is None
            else wording.percentage(cell.er_impressions),
            "reach": _about(cell, reach) if cell.reach_lower is not None else reach,
            "ads": "–" if cell.ad_impressions is None else _count(cell.ad_impressions),
        },
    )


# --- the mix


def _mix(view: View, found: Report) -> list[Component]:
    """The channels of one group by month; which one stands in the address."""
    known = {one.segment.segment_id: one for one in found.groups if one.segment is not None}
    able = {name: one for name, one in known.items() if len(one.mix.shares) > 1}
    asked = view.get("group")
    told = [one for one in able.values() if one.mix.is_changed is not None]
    usual = [*told, found.whole] if len(found.whole.mix.shares) > 1 else [*able.values()]
    chosen = found.whole if asked == _ALL else able.get(asked, next(iter(usual), found.whole))
    if len(chosen.mix.shares) < 2:
        return []
    months = {dt.date.fromisoformat(f"{month}-01"): one for month, one in chosen.mix.months.items()}
    channels = sorted(chosen.mix.shares, key=lambda name: -chosen.mix.shares[name])
    title = _("Channel mix: {group}", group=_name(chosen))
    columns = [
        Column("month", _("month")),
        *(Column(name, wording.name("platform", name), is_number=True) for name in channels),
    ]
    rows = Table("mix", title, columns, [
        Line({"month": day, **{name: one.get(name, 0.0) for name in channels}},
             {"month": formats.month(day),
              **{name: wording.percentage(one.get(name, 0.0), 0) for name in channels}})
        for day, one in months.items() if one
    ])  # fmt: skip
    series = {
        wording.name("platform", name): [one.get(name) for one in months.values()]
        for name in channels
    }
    picture = figures.parts_by_month(list(months), series, _("share of impressions"))
    made = chart(view, "mix", title, _said(chosen, found.recent_days), picture, rows)
    return [_choice(able, chosen), made] if able else [made]


def _choice(able: dict[str, Group], chosen: Group) -> html.Div:
    choices = [{"value": name, "label": _name(one)} for name, one in able.items()]
    choices.append({"value": _ALL, "label": _("all together")})
    value = _ALL if chosen.segment is None else chosen.segment.segment_id
    control = Control(
        id="audiences-group", kind="select", value=value, choices=choices,
        **{"data-query": "group"},
    )  # fmt: skip
    return html.Div(field(_("Target group"), control), className="filters")


def _said(one: Group, days: int) -> str:
    """Whether the mix has shifted, with the channel that moved most."""
    mix = one.mix
    first = max(mix.shares, key=lambda name: mix.shares[name])
    most = _(
        "Most is on {channel}: {share} of the impressions.",
        channel=wording.name("platform", first),
        share=wording.percentage(mix.shares[first], 0),
    )
    if mix.is_changed is None or mix.before is None or mix.recent is None:
        return f"{most} " + _("There are too few days to say whether that has changed.")
    if not mix.is_changed:
        return f"{most} " + _("The last {n} days show no change that stands out from how days "
                              "differ.", n=days)  # fmt: skip
    before, recent = mix.before, mix.recent
    moved = max(mix.shares, key=lambda name: abs(recent.get(name, 0.0) - before.get(name, 0.0)))
    return f"{most} " + _(
        "In the last {n} days it has changed: {channel} from {before} to {after}.",
        n=days, channel=wording.name("platform", moved),
        before=wording.percentage(before.get(moved, 0.0), 0),
        after=wording.percentage(recent.get(moved, 0.0), 0),
    )  # fmt: skip


def _examples(answers: Answers) -> Sequence[str]:
    try:
        known = answers.ask(segments.segments)
    except NoStore:
        return ()
    return [address(form.EDIT, segment=one.segment_id) for one in known[:1]]


_HOW = N_("Whom is it about, and which part of the population is that?")
_GIVEN: dict[str, Any] = {"filters": (), "needs_data": False}
PAGES = (
    Page(
        form.PATH,
        N_("Audiences"),
        N_("Whom do we reach, and whom not?"),
        content,
        icon="users",
        order=4,
        filters=("period", "platform"),
        callbacks=form.register,
    ),
    Page(form.NEW, N_("New target group"), _HOW, form.page, **_GIVEN),
    Page(form.EDIT, N_("Change a target group"), _HOW, form.page, examples=_examples, **_GIVEN),
)
