"""Reports against the rules of counting written out row by row, on random small stores."""

import datetime as dt
import tempfile
from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.reports import Question, report
from campaigns.store import Store

FIRST = dt.date(2025, 1, 30)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(5)]  # crosses a month
MOMENTS = [dt.datetime(2025, 3, day, tzinfo=dt.UTC) for day in (1, 2)]
FIGURES = ("impressions", "likes", "reach")
METRICS = ("impressions", "likes", "reach_lower", "reach_upper", "spend", "cost")

values = st.one_of(st.none(), st.integers(0, 9))
figures = st.fixed_dictionaries(dict.fromkeys(FIGURES, values))
observations = st.dictionaries(
    st.tuples(st.sampled_from(["organic", "paid", "total"]), st.sampled_from(MOMENTS)),
    figures,
    max_size=4,
)
posts = st.lists(
    st.fixed_dictionaries(
        {
            "platform": st.sampled_from(["x", "linkedin"]),
            "account_id": st.sampled_from(["a", "b"]),
            "published_on": st.sampled_from(DAYS),
            "is_repost": st.sampled_from([None, False, False, True]),
            "ad_campaign": st.sampled_from([None, None, "boost"]),
            "campaign": st.sampled_from([None, "one", "two"]),
            "seen": observations,
        }
    ),
    max_size=6,
)
ads = st.lists(
    st.fixed_dictionaries(
        {
            "ad_account_id": st.sampled_from(["of a", "of nobody"]),
            "ad_id": st.sampled_from(["1", "2"]),
            "level": st.sampled_from(["ad", "ad", "campaign"]),
            "first_day": st.sampled_from(DAYS),
            "length": st.sampled_from([0, 0, 1]),
            "impressions": values,
            "reach": values,
            "spend": values,
        }
    ),
    max_size=4,
    unique_by=lambda ad: (
        ad["ad_account_id"], ad["ad_id"], ad["level"], ad["first_day"], ad["length"],
    ),
)  # fmt: skip
costs = st.lists(st.tuples(st.sampled_from(DAYS), st.integers(0, 2), st.integers(0, 9)), max_size=3)
questions = st.builds(
    Question,
    by=st.sampled_from(
        [
            (),
            ("platform",),
            ("campaign",),
            ("account",),
            ("day",),
            ("month",),
            ("month", "platform"),
        ]
    ),
    metrics=st.just(METRICS),
    first=st.sampled_from([None, DAYS[1]]),
    last=st.sampled_from([None, DAYS[3]]),
    delivery=st.sampled_from(["total", "organic", "paid"]),
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
    """The ad rows that count: of an account the highest level, of one ad the longer row."""
    there = [ad for ad in rows if within(question, ad["first_day"], ad["last_day"])]

    def overlap(one, two):
        return one["first_day"] <= two["last_day"] and two["first_day"] <= one["last_day"]

    for ad in there:
        same = [other for other in there if other["ad_account_id"] == ad["ad_account_id"]]
        if any(o["level"] == "campaign" != ad["level"] and overlap(o, ad) for o in same):
            continue
        mine = [o for o in same if (o["level"], o["ad_id"]) == (ad["level"], ad["ad_id"])]
        rank = (ad["length"], ad["first_day"])
        if any((o["length"], o["first_day"]) > rank and overlap(o, ad) and o["length"]
               for o in mine):  # fmt: skip
            continue
        yield ad


def expected(question, post_rows, ad_rows, cost_rows):
    groups = defaultdict(Group)
    covered_days = set()
    known = [ad for ad in ad_rows if ad["ad_account_id"] == "of a"
             and within(question, ad["first_day"], ad["last_day"])]  # fmt: skip
    if known:
        first = min(ad["first_day"] for ad in known)
        last = max(ad["last_day"] for ad in known)
        covered_days = {day for day in DAYS if first <= day <= last}
    for post in post_rows:
        day = post["published_on"]
        if post["is_repost"] or not within(question, day, day):
            continue
        is_of_a = (post["platform"], post["account_id"]) == ("linkedin", "a")
        count_post(groups[keys(question, post, day)], question, post,
                   is_of_a and day in covered_days)  # fmt: skip
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


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(posts, ads, costs, st.lists(questions, min_size=1, max_size=4))
def test_reports_follow_the_rules(post_rows, ad_rows, cost_rows, asked):
    for post in post_rows:
        post["deliveries"] = {delivery for delivery, _moment in post["seen"]}
    for ad in ad_rows:
        ad["last_day"] = ad["first_day"] + dt.timedelta(days=ad["length"])
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(folder)
        fill(store, post_rows, ad_rows, cost_rows)
        for question in asked:
            wanted = expected(question, post_rows, ad_rows, cost_rows)
            assert answered(store, question) == wanted
