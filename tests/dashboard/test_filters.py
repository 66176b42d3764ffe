"""The filters of a page: what an address says of them, and that numbers follow them."""

import datetime as dt
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from campaigns.reports.coverage import Covered
from campaigns.translations import speaking
from dashboard.answers import Answers
from dashboard.app import create, view_of
from dashboard.page import find
from dashboard.parts import collecting
from dashboard.shell import framed
from dashboard.view import BadAddress, read
from scripts import main

DAY = dt.date(2025, 6, 30)
COVERED = [Covered(name, "gemeente", DAY, DAY) for name in ("facebook", "linkedin", "x")]


def view(tmp_path, search):
    return read(Answers(tmp_path), "/", search, COVERED, {})


@pytest.mark.parametrize(
    ("search", "platforms"),
    [
        ("", ()),
        ("?platform=", ()),
        ("?platform=x", ("x",)),
        ("?platform=x,linkedin", ("linkedin", "x")),
        ("?platform=x%2Clinkedin%2C%2Cx", ("linkedin", "x")),
    ],
)
def test_an_address_names_no_platform_one_or_several(tmp_path, search, platforms):
    found = view(tmp_path, search)
    assert found.platforms == platforms
    assert found.question("campaign").platforms == platforms


def test_a_platform_without_data_is_said_among_others_too(tmp_path):
    with pytest.raises(BadAddress, match="hyves"):
        view(tmp_path, "?platform=x,hyves")


def test_links_to_other_pages_carry_all_platforms(tmp_path):
    target = view(tmp_path, "?platform=x,linkedin&sort-posts=text").href("/campaigns")
    assert parse_qs(urlsplit(target).query) == {"platform": ["x,linkedin"]}


def test_numbers_of_several_platforms_are_those_of_the_command(agency):
    days = ["2026-01-01", "2026-03-31"]
    search = f"?from={days[0]}&to={days[1]}&compare=none&platform=x,linkedin"
    page, values = find("/campaigns")
    app = create(agency)
    with app.server.test_request_context("/campaigns"), speaking("en"), collecting() as tables:
        shown = framed(
            page, made := view_of(page, "/campaigns", search, values), page.content(made)
        )
    assert "LinkedIn, X" in str(shown)
    result = CliRunner().invoke(
        main,
        ["--store", str(agency), "report", "--by", "campaign", "--platform", "x,linkedin",
         "--from", days[0], "--to", days[1], "--format", "json"],
    )  # fmt: skip
    told = sorted(
        (row["posts"], row["impressions"], row["reach_lower"], row["cost"])
        for row in json.loads(result.stdout)["rows"]
        if row["impressions"] is not None
    )
    found = sorted(
        (
            line.values["posts"],
            line.values["impressions"],
            line.values["reach"],
            line.values["cost"],
        )
        for line in tables["campaigns"].rows
        if line.values["impressions"] is not None
    )
    assert len(found) >= 3
    assert str(found) == str(told)
