"""Who may ask, and what a page may load."""

import pytest

from dashboard.app import COOKIE, create
from dashboard.server import OpenToOthers, serve


@pytest.fixture
def client(tmp_path):
    return create(tmp_path / "none").server.test_client()


UPDATE = "/_dash-update-component"


def test_every_answer_carries_the_headers(client):
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]
    assert "'unsafe-eval'" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_all_inline_scripts_are_named_by_their_hash(client):
    import base64
    import hashlib
    import re

    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", answer.text, re.S)
    inline = [text for head, text in scripts if "src=" not in head and "json" not in head]
    assert inline
    for text in inline:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


@pytest.mark.parametrize("host", ["example.nl", "10.0.0.5", "127.0.0.1.example.nl", "localhost.nl"])
def test_a_name_of_another_computer_is_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8765", "[::1]:8765"])
def test_this_computer_is_answered(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://example.nl"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:1"},
    ],
)
def test_what_another_site_sends_changes_nothing(client, headers):
    answer = client.post(UPDATE, json={}, headers={"Host": "localhost:8765", **headers})
    assert answer.status_code == 403


def test_a_large_request_is_refused(client):
    answer = client.post(UPDATE, data=b"x" * (3 * 1024 * 1024), content_type="application/json")
    assert answer.status_code == 413


@pytest.mark.parametrize("target", ["//example.nl", "/\\example.nl", "https://example.nl", "x"])
def test_the_language_leads_nowhere_else(client, target):
    answer = client.get("/language/nl", query_string={"next": target})
    assert answer.status_code == 303
    assert answer.location == "/"


def test_the_language_is_remembered(client):
    answer = client.get("/language/en", query_string={"next": "/glossary?q=x"})
    assert answer.location == "/glossary?q=x"
    assert f"{COOKIE}=en" in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert client.get("/language/xx").status_code == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.nl", ""])
def test_the_dashboard_is_not_served_to_others(tmp_path, host):
    with pytest.raises(OpenToOthers, match=r"127\.0\.0\.1"):
        serve(tmp_path, host, 0, print)


def test_plotly_is_the_version_that_the_package_draws_for(client):
    from dashboard.app import PLOTLY

    answer = client.get(PLOTLY)
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert len(answer.data) < 2_000_000


def test_no_chart_offers_to_send_data_away(agency):
    """plotly.js has a button that uploads a chart to its maker's cloud."""
    from dashboard.app import show
    from dashboard.page import pages

    server = create(agency).server
    with server.test_request_context("/", headers={"Host": "localhost"}):
        server.preprocess_request()
        for page in pages():
            if "<" in page.path:
                continue
            content, _navigation = show(page.path, "")
            for part in content:
                for one in [part, *part._traverse()]:
                    if type(one).__name__ == "Graph":
                        assert one.config["showSendToCloud"] is False
                        assert one.config["displayModeBar"] is False
