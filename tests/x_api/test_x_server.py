"""The local X server, asked by tweepy as it is: what it gives, refuses and does wrong on purpose."""

import functools
import logging
from datetime import timedelta

import pytest
import requests
import tweepy

from tests.x_api.asking import client, status_of
from tests.x_api.clock import Clock
from tests.x_api.faults import Faults
from tests.x_api.server import Server
from tests.x_api.signing import APP_TOKEN, USER_TOKEN
from tests.x_api.world import BEGIN, world

WORLD = world(seed=5)
OWN = WORLD.by_name["gemeente_dam"]
LATER = BEGIN + timedelta(days=20)


@pytest.fixture
def clock(tmp_path):
    return Clock(tmp_path / "clock", LATER)


@pytest.fixture
def serve(clock):
    servers = []

    def start(*args, **options):
        servers.append(Server(WORLD, clock, *args, **options).__enter__())
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__()


@pytest.fixture
def server(serve):
    return serve()


def seen(posts):
    return [
        one
        for one in posts
        if WORLD.state(one, LATER) == "seen" and not (one.replaced_at and one.replaced_at <= LATER)
    ]


def test_a_timeline_comes_in_pages_without_loss_or_double(server):
    pages = tweepy.Paginator(
        client(server.url).get_users_tweets, OWN.id, max_results=7, tweet_fields=["created_at"]
    )
    ids = [str(tweet.id) for page in pages for tweet in page.data]
    assert ids == [one.id for one in reversed(seen(WORLD.of_author[OWN.id]))]
    assert server.reads.paid["post"] == len(ids)


def test_since_id_gives_only_what_is_newer(server):
    api = client(server.url)
    first = api.get_users_tweets(OWN.id, max_results=5)
    middle = first.data[2].id
    newer = api.get_users_tweets(OWN.id, max_results=5, since_id=middle)
    assert [tweet.id for tweet in newer.data] == [tweet.id for tweet in first.data[:2]]
    assert newer.meta == {
        "result_count": 2,
        "newest_id": str(first.data[0].id),
        "oldest_id": str(first.data[1].id),
    }
    none = api.get_users_tweets(OWN.id, since_id=first.data[0].id)
    assert none.data is None
    assert none.meta == {"result_count": 0}


def test_only_the_fields_asked_for_and_what_they_refer_to_come(server):
    api = client(server.url)
    bare = api.get_users_mentions(OWN.id, max_results=5)
    assert {*bare.data[0].data} == {"id", "text", "edit_history_tweet_ids"}
    assert bare.includes == {}
    full = api.get_users_mentions(
        OWN.id,
        max_results=50,
        tweet_fields=["author_id", "referenced_tweets", "public_metrics", "entities"],
        expansions=["author_id", "referenced_tweets.id"],
        user_fields=["public_metrics"],
    )
    assert {user.id for user in full.includes["users"]} == {one.author_id for one in full.data}
    answer = next(one for one in full.data if one.referenced_tweets)
    assert {*answer.public_metrics} >= {"retweet_count", "impression_count"}
    assert {one.id for one in full.includes["tweets"]} <= {
        ref.id for one in full.data for ref in one.referenced_tweets or []
    }


def test_private_figures_come_for_own_posts_of_thirty_days_with_the_accounts_own_key(server, clock):
    fields = ["non_public_metrics", "organic_metrics"]
    post = seen(WORLD.of_author[OWN.id])[0]
    api = client(server.url)
    mine = api.get_tweets([post.id], tweet_fields=fields, user_auth=True).data[0]
    assert mine.non_public_metrics["impression_count"] == post.impressions(LATER)
    by_token = client(server.url, bearer_token=USER_TOKEN).get_tweets(
        [post.id], tweet_fields=fields
    )
    assert by_token.data[0].data == mine.data
    as_app = api.get_tweets([post.id], tweet_fields=fields)
    assert as_app.data is None
    assert {error["title"] for error in as_app.errors} == {"Field Authorization Error"}
    clock.set(post.created_at + timedelta(days=30))
    gone = api.get_tweets([post.id], tweet_fields=fields, user_auth=True)
    assert gone.data is None
    assert gone.errors[0]["field"] == "non_public_metrics.impression_count"


def test_a_look_up_gives_what_is_there_and_says_what_is_not(server):
    deleted = next(one for one in WORLD.posts if one.deleted_at and one.deleted_at <= LATER)
    closed = next(one for one in WORLD.posts if WORLD.state(one, LATER) == "closed")
    there = seen(WORLD.posts)[0]
    ids = [deleted.id, there.id, closed.id, "12345"]
    answer = client(server.url).get_tweets(ids)
    assert [str(tweet.id) for tweet in answer.data] == [there.id]
    assert {(one["value"], one["type"].rsplit("/", 1)[1]) for one in answer.errors} == {
        (deleted.id, "resource-not-found"),
        (closed.id, "not-authorized-for-resource"),
        ("12345", "resource-not-found"),
    }
    assert server.reads.paid == {"post": 1}


def test_accounts(server):
    api = client(server.url)
    names = ["gemeente_dam", "bewoner_3", "nobody_at_all"]
    answer = api.get_users(usernames=names, user_fields=["public_metrics", "protected"])
    assert [user.username for user in answer.data] == ["gemeente_dam"]
    assert answer.data[0].public_metrics["followers_count"] == WORLD.followers(OWN, LATER)
    assert {error["title"] for error in answer.errors} == {"Forbidden", "Not Found Error"}
    assert api.get_user(username="Gemeente_Dam").data.id == int(OWN.id)
    assert api.get_me(user_auth=True).data.username == "gemeente_dam"
    timeline = api.get_users_tweets(WORLD.by_name["cato_zorg"].id)
    assert timeline.errors[0]["title"] == "Authorization Error"


def test_reposters(server):
    about = next(one for one in seen(WORLD.posts) if seen(WORLD.reposts[one.id]))
    users = client(server.url).get_retweeters(about.id, max_results=1)
    newest = seen(WORLD.reposts[about.id])[-1]
    assert users.data[0].username == newest.author.username


def test_search_knows_tags_operators_and_its_seven_days(server):
    api = client(server.url)
    found = api.search_recent_tweets(
        "(#SamenGroen OR #WarmeWijk) -from:anna_werkt", max_results=100
    )
    expected = [
        one.id
        for one in reversed(seen(WORLD.posts))
        if {"SamenGroen", "WarmeWijk"} & {*one.tags}
        and one.author.username != "anna_werkt"
        and one.created_at >= LATER - timedelta(days=7)
    ]
    assert [str(one.id) for one in found.data] == expected
    with pytest.raises(tweepy.BadRequest, match="must be a tweet id created after"):
        api.search_recent_tweets("#SamenGroen", since_id=WORLD.posts[0].id)
    with pytest.raises(tweepy.BadRequest, match="missing '\\)'"):
        api.search_recent_tweets("(#SamenGroen")


def test_analytics_by_day_add_up_to_the_whole(server):
    post = seen(WORLD.of_author[OWN.id])[0]
    query = {
        "ids": post.id,
        "start_time": f"{BEGIN:%Y-%m-%dT00:00:00Z}",
        "end_time": f"{LATER:%Y-%m-%dT%H:%M:%SZ}",
        "analytics.fields": "id,impressions,likes,timestamped_metrics",
        "granularity": "daily",
    }
    api = client(server.url)
    answer = api.request("GET", "/2/tweets/analytics", params=query, user_auth=True).json()
    days = answer["data"][0]["timestamped_metrics"]
    assert sum(day["metrics"]["impressions"] for day in days) == post.impressions(LATER)
    assert sum(day["metrics"]["likes"] for day in days) == post.count("like_count", LATER)
    with pytest.raises(tweepy.Forbidden, match="Application-Only is forbidden"):
        api.request("GET", "/2/tweets/analytics", params=query)


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/2/users/1000000000/tweets", {"max_results": "101"}, "is not between 5 and 100"),
        ("/2/users/1000000000/tweets", {"colour": "red"}, "is not one of"),
        ("/2/users/1000000000/tweets", {"tweet.fields": "id,colour"}, "[colour] is not one of"),
        ("/2/users/1000000000/tweets", {"since_id": "x"}, "does not match"),
        ("/2/users/1000000000/tweets", {"start_time": "yesterday"}, "not a valid date-time"),
        ("/2/users/1000000000/tweets", {"pagination_token": "x1"}, "is not valid"),
        ("/2/users/abc/mentions", {}, "does not match"),
        ("/2/users/by", {"usernames": "a b"}, "does not match"),
        ("/2/tweets", {}, "can not be empty"),
        ("/2/tweets", {"ids": ",".join(map(str, range(101)))}, "is not between 1 and 100"),
        ("/2/tweets/1/retweeted_by", {"media.fields": "url"}, "is not one of"),
    ],
)
def test_a_request_against_the_description_is_refused(server, path, query, said):
    answer = status_of(server.url, path, **query)
    assert answer.status_code == 400
    assert said in answer.json()["errors"][0]["message"]
    assert answer.json()["type"].endswith("/problems/invalid-request")


def test_who_does_not_sign_is_refused(server):
    with pytest.raises(tweepy.Unauthorized):
        client(server.url, bearer_token="wrong").get_users_tweets(OWN.id)
    wrong = client(server.url)
    wrong.access_token_secret = "wrong"
    with pytest.raises(tweepy.Unauthorized):
        wrong.get_me()
    assert status_of(server.url, "/2/nothing").status_code == 404


def test_the_newer_names_come_where_they_are_chosen(serve):
    server = serve(dialect="post", accepts=("post",))
    query = {"post.fields": "public_metrics,note_post", "expansions": "referenced_posts"}
    body = status_of(server.url, f"/2/users/{OWN.id}/mentions", **query).json()
    assert "repost_count" in body["data"][0]["public_metrics"]
    assert any("referenced_posts" in one for one in body["data"])
    assert body["includes"]["posts"]
    with pytest.raises(tweepy.BadRequest):
        client(server.url).get_users_tweets(OWN.id, tweet_fields=["public_metrics"])


def test_a_window_has_a_limit_and_ends(serve, clock):
    server = serve(limits={"/2/users/{id}/tweets": 2}, skew=timedelta(seconds=90))
    api = client(server.url, return_type=requests.Response)
    answers = [api.get_users_tweets(OWN.id) for _ in range(2)]
    assert [one.headers["x-rate-limit-remaining"] for one in answers] == ["1", "0"]
    with pytest.raises(tweepy.TooManyRequests) as refused:
        api.get_users_tweets(OWN.id)
    reset = int(refused.value.response.headers["x-rate-limit-reset"])
    assert reset == int(clock.now().timestamp()) + 900 + 90
    clock.sleep(901)
    assert api.get_users_tweets(OWN.id).status_code == 200


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("rate_limit", tweepy.TooManyRequests),
        ("unavailable", tweepy.TwitterServerError),
        ("expired", tweepy.Unauthorized),
        ("revoked", tweepy.Forbidden),
        ("drop", requests.ConnectionError),
        ("truncated", requests.JSONDecodeError),
    ],
)
def test_every_fault_is_what_tweepy_would_meet(serve, fault, error):
    server = serve(Faults(rates={fault: 1.0}))
    with pytest.raises((error, requests.exceptions.ChunkedEncodingError)):
        client(server.url).get_users_tweets(OWN.id, max_results=50)
    assert server.faults.met == {fault: 1}


def test_an_answer_can_come_later_than_anybody_waits(serve):
    server = serve(Faults(rates={"hang": 1.0}), hang=0.5)
    api = client(server.url)
    api.session.request = functools.partial(api.session.request, timeout=0.1)
    with pytest.raises(requests.Timeout):
        api.get_users_tweets(OWN.id)


def test_a_page_can_begin_with_what_the_last_one_ended_with(serve):
    server = serve(Faults(rates={"repeat": 1.0}))
    api = client(server.url)
    pages = [*tweepy.Paginator(api.get_users_tweets, OWN.id, max_results=10)]
    ids = [str(tweet.id) for page in pages for tweet in page.data]
    assert len(ids) > len({*ids})
    assert {*ids} == {one.id for one in seen(WORLD.of_author[OWN.id])}
    assert server.reads.every["post"] == len(ids)
    assert server.reads.paid["post"] == len({*ids})


def test_nothing_secret_is_shown_by_tweepy_below_debug(server, caplog):
    with caplog.at_level(logging.INFO):
        client(server.url).get_users_tweets(OWN.id)
    assert APP_TOKEN not in caplog.text
