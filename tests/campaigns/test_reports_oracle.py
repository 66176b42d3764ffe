"""Reports against the rules of counting written out row by row, on random small stores."""

import datetime as dt
import tempfile
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.reports import Question, report
from campaigns.store import Store

FIRST = dt.date(2025, 1, 30)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(5)]  # crosses a month
MOMENTS = [dt.datetime(2025, 3, day, tzinfo=dt.UTC) for day in (1, 2)]
FIGURES = ("impressions", "likes", "reach")
METRICS = ("impressions", "likes", "reach_lower", "reach_upper", "spend", "cost")

GROUPINGS = [(), ("platform",), ("campaign",), ("account",), ("day",), ("month", "platform")]


def a_value(random):
    return random.choice([None, random.randrange(10), random.randrange(10)])


def a_post(random):
    deliveries = random.sample(["organic", "paid", "total"], random.randrange(4))
    seen = {
        (delivery, moment): {name: a_value(random) for name in FIGURES}
        for delivery in deliveries
        for moment in random.sample(MOMENTS, random.choice([1, 2]))
    }
    return {
        "platform": random.choice(["x", "linkedin"]),
        "account_id": random.choice("ab"),
        "published_on": random.choice(DAYS),
        "is_repost": random.choice([None, False, False, True]),
        "ad_campaign": random.choice([None, None, "boost"]),
        "campaign": random.choice([None, "one", "two"]),
        "seen": seen,
        "deliveries": set(deliveries),
    }


def an_ad(random):
    first, length = random.choice(DAYS), random.choice([0, 0, 1])
    return {
        "ad_account_id": random.choice(["of a", "of nobody"]),
        "ad_id": random.choice("12"),
        "level": random.choice(["ad", "ad", "campaign"]),
        "first_day": first,
        "last_day": first + dt.timedelta(days=length),
        "length": length,
        "impressions": a_value(random),
        "reach": a_value(random),
        "spend": a_value(random),
    }


def some_ads(random):
    made = [an_ad(random) for _ in range(random.choice([0, 2, 4]))]
    names = ("ad_account_id", "ad_id", "level", "first_day", "length")
    return list({tuple(ad[name] for name in names): ad for ad in made}.values())


def a_cost(random):
    return random.choice(DAYS), random.randrange(3), random.randrange(10)


def a_question(random):
    return Question(
        by=random.choice(GROUPINGS),
        metrics=METRICS,
        first=random.choice([None, None, DAYS[1]]),
        last=random.choice([None, None, DAYS[3]]),
        delivery=random.choice(["total", "total", "organic", "paid"]),
    )


# --- the rules, a row at a time


class Group:
    """What one row of a report adds up to."""

    def __init__(self):
        self.posts = 0
        self.sums = defaultdict(lambda: None)
        self.units = []

    def add(self, name, value):
        if value is not None:
            self.sums[name] = (self.sums[name] or 0) + value

    @property
    def bounds(self):
        lows = [low for low, _most in self.units if low is not None]
        mosts = [most for _low, most in self.units]
        upper = sum(mosts) if mosts and None not in mosts else None
        if upper is not None and lows:
            upper = max(upper, *lows)
        return max(lows, default=None), upper


def keys(question, row, day):
    names = {"day": day, "month": f"{day:%Y-%m}", **row}
    names["account"] = (row.get("platform"), row.get("account_id"))
    return tuple(names.get(column) for column in question.by)


def within(question, first, last):
    if (question.first and first < question.first) or (question.last and last > question.last):
        return False
    unit = next((column for column in question.by if column in {"day", "month"}), None)
    return unit is None or keys(Question(by=(unit,)), {}, first) == keys(
        Question(by=(unit,)), {}, last
    )


def newest(seen):
    """Of each delivery, per figure the newest known value."""
    found = defaultdict(dict)
    for (delivery, _moment), values_ in sorted(seen.items(), key=lambda item: item[0][1]):
        row = found[delivery]
        for name, value in values_.items():
            if value is not None or name not in row:
                row[name] = value
    return found


def total(o, p, t, covered):
    if covered:
        return o if o is not None else t
    if t is not None:
        return t
    known = [value for value in (o, p) if value is not None]
    return sum(known) if known else None


def most_of(reach, impressions):
    return reach if reach is not None else impressions


def count_post(group, question, post, covered):
    found = newest(post["seen"])
    o, p, t = ({**dict.fromkeys(FIGURES), **found[name]} for name in ("organic", "paid", "total"))
    group.posts += 1
    boosted = "paid" in post["deliveries"] or post["ad_campaign"] is not None
    if question.delivery == "total":
        counted = {name: total(o[name], p[name], t[name], covered) for name in FIGURES}
    elif question.delivery == "organic":
        counted = o
    else:
        counted = dict.fromkeys(FIGURES) if covered else p
    group.add("impressions", counted["impressions"])
    group.add("likes", counted["likes"])
    if question.delivery != "total":
        if question.delivery in post["deliveries"] and not (
            covered and question.delivery == "paid"
        ):
            group.units.append(
                (counted["reach"], most_of(counted["reach"], counted["impressions"]))
            )
        return
    if covered:
        exact = most_of(o["reach"], t["reach"])
        split = o["impressions"]
    elif boosted:
        exact = t["reach"]
        parts = [most_of(o["reach"], o["impressions"]), most_of(p["reach"], p["impressions"])]
        split = None if None in parts else sum(parts)
    else:
        exact = most_of(t["reach"], o["reach"])
        split = o["impressions"]
    caps = [value for value in (split, t["impressions"]) if value is not None]
    lows = [row["reach"] for row in (o, p, t) if row["reach"] is not None]
    group.units.append((max(lows, default=None), most_of(exact, min(caps, default=None))))


def counted_ads(question, rows):
    """The ad rows that count: the highest level and the longest first, and none beside those."""
    there = [ad for ad in rows if within(question, ad["first_day"], ad["last_day"])]
    there.sort(key=lambda ad: (ad["level"] == "campaign", ad["length"], ad["first_day"]))
    chosen = []
    for ad in reversed(there):
        if not any(is_same(ad, o) and o["first_day"] <= ad["last_day"]
                   and ad["first_day"] <= o["last_day"] for o in chosen):  # fmt: skip
            chosen.append(ad)
    return chosen


def is_same(one, other):
    """Whether two rows may say the same: of one ad, or of levels that name no campaign."""
    if one["ad_account_id"] != other["ad_account_id"]:
        return False
    return one["level"] != other["level"] or one["ad_id"] == other["ad_id"]


def expected(question, post_rows, ad_rows, cost_rows):
    groups = defaultdict(Group)
    covered_days = set()
    known = [ad for ad in ad_rows if ad["ad_account_id"] == "of a"
             and within(question, ad["first_day"], ad["last_day"])]  # fmt: skip
    if known:
        first = min(ad["first_day"] for ad in known)
        last = max(ad["last_day"] for ad in known)
        # a post is advertised within 30 days of its publication
        covered_days = {day for day in DAYS if first - dt.timedelta(days=30) <= day <= last}
    for post in post_rows:
        day = post["published_on"]
        if post["is_repost"] or not within(question, day, day):
            continue
        is_of_a = (post["platform"], post["account_id"]) == ("linkedin", "a")
        is_apart = "campaign" in question.by and post["campaign"]  # all ads are of no campaign
        count_post(groups[keys(question, post, day)], question, post,
                   is_of_a and day in covered_days and not is_apart)  # fmt: skip
    for ad in counted_ads(question, ad_rows):
        row = {"platform": "linkedin",
               "account_id": "a" if ad["ad_account_id"] == "of a" else None}  # fmt: skip
        group = groups[keys(question, row, ad["first_day"])]
        group.add("spend", ad["spend"])
        group.add("cost", ad["spend"])
        if question.delivery != "organic":
            group.add("impressions", ad["impressions"])
            group.units.append((ad["reach"], most_of(ad["reach"], ad["impressions"])))
    for first, length, amount in cost_rows:
        if within(question, first, first + dt.timedelta(days=length)):
            groups[keys(question, {}, first)].add("cost", amount)
    if not question.by:
        groups[()]
    if question.by == ("campaign",):
        _ = groups["one",], groups["two",]
    return {
        key: {
            "posts": group.posts,
            **{name: group.sums[name] for name in ("impressions", "likes", "spend", "cost")},
            "reach_lower": group.bounds[0],
            "reach_upper": group.bounds[1],
        }
        for key, group in groups.items()
    }


# --- the same through the store


def fill(store, post_rows, ad_rows, cost_rows):
    tables = defaultdict(list)
    for number, post in enumerate(post_rows):
        about = {k: v for k, v in post.items() if k not in {"seen", "campaign", "deliveries"}}
        entity = {"platform": post["platform"], "post_id": str(number)}
        tables["posts"].append({**about, **entity, "collected_at": MOMENTS[0]})
        if post["campaign"]:
            tables["campaign_posts"].append({**entity, "campaign_id": post["campaign"]})
        for (delivery, moment), values_ in post["seen"].items():
            tables["post_metrics"].append(
                {**entity, "delivery": delivery, **values_, "collected_at": moment}
            )
    for ad in ad_rows:
        tables["ad_periods"].append(
            {**{k: v for k, v in ad.items() if k != "length"}, "platform": "linkedin",
             "currency": "EUR", "collected_at": MOMENTS[0]}
        )  # fmt: skip
    for number, (first, length, amount) in enumerate(cost_rows):
        tables["costs"].append(
            {"source": "list", "row_id": str(number), "first_day": first, "amount": amount,
             "last_day": first + dt.timedelta(days=length), "currency": "EUR",
             "kind": "production"}
        )  # fmt: skip
    tables["campaigns"] = [{"campaign_id": name, "name": name} for name in ("one", "two")]
    tables["accounts"] = [
        {"platform": "linkedin", "account_id": "a", "role": "own", "ad_accounts": "of a"}
    ]
    store.state(tables, "random")


def answered(store, question):
    rows = report(store, question).rows
    found = {}
    for row in rows:
        key = tuple(
            (row["platform"], row["account"]) if column == "account" else row[column]
            for column in question.by
        )
        found[key] = {name: row[name] for name in ("posts", *METRICS)}
        found[key]["posts"] = row["posts"] or 0  # null where no post rows exist at all
    return found


@settings(max_examples=6, deadline=None)
@given(st.randoms(use_true_random=True))
def test_reports_follow_the_rules(random):
    post_rows = [a_post(random) for _ in range(random.randrange(3, 14))]
    ad_rows = some_ads(random)
    cost_rows = [a_cost(random) for _ in range(random.randrange(4))]
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(folder)
        fill(store, post_rows, ad_rows, cost_rows)
        for question in (a_question(random) for _ in range(5)):
            wanted = expected(question, post_rows, ad_rows, cost_rows)
            assert answered(store, question) == wanted, (question, post_rows, ad_rows, cost_rows)
