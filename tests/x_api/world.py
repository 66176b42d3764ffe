"""A made-up X, wholly known: accounts, their posts over a month, and how figures grow.

Everything follows from the seed and the moment asked for. Nothing of it is random later: the same
question about the same moment has the same answer, so that two collections can be compared.
"""

import math
import random
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 3, 2, 6, tzinfo=UTC)
PRIVATE = timedelta(days=30)
"""So long after publication the platform tells an author more than anybody."""

EPOCH = 1288834974657
WORDS = [
    "de",
    "gemeente",
    "werkt",
    "vandaag",
    "aan",
    "een",
    "nieuw",
    "park",
    "en",
    "dat",
    "mag",
    "iedereen",
    "weten",
    "kom",
    "kijken",
    "praat",
    "mee",
    "over",
    "de",
    "plannen",
    "voor",
    "wonen",
    "zorg",
    "en",
    "groen",
    "in",
    "jouw",
    "buurt",
    "wij",
    "horen",
    "graag",
    "wat",
    "jij",
    "ervan",
    "vindt",
]
TAGS = ("SamenGroen", "VeiligFietsen", "WarmeWijk")
RATES = {
    "like_count": 0.02,
    "repost_count": 0.004,
    "reply_count": 0.003,
    "quote_count": 0.001,
    "bookmark_count": 0.002,
    "url_link_clicks": 0.008,
    "user_profile_clicks": 0.005,
    "detail_expands": 0.03,
    "follows": 0.0004,
    "media_views": 0.2,
    "shares": 0.0015,
    "hashtag_clicks": 0.001,
}
"""What comes with each impression."""


def snowflake(moment: datetime, number: int) -> str:
    """An id as the platform makes it: later is larger."""
    return str((int(moment.timestamp() * 1000) - EPOCH << 22) + number)


@dataclass(frozen=True)
class Account:
    id: str
    username: str
    name: str
    followers: int
    created_at: datetime
    protected_from: datetime | None = None
    suspended_from: datetime | None = None


@dataclass(frozen=True)
class Post:
    id: str
    author: Account
    created_at: datetime
    text: str
    size: float
    kind: str = "post"
    about: "Post | None" = None
    tags: tuple[str, ...] = ()
    mentions: tuple[Account, ...] = ()
    url: str | None = None
    media: str | None = None
    note: str | None = None
    promoted: float = 0.0
    deleted_at: datetime | None = None
    replaced_at: datetime | None = None
    withheld: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()

    def impressions(self, now: datetime) -> int:
        """Much in the first day, little after, never less."""
        hours = max((now - self.created_at) / timedelta(hours=1), 0)
        return int(self.size * (1 - math.exp(-hours / 14) + 0.002 * hours))

    def count(self, name: str, now: datetime) -> int:
        return int(self.impressions(now) * RATES[name])

    def private_until(self) -> datetime:
        return self.created_at + PRIVATE


@dataclass
class World:
    """The accounts and posts, and what of them is there to be seen at a moment."""

    accounts: dict[str, Account] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    begin: datetime = BEGIN

    def __post_init__(self):
        self.by_name = {one.username.lower(): one for one in self.accounts.values()}
        self.posts.sort(key=lambda post: int(post.id))
        self.by_id = {post.id: post for post in self.posts}
        self.of_author = defaultdict(list)
        self.mentioning = defaultdict(list)
        self.reposts = defaultdict(list)
        for post in self.posts:
            self.of_author[post.author.id].append(post)
            for account in post.mentions:
                self.mentioning[account.id].append(post)
            if post.kind == "repost":
                self.reposts[post.about.id].append(post)

    @staticmethod
    def state(post: Post | None, now: datetime) -> str:
        """Seen, ``missing`` (deleted, not there yet) or ``closed`` (protected, suspended)."""
        if post is None or post.created_at > now or (post.deleted_at and post.deleted_at <= now):
            return "missing"
        closed = [post.author.protected_from, post.author.suspended_from]
        return "closed" if any(moment and moment <= now for moment in closed) else "seen"

    def listed(self, posts: list[Post], now: datetime, after: int, before: int) -> list[Post]:
        """Those to be seen with an id between two, newest first; of an edited one the last version."""
        low = bisect_right(posts, after, key=lambda post: int(post.id))
        high = bisect_left(posts, before, key=lambda post: int(post.id))
        return [
            post
            for post in reversed(posts[low:high])
            if self.state(post, now) == "seen"
            and not (post.replaced_at and post.replaced_at <= now)
        ]

    def followers(self, account: Account, now: datetime) -> int:
        days = max((now - self.begin) / timedelta(days=1), 0)
        return account.followers + int(days * account.followers * 0.002)


def world(
    seed: int = 1,
    days: int = 31,
    others: int = 12,
    per_day: float = 1.5,
    begin: datetime = BEGIN,
) -> World:
    """An organisation, three ambassadors and two partners, and people who answer them.

    Posts come in the second half of an hour: of what is due at a whole hour it makes no
    difference how many minutes a collection takes.
    """
    chance = random.Random(seed)
    names = ["gemeente_dam", "anna_werkt", "bram_groen", "cato_zorg", "partner_een", "partner_twee"]
    names += [f"bewoner_{n}" for n in range(1, others + 1)]
    accounts = [
        Account(
            id=str(1_000_000_000 + 7_919 * number),
            username=name,
            name=name.replace("_", " ").title(),
            followers=chance.randint(80, 900) * (20 if number == 0 else 1),
            created_at=begin - timedelta(days=chance.randint(400, 4000)),
            protected_from=begin + timedelta(days=12) if name == "cato_zorg" else None,
            suspended_from=begin + timedelta(days=15) if name == "bewoner_3" else None,
        )
        for number, name in enumerate(names)
    ]
    posts: list[Post] = []
    late = [minute for minute in range(days * 1440) if 30 <= minute % 60 < 44]
    minutes = sorted(chance.sample(late, int(days * per_day * 6)))
    for number, minute in enumerate(minutes):
        moment = begin + timedelta(minutes=minute, seconds=chance.randrange(60))
        author = chance.choice(accounts[:6] + accounts[:1] * 3)
        main = _post(chance, moment, number, author)
        posts += _edited(chance, main) if chance.random() < 0.06 else [main]
        posts += _around(chance, main, accounts, 100_000 + number * 10)
    return World({one.id: one for one in accounts}, posts, begin)


def _post(chance: random.Random, moment: datetime, number: int, author: Account) -> Post:
    words = chance.choices(WORDS, k=chance.randint(6, 22))
    tags = tuple(tag for tag in TAGS if chance.random() < 0.25)
    url = f"https://www.dam.example/p/{number}" if chance.random() < 0.5 else None
    text = " ".join(
        [*words, *(f"#{tag}" for tag in tags), *(["https://t.co/abcdefghij"] * bool(url))]
    )
    ends = chance.random()
    return Post(
        id=snowflake(moment, number),
        author=author,
        created_at=moment,
        text=text,
        size=author.followers * chance.lognormvariate(0, 0.7),
        tags=tags,
        url=url,
        media=f"3_{number + 1}" if chance.random() < 0.4 else None,
        note=f"{text} {' '.join(WORDS * 3)}" if chance.random() < 0.05 else None,
        promoted=chance.random() if chance.random() < 0.1 else 0.0,
        deleted_at=moment + timedelta(hours=chance.randint(2, 200)) if ends < 0.05 else None,
        withheld=("NL",) if 0.05 <= ends < 0.08 else (),
    )


def _edited(chance: random.Random, post: Post) -> list[Post]:
    """Two versions of a post: the later one has an id of its own and takes the other's place."""
    later = post.created_at + timedelta(minutes=chance.randint(3, 14))
    ids = (post.id, snowflake(later, int(post.id) % 1000))
    values = vars(post) | {"versions": ids}
    new = values | {"id": ids[1], "created_at": later, "text": f"{post.text} (verbeterd)"}
    return [Post(**(values | {"replaced_at": later})), Post(**new)]


def _around(chance: random.Random, post: Post, accounts: list[Account], number: int) -> list[Post]:
    """Replies, mentions and reposts that a post brings."""
    made = []
    for _ in range(chance.choice((0, 0, 1, 2, 3))):
        number += 1
        author = chance.choice(accounts[1:])
        moment = post.created_at + timedelta(hours=chance.randint(1, 34))
        kind = chance.choice(("reply", "repost", "quote", "post"))
        words = " ".join(chance.choices(WORDS, k=8))
        text = f"@{post.author.username} {words}"
        if kind == "repost":
            text = f"RT @{post.author.username}: {post.text}"[:140]
        made.append(
            Post(
                id=snowflake(moment, number),
                author=author,
                created_at=moment,
                text=text,
                size=author.followers * 0.2,
                kind=kind,
                about=None if kind == "post" else post,
                mentions=(post.author,),
                deleted_at=moment + timedelta(hours=5) if chance.random() < 0.05 else None,
            )
        )
    return made


def large(posts: int, accounts: int = 40, begin: datetime = BEGIN) -> World:
    """Many posts of some accounts, no two alike: for measuring. Every account has as many."""
    chance = random.Random(posts)
    owners = [
        Account(str(2_000_000_000 + n), f"account_{n}", f"Account {n}", 1000 + n, begin)
        for n in range(accounts)
    ]
    step = timedelta(days=28) / posts
    made = [_post(chance, begin + step * n, n, owners[n % accounts]) for n in range(posts)]
    plain = [Post(**(vars(one) | {"deleted_at": None})) for one in made]
    return World({one.id: one for one in owners}, plain, begin)
