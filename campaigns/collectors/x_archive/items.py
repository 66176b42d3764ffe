"""The items of a JavaScript file of an archive, one at a time, in constant memory.

The file is an assignment, ``window.YTD.tweets.part0 = [ … ]``: a name, then an array of objects.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from campaigns.collectors._delimited import CUT_OFF
from campaigns.errors import N_

BROKEN = N_("the post is not valid JSON")
REST = N_("not read: what comes before it in the file is damaged")

BLOCK = 1 << 20
MAX_ITEM = 16 << 20
"""The longest item in characters; a post with all that X knows of it has about 10,000."""

_ASSIGNED = re.compile(r"\ufeff?\s*(?:window\.|var\s+)?([\w.]+)\s*=\s*(?=[\[{])")
_WRAPPED = re.compile(r'\{\s*"(?:tweet|noteTweet)"\s*:')
_BETWEEN = re.compile(r"[\s,]*")


def assigned(file: BinaryIO) -> str:
    """The name to which a file assigns, ``""`` when it is no such file.

    >>> import io
    >>> assigned(io.BytesIO(b"window.YTD.tweets.part0 = [ ]"))
    'YTD.tweets.part0'
    """
    match = _ASSIGNED.match(file.read(400).decode(errors="replace"))
    return match[1] if match else ""


def items(file: BinaryIO) -> Iterator[dict[str, Any] | str]:
    """The objects in the array of a file; a text where one cannot be read says why.

    After a broken item reading goes on at the next one that is wrapped as X wraps posts; else
    the rest is given up.

    >>> import io
    >>> list(items(io.BytesIO(b'x = [ {"tweet": {}}, {"tweet": nonsense}, {"tweet": {}} ]')))
    [{'tweet': {}}, 'the post is not valid JSON', {'tweet': {}}]
    """
    return _Text(file).items()


@dataclass
class _Text:
    """The text of a file from the place that was read up to."""

    file: BinaryIO
    text: str = ""
    at: int = 0
    is_whole: bool = False
    decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8-sig")("replace")
    )

    def more(self) -> bool:
        """Read on, at least as much as is waiting; false at the end of the file."""
        self.text, self.at = self.text[self.at :], 0
        block = self.file.read(max(BLOCK, len(self.text)))
        self.is_whole = not block
        self.text += self.decoder.decode(block, final=self.is_whole)
        return not self.is_whole

    def items(self) -> Iterator[dict[str, Any] | str]:
        self.more()
        match = _ASSIGNED.match(self.text)
        self.at = self.text.find("[", match.end() if match else 0) + 1
        parse = json.JSONDecoder().raw_decode
        while self._goes_on():
            try:
                item, end = parse(self.text, self.at)
            except (ValueError, RecursionError) as error:
                is_short = len(self.text) - self.at < MAX_ITEM and isinstance(error, ValueError)
                if not self.is_whole and is_short:
                    self.more()
                    continue
                yield self._fault()
                continue
            self.at = end
            yield item if isinstance(item, dict) else BROKEN

    def _goes_on(self) -> bool:
        """Go to the next item; false after the last one."""
        while True:
            self.at = _BETWEEN.match(self.text, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.text):
                return self.text[self.at] != "]"
            if self.is_whole or not self.more():
                return False

    def _fault(self) -> str:
        """Go to the next item that begins as posts do; what is wrong with this one."""
        while True:
            if match := _WRAPPED.search(self.text, self.at + 1):
                self.at = match.start()
                return BROKEN
            if self.is_whole:
                is_last = len(self.text) - self.at < MAX_ITEM
                self.at = len(self.text)
                return CUT_OFF if is_last else REST
            self.at = max(self.at, len(self.text) - 100)
            self.more()
