"""Ambassadors: what does sharing by colleagues add?"""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from campaigns.benchmarks.prices import published_prices
from campaigns.errors import N_
from campaigns.reports import wording
from campaigns.reports.exports import heading
from campaigns.reports.sharing import Sharing, sharing
from campaigns.reports.sharing_files import name_of
from campaigns.reports.sharing_rows import Bounds, Row
from campaigns.translations import _, say
from dashboard import figures
from dashboard.controls import Control
from dashboard.page import Content, Page
from dashboard.pages._campaigns import campaigns
from dashboard.parts import (
    Column,
    Key,
    Line,
    Table,
    button_link,
    card,
    chart,
    empty,
    keys,
    note,
    remarks,
    table,
)
from dashboard.shell import field
from dashboard.view import View


def content(view: View) -> Content:
    """What colleagues added, by team and by who allows a name, beside the own accounts."""
    known = campaigns(view)
    campaign = view.get("campaign")
    chosen = campaign if campaign in {one.campaign_id for one in known} else None
    question = view.question(campaign=chosen)
    found = view.answers.asked(
        ("sharing", question.identity),
        lambda store: sharing(store, question, published_prices()),
    )
    names = {one.campaign_id: one.name for one in known}
    told = remarks([say(one) for one in found.notes])
    choice = _choice(names, chosen) if known else None
    if found.total is None:
        return [choice, _nobody(), told]
    return [
        choice,
        keys(_keys(found.total)),
        note(
            _("Colleagues stand here as teams of at least five, and by name only where they said "
              "that they may. Nobody is ranked who did not choose to be.")
        ),
        _by_team(view, found),
        html.Div([_campaigns(view, found, names), _media(view, found)], className="columns"),
        told,
    ]  # fmt: skip


def _choice(names: dict[str, str], chosen: str | None) -> html.Div:
    choices = [{"value": "", "label": _("all that was shared")}]
    choices += [{"value": key, "label": name} for key, name in names.items()]
    control = Control(
        id="ambassadors-campaign", kind="select", value=chosen or "", choices=choices,
        **{"data-query": "campaign"},
    )  # fmt: skip
    return html.Div(field(_("Campaign"), control), className="filters")


def _nobody() -> html.Section:
    return empty(
        _("No ambassadors can be shown"),
        _("Colleagues appear here once at least five agreed to take part and shared something, or "
          "when one allows that the name is shown."),
        button_link(_("Register ambassadors"), "/data/ambassadors", "users"),
    )  # fmt: skip


# --- values in words


def _people(bounds: Bounds) -> str:
    if not bounds.is_measured:
        return wording.between(None, None)
    lower, upper = (None if one is None else round(one) for one in (bounds.lower, bounds.upper))
    return wording.between(lower, upper)


def _count(value: float | None) -> str:
    return _("not measured") if value is None else wording.number(value)


def _amount(value: float | None, row: Row) -> str:
    if value is None or row.currency is None:
        return _("no costs known")
    return wording.money(value, row.currency)


def _worth(row: Row) -> str:
    worth = row.replacement
    if row.kind == "own":
        return "–"
    if worth is None:
        return _("no price known")
    lower, upper = (wording.money(one, worth.currency) for one in (worth.lower, worth.upper))
    return _("{lower} to {upper}", lower=lower, upper=upper)


def _active(row: Row) -> str:
    if row.people is None or row.kind == "own":
        return "–"
    if row.active is None:
        return _("not shown")
    said = wording.number(row.active)
    if row.kind != "person":
        said = _("at least {lower}", lower=said)
    return _("{some} of {all}", some=said, all=wording.number(row.people))


def _keys(total: Row) -> Sequence[Key]:
    return [
        Key(
            "reach_lower",
            _people(total.incremental),
            remark=_("people beside those whom the own accounts reached"),
            label=_("Reach added"),
        ),
        Key(
            "impressions",
            _count(total.impressions),
            remark=_("of {posts} posts by colleagues", posts=_count(total.posts)),
            label=_("Impressions of what was shared"),
        ),
        Key(
            "posts",
            _active(total),
            remark=_("agreed to take part and shared something in this period"),
            label=_("Active colleagues"),
        ),
        Key(
            "paid_cpm",
            _worth(total),
            remark=_("what as many impressions or people cost as ads; no result"),
            label=_("Replacement value"),
        ),
    ]


# --- by team


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", _("ambassadors")),
        Column("active", _("active"), is_number=True),
        Column("posts", heading("posts"), is_number=True, metric="posts"),
        Column("impressions", heading("impressions"), is_number=True, metric="impressions"),
        Column("engagements", heading("engagements"), is_number=True, metric="engagements"),
        Column("net", _("net reach"), is_number=True, metric="net_reach"),
        Column("incremental", _("beside own accounts"), is_number=True),
        Column("cost", heading("cost"), is_number=True, metric="cost"),
        Column("cpm", heading("cpm"), is_number=True, metric="cpm"),
        Column("worth", _("as ads"), is_number=True),
    )


def _line(row: Row) -> Line:
    worth = row.replacement
    return Line(
        {
            "name": name_of(row),
            "active": row.active,
            "posts": row.posts,
            "impressions": row.impressions,
            "engagements": row.engagements,
            "net": row.net.lower if row.net.is_measured else None,
            "incremental": row.incremental.lower if row.incremental.is_measured else None,
            "cost": row.cost,
            "cpm": row.cpm,
            "worth": worth.lower if worth else None,
        },
        {
            "active": _active(row),
            "posts": _count(row.posts),
            "impressions": _count(row.impressions),
            "engagements": _count(row.engagements),
            "net": _people(row.net),
            "incremental": "–" if row.kind == "own" else _people(row.incremental),
            "cost": _amount(row.cost, row),
            "cpm": _amount(row.cpm, row),
            "worth": _worth(row),
        },
    )


def _ordered(found: Sharing) -> list[Row]:
    """Teams by impressions; then who may be named, by name: a permission is no ranking."""
    return sorted(
        found.rows,
        key=lambda row: (
            row.kind == "person",
            0 if row.kind == "person" else -(row.impressions or 0),
            name_of(row).casefold(),
        ),
    )


def _by_team(view: View, found: Sharing) -> html.Section:
    rows = Table(
        "teams",
        _("Ambassadors beside the own accounts"),
        _columns(),
        [_line(row) for row in (*_ordered(found), *((found.own,) if found.own else ()))],
    )
    shown = [row for row in _ordered(found) if row.impressions is not None]
    return chart(
        view,
        "teams",
        rows.caption,
        _said(found),
        figures.ranked(
            [name_of(row) for row in shown],
            [float(row.impressions or 0) for row in shown],
            [wording.number(row.impressions or 0) for row in shown],
        ),
        rows,
    )


def _said(found: Sharing) -> str:
    theirs = found.total.impressions if found.total else None
    own = found.own.impressions if found.own else None
    if theirs is None:
        return _("Of what colleagues shared no impressions are known.")
    if not own:
        return _("What colleagues shared was shown {n} times.", n=wording.number(theirs))
    return _(
        "What colleagues shared was shown {n} times, beside {own} times for the own accounts: "
        "{share} of both together.",
        n=wording.number(theirs),
        own=wording.number(own),
        share=wording.percentage(theirs / (theirs + own), 1),
    )


# --- what was shared


def _campaigns(view: View, found: Sharing, names: dict[str, str]) -> html.Section:
    def name(one: str | None) -> str:
        return wording.name("campaign", None) if one is None else names.get(one, one)

    rows = Table(
        "shared",
        _("What was shared"),
        (
            Column("campaign", heading("campaign")),
            Column("posts", heading("posts"), is_number=True),
            Column("share", _("share"), is_number=True),
            Column("impressions", heading("impressions"), is_number=True),
        ),
        [
            Line(
                {
                    "campaign": name(one.campaign),
                    "posts": one.posts,
                    "share": one.share,
                    "impressions": one.impressions,
                },
                {
                    "posts": wording.number(one.posts),
                    "share": wording.percentage(one.share, 0),
                    "impressions": _count(one.impressions),
                },
            )
            for one in found.campaigns
        ],
    )
    if not found.campaigns:
        return empty(rows.caption, _("No post of colleagues can be shown in this period."))
    first = max(found.campaigns, key=lambda one: one.posts)
    return chart(
        view,
        "shared",
        rows.caption,
        _(
            "Most posts: “{campaign}”, {share} of all.",
            campaign=name(first.campaign),
            share=wording.percentage(first.share, 0),
        ),
        figures.ranked(
            [name(one.campaign) for one in found.campaigns],
            [one.posts for one in found.campaigns],
            [wording.number(one.posts) for one in found.campaigns],
        ),
        rows,
    )


def _media(view: View, found: Sharing) -> html.Section:
    if not found.media:
        return empty(
            _("Kinds of media"),
            _("The exports of colleagues do not say what was in their posts, or too few shared "
              "the same kind."),
        )  # fmt: skip
    rows = Table(
        "media",
        _("Kinds of media"),
        (Column("media", _("kind of media")), Column("share", _("share"), is_number=True)),
        [
            Line(
                {"media": wording.name("media_type", one.media), "share": one.share},
                {"share": wording.percentage(one.share, 0)},
            )
            for one in found.media
        ],
    )
    return card(table(view, rows))


PAGES = (
    Page(
        "/ambassadors",
        N_("Ambassadors"),
        N_("What does sharing by colleagues add?"),
        content,
        section="share",
        icon="award",
        order=20,
        filters=("period", "platform"),
    ),
)
