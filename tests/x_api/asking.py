"""tweepy as it is, asking the local server.

tweepy knows one host only. `client` gives a real `tweepy.Client` whose session sends what is meant
for that host to another one: an adapter of requests, mounted for it.
"""

import requests
import tweepy
from requests.adapters import HTTPAdapter

from tests.x_api.signing import APP_TOKEN, HOSTS, KEYS


class Elsewhere(HTTPAdapter):
    """Sends requests to another host than the one they name."""

    def __init__(self, url: str):
        super().__init__()
        self.url = url

    def send(self, request, *args, **options):
        request.url = self.url + request.url.removeprefix(f"{HOSTS[0]}")
        options["proxies"] = {}
        return super().send(request, *args, **options)


def client(url: str, *, bearer_token: str | None = APP_TOKEN, **options) -> tweepy.Client:
    """tweepy as it is, with a local server in the place of the API."""
    made = tweepy.Client(bearer_token, **KEYS, **options)
    made.session.mount(HOSTS[0], Elsewhere(url))
    return made


def status_of(url: str, path: str, **query: str) -> requests.Response:
    """A bare request as the app, for what tweepy would not send."""
    headers = {"Authorization": f"Bearer {APP_TOKEN}"}
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url + path, params=query, headers=headers, timeout=10)
