"""One post: what it said, what it brought, at which age, and why it belongs to a campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from campaigns import definitions, privacy
from campaigns.errors import N_
from campaigns.metrics import METRICS
from campaigns.reports import Question, history, wording
from campaigns.reports.history import Observed, Post
from campaigns.schema import DELIVERIES, TABLES
from campaigns.store import Store
from campaigns.translations import _
from dashboard import figures, formats
from dashboard.icons import icon
from dashboard.page import Content, Page, address
from dashboard.pages._campaigns import CAMPAIGN, POST, label, rule_text
from dashboard.parts import Column, Line, Table, card, chart, link, table
from dashboard.view import View

if TYPE_CHECKING:
    from dashboard.answers import Answers

MAIN = ("impressions", "reach", "engagements", "likes", "comments", "shares", "clicks",
        "video_views")  # fmt: skip


def post_of(view: View) -> Post:
    """The post of the address. Raises `UnknownPost`."""
    platform, post_id = view.values["platform"], view.values["post_id"]
    return view.answers.ask(
        lambda snapshot: history.post(snapshot, platform, post_id), platform, post_id
    )


def naming(view: View) -> str:
    """Where and when it was posted, as the heading."""
    post = post_of(view)
    return _("Post on {platform}, {day}", platform=wording.name("platform", post.platform),
             day=formats.day(post.published_on))  # fmt: skip


def content(view: View) -> Content:
    """The post and its history."""
    post = post_of(view)
    names = view.answers.asked("names of pseudonyms", privacy.known_names)
    zone = view.answers.asked("time zone", _timezone)
    text = privacy.joined(post.text, names) if post.text else None
    back = (
        link(post.campaign, view.href(address(CAMPAIGN, campaign=post.campaign_id)))
        if post.campaign_id and post.campaign
        else link(_("All campaigns"), view.href("/campaigns"))
    )
    return [
        html.Div([icon("megaphone"), back], className="actions no-print"),
        html.Div([_words(post, text), _belongs(view, post)], className="columns wide-left"),
        html.Div(
            [_figures(view, post), _course(view, post, ZoneInfo(zone))],
            className="columns wide-right",
        ),
    ]


def _timezone(store: Store) -> str:
    return store.timezone


def _words(post: Post, text: str | None) -> Component:
    original = None
    if (post.url or "").startswith(("https://", "http://")):
        original = html.P(
            html.A(
                [_("See it on {platform}", platform=wording.name("platform", post.platform)), " ",
                 icon("external-link")],
                href=post.url, target="_blank", rel="noopener noreferrer",
            )
        )  # fmt: skip
    return card(
        html.H2(_("What it said")),
        html.P(text, className="post-text") if text
        else html.P(_("The export has no text of this post."), className="quiet"),
        original,
    )  # fmt: skip


def _belongs(view: View, post: Post) -> Component:
    """Where it stands, and why in this campaign."""
    facts: list[tuple[str, Any]] = [
        (_("channel"), wording.name("platform", post.platform)),
        (_("account"), wording.name("account", post.account_id)),
        (_("published on"), formats.day(post.published_on)),
    ]
    if post.media_type:
        facts.append((_("kind"), wording.name("media_type", post.media_type)))
    if post.ad_campaign:
        facts.append((_("boosted by"), post.ad_campaign))
    if post.is_reply:
        facts.append((_("answers"), _("another post")))
    if post.partners:
        facts.append((_("reposted by"), ", ".join(post.partners)))
    if post.colleagues:
        told = _("at least {count} of those who take part", count=post.colleagues)
        facts.append((_("reposted by colleagues"), told))
    facts.append((_("campaign"), _campaign(view, post)))
    facts.append((_("because"), _why(post)))
    return card(
        html.H2(_("Where it belongs")),
        html.Dl(
            [part for name, value in facts for part in (html.Dt(name), html.Dd(value))],
            className="facts",
        ),
    )


def _campaign(view: View, post: Post) -> Any:
    if post.campaign_id is None:
        return wording.name("campaign", None)
    return link(post.campaign, view.href(address(CAMPAIGN, campaign=post.campaign_id)))


def _why(post: Post) -> str:
    """Why it is in its campaign, or in none."""
    if post.assigned_by == "hand":
        return _("somebody assigned it by hand")
    if post.rule is not None:
        return _("of the rule: {rule}", rule=rule_text(post.rule))
    if post.reason is not None:
        return _("no rule can judge it: {reason}", reason=_(definitions.REASONS[post.reason]))
    return _("no rule fits it")


# --- figures


def _figures(view: View, post: Post) -> Component:
    """The newest figures, organic and paid beside each other."""
    deliveries = [one for one in DELIVERIES if one in post.figures]
    if not deliveries:
        return card(html.H2(_("What it brought")), html.P(_("No export has figures of this post.")))
    names = [
        one for one in (*MAIN, *history.FIGURES)
        if any(post.figures[kind].get(one) is not None for kind in deliveries)
    ]  # fmt: skip
    columns = (
        Column("figure", _("figure"), is_sortable=False),
        *(Column(one, _delivery(one), True, is_sortable=False) for one in deliveries),
    )
    lines = [
        Line(
            {"figure": _name(one), **{kind: post.figures[kind].get(one) for kind in deliveries}},
            {kind: _count(post.figures[kind].get(one)) for kind in deliveries},
        )
        for one in dict.fromkeys(names)
    ]
    told = _("Paid figures of a post stand here. In sums they come from the export of the ads, "
             "where there is one, and count once.")  # fmt: skip
    remark = html.P(told, className="quiet") if "paid" in post.figures else None
    return card(
        table(view, Table("figures", _("What it brought"), columns, lines), size=50), remark
    )


def _delivery(name: str) -> str:
    return _("organic and paid") if name == "total" else wording.name("media", name)


def _name(figure: str) -> str:
    if figure in METRICS:
        return label(figure)
    return _(TABLES["post_metrics"].column(figure).meaning)


def _count(value: int | None) -> str:
    return _("not measured") if value is None else wording.number(value)


# --- history


def _course(view: View, post: Post, zone: ZoneInfo) -> Component | None:
    """What was known at which moment, by the age of the post."""
    if not post.history:
        return None
    names = [one for one in MAIN if any(o.figures.get(one) is not None for o in post.history)]
    columns = (
        Column("moment", _("known at")),
        Column("age", _("age in days"), True),
        Column("delivery", _("delivery")),
        *(Column(one, label(one), True, one) for one in names),
    )
    title = _("What was known at which age")
    rows = Table("history", title, columns, [_observed(one, names, zone) for one in post.history])
    ages = {one.age for one in post.history}
    if len(ages) < 2 or "impressions" not in names:
        return card(
            table(view, rows),
            html.P(_("Figures of one moment only are known. Import exports of other days, and the "
                     "course of this post appears here."), className="quiet"),
        )  # fmt: skip
    return chart(view, "history", title, _grown(post.history), _drawn(post), rows)


def _observed(one: Observed, names: Sequence[str], zone: ZoneInfo) -> Line:
    moment = one.collected_at.astimezone(zone)
    values = {
        "moment": moment.isoformat(timespec="minutes"), "age": one.age,
        "delivery": _delivery(one.delivery), **{name: one.figures.get(name) for name in names},
    }  # fmt: skip
    shown = {name: _reported(one.figures.get(name)) for name in names}
    return Line(values, {**shown, "moment": f"{formats.day(moment.date())}, {moment:%H:%M}"})


def _reported(value: int | None) -> str:
    return _("not reported") if value is None else wording.number(value)


def _drawn(post: Post) -> figures.Figure:
    by_delivery: dict[str, dict[int, int]] = {}
    for one in post.history:
        value = one.figures.get("impressions")
        if value is not None:
            by_delivery.setdefault(_delivery(one.delivery), {})[one.age] = value
    return figures.by_age(by_delivery, _("age in days"), label("impressions"))


def _grown(seen: Sequence[Observed]) -> str:
    """How much came later than the first observation, of what was seen most."""
    by_delivery: dict[str, list[Observed]] = {}
    for one in seen:
        if one.figures.get("impressions") is not None:
            by_delivery.setdefault(one.delivery, []).append(one)
    longest = max(by_delivery.values(), key=len)
    first, last = longest[0], longest[-1]
    return _(
        "At {age} days it had been shown {first} times, at {later} days {last} times.",
        age=first.age,
        first=wording.number(first.figures["impressions"] or 0),
        later=last.age,
        last=wording.number(last.figures["impressions"] or 0),
    )


def examples(answers: Answers) -> Sequence[str]:
    """The pages of some posts of a store."""
    found = answers.report(Question(by=("post",), metrics=("impressions",), limit=5))
    return [_address(row) for row in found.rows if row.get("published_on")]


def _address(row: Mapping[str, Any]) -> str:
    return address(POST, platform=row["platform"], post_id=row["post_id"])


PAGES = (
    Page(
        POST,
        N_("Post"),
        N_("What did this post bring, and how did it get there?"),
        content,
        filters=(),
        examples=examples,
        naming=naming,
    ),
)
