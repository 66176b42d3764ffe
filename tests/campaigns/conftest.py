"""A store that is filled a line at a time and asked in one: for every test of what counts how."""

import datetime as dt

import pytest

from campaigns import definitions
from campaigns.reports import Question, report
from campaigns.store import Store

MOMENT = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)


def day(text):
    return dt.date.fromisoformat(text)


class Made:
    """A store that is filled a line at a time and asked in one."""

    def __init__(self, path):
        self.store = Store.create(path)
        self.tables = {}
        self.number = 0

    def add(self, table, **values):
        self.tables.setdefault(table, []).append({"collected_at": MOMENT, **values})
        return self

    def post(self, post_id, *, platform="x", account="gemeente", on="2025-01-15", about=None, **by):
        """A post, and its figures per delivery: ``total={"likes": 1}``."""
        self.add("posts", platform=platform, post_id=post_id, account_id=account,
                 published_on=day(on), **(about or {}))  # fmt: skip
        for delivery, figures in by.items():
            self.add("post_metrics", platform=platform, post_id=post_id, delivery=delivery,
                     **figures)  # fmt: skip
        return self

    def days(self, on, *, platform="x", account="gemeente", **by):
        for delivery, figures in by.items():
            self.add("account_days", platform=platform, account_id=account, day=day(on),
                     delivery=delivery, **figures)  # fmt: skip
        return self

    def ad(
        self, first, last=None, *, ad_id="1", platform="linkedin", level="ad", payer="ads", **by
    ):
        return self.add("ad_periods", platform=platform, ad_account_id=payer, level=level,
                        ad_id=ad_id, first_day=day(first), last_day=day(last or first),
                        **{"currency": "EUR", **by})  # fmt: skip

    def cost(self, amount, first="2025-01-01", last="2025-01-31", **more):
        self.number += 1
        values = {"currency": "EUR", "vat": "excl", "kind": "production", **more}
        return self.add("costs", source="list", row_id=str(self.number), amount=amount,
                        first_day=day(first), last_day=day(last), **values)  # fmt: skip

    def campaign(self, name, *rules, **more):
        self.write()
        definitions.add(self.store, definitions.Campaign(name, rules=rules, **more))
        return self

    def write(self):
        if self.tables:
            self.store.state(self.tables, "test")
            self.tables = {}

    def ask(self, by="", **more):
        self.write()
        names = tuple(by.split(",")) if by else ()
        metrics = more.pop("metrics", "")
        return report(
            self.store,
            Question(by=names, metrics=tuple(metrics.split(",")) if metrics else (), **more),
        )

    def rows(self, by="", *, metrics="impressions", **more):
        """The rows of a report, by the value of their grouping."""
        answer = self.ask(by, metrics=metrics, **more)
        keys = by.split(",") if by else []
        return {
            tuple(row[key] for key in keys) if len(keys) != 1 else row[keys[0]]: row
            for row in answer.rows
        }

    def value(self, metric="impressions", **more):
        (row,) = self.ask(metrics=metric, **more).rows
        return row[metric]

    def notes(self, by="", **more):
        return " ".join(str(note) for note in self.ask(by, **more).notes)


@pytest.fixture
def made(tmp_path):
    return Made(tmp_path / "store")
