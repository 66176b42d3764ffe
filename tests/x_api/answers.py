"""The calls: a status and a body for each request, and what it cost. No network here."""

import base64
import binascii
import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.x_api import facts, search
from tests.x_api.render import Renderer, absent, older
from tests.x_api.world import EPOCH, Account, World

FAR = 1 << 63
TIMELINE = 3200
"""So many posts of an account does the platform give, the newest ones."""

RECENT = timedelta(days=7)
STEPS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(days=7)}


class Refusal(Exception):
    """An answer that is no data: a status and a body."""

    def __init__(self, status, title, detail=None, kind=None, **more):
        self.status = status
        address = f"https://api.x.com/2/problems/{kind}" if kind else "about:blank"
        self.body = {"title": title, "detail": detail or title, "type": address, **more}
        if not kind or kind == "unsupported-authentication":
            self.body["status"] = status


def invalid(name, values, message):
    """One parameter is wrong."""
    said = [{"parameters": {name: values}, "message": message}]
    detail = "One or more parameters to your request was invalid."
    return Refusal(400, "Invalid Request", detail, "invalid-request", errors=said)


@dataclass
class Reader:
    """Who asks: an app, or an account by way of it."""

    ways: tuple[str, ...]
    account: Account | None = None


@dataclass
class Reads:
    """What was read: each time, and what is paid, for each thing once a day (UTC)."""

    every: Counter[str] = field(default_factory=Counter)
    paid: Counter[str] = field(default_factory=Counter)
    seen: set[tuple[str, str, object]] = field(default_factory=set)

    def count(self, kind, one, day):
        self.every[kind] += 1
        if (kind, one, day) not in self.seen:
            self.seen.add((kind, one, day))
            self.paid[kind] += 1


@dataclass
class Api:
    """The calls on a world. ``dialect``: ``tweet`` or ``post``, the names in what it gives."""

    world: World
    dialect: str = "tweet"
    accepts: tuple[str, ...] = ("tweet", "post")
    reads: Reads = field(default_factory=Reads)

    def answer(self, path, given, reader: Reader, now: datetime, repeat: int = 0):
        """Status and body of a GET. ``given``: the values of each parameter."""
        try:
            call = self._call(path, given, reader, now, repeat)
            body = call.run()
        except Refusal as refusal:
            return refusal.status, self._named(refusal.body)
        for kind, one in call.read:
            self.reads.count(kind, one, now.date())
        return 200, self._named(body)

    def _named(self, body):
        return older(body) if self.dialect == "tweet" else body

    def _call(self, path, given, reader, now, repeat):
        if (found := facts.of(path)) is None:
            raise Refusal(404, "Not Found")
        template, values, auth, parameters = found
        if not {*auth} & {*reader.ways}:
            detail = (
                "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  "
                "Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 User "
                "Context]."
            )
            raise Refusal(403, "Unsupported Authentication", detail, "unsupported-authentication")
        known = {n: f for n, f in parameters.items() if f["in"] == "path" or self._takes(n)}
        every = given | {name: [value] for name, value in values.items()}
        for name, wrong, message in facts.problems(every, known):
            raise invalid(name, wrong, message)
        asked = {name: some[0] for name, some in every.items()}
        return Call(self, template, asked, reader, now, repeat)

    def _takes(self, name):
        generation = {"tweet.fields": "tweet", "post.fields": "post"}.get(name)
        return generation is None or generation in self.accepts


class Call:
    """One request that is in order."""

    def __init__(self, api, template, asked, reader, now, repeat):
        self.world, self.asked, self.reader, self.now = api.world, asked, reader, now
        self.template, self.repeat = template, repeat
        self.render = Renderer(self.world, now, reader.account, asked)
        self.read = []

    def run(self):
        runs = {
            "/2/tweets": self.tweets,
            "/2/tweets/{id}": self.tweet,
            "/2/tweets/analytics": self.analytics,
            "/2/tweets/search/recent": self.search,
            "/2/tweets/{id}/retweeted_by": self.retweeted_by,
            "/2/users": lambda: self.users("ids", self.world.accounts.get),
            "/2/users/by": lambda: self.users("usernames", self._named),
            "/2/users/by/username/{username}": lambda: self.user("username", self._named),
            "/2/users/{id}": lambda: self.user("id", self.world.accounts.get),
            "/2/users/me": lambda: {"data": self._user(self.reader.account)},
            "/2/users/{id}/tweets": lambda: self.timeline(self.world.of_author),
            "/2/users/{id}/mentions": lambda: self.timeline(self.world.mentioning),
        }
        body = runs[self.template]()
        errors = body.pop("errors", []) + self.render.errors
        return {k: v for k, v in body.items() if v or k == "meta"} | (
            {"errors": errors} if errors else {}
        )

    def _named(self, username):
        return self.world.by_name.get(username.lower())

    def _user(self, account):
        self.read.append(("user", account.id))
        return self.render.user(account)

    def _closed(self, account):
        moments = (account.protected_from, account.suspended_from)
        return any(moment and moment <= self.now for moment in moments)

    def _found_user(self, value, parameter, find):
        account = find(value)
        if account is None:
            return None, absent("user", value, parameter, "missing")
        if account.suspended_from and account.suspended_from <= self.now:
            return None, absent("user", value, parameter, "suspended")
        return self._user(account), None

    def users(self, parameter, find):
        found = [
            self._found_user(value, parameter, find) for value in self.asked[parameter].split(",")
        ]
        return {"data": [u for u, _ in found if u], "errors": [e for _, e in found if e]}

    def user(self, parameter, find):
        body, error = self._found_user(self.asked[parameter], parameter, find)
        return {"data": body} if body else {"errors": [error]}

    def _post(self, post, parameter="ids"):
        if (body := self.render.post(post, parameter)) is not None:
            is_own = self.reader.account is not None and post.author.id == self.reader.account.id
            self.read.append(("own_post" if is_own else "post", post.id))
        return body

    def _found_post(self, one, parameter):
        post = self.world.by_id.get(one)
        state = self.world.state(post, self.now)
        if state != "seen":
            return None, absent("tweet", one, parameter, state)
        return self._post(post, parameter), None

    def tweets(self):
        found = [self._found_post(one, "ids") for one in self.asked["ids"].split(",")]
        data = [body for body, _ in found if body]
        errors = [error for _, error in found if error]
        return {"data": data, "errors": errors, **self.render.includes()}

    def tweet(self):
        body, error = self._found_post(self.asked["id"], "id")
        errors = [error] if error else []
        return {"data": body, "errors": errors, **self.render.includes()}

    def timeline(self, of_account):
        account = self.world.accounts.get(self.asked["id"])
        if account is None or self._closed(account):
            state = "closed" if account else "missing"
            return {"errors": [absent("user", self.asked["id"], "id", state)]}
        posts = of_account.get(account.id, [])
        without = self.asked.get("exclude", "").split(",")
        kinds = {"reply" * ("replies" in without), "repost" * ("retweets" in without)}
        return self.page([one for one in posts if one.kind not in kinds], TIMELINE)

    def search(self):
        try:
            fits = search.matcher(self.asked["query"])
        except search.BadQueryError as bad:
            message = f"There were errors processing your request: {bad} (at position 1)"
            raise invalid("query", [self.asked["query"]], message) from None
        begin = self.now - RECENT
        oldest = (int(begin.timestamp() * 1000) - EPOCH) << 22
        if int(self.asked.get("since_id", oldest)) < oldest:
            said = f"'since_id' must be a tweet id created after [{begin:%Y-%m-%dT%H:%MZ}]."
            more = "Please use a 'since_id' that is larger than"
            raise invalid("since_id", [self.asked["since_id"]], f"{said} {more} {oldest}")
        if "start_time" in self.asked and datetime.fromisoformat(self.asked["start_time"]) < begin:
            said = "Invalid 'start_time'. 'start_time' must be on or after"
            message = f"{said} {begin:%Y-%m-%dT%H:%MZ}"
            raise invalid("start_time", [self.asked["start_time"]], message)
        return self.page([one for one in self.world.posts if fits(one)], oldest=oldest)

    def page(self, posts, most=None, oldest=0):
        """The page of a list that the token and bounds ask for."""
        after = max(oldest, int(self.asked.get("since_id", 0)), self._bound("start_time", 0))
        before = min(int(self.asked.get("until_id", FAR)), self._bound("end_time", FAR))
        listed = self.world.listed(posts, self.now, after, FAR)[:most]
        token = self.asked.get("pagination_token") or self.asked.get("next_token")
        before = min(before, self._cursor(token))
        listed = [post for post in listed if int(post.id) < before]
        size = int(self.asked.get("max_results", 10))
        if token and self.repeat:
            again = self.world.listed(posts, self.now, before - 1, FAR)[-self.repeat :]
            listed = again + listed
        shown = listed[:size]
        data = [body for post in shown if (body := self._post(post, "id"))]
        meta = {"result_count": len(data)}
        if data:
            meta |= {"newest_id": data[0]["id"], "oldest_id": data[-1]["id"]}
        if len(listed) > size:
            meta["next_token"] = self._token(shown[-1].id)
        return {"data": data, **self.render.includes(), "meta": meta}

    def _bound(self, name, otherwise):
        if name not in self.asked:
            return otherwise
        milliseconds = int(datetime.fromisoformat(self.asked[name]).timestamp() * 1000)
        return (milliseconds - EPOCH << 22) - 1

    def _mark(self):
        scope = {k: v for k, v in self.asked.items() if k in ("id", "query", "exclude")}
        return zlib.crc32(repr((self.template, sorted(scope.items()))).encode())

    def _token(self, last):
        return base64.b32hexencode(f"{last}/{self._mark()}".encode()).decode().rstrip("=").lower()

    def _cursor(self, token):
        if token is None:
            return FAR
        try:
            padded = token.upper() + "=" * (-len(token) % 8)
            last, mark = base64.b32hexdecode(padded).decode().split("/")
            if int(mark) == self._mark():
                return int(last)
        except (ValueError, binascii.Error):
            pass
        name = "next_token" if "next_token" in self.asked else "pagination_token"
        raise invalid(name, [token], f"The `{name}` query parameter value [{token}] is not valid")

    def retweeted_by(self):
        post = self.world.by_id.get(self.asked["id"])
        state = self.world.state(post, self.now)
        if state != "seen":
            return {"errors": [absent("tweet", self.asked["id"], "id", state)]}
        reposts = self.world.listed(self.world.reposts[post.id], self.now, 0, FAR)
        before = self._cursor(self.asked.get("pagination_token"))
        reposts = [one for one in reposts if int(one.id) < before]
        size = int(self.asked.get("max_results", 100))
        data = [self._user(one.author) for one in reposts[:size]]
        meta = {"result_count": len(data)}
        if len(reposts) > size:
            meta["next_token"] = self._token(reposts[size - 1].id)
        return {"data": data, "meta": meta}

    def analytics(self):
        begin, end = (datetime.fromisoformat(self.asked[n]) for n in ("start_time", "end_time"))
        if begin >= end:
            message = "'start_time' must be before 'end_time'"
            raise invalid("start_time", [self.asked["start_time"]], message)
        asked = {*self.asked.get("analytics.fields", "id,timestamped_metrics").split(",")}
        step = STEPS.get(self.asked.get("granularity", "total"), end - begin)
        data, errors = [], []
        for one in self.asked["ids"].split(","):
            post = self.world.by_id.get(one)
            state = self.world.state(post, self.now)
            if state == "seen" and post.author.id != self.reader.account.id:
                state = "closed"
            if state == "seen":
                self.read.append(("analytics", one))
                data.append(self.render.analytics(post, asked, begin, end, step))
            else:
                errors.append(absent("tweet", one, "ids", state))
        return {"data": data, "errors": errors}
