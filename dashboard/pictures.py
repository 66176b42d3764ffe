"""Pictures of posts, from the folder in which the operator has them: the store keeps none."""

from __future__ import annotations

import re
from pathlib import Path

import flask
from dash import html

from audiences.images import Folder
from campaigns.store import Snapshot
from dashboard.answers import Answers

_FOLDER = "bereik_pictures"


def register(server: flask.Flask, folder: Path | None) -> None:
    """Show the images of a folder on pages; without one, none."""
    server.extensions[_FOLDER] = None if folder is None else Folder(folder)
    server.add_url_rule("/pictures/<image_id>.jpg", "picture", _send)


def picture(image_id: str, said: str) -> html.Img | None:
    """An image of a post with what is said of it to who does not see it; None where it is not."""
    folder: Folder | None = flask.current_app.extensions[_FOLDER]
    if folder is None or not folder.has(image_id):
        return None
    source = f"/pictures/{image_id}.jpg"
    return html.Img(src=source, alt=said, className="thumbnail")


def _send(image_id: str) -> flask.Response:
    folder: Folder | None = flask.current_app.extensions[_FOLDER]
    answers: Answers = flask.current_app.extensions["bereik"]
    is_named = re.fullmatch("[0-9a-f]{32}", image_id) is not None
    if folder is not None and is_named and image_id in answers.ask(_known):
        content = folder.small(image_id)
        if content is not None:
            return flask.Response(content, mimetype="image/jpeg")
    return flask.Response("There is no such picture.\n", 404, mimetype="text/plain")


def _known(snapshot: Snapshot) -> frozenset[str]:
    """The images that posts show; what was taken out is not among them."""
    rows = snapshot.rows("SELECT image_id FROM images SEMI JOIN image_posts USING (image_id)")
    return frozenset(row["image_id"] for row in rows)
