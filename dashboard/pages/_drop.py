"""Where files are dropped: the way to an export, and the place for it."""

from __future__ import annotations

import json

from dash import html

from campaigns.collectors import formats
from campaigns.translations import _, language, say
from dashboard import uploads
from dashboard.attributes import aria, data
from dashboard.channels import CHANNELS, Way, channel, further
from dashboard.controls import Control
from dashboard.icons import icon
from dashboard.intake import FILES
from dashboard.parts import card, link, step
from dashboard.view import View

_USELESS = ["jpg", "jpeg", "png", "gif", "webp", "mp4", "mov", "m4a", "mp3", "pdf", "svg", "ico",
            "html", "css", "woff", "woff2", "ttf", "map"]  # fmt: skip
"""Ends of names of files that come along in folders; nothing we read is called so."""


def drop(view: View) -> html.Div:
    """The two steps: get an export, and drop it here."""
    return html.Div([_get(view), _give()], className="columns")


def _get(view: View) -> html.Section:
    chosen = channel(view.get("channel"))
    tabs = html.Ul(
        [
            html.Li(
                link(
                    _(one.title),
                    view.href(channel=one.name),
                    "choice here" if one is chosen else "choice",
                )
            )
            for one in CHANNELS
        ],
        className="choices",
        **aria(label=_("Channel")),
    )
    more = list(dict.fromkeys(_(one.title) for one in further(chosen)))
    return card(
        step(1, _("Download an export")),
        tabs,
        html.H3(_(chosen.title)),
        *[_way(way) for way in chosen.ways],
        html.P(_("Also known: {formats}.", formats=", ".join(more)), className="quiet")
        if more
        else None,
        id="get",
    )


def _way(way: Way) -> html.Div:
    known = {one.name: one for one in formats()}
    titles = list(dict.fromkeys(_(known[name].title) for name in way.formats if name in known))
    columns = [
        html.Li(_("{list}: at least {columns}", list=_(known[name].title), columns=columns))
        for name in way.formats
        if name in known and (columns := _columns(name))
    ]
    return html.Div(
        [
            html.P(", ".join(titles), className="quiet"),
            html.Ol([html.Li(_(step)) for step in way.steps], className="steps"),
            html.Ul(columns, className="quiet") if columns else None,
            html.P(_(way.remark), className="quiet") if way.remark else None,
        ],
        className="way",
    )


def _columns(name: str) -> str:
    """The columns that a list cannot do without, by the first label of each."""
    known = {one.name: one for one in formats()}[name]
    if not known.is_statement:
        return ""
    layout = known.layouts[0]
    labels = layout.labels.get(language(), layout.labels["en"])
    wanted = [label for label, field in labels.items() if field in layout.required]
    fields = {labels[label]: label for label in reversed(wanted)}
    return ", ".join(fields[labels[label]] for label in wanted if fields[labels[label]] == label)


def _give() -> html.Section:
    words = {
        "sending": _("Sending {name} ({number} of {total}) …"),
        "sent": _("sent"),
        "too_large": say(uploads.refused("too_large")),
        "too_many": say(uploads.refused("too_many")),
        "interrupted": say(uploads.refused("interrupted")),
        "nothing": say(uploads.refused("nothing")),
        "failed": _("The dashboard does not answer. Is it still running?"),
        "progress": _("Progress of {name}"),
    }
    never = sorted({pattern for one in formats() for pattern in one.never_opened})
    return card(
        step(2, _("Drop the files here")),
        html.Div(
            [
                icon("upload"),
                html.P(_("Drag files, folders or ZIP files to this place"), className="big"),
                html.P(_("or"), className="quiet"),
                html.Div(
                    [
                        _chooser(_("Choose files"), "files", "button primary", multiple=True),
                        _chooser(_("Choose a folder"), "folder", "button", multiple=True),
                    ],
                    className="form-row centred",
                ),
                html.P(
                    _("CSV, Excel or ZIP. What a file is, its content tells: leave names and "
                      "content as they are. Nothing leaves this computer."),
                    className="quiet",
                ),
            ],
            className="drop",
            id="drop",
            **data(
                words=json.dumps(words),
                bytes=uploads.FILE_BYTES,
                files=FILES,
                never=json.dumps(never),
                useless=json.dumps(_USELESS),
            ),
        ),
        html.P(id="sending", role="status", className="sending"),
        html.Ul(id="sent", className="sent"),
        id="give",
    )  # fmt: skip


def _chooser(text: str, name: str, kind: str, **more: bool) -> html.Div:
    """A button that opens the browser's own window for choosing files."""
    return html.Div(
        [
            html.Button(
                [icon("plus") if kind != "button" else icon("file-text"), text],
                type="button",
                id=f"choose-{name}",
                className=kind,
                **data(chooses=f"input-{name}"),
            ),
            html.Div(
                Control(
                    id=f"input-{name}",
                    kind="file",
                    **more,
                    **data(upload=name),
                    **aria(label=text),
                ),
                hidden=True,
            ),
        ]
    )
