"""The API of X, asked by tweepy; what can go wrong, by what to do about it."""

from __future__ import annotations

import email.utils
import json
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

import requests
import tweepy

from campaigns.errors import N_, Message

HOST = "https://api.twitter.com"
"""The host that tweepy names; requests go to the one that is configured."""

Params = dict[str, Any]


class Keys(Protocol):
    """The credentials of X. With the last four, private figures of own posts can be read."""

    @property
    def bearer_token(self) -> str | None:
        """Of the app."""

    @property
    def consumer_key(self) -> str | None:
        """Of the app (API key)."""

    @property
    def consumer_secret(self) -> str | None:
        """Of the app (API key secret)."""

    @property
    def access_token(self) -> str | None:
        """Of the account, ``<id of the account>-<…>``."""

    @property
    def access_token_secret(self) -> str | None:
        """Of the account."""


@dataclass(frozen=True)
class Ask:
    """One request: the call of tweepy, what it is for, and what one item of the answer costs.

    ``key`` names the list that is gone through (a timeline, a search); ``most`` is how many
    items it can bring; ``as_user`` needs an account that is signed in.
    """

    call: str
    kind: str
    key: str
    price: str
    params: Params
    most: int
    as_user: bool = False
    names: dict[str, str] = field(default_factory=dict)


# --- what can go wrong -----------------------------------------------------------------------


class Fault(Exception):
    """An answer that is none."""


class Again(Fault):
    """It may go well if it is asked again in a moment: 5xx, a lost connection, broken JSON."""


class TooMany(Fault):
    """The rate limit is reached; ``seconds`` says for how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Refused(Fault):
    """Nothing can be asked until a person does something; ``reason`` says what."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Unanswerable(Fault):
    """This one request cannot be answered; the others can."""


CREDENTIALS = N_("X does not accept the credentials (401). Check them with: bereik doctor")
REVOKED = N_("X gives this app no access (403). See its project on the developer portal of X.")
PAYMENT = N_("X asks for payment (402). See the credits on the developer portal of X.")


class Api:
    """The API, for one run. Give it back with `close`."""

    def __init__(self, keys: Keys, base_url: str, timeout: float) -> None:
        self._client = tweepy.Client(
            keys.bearer_token,
            keys.consumer_key,
            keys.consumer_secret,
            keys.access_token,
            keys.access_token_secret,
            return_type=requests.Response,
        )
        self._client.session = _Session(base_url, timeout)
        self.signed_in = signed_in(keys)
        self._has_app = bool(keys.bearer_token)

    def close(self) -> None:
        """Close the connections."""
        self._client.session.close()

    def answer(self, ask: Ask) -> dict[str, Any]:
        """What the API answers. Raises a `Fault`."""
        as_user = bool(self.signed_in) and (ask.as_user or not self._has_app)
        try:
            response = self._asked(ask, as_user=as_user)
            answer = json.loads(response.content)
        except tweepy.HTTPException as error:
            raise _fault(error) from None
        except (requests.RequestException, OSError, ValueError) as error:
            raise Again(type(error).__name__) from None
        if not isinstance(answer, dict):
            raise Again("no object")
        return answer

    def _asked(self, ask: Ask, *, as_user: bool) -> requests.Response:
        if ask.call == "analytics":  # tweepy has no call for it
            route = "/2/tweets/analytics"
            found = self._client.request("GET", route, params=ask.params, user_auth=True)
        else:
            found = getattr(self._client, ask.call)(**ask.params, user_auth=as_user)
        assert isinstance(found, requests.Response)  # noqa: S101 - the return_type says so
        return found


def signed_in(keys: Keys) -> str | None:
    """The id of the account that is signed in: its token begins with it."""
    parts = (keys.consumer_key, keys.consumer_secret, keys.access_token, keys.access_token_secret)
    number = (keys.access_token or "").partition("-")[0]
    return number if all(parts) and number.isdigit() else None


class _Session(requests.Session):
    """Requests to the host that is configured, each with a limit of time."""

    def __init__(self, base_url: str, timeout: float) -> None:
        super().__init__()
        self._base, self._timeout = base_url.rstrip("/"), timeout
        self.trust_env = self._base.startswith("https://")  # no proxy on this machine

    def request(self, method: str, url: str, *args: Any, **options: Any) -> requests.Response:  # type: ignore[override]
        """Send a request; it is signed for the host that it goes to."""
        options.setdefault("timeout", self._timeout)
        place = self._base + url.removeprefix(HOST)
        options["allow_redirects"] = False
        return super().request(method, place, *args, **options)


def _fault(error: tweepy.HTTPException) -> Fault:
    response = error.response
    status = int(response.status_code)
    if status == 429:
        return TooMany(_until_reset(response))
    if status >= 500:
        return Again(str(status))
    if status == 401:
        return Refused(Message(CREDENTIALS))
    if status == 402:
        return Refused(Message(PAYMENT))
    if status == 403 and _is_of_app(response):
        return Refused(Message(REVOKED))
    return Unanswerable(str(status))


def _is_of_app(response: requests.Response) -> bool:
    """Whether a refusal is of the app as a whole, not of one post or account."""
    return "not-authorized-for-resource" not in response.text


def _until_reset(response: requests.Response) -> float:
    """Seconds until the limit ends, by the clock of the server: ours may be wrong."""
    said = response.headers.get("date")
    parsed = email.utils.parsedate_to_datetime(said).timestamp() if said else time.time()
    try:
        reset = float(response.headers["x-rate-limit-reset"])
    except (KeyError, ValueError):
        return 60.0
    return min(max(reset - parsed, 0.0) + 1.0, 16 * 60.0)
