"""Every file of the organisation, as its people would have them in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from campaigns.simulate import (
    audience_files,
    colleague_files,
    linkedin_files,
    list_files,
    x_files,
)
from campaigns.simulate.truth import Organisation


def write(organisation: Organisation, folder: str | Path) -> list[Path]:
    """Write all files of the organisation under the folder; the paths, in order of download.

    Folders are made; files of the same names are replaced, others are left alone. The same
    organisation gives the same bytes, with the same versions of numpy and xlsxwriter. Besides
    what the downloads say there are a second copy of one file, an overview downloaded twice on
    one day, the lists that the agency keeps itself, ``campaigns.toml``, and what colleagues
    handed in.
    """
    root = Path(folder)
    written: dict[Path, None] = {}
    for name, data in _contents(organisation):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written[path] = None
    return list(written)


def _contents(organisation: Organisation) -> Iterator[tuple[str, bytes]]:
    yield from exports(organisation)
    yield from audience_files.exports(organisation)
    yield from list_files.lists(organisation)
    yield from colleague_files.exports(organisation)


def exports(organisation: Organisation) -> Iterator[tuple[str, bytes]]:
    """The platforms' exports: name and bytes, in order of download."""
    of_posts = dict(iter(organisation.post_figures.groupby("download")))
    of_days = dict(iter(organisation.day_figures.groupby("download")))
    of_ads = dict(iter(organisation.ad_figures.groupby("download")))
    for download in organisation.downloads:
        number = download.number
        if download.kind == "x_legacy":
            yield x_files.legacy(download, organisation.posts, of_posts[number])
        elif download.kind == "x_overview":
            yield x_files.overview(download, of_days[number])
        elif download.kind == "linkedin_page":
            yield linkedin_files.page(
                download, organisation.posts, of_posts[number], of_days[number], organisation.ads
            )
        elif download.kind == "linkedin_ads":
            if number in of_ads:
                yield linkedin_files.ads(download, of_ads[number])
        else:
            yield x_files.content(download, organisation.posts, of_posts[number])
    yield _copy(organisation)


def _copy(organisation: Organisation) -> tuple[str, bytes]:
    """A browser's second copy of a file."""
    first = next(one for one in organisation.downloads if one.kind == "x_content_b")
    figures = organisation.post_figures
    known = figures[figures.download == first.number]
    name, data = x_files.content(first, organisation.posts, known)
    return name.replace(".csv", " (1).csv"), data
