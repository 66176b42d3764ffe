"""Posts, accounts and problems as the API writes them, with the fields that were asked for.

Written with the description's names; `older` gives the names of the generation before it.
"""

from datetime import timedelta

from tests.x_api.facts import OLDER
from tests.x_api.world import WORDS

NEWER = {old: new for new, old in OLDER.items()} | {
    "referenced_tweets.id": "referenced_posts",
    "referenced_tweets.id.author_id": "referenced_posts.author_id",
}
PUBLIC = ("repost_count", "reply_count", "like_count", "quote_count", "bookmark_count")
PRIVATE = {
    "non_public_metrics": ("url_link_clicks", "user_profile_clicks"),
    "organic_metrics": (
        "like_count",
        "reply_count",
        "repost_count",
        "url_link_clicks",
        "user_profile_clicks",
    ),
}
PRIVATE["promoted_metrics"] = PRIVATE["organic_metrics"]
REFERENCES = {"repost": "retweeted", "reply": "replied_to", "quote": "quoted"}
ANALYTICS = {
    "likes": "like_count",
    "retweets": "repost_count",
    "quote_tweets": "quote_count",
    "replies": "reply_count",
    "bookmarks": "bookmark_count",
    "url_clicks": "url_link_clicks",
    "user_profile_clicks": "user_profile_clicks",
    "detail_expands": "detail_expands",
    "follows": "follows",
    "media_views": "media_views",
    "shares": "shares",
    "hashtag_clicks": "hashtag_clicks",
}
NEVER = ("app_install_attempts", "app_opens", "email_tweet", "permalink_clicks", "unfollows")
ENGAGEMENTS = ("like_count", "repost_count", "reply_count", "url_link_clicks", "detail_expands")


def moment(value):
    return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def older(body):
    """The same body with the names of the older generation, and its host in the problem types."""
    if isinstance(body, dict):
        return {OLDER.get(name, name): older(value) for name, value in body.items()}
    if isinstance(body, list):
        return [older(value) for value in body]
    if isinstance(body, str) and body.startswith("https://api.x.com/2/problems/"):
        return body.replace("api.x.com", "api.twitter.com")
    return body


def problem(kind, title, detail, resource, value, parameter, section=None, field=None):
    """One of the ``errors`` beside data."""
    body = {
        "type": f"https://api.x.com/2/problems/{kind}",
        "title": title,
        "detail": detail,
        "resource_type": resource,
        "resource_id": value,
        "value": value,
        "parameter": parameter,
        "section": section,
        "field": field,
    }
    return {name: part for name, part in body.items() if part is not None}


def absent(resource, value, parameter, state, section="data"):
    """Why a post or account that was asked for does not come."""
    noun = {"tweet": "Tweet"}.get(resource, resource)
    if state == "closed":
        detail = f"Sorry, you are not authorized to see the {noun} with {parameter}: [{value}]."
        title = "Authorization Error"
        kind = "not-authorized-for-resource"
        return problem(kind, title, detail, resource, value, parameter, section)
    title, detail = "Not Found Error", f"Could not find {resource} with {parameter}: [{value}]."
    if state == "suspended":
        title, detail = "Forbidden", f"User has been suspended: [{value}]."
    return problem("resource-not-found", title, detail, resource, value, parameter)


class Renderer:
    """Objects of one answer: for who asks, at a moment, with what was asked for."""

    def __init__(self, world, now, reader, asked):
        self.world, self.now, self.reader = world, now, reader
        self.post_fields = _names(asked, "post.fields", "tweet.fields")
        self.user_fields = _names(asked, "user.fields")
        self.media_fields = _names(asked, "media.fields")
        self.expansions = _names(asked, "expansions")
        self.private = [name for name in PRIVATE if name in self.post_fields]
        self.included = {"posts": {}, "users": {}, "media": {}}
        self.errors = []

    def includes(self):
        found = {kind: list(some.values()) for kind, some in self.included.items() if some}
        return {"includes": found} if found else {}

    def allows(self, post, parameter, section):
        """Whether the reader may have every field asked for; else the post itself does not come."""
        is_own = self.reader is not None and post.author.id == self.reader.id
        if not self.private or (is_own and self.now < post.private_until()):
            return True
        for name in self.private:
            for part in ("impression_count", *PRIVATE[name]):
                field = f"{name}.{part}"
                said = f"not authorized to access '{field}' on the Tweet with {parameter} : [{post.id}]"
                title, kind = "Field Authorization Error", "not-authorized-for-field"
                detail = f"Sorry, you are {said}."
                self.errors.append(
                    problem(kind, title, detail, "tweet", post.id, parameter, section, field)
                )
        return False

    def post(self, post, parameter="ids", section="data"):
        """A post; None where the reader may not have what was asked for."""
        if not self.allows(post, parameter, section):
            return None
        body = {"id": post.id, "text": post.text}
        body["edit_history_post_ids"] = list(post.versions) or [post.id]
        for name in self.post_fields:
            if (value := self._field(post, name)) is not None:
                body[name] = value
        if section == "data":
            self._expand(post, body)
        return body

    def _field(self, post, name):
        about = post.about
        match name:
            case "author_id":
                return post.author.id
            case "created_at":
                return moment(post.created_at)
            case "conversation_id":
                return about.id if post.kind == "reply" else post.id
            case "lang":
                return "nl"
            case "possibly_sensitive":
                return False
            case "reply_settings":
                return "everyone"
            case "public_metrics":
                counts = {one: post.count(one, self.now) for one in PUBLIC}
                return counts | {"impression_count": post.impressions(self.now)}
            case "non_public_metrics" | "organic_metrics" | "promoted_metrics":
                return self._private(post, name)
            case "entities":
                return self._entities(post)
            case "attachments":
                return {"media_keys": [post.media]} if post.media else None
            case "referenced_posts":
                return [{"type": REFERENCES[post.kind], "id": about.id}] if about else None
            case "in_reply_to_user_id":
                return about.author.id if post.kind == "reply" else None
            case "note_post":
                return {"text": post.note} if post.note else None
            case "edit_controls":
                until = moment(post.created_at + timedelta(hours=1))
                left = 4 if post.versions else 5
                return {"edits_remaining": left, "is_edit_eligible": True, "editable_until": until}
            case "withheld":
                if post.withheld:
                    return {"copyright": False, "country_codes": list(post.withheld)}
        return None

    def _private(self, post, name):
        share = {"promoted_metrics": post.promoted, "organic_metrics": 1 - post.promoted}
        part = share.get(name, 1)
        if name == "promoted_metrics" and not part:
            return None
        counts = {one: int(post.count(one, self.now) * part) for one in PRIVATE[name]}
        counts["impression_count"] = int(post.impressions(self.now) * part)
        if name == "non_public_metrics":
            counts["engagements"] = sum(post.count(one, self.now) for one in ENGAGEMENTS)
        return counts

    def _entities(self, post):
        found = {}
        for tag in post.tags:
            start = post.text.find(f"#{tag}")
            span = {"start": start, "end": start + len(tag) + 1}
            found.setdefault("hashtags", []).append(span | {"tag": tag})
        for account in post.mentions:
            start = post.text.find(f"@{account.username}")
            span = {"start": start, "end": start + len(account.username) + 1}
            named = {"username": account.username, "id": account.id}
            found.setdefault("mentions", []).append(span | named)
        if post.url and (start := post.text.find("https://t.co/")) >= 0:
            address = {"url": "https://t.co/abcdefghij", "expanded_url": post.url}
            address["display_url"] = post.url.removeprefix("https://www.")
            found["urls"] = [{"start": start, "end": start + 23, **address}]
        return found or None

    def _expand(self, post, body):
        for name in self.expansions:
            if (value := self._field(post, name)) is not None:
                body[name] = value
            if name == "author_id":
                self._include_user(post.author)
            elif name == "in_reply_to_user_id" and post.kind == "reply":
                self._include_user(post.about.author)
            elif name == "entities.mentions.username":
                for account in post.mentions:
                    self._include_user(account, name)
            elif name == "attachments.media_keys" and post.media:
                body["attachments"] = self._field(post, "attachments")
                self.included["media"][post.media] = self._media(post.media)
            elif name.startswith("referenced_posts") and post.about:
                self._include_post(post.about, name)
            elif name == "edit_history_post_ids":
                for version in post.versions:
                    self._include_post(self.world.by_id[version], name)

    def _include_post(self, post, expansion):
        parameter = OLDER.get(expansion, expansion) + ".id" * expansion.startswith("referenced")
        state = self.world.state(post, self.now)
        if state != "seen":
            self.errors.append(absent("tweet", post.id, parameter, state, "includes"))
        elif post.id not in self.included["posts"]:
            if body := self.post(post, parameter, "includes"):
                self.included["posts"][post.id] = body
            if expansion.endswith(".author_id"):
                self._include_user(post.author)

    def _include_user(self, account, expansion=None):
        if account.suspended_from and account.suspended_from <= self.now:
            if expansion:
                self.errors.append(absent("user", account.username, expansion, "suspended"))
            return
        if account.id not in self.included["users"]:
            self.included["users"][account.id] = self.user(account)

    def _media(self, key):
        every = {"media_key": key, "type": "photo", "width": 1200, "height": 800}
        every["url"] = f"https://pbs.example/media/{key}.jpg"
        return {
            name: every[name] for name in every if name in {"media_key", "type"} | self.media_fields
        }

    def user(self, account):
        """An account."""
        every = {
            "created_at": moment(account.created_at),
            "description": " ".join(WORDS[:9]),
            "location": "Dam",
            "protected": bool(account.protected_from and account.protected_from <= self.now),
            "verified": False,
            "profile_image_url": f"https://pbs.example/{account.id}.jpg",
            "url": "https://www.dam.example",
            "public_metrics": {
                "followers_count": self.world.followers(account, self.now),
                "following_count": 120,
                "post_count": sum(
                    one.created_at <= self.now for one in self.world.of_author[account.id]
                ),
                "listed_count": 3,
                "like_count": 800,
            },
        }
        body = {"id": account.id, "name": account.name, "username": account.username}
        return body | {name: every[name] for name in self.user_fields if name in every}

    def analytics(self, post, asked, begin, end, step):
        """Figures of a post by part of a period."""
        body = {"id": post.id} if "id" in asked else {}
        if "timestamped_metrics" in asked:
            body["timestamped_metrics"] = []
            while begin < end:
                until = min(begin + step, end)
                metrics = self._between(post, begin, until, asked)
                body["timestamped_metrics"].append({"timestamp": moment(begin), "metrics": metrics})
                begin = until
            return body
        return body | self._between(post, begin, end, asked)

    def _between(self, post, begin, end, asked):
        begin, end = min(begin, self.now), min(end, self.now)
        counts = {"impressions": post.impressions(end) - post.impressions(begin)}
        for name, own in ANALYTICS.items():
            counts[name] = post.count(own, end) - post.count(own, begin)
        counts["engagements"] = sum(post.count(o, end) - post.count(o, begin) for o in ENGAGEMENTS)
        counts |= dict.fromkeys(NEVER, 0)
        return {name: count for name, count in counts.items() if name in asked}


def _names(asked, *parameters):
    values = [value for name in parameters for value in asked.get(name, "").split(",") if value]
    return {NEWER.get(value, value) for value in values}
