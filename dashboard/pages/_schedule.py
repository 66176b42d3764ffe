"""What runs by itself: when it last did, when it will, and a warning when it does not."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from babel.dates import format_datetime
from dash import html

from campaigns.errors import N_
from campaigns.scheduling import record
from campaigns.scheduling.record import JOBS, Job, Record, Run
from campaigns.translations import _, language, say
from dashboard.parts import Part, badge, card
from dashboard.view import View

ENDINGS = {
    "done": (N_("done"), "good"),
    "later": (N_("not done, comes again"), "warn"),
    "person": (N_("needs somebody"), "warn"),
}


def schedule(view: View) -> html.Section | None:
    """The last and next run of each job, read from the store; nothing where nothing ever ran."""
    known = record.read(view.answers.path)
    if not known.runs and known.by is None:
        return None
    zone = zoneinfo.ZoneInfo(view.answers.store.timezone)
    stale = known.stale(dt.datetime.now(dt.UTC))
    items = [html.Li(_job(known, job, run, zone)) for job, run in known.runs.items()]
    return card(
        html.H2(_("What runs by itself")),
        html.P(_verdict(known, stale), className="conclusion"),
        html.Ul(items, className="fresh") if items else None,
        id="schedule",
    )


def _verdict(known: Record, stale: dict[Job, dt.datetime | None]) -> str:
    if stale:
        late = ", ".join(_(JOBS[job]) for job in stale)
        return _("Data are older than expected: {jobs}. See bereik schedule status.", jobs=late)
    if any(run.ending == "person" for run in known.runs.values()):
        return _("Somebody must do something before it goes on.")
    if known.by is None:
        return _("Nothing starts it by itself any more: bereik schedule install.")
    return _("It ran when it should.")


def _job(known: Record, job: Job, run: Run, zone: dt.tzinfo) -> list[Part]:
    word, kind = ENDINGS[run.ending]
    next_at = run.next_at if known.by is not None else None
    return [
        html.Strong(_(JOBS[job])),
        html.Span(_("last: {moment}", moment=_moment(run.ended_at, zone))),
        badge(_(word), kind),
        html.Span(_("next: {moment}", moment=_moment(next_at, zone))) if next_at else None,
        html.Span(say(run.reason)) if run.reason else None,
    ]


def _moment(moment: dt.datetime, zone: dt.tzinfo) -> str:
    return str(format_datetime(moment.astimezone(zone), "d MMM HH:mm", locale=language()))
