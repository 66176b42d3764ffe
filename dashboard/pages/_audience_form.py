"""The form of a target group: its conditions by kind, and its share of the population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import Dash
from dash.development.base_component import Component

from audiences import segments
from audiences.segments import Condition, Segment
from audiences.segments.segment import DIMENSIONS
from campaigns.definitions.versions import version
from campaigns.errors import N_, BadFields, Message
from campaigns.schema import CONDITION_KINDS
from campaigns.store import Snapshot
from campaigns.translations import _
from dashboard import forms
from dashboard.forms import Done, Field, Form, Group, Refused, Values
from dashboard.pages import _editing as editing
from dashboard.parts import Part, link
from dashboard.view import View

PATH = "/audiences"
NEW = "/audiences/new"
EDIT = "/audiences/<segment>/edit"
NAME = "segment"

KINDS = {
    "function": (N_("Function"), N_("Job functions as LinkedIn names them.")),
    "seniority": (N_("Seniority"), ""),
    "sector": (N_("Sector"), N_("Industries as LinkedIn names them.")),
    "region": (N_("Region"), N_("Places as LinkedIn names them; Utrecht* is all that begins so.")),
    "company_size": (N_("Company size"), ""),
    "platform": (N_("Platform"), N_("Such as x or linkedin; empty: all.")),
    "account": (N_("Account"), N_("Handles or page names; empty: all own accounts.")),
    "language": (N_("Language"), N_("nl or en, of the post.")),
    "hashtag": (N_("Hashtag"), N_("Whole tags, such as zomer.")),
    "topic": (N_("Topic"), N_("Words that posts about it have.")),
    "ad_campaign": (N_("Ad campaign"), N_("Names of ad campaigns; * is any text.")),
}
"""What each kind of condition is called, and what its values are."""

_GROUPS = (
    (N_("Who they are"), tuple(DIMENSIONS)),
    (N_("What is posted for them"), ("hashtag", "topic", "language", "ad_campaign")),
    (N_("Where"), ("platform", "account")),
)


def _known(snapshot: Snapshot) -> dict[str, list[str]]:
    """The groups that the data have, by kind."""
    kinds = {dimension: kind for kind, dimension in DIMENSIONS.items()}
    found: dict[str, list[str]] = {}
    for row in snapshot.rows(
        "SELECT regexp_replace(dimension, '^viewer ', '') AS dimension, value FROM audience_shares "
        "WHERE dimension NOT LIKE 'visitor %' GROUP BY ALL ORDER BY sum(people) DESC, value"
    ):
        if row["dimension"] in kinds:
            found.setdefault(kinds[row["dimension"]], []).append(row["value"])
    return {kind: names[:100] for kind, names in found.items()}


def form(known: Mapping[str, Sequence[str]]) -> Form:
    """The form; ``known`` are the groups that text fields propose."""
    about = [
        Field("name", _("Name"), is_required=True, limit=200),
        Field("description", _("Description"), "lines", limit=2000),
    ]
    share = [
        Field("population_share", _("Share of the population (%)"), "percentage", limit=20),
        Field("population_source", _("Source"), limit=500,
              help=_("Who says so, and of which year; without it no share can be stated.")),
    ]  # fmt: skip
    groups = [Group(_("Target group"), about)]
    for title, kinds in _GROUPS:
        fields = [
            Field(kind, _(KINDS[kind][0]), help=_(KINDS[kind][1]) if KINDS[kind][1] else "",
                  known=known.get(kind, ()), limit=2000)
            for kind in kinds
        ]  # fmt: skip
        groups.append(Group(_(title), fields))
    return Form(NAME, [*groups, Group(_("How many they are"), share)])


def page(view: View) -> list[Component | None]:
    """The form of a new group, or of the one that the address names."""
    known = editing.asked(view, _known, dict)
    way: list[Part] = [link(_("Back to all target groups"), PATH)]
    about = forms.quiet(
        _("Several values are parted by ; and any of them may hold. Of several fields all must "
          "hold.")
    )  # fmt: skip
    name = view.values.get("segment")
    if name is None:
        values: Values = {"key": "", "version": ""}
        return [editing.head(*_components(way)), about, forms.panel(form(known), values, PATH)]
    one = view.answers.ask(lambda snapshot: segments.find(snapshot, name), name)
    what = _("'{name}' is taken out; the figures stay. It can be taken back in the history at "
             "Files.", name=one.name)  # fmt: skip
    return [
        editing.head(*_components(way)),
        about,
        forms.panel(form(known), values_of(one), PATH),
        forms.removal(NAME, _("Take out …"), what, _("Take out now")),
        editing.undoable(),
    ]


def _components(parts: Sequence[Part]) -> list[Component]:
    return [part for part in parts if isinstance(part, Component)]


def values_of(one: Segment) -> Values:
    """A group as it stands in its form."""
    row: dict[str, object] = {kind: "; ".join(one.values(kind)) or None for kind in CONDITION_KINDS}
    row |= {
        "name": one.name,
        "description": one.description,
        "population_share": one.population_share,
        "population_source": one.population_source,
    }
    return {**forms.typed(form({}).fields, row), "key": one.segment_id, "version": version(one)}


def save(values: Values) -> Done:
    """Save a group as it was typed. Raises `BadFields`, `BadDefinition`, `ChangedMeanwhile`."""
    given, faults = forms.entered(form({}).fields, values)
    conditions = tuple(
        Condition(kind, part.strip())
        for kind in CONDITION_KINDS
        for part in str(given[kind] or "").split(";")
        if part.strip()
    )
    _check(given, conditions, faults)
    made = Segment(
        given["name"],
        conditions,
        values.get("key") or "",
        given["population_share"],
        given["population_source"],
        given["description"],
    )
    if values.get("key"):
        saved = segments.change(editing.store(), made, values["version"])
    else:
        saved = segments.add(editing.store(), made)
    return Done(_("Saved: {name}.", name=saved.name), PATH)


def _check(
    given: Mapping[str, Any], conditions: Sequence[Condition], faults: dict[str, Message]
) -> None:
    if not given["name"]:
        faults["name"] = Message(N_("is needed"))
    if not conditions:
        faults["function"] = Message(N_("at least one condition is needed, here or below"))
    share, source = given["population_share"], given["population_source"]
    if share is not None and not 0 < share < 1:
        faults["population_share"] = Message(N_("is between 0 and 100"))
    if share is not None and not source:
        faults["population_source"] = Message(N_("is needed with a share"))
    if source and share is None and "population_share" not in faults:
        faults["population_share"] = Message(N_("is needed with a source"))
    if faults:
        raise BadFields(fields=faults)


def again(values: Values, refused: Refused) -> Sequence[Component]:
    """The form once more."""
    return forms.body(form({}), values, refused)


def newer(one: Segment | None) -> tuple[Values, str]:
    """What stands now."""
    return ({} if one is None else values_of(one)), version(one)


def remove(values: Values) -> Done:
    """Take a group out."""
    removed = segments.remove(editing.store(), values["key"], values["version"])
    return Done(_("Taken out: {name}.", name=removed.name), PATH)


def register(app: Dash) -> None:
    """What happens on the form."""
    forms.on_save(app, NAME, save, again, newer)
    forms.on_remove(app, NAME, remove)
