"""The campaigns that are defined, the order in which they decide, and suggestions for new ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from campaigns import definitions
from campaigns.definitions import Campaign, Rule, Suggestion
from campaigns.definitions.campaign import same_name
from campaigns.definitions.counts import with_posts
from campaigns.definitions.ordering import move, order_of
from campaigns.definitions.stated import by_name
from campaigns.definitions.versions import version
from campaigns.errors import N_, NoStore
from campaigns.metrics import METRICS
from campaigns.reports import wording
from campaigns.reports.exports import heading
from campaigns.store import Snapshot
from campaigns.translations import _
from dashboard import formats, forms
from dashboard.answers import Answers
from dashboard.attributes import aria
from dashboard.controls import Control
from dashboard.forms import Done, Refused
from dashboard.icons import icon
from dashboard.page import Content, Page, address
from dashboard.pages import _campaign_form as form
from dashboard.pages import _editing as editing
from dashboard.pages import _rules as rules_form
from dashboard.parts import Column, Line, Part, Table, button_link, card, empty, link, table
from dashboard.view import Period, View

EDIT = "/data/campaigns/<campaign>/edit"
SUGGESTIONS = 100


def content(view: View) -> Content:
    """All campaigns, and what the data speaks of beside them."""
    known, posts = editing.asked(view, with_posts, lambda: ([], Counter()))
    found = editing.asked(view, _suggested, list)
    way = button_link(_("Add a campaign"), f"{form.PATH}/new", "plus")
    parts: list[Component] = [editing.subpages(view)]
    if known:
        order = Control(
            id={"page": "campaigns", "order": "seen"}, kind="hidden", value=version(order_of(known))
        )
        rows = [_line(one, place, known, posts) for place, one in enumerate(known, 1)]
        shown = Table("campaigns", _("Campaigns"), _columns(), rows)
        about = _("A post belongs to the first campaign that has a rule for it. What is assigned "
                  "by hand goes before all rules.")  # fmt: skip
        body = card(html.P(about, className="quiet"), table(view, shown, is_quiet=True), order)
        parts += [editing.head(way), html.Div(id="campaigns-refused"), body]
    else:
        why = _("A campaign has a name and rules by which posts, ads and costs belong to it. Then "
                "every report can tell campaigns apart.")  # fmt: skip
        parts += [html.Div(id="campaigns-refused"), empty(_("No campaigns yet"), why, way)]
    if found:
        parts.append(_suggestions(view, found))
    return [*parts, editing.undoable()]


def _suggested(snapshot: Snapshot) -> list[Suggestion]:
    return definitions.suggest(snapshot)[:SUGGESTIONS]


# --- campaigns


def _columns() -> Sequence[Column]:
    return (
        Column("name", _("Campaign")),
        Column("place", _("Order"), is_number=True),
        Column("first_day", _("Period")),
        Column("budget", _("Budget"), is_number=True),
        Column("goal", _("Goal")),
        Column("rules", _("Rules"), is_number=True),
        Column("posts", _("Posts"), is_number=True),
    )


def _line(one: Campaign, place: int, known: Sequence[Campaign], posts: Any) -> Line:
    count = posts[one.campaign_id, None]
    budget = None if one.budget is None else float(one.budget)
    values = {
        "name": one.name,
        "place": place,
        "first_day": one.first_day,
        "budget": budget,
        "goal": _goal(one),
        "rules": len(one.rules),
        "posts": count,
    }
    shown: dict[str, Part] = {
        "name": forms.row_link(one.name, address(EDIT, campaign=one.campaign_id)),
        "place": _movers(one, place, len(known)),
        "first_day": formats.period(Period(one.first_day, one.last_day))
        if one.first_day or one.last_day
        else _("always"),
        "budget": _("not stated")
        if budget is None
        else wording.money(budget, one.currency or "EUR"),
        "posts": wording.number(count, 0),
    }
    return Line(values, shown)


def _goal(one: Campaign) -> str:
    if not one.goal_metric:
        return _("not stated")
    name = heading(one.goal_metric) if one.goal_metric in METRICS else one.goal_metric
    if one.goal_target is None:
        return name
    target = wording.number(one.goal_target)
    if one.goal_on is None:
        return _("{target} {name}", target=target, name=name)
    day = formats.day(one.goal_on)
    return _("{target} {name} by {day}", target=target, name=name, day=day)


def _movers(one: Campaign, place: int, last: int) -> html.Span:
    """The place, and buttons that change it."""
    ways = ((-1, "arrow-up", _("Move {name} up", name=one.name), place == 1),
            (1, "arrow-down", _("Move {name} down", name=one.name), place == last))  # fmt: skip
    buttons = [
        html.Button(
            icon(name),
            id={"page": "campaigns", "move": steps, "campaign": one.campaign_id},
            type="button",
            className="icon-button small",
            disabled=is_end,
            **aria(label=label),
        )
        for steps, name, label, is_end in ways
    ]
    return html.Span([str(place), *buttons], className="movers")


# --- suggestions


def _suggestions(view: View, found: Sequence[Suggestion]) -> html.Section:
    columns = (
        Column("value", _("Suggestion")),
        Column("kind", _("Rule")),
        Column("posts", _("Posts"), is_number=True),
        Column("unassigned", _("Of no campaign"), is_number=True),
        Column("first_day", _("Period")),
        Column("accounts", _("Accounts")),
        Column("accept", _("Accept"), is_sortable=False),
    )
    rows = [_suggestion(one) for one in found]
    shown = Table("suggestions", _("What the data speaks of and no rule has"), columns, rows)
    about = _("Accepting makes a campaign of that name with this one rule, or adds the rule to the "
              "campaign that has the name already.")  # fmt: skip
    return card(
        html.H2(_("Suggestions")),
        html.P(about, className="quiet"),
        table(view, shown, size=10, is_quiet=True),
    )


def _suggestion(one: Suggestion) -> Line:
    accounts = [_("ambassadors") if name == "ambassador" else name for name in one.accounts]
    named = f"#{one.value}" if one.kind == "hashtag" else one.value
    values = {
        "value": one.value,
        "kind": _(rules_form.KINDS[one.kind][0]),
        "posts": one.posts,
        "unassigned": one.unassigned,
        "first_day": one.first_day,
        "accounts": ", ".join(accounts),
    }
    accept = html.Button(
        [icon("check"), _("Accept")],
        id={"page": "campaigns", "accept": one.kind, "value": one.value},
        type="button",
        className="button",
        **aria(label=_("Accept {name}", name=named)),
    )
    change = link(_("Change first"), f"{form.PATH}/new?{_query(one)}")
    shown: dict[str, Part] = {
        "value": named,
        "posts": wording.number(one.posts, 0),
        "unassigned": wording.number(one.unassigned, 0),
        "first_day": formats.period(Period(one.first_day, one.last_day)),
        "accounts": ", ".join(accounts[:3]) + (" …" if len(accounts) > 3 else ""),
        "accept": html.Span([accept, change], className="movers"),
    }
    return Line(values, shown)


def _query(one: Suggestion) -> str:
    return urlencode({"kind": one.kind, "value": one.value})


def accept(kind: str, value: str) -> Done:
    """Make a campaign of a suggestion, or add its rule to the campaign of that name."""
    store = editing.store()
    rule = Rule(kind, value)
    taken = by_name(store.read(definitions.campaigns)).get(same_name(value))
    if taken is None:
        campaign = definitions.add(store, Campaign(value, rules=(rule,)))
        said = N_("Added: campaign {name}.")
    else:
        campaign = definitions.add_rules(store, taken, (rule,))
        said = N_("Added the rule to campaign {name}.")
    return Done(_(said, name=campaign.name), "")


# --- what happens


def _register(app: Dash) -> None:
    @app.callback(
        Output("campaigns-refused", "children"),
        Output("changed", "data", allow_duplicate=True),
        Output("location", "href", allow_duplicate=True),
        Input({"page": "campaigns", "move": ALL, "campaign": ALL}, "n_clicks"),
        Input({"page": "campaigns", "accept": ALL, "value": ALL}, "n_clicks"),
        State({"page": "campaigns", "order": ALL}, "value"),
        prevent_initial_call=True,
    )
    def act(_moves: object, _accepted: object, order: Sequence[str]) -> tuple[Any, Any, Any]:
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update, no_update, no_update
        asked: Any = ctx.triggered_id

        def do() -> Done:
            if "accept" in asked:
                return accept(asked["accept"], asked["value"])
            known = move(editing.store(), asked["campaign"], int(asked["move"]), *order)
            place = order_of(known).index(asked["campaign"])
            said = _("{name} is now at place {n}.", name=known[place].name, n=place + 1)
            return Done(said, "")

        def refused(why: Refused) -> list[Any]:
            return [forms.said(why)]

        return forms.attempt(do, refused)

    form.register(app)


def _examples(answers: Answers) -> Sequence[str]:
    try:
        known = answers.ask(definitions.campaigns)
    except NoStore:
        return ()
    return [address(EDIT, campaign=one.campaign_id) for one in known[:1]]


_GIVEN: dict[str, Any] = {"section": "manage", "filters": (), "needs_data": False}
_HOW = N_("The rules say which posts belong to it; beside them stands which ones that are.")
PAGES = (
    Page(
        form.PATH,
        N_("Manage campaigns"),
        N_("Which campaigns are there, and which posts belong to them?"),
        content,
        callbacks=_register,
        **_GIVEN,
    ),
    Page(f"{form.PATH}/new", N_("New campaign"), _HOW, form.page, **_GIVEN),
    Page(EDIT, N_("Change a campaign"), _HOW, form.page, examples=_examples, **_GIVEN),
)
