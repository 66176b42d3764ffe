"""The posts of a campaign, and how they came into it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from campaigns.reports import history, wording
from campaigns.translations import _
from dashboard import formats
from dashboard.page import address
from dashboard.pages._campaigns import POST, asked, label, rule_text, said
from dashboard.parts import Column, Line, Table, card, link, table
from dashboard.view import View

OF_POSTS = ("impressions", "reach", "engagements", "er_impressions", "clicks")
SHOWN_POSTS = 500
"""More posts than these are not listed; those that were shown most are."""


def posts_card(view: View, name: str, row: Mapping[str, Any]) -> Component | None:
    """The posts, those that were shown most first."""
    answer, _mixed = asked(view, "post", metrics=OF_POSTS, campaign=name, limit=SHOWN_POSTS)
    rows = [one for one in answer.rows if one.get("published_on") is not None]
    if not rows:
        return None
    ids = tuple((one["platform"], one["post_id"]) for one in rows)
    kinds = view.answers.ask(lambda snapshot: history.kinds(snapshot, ids), name, ids)
    shown = [one for one in OF_POSTS if any(r.get(one) is not None for r in rows)]
    columns = [
        Column("text", _("post")),
        Column("published_on", _("published on")),
        Column("platform", _("channel")),
        *([Column("kind", _("kind"))] if kinds else []),
        *(Column(one, label(one), True, one) for one in shown),
    ]
    lines = [_post_line(view, one, kinds, shown) for one in rows]
    more = None
    if len(rows) == SHOWN_POSTS and (row.get("posts") or 0) > SHOWN_POSTS:
        more = html.P(_("The {n} posts that were shown most, of {all}.", n=SHOWN_POSTS,
                        all=said("posts", row)), className="quiet")  # fmt: skip
    return card(
        table(view, Table("posts", _("Posts"), columns, lines), sort="-impressions", size=15), more
    )


def _post_line(
    view: View, row: Mapping[str, Any], kinds: Mapping[tuple[str, str], str], shown: Sequence[str]
) -> Line:
    text = row["text"] or ""
    short = textwrap.shorten(text, 110, placeholder=" …") or _("(no text)")
    target = view.href(address(POST, platform=row["platform"], post_id=row["post_id"]))
    kind = kinds.get((row["platform"], row["post_id"]))
    values = {
        "text": text, "published_on": row["published_on"],
        "platform": wording.name("platform", row["platform"]), "kind": kind,
        **{one: row.get(one) for one in shown},
    }  # fmt: skip
    texts: dict[str, Any] = {one: said(one, row) for one in shown}
    texts["text"] = link(short, target)
    texts["published_on"] = formats.day(row["published_on"])
    texts["kind"] = kind or _("not stated")
    return Line(values, texts)


def origins_card(view: View, name: str) -> Component | None:
    """By which rules, or by hand, the posts came in."""
    found = view.answers.ask(lambda snapshot: history.origins(snapshot, name), name)
    if not found:
        return None
    lines = []
    for one in found:
        how = rule_text(one.rule) if one.rule is not None else _("assigned by hand")
        lines.append(Line({"how": how, "posts": one.posts}, {"posts": wording.number(one.posts)}))
    columns = (Column("how", _("by")), Column("posts", label("posts"), True))
    return card(
        table(view, Table("origins", _("How posts came in"), columns, lines)),
        html.P(_("Of all posts of the campaign that may be shown one by one. A post counts once, "
                 "by the first rule that found it."), className="quiet"),
    )  # fmt: skip
