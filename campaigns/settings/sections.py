"""Every setting: its meaning and its default. The only place for both."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from campaigns.errors import N_
from campaigns.settings.values import (
    Amount,
    Clock,
    Count,
    Currency,
    Duration,
    File,
    Handle,
    Server,
    Switch,
    Text,
)

AGES = ("1h", "6h", "1d", "2d", "7d", "14d", "28d", "29d18h")


class Section(BaseModel):
    """A part of the file. Unknown keys are refused, and nothing is changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def _default(value: Any, meaning: str) -> Any:
    return Field(default=value, description=meaning)


class Collect(Section):
    """What is collected, and when each post is looked at."""

    accounts: tuple[Handle, ...] = _default(
        (), N_("accounts on X to collect, beside the registered ones of the roles below")
    )
    roles: tuple[Literal["own", "ambassador", "partner"], ...] = _default(
        ("own", "ambassador", "partner"),
        N_("registered accounts on X of these roles are collected; ambassadors after their opt-in"),
    )
    searches: tuple[Text, ...] = _default(
        (), N_('what is searched for in everybody\'s posts, such as "#zomer -is:retweet"')
    )
    hashtags: Switch = _default(False, N_("search for the hashtags of running campaigns too"))
    mentions: Switch = _default(True, N_("collect mentions of and replies to own accounts"))
    reposters: Switch = _default(
        False,
        N_("look once, after seven days, who reposted an own post of a campaign: each is a read of "
           "an account; kept are registered accounts of the roles above, nobody else"),
    )  # fmt: skip
    ages: tuple[Duration, ...] = _default(
        AGES,
        N_("ages at which own posts are looked at; private figures vanish at 30 days, so the "
           "last lies just before"),
    )  # fmt: skip
    recheck: Duration = _default(
        "7d", N_("how often stored posts of others are looked up again, to drop deleted ones")
    )
    pages: Count = _default(32, N_("at most so many pages of one account or search in one run"))
    server: Server = _default("https://api.x.com", N_("where the API of X is"))
    timeout: Duration = _default("30s", N_("how long an answer may take"))


class Prices(Section):
    """What one read costs."""

    currency: Currency = _default("USD", N_("the currency of prices and budget"))
    post: Amount = _default(Decimal("0.005"), N_("a post of somebody else"))
    owned_post: Amount = _default(Decimal("0.001"), N_("a post of the account that is signed in"))
    user: Amount = _default(Decimal("0.010"), N_("an account with its number of followers"))
    analytics: Amount = _default(Decimal("0.005"), N_("the figures by day of a post"))


class Budget(Section):
    """What collection may cost. A run stops before it spends more."""

    per_day: Amount = _default(Decimal("5.00"), N_("at most so much on one day (UTC)"))
    per_month: Amount = _default(Decimal("50.00"), N_("at most so much in one calendar month"))


class Retention(Section):
    """For how many days data are kept."""

    raw_answers: Count = _default(90, N_("answers of the API as they came, for --replay"))
    others_posts: Count = _default(90, N_("texts and addresses of others' posts"))
    authors: Count = _default(365, N_("who posted for a page, as a pseudonym"))
    colleagues: Count = _default(730, N_("posts and day totals of colleagues who take part"))

    def kinds(self) -> dict[str, int]:
        """Days per kind of data that is in the tables of the store."""
        return self.model_dump(exclude={"raw_answers"})


class Schedule(Section):
    """When it runs by itself."""

    every: Duration = _default("1h", N_("how often posts and watched folders are collected"))
    nightly_at: Clock = _default(
        "03:30", N_("when the store is compacted and what is past its time destroyed")
    )
    stale_after: Duration = _default(
        "6h", N_("a warning is shown when the last good run is longer ago")
    )


class Watch(Section):
    """Watched folders: exports that are saved there are imported."""

    folders: tuple[File, ...] = _default((), N_("folders, with what is in them"))
    settled: Duration = _default(
        "10s", N_("a file is read when its size has been the same for so long")
    )
    again: Duration = _default(
        "5m", N_("how often folders are looked at when the loop runs in the foreground")
    )


class Credentials(Section):
    """Where the credentials for the API of X are. Never the credentials themselves."""

    file: File | None = _default(
        None, N_("a file that only its owner can read; else the usual place")
    )


class Settings(Section):
    """All settings. Each has a default, so that an empty file, or none, is a whole one."""

    collect: Collect = Field(default=Collect(), description=N_("What is collected from X"))
    prices: Prices = Field(default=Prices(), description=N_("What one read costs"))
    budget: Budget = Field(default=Budget(), description=N_("What collection may cost"))
    retention: Retention = Field(
        default=Retention(), description=N_("For how many days data are kept")
    )
    schedule: Schedule = Field(default=Schedule(), description=N_("When it runs by itself"))
    watch: Watch = Field(
        default=Watch(),
        description=N_("Watched folders: exports that are saved there are imported"),
    )
    credentials: Credentials = Field(
        default=Credentials(), description=N_("Where the credentials for X are; not what they are")
    )

    _path: Path | None = PrivateAttr(default=None)

    @property
    def path(self) -> Path | None:
        """The file that was read; None when there is none."""
        return self._path
