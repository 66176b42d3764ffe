"""Answers of a platform without the people in them that nobody may know.

What is kept of an answer is what the store may know: of accounts that are not registered a
pseudonym, in texts no handle of theirs, and nothing of who was erased.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from campaigns.privacy.erasure import Tombstones, is_erased
from campaigns.privacy.key import Key
from campaigns.privacy.masking import EMAIL, PHONE
from campaigns.privacy.people import GONE, SHORTEST_WORD
from campaigns.privacy.raw import listed

Json = dict[str, Any]

_HANDLE = re.compile(r"(?<![A-Za-z0-9_])[@＠]([A-Za-z0-9_]{1,30})")
_PROFILE = re.compile(r"(?i)((?:x|twitter)\.com/)(\w{1,30})")
_PAGES = {"i", "search", "hashtag", "home", "intent", "share", "explore"}
_OF_POST = (
    *("id", "author_id", "text", "created_at", "lang", "conversation_id", "attachments"),
    *("referenced_tweets", "referenced_posts", "public_metrics", "non_public_metrics"),
    *("organic_metrics", "promoted_metrics", "withheld", "timestamped_metrics"),
    *("edit_history_tweet_ids", "edit_history_post_ids"),
)
_OF_MEDIA = ("media_key", "type", "public_metrics")
_OF_PROBLEM = ("type", "title", "resource_type", "resource_id", "value", "parameter", "detail")


@dataclass
class Hider:
    """Makes answers private; only ``registered`` handles are kept, in lower case."""

    secret: Key
    registered: Collection[str]
    stones: Tombstones = field(default_factory=Tombstones)

    def hidden(self, answer: Json, names: Mapping[str, str]) -> Json:
        """The part of an answer that may be kept. ``names`` has the handles of known ids."""
        included = answer.get("includes") or {}
        users = [*listed(included.get("users")), *listed(answer.get("data"))]
        known = {str(one["id"]): str(one["username"]) for one in users if "username" in one}
        who = {**known, **names}
        kept: Json = {}
        if "data" in answer:
            data = answer["data"]
            items = [one for each in listed(data) for one in self._item(each, who)]
            kept["data"] = items if isinstance(data, list) else next(iter(items), None)
        included_kept = {
            "users": [one for each in listed(included.get("users")) for one in self._user(each)],
            "media": [{k: one[k] for k in _OF_MEDIA if k in one}
                      for one in listed(included.get("media"))],
        }  # fmt: skip
        if any(included_kept.values()):
            kept["includes"] = {name: value for name, value in included_kept.items() if value}
        if "errors" in answer:
            kept["errors"] = [self._problem(one) for one in listed(answer["errors"])]
        if "meta" in answer:
            kept["meta"] = answer["meta"]
        return kept

    def _item(self, item: Json, who: Mapping[str, str]) -> Iterator[Json]:
        if "username" in item:
            yield from self._user(item)
            return
        author = who.get(str(item.get("author_id") or item.get("id")), "")
        if author and is_erased(self.stones, self.secret, "x", author):
            return
        kept = {name: item[name] for name in _OF_POST if name in item}
        is_known = author.casefold() in self.registered
        if "author_id" in kept and not is_known:
            kept["author_id"] = self._number(kept["author_id"])
        if "in_reply_to_user_id" in item:
            kept["in_reply_to_user_id"] = self._number(item["in_reply_to_user_id"])
        if "text" in kept:
            kept["text"] = self.text(kept["text"], is_known=is_known)
        if urls := listed((item.get("entities") or {}).get("urls")):
            kept["entities"] = {"urls": [self._url(one) for one in urls]}
        for name in ("note_tweet", "note_post"):
            if isinstance(item.get(name), dict):
                text = self.text(str(item[name].get("text", "")), is_known=is_known)
                urls = listed((item[name].get("entities") or {}).get("urls"))
                kept[name] = {"text": text, "entities": {"urls": [self._url(u) for u in urls]}}
        yield kept

    def _user(self, user: Json) -> Iterator[Json]:
        handle = str(user.get("username", "")).casefold()
        if is_erased(self.stones, self.secret, "x", handle):
            return
        if handle in self.registered:
            names = ("id", "username", "public_metrics", "protected")
            yield {name: user[name] for name in names if name in user}
        else:
            hidden = self.secret.pseudonym(handle)[1:]
            yield {"id": self._number(user.get("id", "")), "username": hidden}

    def _problem(self, problem: Json) -> Json:
        kept = {name: problem[name] for name in _OF_PROBLEM if name in problem}
        if problem.get("resource_type") not in {"tweet", "post"}:
            for name in ("value", "resource_id", "detail"):  # they name an account
                kept.pop(name, None)
        return kept

    def _number(self, number: object) -> str:
        return self.secret.pseudonym(f"id {number}")[1:]

    def _url(self, url: Json) -> Json:
        kept = {name: url[name] for name in ("url", "expanded_url", "unwound_url") if name in url}
        return {name: self._profiles(str(value)) for name, value in kept.items()}

    def text(self, text: str, *, is_known: bool) -> str:
        """A text without handles of others, nor of erased people their names."""

        def handle(found: re.Match[str]) -> str:
            name = found[1]
            return found[0] if name.casefold() in self.registered else self.secret.pseudonym(name)

        if "@" in text or "＠" in text:
            text = _HANDLE.sub(handle, text)
        text = self._profiles(text)
        if not is_known:
            text = re.sub(PHONE, r"\1[telefoon]", re.sub(EMAIL, "[e-mail]", text))
        return self._without_erased(text)

    def _profiles(self, text: str) -> str:
        if ".com/" not in text.lower():
            return text

        def profile(found: re.Match[str]) -> str:
            name = found[2].casefold()
            is_kept = name in self.registered or name in _PAGES
            return found[0] if is_kept else found[1] + self.secret.pseudonym(name)[1:]

        return _PROFILE.sub(profile, text)

    def _without_erased(self, text: str) -> str:
        if not self.stones.lengths:
            return text
        words = list(re.finditer(r"[^\W_]+", text))
        for length in self.stones.lengths:
            for at in range(len(words) - length + 1):
                some = words[at : at + length]
                said = " ".join(one[0].lower() for one in some)
                is_name = length > 1 or len(said) >= SHORTEST_WORD
                if is_name and is_erased(self.stones, self.secret, "", said):
                    cut = text[: some[0].start()] + GONE + text[some[-1].end() :]
                    return self._without_erased(cut)
        return text
