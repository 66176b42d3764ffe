"""``bereik images``: measure the images of posts, tag them, and see which go with what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaigns.errors import N_, Message
from campaigns.translations import _, say
from scripts import Context
from scripts._options import json_option
from scripts._tables import print_table

if TYPE_CHECKING:
    from audiences.images import Report
    from campaigns.store import Snapshot

MOST = 20
"""Reused images and names that are printed; --json has all."""


@click.group()
def command() -> None:
    """Measure the images of posts, say what is in them, and see which go with what.

    Everything happens on this computer: format, size, light, colours, how much looks like text,
    and which are alike. Faces are not looked for, and no image is kept in the store.

    \b
    Examples:
      bereik images import pictures/
      bereik images tag zomer.jpg person !logo
      bereik images report
    """


@command.command("import")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@click.option(
    "--list",
    "list_path",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help=N_("A list with the columns file, post and tags; post is a link or id."),
)
@click.option("--post", metavar="POST", help=N_("The post that shows the one image."))
@json_option
@click.pass_context
def import_(
    ctx: click.Context, paths: tuple[Path, ...], list_path: Path | None, post: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Measure images and join them to posts.

    Each PATH is an image (JPEG, PNG, GIF, WebP), a folder or a zip of them. The post is the one
    in --post, else the one in the list, else the one whose id stands in the name of the file. It
    can be repeated: nothing is stored twice, and posts that came meanwhile are joined.

    \b
    Examples:
      bereik images import pictures.zip
      bereik images import pictures/ --list pictures.csv
      bereik images import zomer.jpg --post https://x.com/gemeente/status/1234567890
    """
    from audiences.images import import_images, listed

    context: Context = ctx.obj
    lists = {} if list_path is None else listed(list_path)
    said = import_images(context.store, paths, lists, post)
    if as_json:
        errors = [say(error) for error in said.errors]
        context.write_json({"new": said.new, "known": said.known, "joined": said.joined,
                            "unjoined": said.unjoined, "errors": errors})  # fmt: skip
    else:
        for error in said.errors:
            context.say(error)
        context.say(
            N_("{new} images are new, {known} were known; {joined} times a post shows one."),
            new=context.number(said.new),
            known=context.number(said.known),
            joined=context.number(said.joined),
        )
        if said.unjoined:
            context.say(
                N_("Of {n} files no post is known: {names}. Join them with --list or --post."),
                n=context.number(len(said.unjoined)),
                names=", ".join(said.unjoined[:MOST]),
            )
    ctx.exit(1 if said.errors else 0)


@command.command("list")
@json_option
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """List the images, what was measured, the posts that show them, and their tags.

    \b
    Example:
      bereik images list --json
    """
    rows = context.store.read(_images)
    if as_json:
        context.write_json({"images": rows})
        return
    heads = [N_("image"), N_("file"), N_("size"), N_("light"), N_("colour"), N_("text"),
             N_("main colours"), N_("posts"), N_("tags")]  # fmt: skip
    print_table([_(head) for head in heads], [_line(row) for row in rows])


def _images(snapshot: Snapshot) -> list[dict[str, Any]]:
    return snapshot.rows(
        """SELECT images.* EXCLUDE (import_id, collected_at, is_removed), coalesce((SELECT
            list(platform || ':' || post_id ORDER BY platform, post_id) FROM image_posts
            WHERE image_posts.image_id = images.image_id), []) AS posts,
        coalesce((SELECT list(if(is_present, tag, '!' || tag) ORDER BY tag) FROM image_tags
            WHERE image_tags.image_id = images.image_id), []) AS tags
        FROM images ORDER BY file, image_id"""
    )


def _line(row: Mapping[str, Any]) -> list[str]:
    colours = [one.partition("=")[0] for one in (row["colours"] or "").split(";")]
    return [
        row["image_id"][:8],
        row["file"] or "–",
        f"{row['width']} × {row['height']}",
        f"{row['brightness']:.2f}",
        f"{row['colourfulness']:.0f}",
        f"{row['text_share']:.0%}",
        " ".join(colours[:3]),
        " ".join(row["posts"]) or "–",
        " ".join(row["tags"]) or "–",
    ]


@command.command("tag")
@click.argument("image")
@click.argument("words", nargs=-1, required=True, metavar="TAG...")
@click.option("--forget", is_flag=True, help=N_("Take these tags back: nobody looked for them."))
@click.pass_obj
def tag_(context: Context, image: str, words: tuple[str, ...], forget: bool) -> None:
    """Say what is in an image, and with ! before it what is not.

    IMAGE is the name of its file, the beginning of its id, or its post. What nobody looked for is
    not known; so say !person too, where there is none. Tag what is to be seen, never who.

    \b
    Examples:
      bereik images tag zomer.jpg person logo
      bereik images tag 3fa94c01 !person
    """
    from audiences.images import tag, tags

    given = tags(" ".join(words))
    wanted: dict[str, bool | None] = {
        word: None if forget else is_so for word, is_so in given.items()
    }
    found = tag(context.store, image, wanted)
    context.say(N_("Image {image}: {tags}"), image=found[:8], tags=" ".join(words))


@command.command("report")
@json_option
@click.pass_obj
def report_(context: Context, as_json: bool) -> None:
    """Show what is reused, and how posts with a trait did beside posts without it.

    Nobody drew lots: posts with people in them may also be about other things. What wins is shown
    by a test: bereik experiment.

    \b
    Example:
      bereik images report --json
    """
    from audiences.images import report

    found = context.store.read(report)
    if as_json:
        context.write_json(_as_json(found))
        return
    context.say(
        N_("{images} images; {posts} posts show one; of {unjoined} no post is known."),
        images=context.number(found.images),
        posts=context.number(found.posts),
        unjoined=context.number(found.unjoined),
    )
    for one in found.reuse[:MOST]:
        posts = ", ".join(":".join(post) for post in one.posts) or "–"
        text = N_("alike: {images} (posts: {posts})")
        click.echo(_(text, images=", ".join(i[:8] for i in one.images), posts=posts))
    _print_comparisons(found)


def _print_comparisons(found: Report) -> None:
    heads = [N_("platform"), N_("trait"), N_("posts with it"), N_("posts without"),
             N_("engagement rate with it"), N_("without")]  # fmt: skip
    rows = [
        [one.platform, _label(one.trait), str(one.with_), str(one.without),
         _rate(one.rate_with), _rate(one.rate_without)]
        for one in found.comparisons
    ]  # fmt: skip
    if rows:
        print_table([_(head) for head in heads], rows, frozenset({2, 3, 4, 5}))
        click.echo(_(OBSERVED), err=True)


OBSERVED = N_(
    "Middle rates of posts that were made, not of a test: other things differ between them too."
)


def _label(trait: str) -> str:
    from audiences.images import LABELS

    label = LABELS.get(trait)
    return trait.removeprefix("tag:") if label is None else _(label)


def _rate(value: float | None) -> str:
    return _("too few") if value is None else f"{value:.2%}"


def _as_json(found: Report) -> dict[str, object]:
    return {
        "images": found.images,
        "unjoined": found.unjoined,
        "posts": found.posts,
        "tags": dict(found.tags),
        "reuse": [
            {"images": list(one.images), "posts": [":".join(post) for post in one.posts]}
            for one in found.reuse
        ],
        "comparisons": [
            {"platform": one.platform, "trait": one.trait, "with": one.with_,
             "without": one.without, "rate_with": one.rate_with, "rate_without": one.rate_without}
            for one in found.comparisons
        ],
        "note": say(Message(OBSERVED)),
    }  # fmt: skip
