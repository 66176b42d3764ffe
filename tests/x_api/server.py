"""A local X: answers real HTTP requests as the API does, and goes wrong when told to.

To try a collection by hand::

    python -m tests.x_api.server --port 8765

`tests.x_api.asking` has a real tweepy that asks it.
"""

import argparse
import contextlib
import gzip
import json
import os
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.x_api import facts
from tests.x_api.answers import Api, Reader, Refusal
from tests.x_api.clock import Clock
from tests.x_api.faults import RATES, Faults
from tests.x_api.render import moment
from tests.x_api.signing import APP_TOKEN, KEYS, USER_TOKEN, signed
from tests.x_api.world import World, world

WINDOW = 900
LIMITS = {
    "/2/users/{id}/tweets": 900,
    "/2/tweets/{id}/retweeted_by": 75,
    "/2/users/me": 75,
}
"""Requests in a quarter of an hour, per call; 300 where none stands here."""

REVOKED = {
    "client_id": "31415926",
    "registration_url": "https://developer.x.com/en/docs/projects/overview",
    "required_enrollment": "Appropriate Level of API Access",
    "reason": "client-not-enrolled",
}


class Server:
    """The API on a port of this machine. Its reads and faults can be looked at while it runs."""

    def __init__(
        self,
        of: World,
        clock: Clock,
        faults: Faults | None = None,
        *,
        dialect: str = "tweet",
        accepts: tuple[str, ...] = ("tweet", "post"),
        quantum: timedelta | None = None,
        until: datetime | None = None,
        skew: timedelta = timedelta(0),
        limits: dict[str, int] | None = None,
        hang: float = 2.5,
        port: int = 0,
    ):
        self.clock, self.faults = clock, faults or Faults()
        self.api = Api(of, dialect, accepts)
        self.quantum, self.until = quantum, until
        self.skew, self.limits, self.hang = skew, LIMITS | (limits or {}), hang
        self.windows: dict[str, tuple[float, int]] = {}
        self.asked: list[tuple[str, str]] = []
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.lock = threading.Lock()
        self.http = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self.http.daemon_threads = True
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}"

    @property
    def reads(self):
        return self.api.reads

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    def moment(self) -> datetime:
        """The moment for which it answers: the clock's, in steps of the quantum, to the end."""
        now = self.clock.now()
        if self.quantum is not None:
            now -= (now - self.api.world.begin) % self.quantum
        return min(now, self.until or now)

    def reader(self, authorization: str, path: str, query: str, host: str) -> Reader:
        """Who signs the request; a refusal where nobody known does."""
        owner = next(iter(self.api.world.accounts.values()))
        if authorization == f"Bearer {APP_TOKEN}":
            return Reader(("BearerToken",))
        if authorization == f"Bearer {USER_TOKEN}":
            return Reader(("OAuth2UserToken",), owner)
        if authorization.startswith("OAuth ") and signed(authorization, path, query, host):
            return Reader(("UserToken",), owner)
        raise Refusal(401, "Unauthorized")

    def limit(self, path: str, now: float, spent: float = 0) -> tuple[bool, dict[str, str]]:
        """Whether the window of a call is used up, and the headers that say so.

        ``spent``: it is, and so many seconds are left of it.
        """
        found = facts.of(path)
        call = found[0] if found else path
        begin, used = self.windows.get(call, (now, 0))
        if now >= begin + WINDOW or now < begin:
            begin, used = now, 0
        most = self.limits.get(call, 300)
        used += 1
        if spent:
            begin, used = now + spent - WINDOW, most + 1
        self.windows[call] = begin, used
        reset = begin + WINDOW + self.skew.total_seconds()
        headers = {"limit": most, "remaining": max(most - used, 0), "reset": int(reset)}
        return used > most, {f"x-rate-limit-{name}": str(value) for name, value in headers.items()}

    def respond(
        self, target: str, headers
    ) -> tuple[int, dict[str, str], object, str | None, object]:
        """Status, headers and body of a request, and what else is to go wrong."""
        url = urlsplit(target)
        with self.lock:
            self.asked.append((url.path, url.query))
            fault, chance = self.faults.next()
            now = self.clock.now().timestamp()
            spent = chance.uniform(2, 60) if fault == "rate_limit" else 0
            is_over, limits = self.limit(url.path, now, spent)
            try:
                given = parse_qs(url.query, keep_blank_values=True)
                self._refuse(fault, is_over)
                host = f"http://{headers.get('Host', '')}"
                reader = self.reader(headers.get("Authorization", ""), url.path, url.query, host)
                repeat = chance.randint(1, 3) if fault == "repeat" else 0
                status, body = self.api.answer(url.path, given, reader, self.moment(), repeat)
            except Refusal as refusal:
                status, body = refusal.status, refusal.body
            self.statuses[url.path, status] += 1
        return status, limits, body, fault, chance

    @staticmethod
    def _refuse(fault, is_over):
        if fault == "unavailable":
            raise Refusal(503, "Service Unavailable")
        if fault == "expired":
            raise Refusal(401, "Unauthorized")
        if fault == "revoked":
            detail = (
                "When authenticating requests to the X API v2 endpoints, you must use keys and "
                "tokens from a developer App that is attached to a Project."
            )
            raise Refusal(403, "Client Forbidden", detail, "client-forbidden", **REVOKED)
        if is_over:
            raise Refusal(429, "Too Many Requests")

    def _handler(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def do_GET(self):
                status, headers, body, fault, chance = server.respond(self.path, self.headers)
                content = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
                if fault == "hang":
                    time.sleep(server.hang)
                if fault == "truncated":
                    content = content[: int(len(content) * chance.uniform(0.1, 0.9))]
                if "gzip" in self.headers.get("Accept-Encoding", ""):
                    content = gzip.compress(content, 1)
                    headers["content-encoding"] = "gzip"
                self.send_response_only(status)
                said = server.clock.now() + server.skew
                headers["date"] = f"{said.astimezone(UTC):%a, %d %b %Y %H:%M:%S} GMT"
                headers["content-type"] = "application/json; charset=utf-8"
                headers["content-length"] = str(len(content))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if fault == "drop":
                    content, self.close_connection = content[: len(content) // 2], True
                if fault == "kill" and chance.random() < 0.3:
                    server.faults.kill(0)
                self.wfile.write(content)
                self.wfile.flush()
                if fault == "kill":
                    server.faults.kill(chance.uniform(0, chance.choice((0.05, 0.8))))

            def handle(self):
                try:
                    super().handle()
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def finish(self):
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    super().finish()

            def log_message(self, *_):
                pass

        return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description="A local X API for trying collection")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true", help="with everything that can go wrong")
    parser.add_argument("--dialect", choices=("tweet", "post"), default="tweet")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock(Path(folder) / "clock", datetime.now(UTC))
        threading.Thread(target=_tick, args=(clock,), daemon=True).start()
        begin = datetime.now(UTC).replace(microsecond=0) - timedelta(days=28)
        plan = Faults(
            options.seed, {k: v for k, v in RATES.items() if k not in ("expired", "revoked")}
        )
        server = Server(
            world(options.seed, begin=begin),
            clock,
            plan if options.faults else None,
            dialect=options.dialect,
            port=options.port,
        )
        print(f"X API at {server.url}, with posts from {moment(begin)} on; end with Ctrl+C")
        print(f"bearer token (app): {APP_TOKEN}\nbearer token (user): {USER_TOKEN}")
        for name, value in KEYS.items():
            print(f"{name}: {value}")
        print(f"accounts: {', '.join(sorted(server.api.world.by_name))}", flush=True)
        try:
            server.http.serve_forever()
        except KeyboardInterrupt:
            print(f"reads: {dict(server.reads.every)}, paid: {dict(server.reads.paid)}")


def _tick(clock: Clock) -> None:
    while not threading.Event().wait(0.5):
        clock.set(datetime.now(UTC))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
