"""What can be said of the images of a post in yes or no: measured, or seen by somebody.

For whoever compares posts: a trait that nobody looked for is not known, which is not a no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from audiences.images import likeness
from audiences.images.features import colour_name
from audiences.images.joining import Post
from campaigns.errors import N_
from campaigns.store import Snapshot

BRIGHT, COLOURFUL, MUCH_TEXT = 0.6, 45.0, 0.2
"""From where on an image is called bright, colourful (Hasler and Süsstrunk: "averagely"), and
full of text (the fifth that advertising platforms used to allow)."""

LABELS = {
    "bright": N_("bright"),
    "colourful": N_("colourful"),
    "much_text": N_("much text"),
    "portrait": N_("higher than wide"),
    "reused": N_("used in several posts"),
    "black": N_("mainly black"),
    "grey": N_("mainly grey"),
    "white": N_("mainly white"),
    "red": N_("mainly red"),
    "orange": N_("mainly orange"),
    "yellow": N_("mainly yellow"),
    "green": N_("mainly green"),
    "blue": N_("mainly blue"),
    "purple": N_("mainly purple"),
}
"""How measured traits are called. Tags are called as people wrote them."""

_COLOURS = tuple(LABELS)[5:]


def traits(image: Mapping[str, Any]) -> dict[str, bool]:
    """The measured traits of a row of the table images.

    >>> found = traits({"brightness": 0.8, "colourfulness": 3.0, "text_share": 0.25,
    ...                 "width": 100, "height": 200, "colours": "#1a56b0=0.9;#ffffff=0.1"})
    >>> [name for name, is_so in found.items() if is_so]
    ['bright', 'much_text', 'portrait', 'blue']
    """
    largest = (image["colours"] or "").partition("=")[0]
    main = colour_name(largest) if largest else None
    return {
        "bright": image["brightness"] >= BRIGHT,
        "colourful": image["colourfulness"] >= COLOURFUL,
        "much_text": image["text_share"] >= MUCH_TEXT,
        "portrait": image["height"] > image["width"],
        **{colour: colour == main for colour in _COLOURS},
    }


def image_traits(snapshot: Snapshot) -> dict[str, dict[str, bool]]:
    """Traits and tags of every image, by image_id. A tag is a trait called ``tag:`` and its word.

    A tag that nobody stated of an image is not among its traits.
    """
    found = {row["image_id"]: traits(row) for row in snapshot.rows("FROM images ORDER BY image_id")}
    for row in snapshot.rows("FROM image_tags WHERE is_present IS NOT NULL ORDER BY ALL"):
        if row["image_id"] in found:
            found[row["image_id"]][f"tag:{row['tag']}"] = row["is_present"]
    return found


def post_traits(snapshot: Snapshot) -> dict[Post, dict[str, bool]]:
    """Traits and tags of every post that shows an image, by platform and post_id.

    Of a post with several images a trait is there when any of them has it, and not there when all
    of them are known to have it not. ``reused``: another post shows the same or nearly the same.
    """
    of_images = image_traits(snapshot)
    shown = posts_of(snapshot)
    reused = _reused(snapshot, shown)
    found: dict[Post, dict[str, bool]] = {}
    for post, inside in shown.items():
        known = [of_images[image] for image in inside if image in of_images]
        names = dict.fromkeys(name for one in known for name in one)
        for name in names if known else ():
            values = [one.get(name) for one in known]
            if True in values:
                found.setdefault(post, {})[name] = True
            elif None not in values:
                found.setdefault(post, {})[name] = False
        if known:
            found.setdefault(post, {})["reused"] = post in reused
    return found


def variant_traits(
    traits_by_post: Mapping[Post, Mapping[str, bool]], posts: Sequence[Post]
) -> dict[str, bool]:
    """The traits of a variant of a test: those that most of its posts have, or have not.

    A trait that is not known of more than half of them, or that halves differ in, is left out.

    >>> of_posts = {("x", "1"): {"tag:person": True}, ("x", "2"): {"tag:person": True}}
    >>> variant_traits(of_posts, [("x", "1"), ("x", "2"), ("x", "3")])
    {'tag:person': True}
    >>> variant_traits(of_posts, [("x", "1"), ("x", "3")])
    {}
    """
    known = [traits_by_post.get(post, {}) for post in posts]
    found = {}
    for name in dict.fromkeys(name for one in known for name in one):
        for value in (True, False):
            if sum(one.get(name) is value for one in known) * 2 > len(posts):
                found[name] = value
    return found


def posts_of(snapshot: Snapshot) -> dict[Post, list[str]]:
    """The images of each post that shows any, by image_id."""
    found: dict[Post, list[str]] = {}
    for row in snapshot.rows("SELECT platform, post_id, image_id FROM image_posts ORDER BY ALL"):
        found.setdefault((row["platform"], row["post_id"]), []).append(row["image_id"])
    return found


def alike(snapshot: Snapshot) -> list[list[str]]:
    """The groups of images that are nearly the same, by image_id."""
    rows = snapshot.rows("SELECT image_id, likeness FROM images WHERE likeness IS NOT NULL")
    return likeness.groups({row["image_id"]: row["likeness"] for row in rows})


def _reused(snapshot: Snapshot, shown: Mapping[Post, list[str]]) -> set[Post]:
    group = {image: inside[0] for inside in alike(snapshot) for image in inside}
    by_image: dict[str, set[Post]] = {}
    for post, inside in shown.items():
        for image in inside:
            by_image.setdefault(group.get(image, image), set()).add(post)
    return {post for posts in by_image.values() if len(posts) > 1 for post in posts}
