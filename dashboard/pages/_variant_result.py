"""One test: its verdict, its variants with their texts, the intervals, and how it was computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from dash import html
from dash.development.base_component import Component

from audiences import experiments
from audiences.experiments import Result, Variant
from audiences.experiments.differences import TRAITS
from audiences.experiments.units import Row, carried
from audiences.images import LABELS, post_traits, posts_of
from audiences.verdicts import chance as told
from audiences.verdicts import given_up, percent
from campaigns import privacy
from campaigns.errors import N_
from campaigns.reports import wording
from campaigns.store import Snapshot
from campaigns.translations import _, say
from dashboard import figures, formats, pictures
from dashboard.page import Content, address
from dashboard.pages import _variants as words
from dashboard.pages._campaigns import POST
from dashboard.pages._variant_method import computed
from dashboard.parts import Column, Line, Table, button_link, card, chart, link, remarks, table
from dashboard.view import Period, View

SHOWN = 3
"""How many posts of a variant are shown."""

Shown = tuple[Result, dict[str, list[Row]]]


def _question(name: str, snapshot: Snapshot) -> Shown:
    one = experiments.find(snapshot, name)
    texts = carried(snapshot, one, SHOWN)
    known = post_traits(snapshot) if any(texts.values()) else {}
    images = posts_of(snapshot) if known else {}

    def pictured(row: Row) -> Row:
        post = row["platform"], row["post_id"]
        return {**row, "picture": known.get(post, {}), "images": images.get(post, [])}

    shown = {name: [pictured(row) for row in rows] for name, rows in texts.items()}
    return experiments.analyse(snapshot, one), shown


def shown(view: View) -> Shown:
    """The test of the address and posts of its variants. Raises `UnknownName`."""
    name = view.values["experiment"]
    return view.answers.asked(
        ("experiment", name), lambda store: store.read(partial(_question, name))
    )


def naming(view: View) -> str:
    """The name of the test, as the heading."""
    return shown(view)[0].experiment.name


def content(view: View) -> Content:
    """The verdict first, then what it rests on."""
    one, texts = shown(view)
    test = one.experiment
    ways = html.Div(
        [
            link(_("All tests"), view.href(words.VARIANTS)),
            button_link(
                _("Change this test"), words.href(test.experiment_id, words.EDIT), "pencil"
            ),
        ],
        className="actions no-print",
    )
    return [
        ways,
        _verdict(one),
        _variants(view, one, texts),
        _intervals(view, one),
        _factors(view, one),
        _differences(view, one),
        computed(one),
    ]


# --- the verdict


def _verdict(one: Result) -> Component:
    test = one.experiment
    facts = [
        (_("what decides"), words.metric(test)),
        (_("what was given to a variant"), _(words.UNITS[test.unit])),
        (_("looking"), _(words.METHODS[test.method])),
        (_("lots drawn"), _("yes") if test.is_by_lot else _("no: an observation")),
        (_("period"), formats.period(Period(test.first_day, test.last_day))),
        (_("a difference matters from"), say(percent(test.matters))),
    ]
    return card(
        words.mark(one),
        html.P(say(one.verdict.message), className="verdict"),
        html.P(test.description) if test.description else None,
        remarks([say(remark) for remark in one.remarks]),
        html.Dl(
            [part for name, said in facts for part in (html.Dt(name), html.Dd(said))],
            className="facts",
        ),
    )


# --- the variants


def _variants(view: View, one: Result, texts: Mapping[str, Sequence[Row]]) -> Component:
    names = view.answers.asked("names of pseudonyms", privacy.known_names)
    numbers = {row["variant"]: row for row in (one.answer or {}).get("variants", ())}
    advised = dict(zip((v.name for v in one.experiment.variants), one.shares, strict=False))
    return html.Div(
        [
            _variant(view, one, variant, numbers.get(variant.name), advised.get(variant.name),
                     [(row, privacy.joined(row["text"], names)) for row in texts[variant.name]])
            for variant in one.experiment.variants
        ],
        className="columns variants",
    )  # fmt: skip


def _variant(
    view: View,
    one: Result,
    variant: Variant,
    numbers: Mapping[str, Any] | None,
    advised: float | None,
    texts: Sequence[tuple[Row, str]],
) -> Component:
    facts: list[tuple[str, Any]] = []
    if variant.message:
        facts.append((_("message"), variant.message))
    if variant.image:
        facts.append((_("image"), variant.image))
    facts.append((_("carried by"), _carriers(variant)))
    if numbers is not None:
        facts.append((_("units that count"), wording.number(numbers["units"] or 0, 0)))
        facts.append((words.metric(one.experiment), _margin(one, numbers)))
        facts += _outlook(one, numbers)
    if advised is not None:
        facts.append((_("advised share of what comes next"), say(percent(advised))))
    is_control = variant is one.experiment.variants[0]
    return card(
        html.H2(variant.name),
        html.P(_("The control: the others are compared with it."), className="quiet")
        if is_control
        else None,
        html.Dl([part for name, said in facts for part in (html.Dt(name), html.Dd(said))],
                className="facts"),
        html.Ul([_post(view, row, text) for row, text in texts], className="posts")
        if texts else html.P(_("No texts of posts are known."), className="quiet"),
        kind="winner" if variant.name == one.verdict.winner else "",
    )  # fmt: skip


def _outlook(one: Result, numbers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The chance to be best, and what choosing it costs; of an unfair test neither means much."""
    chance, loss = numbers["chance_to_be_best"], numbers["rel_expected_loss"]
    if one.verdict.kind == "not_fair" or chance is None or loss is None:
        return
    yield _("chance to be best"), say(told(chance))
    yield (
        _("what choosing it costs on average"),
        say(given_up(loss, one.experiment.plan.higher_is_better)),
    )


def _carriers(variant: Variant) -> str:
    """What carries a variant; posts that were chosen by hand are counted."""
    by_hand = sum(rule.kind == "post" for rule in variant.rules)
    said = [words.rule(rule) for rule in variant.rules if rule.kind != "post" or by_hand == 1]
    if by_hand > 1:
        said.append(_("{n} posts chosen by hand", n=wording.number(by_hand, 0)))
    return ", ".join(said)


def _margin(one: Result, numbers: Mapping[str, Any]) -> str:
    value = words.rate(one.experiment, numbers["rate"])
    if numbers["ci_lower"] is None or numbers["ci_upper"] is None:
        return value
    return _("{value} (between {lower} and {upper})", value=value,
             lower=words.rate(one.experiment, numbers["ci_lower"]),
             upper=words.rate(one.experiment, numbers["ci_upper"]))  # fmt: skip


def _post(view: View, row: Row, text: str) -> html.Li:
    said = " ".join(text.split())
    about = f"{wording.name('platform', row['platform'])}, {formats.day(row['day'])}"
    picture = _picture(row["picture"])
    where = address(POST, platform=row["platform"], post_id=row["post_id"])
    told = _("Picture of the post: {what}", what=picture) if picture else _("Picture of the post")
    return html.Li(
        [
            *(pictures.picture(image, told) for image in row["images"][:SHOWN]),
            html.P(said if len(said) <= 280 else said[:279] + "…"),
            html.P(_("Its picture: {what}", what=picture)) if picture else None,
            html.P(link(about, view.href(where)), className="quiet"),
        ]
    )


def _picture(traits: Mapping[str, bool]) -> str:
    """What is known of the picture of a post: what people saw in it, then what was measured."""
    there = [name for name, is_so in traits.items() if is_so]
    seen = [name.removeprefix("tag:") for name in there if name.startswith("tag:")]
    return ", ".join([*seen, *(_(LABELS[name]) for name in there if name in LABELS)])


# --- the intervals


def _intervals(view: View, one: Result) -> Component | None:
    """How far each variant lies from the control, over all and on each platform."""
    if one.answer is None:
        return None
    test = one.experiment
    rows = [(row["treatment"], row) for row in one.answer["comparisons"]]
    for group in one.groups:
        for part in group["groups"]:
            platform = wording.name("platform", part["platform"])
            name = _("{variant} on {platform}", variant=group["treatment"], platform=platform)
            rows.append((name, part))
    points = [
        (name, row["rel_effect_size"], row["rel_ci_lower"], row["rel_ci_upper"],
         f"{name}: {words.between(row)}")
        for name, row in rows
        if None not in (row["rel_effect_size"], row["rel_ci_lower"], row["rel_ci_upper"])
    ]  # fmt: skip
    title = _("Difference with {control}", control=test.variants[0].name)
    lines = _table(title, rows)
    if not points:
        return card(table(view, lines))
    conclusion = "; ".join(point[4] for point in points[: len(test.variants) - 1]) + "."
    conclusion += " " + _("What lies within the band ({matters}) does not matter.",
                          matters=f"±{say(percent(test.matters))}")  # fmt: skip
    if one.groups:
        conclusion += " " + _("What differs on one platform is drawn towards what holds for all.")
    drawn = figures.intervals(points, test.matters, words.metric(test))
    return chart(view, "intervals", title, conclusion, drawn, lines)


def _table(title: str, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> Table:
    columns = (
        Column("variant", _("variant")),
        Column("rel_effect_size", _("difference"), True),
        Column("rel_ci_lower", _("at least"), True),
        Column("rel_ci_upper", _("at most"), True),
        Column("pvalue", _("chance without a difference"), True),
        Column("pvalue_adjusted", _("the same, for all questions"), True),
    )
    lines = []
    for name, row in rows:
        values = {one.name: row.get(one.name) for one in columns} | {"variant": name}
        made: dict[str, Any] = {
            key: words.signed(row.get(key))
            for key in ("rel_effect_size", "rel_ci_lower", "rel_ci_upper")
        }
        made |= {key: _pvalue(row.get(key)) for key in ("pvalue", "pvalue_adjusted")}
        lines.append(Line(values, made))
    return Table("intervals", title, columns, lines)


def _pvalue(value: float | None) -> str:
    if value is None:
        return "–"
    return _("less than 0.1%") if value < 0.001 else wording.percentage(value, 1)


# --- factors and differences

_FACTORS = {
    "message": N_("message {to} instead of {from_}"),
    "image": N_("image {to} instead of {from_}"),
    "interaction": N_("how much more the message does with the second image"),
}


def _factors(view: View, one: Result) -> Component | None:
    """What message and image do apart, where both were varied."""
    if not one.factors:
        return None
    lines = []
    for part in one.factors:
        first, second = [*part["levels"], "", ""][:2]
        name = _(_FACTORS[part["factor"]], to=second, from_=first)
        values = {"factor": name, "effect": part["rel_effect_size"], "pvalue": part["pvalue"]}
        made = {"effect": words.between(part), "pvalue": _pvalue(part["pvalue"])}
        lines.append(Line(values, made))
    columns = (
        Column("factor", _("what changes"), is_sortable=False),
        Column("effect", _("difference"), True),
        Column("pvalue", _("chance without a difference"), True),
    )
    return card(table(view, Table("factors", _("Message and image apart"), columns, lines)))


def _differences(view: View, one: Result) -> Component | None:
    """In what else the arms of an observation differ."""
    if not one.differences:
        return None
    lines = [
        Line(
            {"trait": _(TRAITS[part.trait]), "variant": part.treatment, "size": part.size},
            {"size": _("too few to say") if part.size is None else say(percent(part.size))},
        )
        for part in one.differences
    ]
    columns = (
        Column("trait", _("in what"), is_sortable=False),
        Column("variant", _("variant")),
        Column("size", _("would have to change places"), True),
    )
    title = _("How else the variants differ from {control}",
              control=one.experiment.variants[0].name)  # fmt: skip
    return card(
        table(view, Table("differences", title, columns, lines)),
        html.P(_("0% is no difference, 100% nothing in common. What differs beside the variant may "
                 "be the cause of what was seen."), className="quiet"),
    )  # fmt: skip
