"""The credentials that the local X API knows, and whether a request is signed with them."""

import base64
import hashlib
import hmac
from urllib.parse import quote, unquote

from oauthlib.oauth1.rfc5849 import signature

APP_TOKEN = "app-token-for-tests"
USER_TOKEN = "user-token-for-tests"
KEYS = {
    "consumer_key": "consumer-key-for-tests",
    "consumer_secret": "consumer-secret-for-tests",
    "access_token": "1000000000-access-token-for-tests",
    "access_token_secret": "access-secret-for-tests",
}
HOSTS = ("https://api.twitter.com", "https://api.x.com")


def signed(authorization: str, path: str, query: str, host: str) -> bool:
    """Whether an OAuth 1.0a signature is right, for the host it was made for."""
    given = dict(
        part.strip().split("=", 1) for part in authorization.removeprefix("OAuth ").split(",")
    )
    values = {name: unquote(value.strip('"')) for name, value in given.items()}
    if values.get("oauth_consumer_key") != KEYS["consumer_key"]:
        return False
    if values.get("oauth_token") != KEYS["access_token"]:
        return False
    parameters = signature.collect_parameters(
        uri_query=query, headers={"Authorization": authorization}, with_realm=False
    )
    normal = signature.normalize_parameters(parameters)
    secrets = (quote(KEYS[name], safe="") for name in ("consumer_secret", "access_token_secret"))
    key = "&".join(secrets).encode()
    for one in (host, *HOSTS):
        base = signature.signature_base_string("GET", one + path, normal)
        made = base64.b64encode(hmac.new(key, base.encode(), hashlib.sha1).digest()).decode()
        if hmac.compare_digest(made, values.get("oauth_signature", "")):
            return True
    return False
