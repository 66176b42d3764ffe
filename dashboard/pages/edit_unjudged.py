"""Posts that no rule can judge: a work list, from which they are assigned by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from campaigns import definitions
from campaigns.definitions.counts import unjudged_reasons
from campaigns.errors import N_, UserError
from campaigns.reports import wording
from campaigns.store import Snapshot
from campaigns.translations import _
from dashboard import formats, forms
from dashboard.attributes import aria
from dashboard.controls import Control
from dashboard.forms import Done, Refused
from dashboard.page import Content, Page
from dashboard.pages import _editing as editing
from dashboard.parts import Column, Line, Table, button_link, card, empty, link, table
from dashboard.view import View

AT_MOST = 1000
"""How many posts the list has; the newest come first, and those after them when these are done."""

NONE = "-"
"""Chosen instead of a campaign: to none, for good."""

Post = Mapping[str, Any]


class NothingChosen(UserError):
    """No post was chosen, or no campaign."""

    text = N_("Nothing was assigned: choose at least one post, and a campaign or none.")


def content(view: View) -> Content:
    """The work list, and what to do with what is chosen."""
    reasons = editing.asked(view, unjudged_reasons, Counter)
    known = editing.known_campaigns(view)
    if not reasons:
        why = _("Posts of which the export has no text, or only a shortened link, would stand "
                "here: no rule can judge them.")  # fmt: skip
        way = None if known else button_link(_("Add a campaign"), "/data/campaigns/new", "plus")
        return [editing.subpages(view), empty(_("The rules can judge every post"), why, way)]
    rows = editing.asked(view, _newest, list)
    reason = view.get("reason")
    if reason in reasons:
        rows = [row for row in rows if row["reason"] == reason]
    shown = Table("unjudged", _("Posts to assign"), _columns(), [_line(row) for row in rows])
    return [
        editing.subpages(view),
        card(_summary(view, reasons, reason), _actions(known)),
        card(table(view, shown, is_quiet=True)),
        editing.undoable(),
    ]


def _newest(snapshot: Snapshot) -> list[dict[str, Any]]:
    return definitions.unjudged(snapshot, AT_MOST)


def _summary(view: View, reasons: Mapping[str, int], chosen: str) -> html.Div:
    """How many posts there are, and why; each reason shows its own posts alone."""
    total = sum(reasons.values())
    items = []
    for reason, count in sorted(reasons.items(), key=lambda item: -item[1]):
        said = _("{n} posts: {reason}", n=wording.number(count, 0),
                 reason=_(definitions.REASONS[reason]))  # fmt: skip
        href = view.href(reason=None if reason == chosen else reason, **{"page-unjudged": None})
        way = _("show all") if reason == chosen else _("show only these")
        items.append(html.Li([said, " ", link(way, href)]))
    more = _("The newest {n} stand below.", n=wording.number(AT_MOST, 0)) if total > AT_MOST else ""
    about = _("{n} posts hide from the rules what these judge by. Assign them by hand; or import "
              "the archive that has their text.", n=wording.number(total, 0))  # fmt: skip
    return html.Div([html.P([about, " ", more]), html.Ul(items)])


def _actions(known: Sequence[definitions.Campaign]) -> html.Div:
    """Choose where they belong, and assign."""
    choices = [("", _("choose …")), *((one.campaign_id, one.name) for one in known),
               (NONE, _("no campaign, for good"))]  # fmt: skip
    one = forms.Field("campaign", _("Campaign"), "choice", choices=choices)
    return html.Div(
        [
            html.Div(
                [
                    forms.entry("unjudged", one, ""),
                    html.Button(_("Assign the chosen posts"), id="unjudged-assign", type="button",
                                className="button primary"),
                    html.Button(_("Choose all on this page"), id="unjudged-all", type="button",
                                className="button"),
                ],
                className="form-row",
            ),
            html.Div(id="unjudged-refused"),
        ],
        className="form-body",
    )  # fmt: skip


def _columns() -> Sequence[Column]:
    return (
        Column("post", _("Post")),
        Column("published_on", _("Published on")),
        Column("platform", _("Platform")),
        Column("account_id", _("Account")),
        Column("reason", _("Why no rule can judge it")),
    )


def _line(row: Post) -> Line:
    name = f"{row['platform']}:{row['post_id']}"
    values = {
        "post": name,
        "published_on": row["published_on"],
        "platform": wording.name("platform", row["platform"]),
        "account_id": row["account_id"] or _("a colleague"),
        "reason": _(definitions.REASONS[row["reason"]]),
    }

    def shown() -> Mapping[str, Any]:
        day = formats.day(row["published_on"]) if row["published_on"] else _("not known")
        return {"post": _chooser(name, row), "published_on": day}

    return Line(values, shown)


def _chooser(name: str, row: Post) -> html.Span:
    """A box to choose a post by, with a link to the post where its address is known."""
    parts: list[Component] = [
        Control(
            id={"page": "unjudged", "post": name},
            kind="checkbox",
            value=False,
            **aria(label=_("Choose {post}", post=name)),
        )
    ]
    url = str(row["url"] or "")
    if url.startswith(("https://", "http://")):
        parts.append(html.A(row["post_id"], href=url, target="_blank", rel="noopener noreferrer"))
    else:
        parts.append(html.Span(row["post_id"]))
    return html.Span(parts, className="check")


def assign(campaign: str, posts: Sequence[str]) -> Done:
    """Assign posts to a campaign, or to none. Raises `NothingChosen` and what `assign` raises."""
    if not campaign or not posts:
        raise NothingChosen
    store = editing.store()
    done = definitions.assign(store, posts, None if campaign == NONE else campaign)
    count = wording.number(len(done), 0)
    if campaign == NONE:
        return Done(_("{n} posts belong to no campaign, for good.", n=count), "")
    name = store.read(lambda snapshot: definitions.find(snapshot, campaign)).name
    return Done(_("{n} posts assigned to {name}.", n=count, name=name), "")


def _register(app: Dash) -> None:
    @app.callback(
        Output("unjudged-refused", "children"),
        Output("changed", "data", allow_duplicate=True),
        Output("location", "href", allow_duplicate=True),
        Input("unjudged-assign", "n_clicks"),
        State({"form": "unjudged", "field": "campaign"}, "value"),
        State({"page": "unjudged", "post": ALL}, "value"),
        State({"page": "unjudged", "post": ALL}, "id"),
        prevent_initial_call=True,
    )
    def act(
        clicks: int | None, campaign: str, chosen: Sequence[Any], ids: Sequence[dict[str, str]]
    ) -> tuple[Any, Any, Any]:
        if not clicks:
            return no_update, no_update, no_update
        posts = [one["post"] for one, value in zip(ids, chosen, strict=True) if value]

        def refused(why: Refused) -> list[Component]:
            return [forms.said(why)]

        return forms.attempt(lambda: assign(campaign, posts), refused)

    @app.callback(
        Output({"page": "unjudged", "post": ALL}, "value"),
        Input("unjudged-all", "n_clicks"),
        prevent_initial_call=True,
    )
    def choose(clicks: int | None) -> list[Any]:
        return [True if clicks else no_update for _one in ctx.outputs_list]


PAGES = (
    Page(
        "/data/unjudged",
        N_("Posts to assign"),
        N_("Which posts can no rule judge, and where do they belong?"),
        content,
        section="manage",
        filters=(),
        needs_data=False,
        callbacks=_register,
    ),
)
