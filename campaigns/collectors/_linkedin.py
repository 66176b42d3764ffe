"""What LinkedIn's exports have in common: links to posts, and how figures look."""

from __future__ import annotations

COUNT = r"[-+]?\d[\d.,'’\s]*|[-–]"
"""How a count looks, as a regular expression."""

LINK = r"https?://([a-z]+\.)?linkedin\.com/.+"
"""How a link to something on LinkedIn looks."""


def post_id(url: str) -> str:
    """SQL for the id of the post that the SQL ``url`` links to; null when it links to none.

    It is the whole URN, so that ``activity``, ``share`` and ``ugcPost`` ids stay apart: they are
    different numbers for one post. Links can be percent-encoded; a public link
    (``/posts/name_some-words-share-7234…-Ab1c``) has the kind and the number only.
    """
    link = f"coalesce(try(url_decode({url})), {url})"  # as it stands when it is no valid code
    urn = f"nullif(regexp_extract({link}, 'urn:li:[A-Za-z]+:[0-9]+(-[0-9]+)?'), '')"
    public = (
        f"'urn:li:' || nullif(regexp_replace(regexp_extract({link}, "
        "'[-_](activity|share|ugcPost)-[0-9]{12,}'), '^[-_]([A-Za-z]+)-', '\\1:'), '')"
    )
    return f"coalesce({urn}, {public})"
