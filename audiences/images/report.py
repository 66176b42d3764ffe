"""What images there are, which are reused, and how posts with a trait did beside those without."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audiences.images.joining import Post
from audiences.images.traits import alike, post_traits, posts_of
from campaigns.store import Snapshot

FEWEST = 5
"""Posts with and without a trait that are needed before their figures are shown."""

_FIGURE = (
    "coalesce(max({0}) FILTER (delivery = 'total'), sum({0}) FILTER (delivery <> 'total'))::DOUBLE"
)


@dataclass(frozen=True)
class Reuse:
    """Images that are the same or nearly so, and the posts that show them."""

    images: Sequence[str]
    posts: Sequence[Post]


@dataclass(frozen=True)
class Comparison:
    """Posts of one platform with a trait beside those without: how many, and their middle rate.

    ``rate_with`` and ``rate_without`` are medians of engagements per impression, null for fewer
    posts than `FEWEST`. Nobody drew lots: what else differs between the posts is in it too.
    """

    platform: str
    trait: str
    with_: int
    without: int
    rate_with: float | None
    rate_without: float | None


@dataclass(frozen=True)
class Report:
    """All that is known of images: ``unjoined`` are of no post that is known."""

    images: int
    unjoined: int
    posts: int
    tags: Mapping[str, int]
    reuse: Sequence[Reuse]
    comparisons: Sequence[Comparison]


def report(snapshot: Snapshot) -> Report:
    """The report over all images of the store."""
    shown = posts_of(snapshot)
    ids = {row["image_id"] for row in snapshot.rows("SELECT image_id FROM images")}
    joined = {image for inside in shown.values() for image in inside}
    tags = snapshot.rows(
        "SELECT tag, count(*) FILTER (is_present) AS n FROM image_tags GROUP BY tag ORDER BY ALL"
    )
    return Report(
        len(ids),
        len(ids - joined),
        len(shown),
        {row["tag"]: int(row["n"]) for row in tags},
        _reuse(alike(snapshot), shown),
        _comparisons(post_traits(snapshot), _rates(snapshot)),
    )


def _reuse(groups: Sequence[Sequence[str]], shown: Mapping[Post, Sequence[str]]) -> list[Reuse]:
    """Groups of alike images, and single ones that several posts show."""
    by_image: dict[str, list[Post]] = {}
    for post, inside in shown.items():
        for image in inside:
            by_image.setdefault(image, []).append(post)
    grouped = {image for group in groups for image in group}
    single = [[image] for image, posts in by_image.items() if len(posts) > 1]
    whole = [*groups, *(one for one in single if one[0] not in grouped)]
    found = [
        Reuse(group, sorted({post for image in group for post in by_image.get(image, [])}))
        for group in whole
    ]
    return sorted(found, key=lambda one: (-len(one.posts), -len(one.images), one.images))


def _rates(snapshot: Snapshot) -> dict[Post, float]:
    """Engagements per impression of the organisation's own posts and those of partners."""
    rows = snapshot.rows(
        f"""WITH figures AS (SELECT platform, post_id, {_FIGURE.format("engagements")} AS done,
            {_FIGURE.format("impressions")} AS seen FROM post_metrics GROUP BY ALL)
        SELECT posts.platform, posts.post_id, done / seen AS rate FROM figures
        JOIN posts ON posts.platform = figures.platform AND posts.post_id = figures.post_id
        LEFT JOIN accounts ON accounts.platform = posts.platform
            AND accounts.account_id = posts.account_id
        WHERE seen > 0 AND done IS NOT NULL AND is_repost IS NOT TRUE
            AND coalesce(role, 'own') IN ('own', 'partner')"""
    )
    return {(row["platform"], row["post_id"]): row["rate"] for row in rows}


def _comparisons(
    traits: Mapping[Post, Mapping[str, bool]], rates: Mapping[Post, float]
) -> list[Comparison]:
    sides: dict[tuple[str, str], tuple[list[float], list[float]]] = {}
    for post, found in traits.items():
        if post in rates:
            for name, is_so in found.items():
                sides.setdefault((post[0], name), ([], []))[0 if is_so else 1].append(rates[post])
    return [
        Comparison(platform, name, len(yes), len(no), _middle(yes, no), _middle(no, yes))
        for (platform, name), (yes, no) in sorted(sides.items())
        if yes
    ]


def _middle(values: Sequence[float], others: Sequence[float]) -> float | None:
    return statistics.median(values) if min(len(values), len(others)) >= FEWEST else None
