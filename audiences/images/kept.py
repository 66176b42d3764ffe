"""Images in the store: what was measured, which posts show them, and what people saw in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audiences.images.features import Features, measure
from audiences.images.files import Found, images
from audiences.images.joining import Listed, Post, by_name
from campaigns.definitions.by_hand import locate
from campaigns.definitions.references import reference
from campaigns.errors import N_, BadDefinition, Message, UserError
from campaigns.store import Snapshot, Store

Progress = Callable[[int, Path], None]
"""Told of each image: its number (from 1), and which it is."""


class UnknownImage(UserError):
    """An image that the store does not know, or several."""

    text = N_("'{name}' is {found} images in the store. See them with: bereik images list")


@dataclass
class Imported:
    """What became of the files: how many are new, known before, and joined to a post.

    ``unjoined`` are the names of files of which no post is known; ``errors`` say why a file was
    not measured, or why what a list says of one cannot be.
    """

    new: int = 0
    known: int = 0
    joined: int = 0
    unjoined: list[str] = field(default_factory=list)
    errors: list[UserError] = field(default_factory=list)


@dataclass(frozen=True)
class _Measured:
    name: str
    features: Features


def import_images(
    store: Store,
    paths: Iterable[Path],
    lists: Mapping[str, Listed] | None = None,
    post: str | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Measure images and join them to posts; the store keeps figures, never an image.

    What a list says of a file goes before the id in its name, ``post`` (of a single image) before
    both. What is known already is not stated again, so it can be repeated after new posts came.
    """
    said = Imported()
    measured = list(_measured(images(paths), said, progress))
    if post is not None and len({one.features.image_id for one in measured}) != 1:
        reason = Message(N_("--post is about one image, and there are {n}"), {"n": len(measured)})
        raise BadDefinition(where=post, reason=reason)
    lists = lists or {}
    rows = store.read(lambda snapshot: _rows(snapshot, measured, lists, post, said))
    if any(rows.values()):
        store.state(rows, "images import")
    return said


def _measured(
    found: Iterable[Found], said: Imported, progress: Progress | None
) -> Iterable[_Measured]:
    for number, one in enumerate(found, 1):
        if progress is not None:
            progress(number, one.path)
        try:
            if one.content is None:
                raise one.error or ValueError(one.path)
            yield _Measured(one.name, measure(one.path, one.content))
        except UserError as error:
            said.errors.append(error)


def _rows(
    snapshot: Snapshot,
    measured: Sequence[_Measured],
    lists: Mapping[str, Listed],
    post: str | None,
    said: Imported,
) -> dict[str, list[dict[str, object]]]:
    """What is to be stated: images, joins and tags that the store does not have like that."""
    have: dict[str, set[tuple[Any, ...]]] = {
        "images": {(r["image_id"],) for r in snapshot.rows("SELECT image_id FROM images")},
        "image_posts": {
            (r["platform"], r["post_id"], r["image_id"]) for r in snapshot.rows("FROM image_posts")
        },
        "image_tags": {
            (r["image_id"], r["tag"], r["is_present"]) for r in snapshot.rows("FROM image_tags")
        },
    }
    known = {image_id for (image_id,) in have["images"]}
    posts = _posts(snapshot, measured, lists, post, said)
    rows: dict[str, dict[tuple[Any, ...], dict[str, object]]] = {name: {} for name in have}
    for one in measured:
        image = one.features.image_id
        rows["images"].setdefault((image,), _row(one))
        for tag, is_present in _listed(lists, one.name).tags.items():
            stated = {"image_id": image, "tag": tag, "is_present": is_present}
            rows["image_tags"][image, tag, is_present] = stated
        if one.name in posts:
            (platform, post_id), how = posts[one.name]
            about = {"platform": platform, "post_id": post_id, "image_id": image}
            rows["image_posts"][platform, post_id, image] = {**about, "joined_by": how}
    ids = {one.features.image_id for one in measured}
    said.known, said.new = len(ids & known), len(ids - known)
    said.joined = len(rows["image_posts"])
    said.unjoined = sorted({one.name for one in measured} - set(posts))
    return {
        name: [row for key, row in found.items() if key not in have[name]]
        for name, found in rows.items()
    }


def _listed(lists: Mapping[str, Listed], name: str) -> Listed:
    return lists.get(name.lower(), Listed(None, {}))


def _posts(
    snapshot: Snapshot,
    measured: Sequence[_Measured],
    lists: Mapping[str, Listed],
    post: str | None,
    said: Imported,
) -> dict[str, tuple[Post, str]]:
    """The post of each file, and how it is known."""
    names = [one.name for one in measured]
    found = {name: (one, "name") for name, one in by_name(snapshot, names).items()}
    for name in dict.fromkeys(names):
        given = _listed(lists, name).post
        if given is not None and post is None:
            try:
                found[name] = (locate(snapshot, [reference(given)])[0], "list")
            except BadDefinition as error:
                said.errors.append(error)
    if post is not None:
        found |= dict.fromkeys(names, (locate(snapshot, [reference(post)])[0], "hand"))
    return found


def _row(one: _Measured) -> dict[str, object]:
    found = one.features
    return {
        "image_id": found.image_id,
        "file": one.name,
        "format": found.format,
        "width": found.width,
        "height": found.height,
        "size": found.size,
        "brightness": found.brightness,
        "colourfulness": found.colourfulness,
        "colours": ";".join(f"{colour}={share:g}" for colour, share in found.colours),
        "text_share": found.text_share,
        "likeness": found.likeness,
    }


def tag(store: Store, name: str, given: Mapping[str, bool | None]) -> str:
    """State what is, or is not, in an image; None takes a tag back. Returns the image_id.

    An image is named by its file, the beginning of its id (six digits or more), or its post.
    """
    image = store.read(lambda snapshot: find(snapshot, name))
    rows = [
        {"image_id": image, "tag": word, "is_present": value, "is_removed": value is None}
        for word, value in given.items()
    ]
    store.state({"image_tags": rows}, f"images tag {image[:8]}")
    return image


def find(snapshot: Snapshot, name: str) -> str:
    """The image that is named; raises `UnknownImage` when there is none, or several."""
    sql = "SELECT DISTINCT image_id FROM images WHERE lower(file) = lower($name)"
    found = [row["image_id"] for row in snapshot.rows(sql, {"name": name})]
    if not found and len(name) >= 6:
        sql = "SELECT image_id FROM images WHERE starts_with(image_id, lower($name))"
        found = [row["image_id"] for row in snapshot.rows(sql, {"name": name})]
    if not found:
        found = _of_post(snapshot, name)
    if len(found) != 1:
        raise UnknownImage(name=name, found=len(found))
    return str(found[0])


def _of_post(snapshot: Snapshot, name: str) -> list[str]:
    try:
        [(platform, post_id)] = locate(snapshot, [reference(name)])
    except BadDefinition:
        return []
    sql = "SELECT image_id FROM image_posts WHERE platform = $platform AND post_id = $post_id"
    return [
        row["image_id"] for row in snapshot.rows(sql, {"platform": platform, "post_id": post_id})
    ]
