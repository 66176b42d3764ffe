"""Overview: what did it bring, and what do we do now?"""

from __future__ import annotations

import datetime as dt

from campaigns.errors import N_
from campaigns.reports import wording
from campaigns.translations import _, say
from dashboard import figures
from dashboard.page import Content, Page
from dashboard.parts import Column, Key, Line, Table, card, chart, keys, remarks, table
from dashboard.view import View


def content(view: View) -> Content:
    """Key figures, their course, and campaigns."""
    question = view.question(metrics=("impressions", "engagements", "er_impressions", "cost"),
                             compare=view.compare)  # fmt: skip
    answer = view.answers.report(question)
    row = answer.rows[0] if answer.rows else {}
    months = view.answers.report(view.question("month", metrics=("impressions",)))
    names = [m.name for m in answer.metrics]
    cards = [
        Key(
            name,
            wording.unknown(name)
            if row.get(name) is None
            else wording.figure(name, row[name], row.get("currency")),
            row.get(f"{name}_change"),
            against=_("previous period"),
            course=[r.get("impressions") for r in months.rows],
        )
        for name in names
    ]
    days = [dt.date.fromisoformat(f"{r['month']}-01") for r in months.rows]
    values = [r["impressions"] for r in months.rows]
    data = Table(
        "months",
        _("impressions per month"),
        (Column("month", _("month")), Column("impressions", _("impressions"), True, "impressions")),
        [Line({"month": d}) for d in days],
    )  # fmt: skip
    return [
        keys(cards),
        chart(view, "months", "Impressions per month", "Conclusion.",
              figures.over_time(days, {"impressions": values}), data),
        card(table(view, data, sort="-impressions")),
        remarks([say(note) for note in answer.notes]),
    ]  # fmt: skip


PAGES = (
    Page(
        "/",
        N_("Overview"),
        N_("What did it bring, and what do we do now?"),
        content,
        icon="layout-dashboard",
        order=1,
    ),
)
