"""Tables of a warehouse that repeat what is read, or belong to no table here."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.errors import N_, Message


@dataclass(frozen=True)
class Other:
    """Tables that are left alone: with all of ``needs``, and at least one of each of ``marks``."""

    name: str
    title: str
    why: Message
    needs: frozenset[str]
    marks: tuple[frozenset[str], ...] = ()

    def is_it(self, labels: set[str]) -> bool:
        """Whether a table with these labels is one of them."""
        return self.needs <= labels and all(mark & labels for mark in self.marks)


SPLIT_BY = frozenset(
    {"segment", "country", "region", "age", "gender", "member_country", "member_region"}
    | {"location_name", "ad_group_criterion_criterion_id"}
)
_OF_ADS = frozenset(
    {"account_id", "customer_id", "campaign_id", "ad_group_id", "adset_id", "line_item_id", "ad_id"}
    | {"tweet_id"}
)
_CHANGED = frozenset(
    {"_fivetran_synced", "updated_at", "updated_time", "last_modified_time", "last_modified_at"}
)
BY_DAY = (
    Other(
        "ad_table_actions",
        N_("ads, table of conversions by kind"),
        Message(N_("conversions by kind are not kept; the table by ad has the delivery")),
        frozenset({"action_type", "value"}),
    ),
    Other(
        "ad_table_shares",
        N_("ads, table split by audience, place or keyword"),
        Message(N_("it repeats, split by audience, place or keyword, what the table by ad says")),
        frozenset({"impressions"}),
        (SPLIT_BY, _OF_ADS),
    ),
    Other(
        "ad_table_account",
        N_("ads, table of whole accounts"),
        Message(N_("it adds up what the tables by campaign and ad say")),
        frozenset({"impressions"}),
        (
            frozenset({"account_id", "customer_id"}),
            frozenset({"placement", "ad_network_type", "_fivetran_synced"}),
        ),
    ),
)
WITHOUT_DAY = (
    Other(
        "ad_table_states",
        N_("ads, table of names and settings"),
        Message(N_("names and settings of ads, without figures; the tables by day have these")),
        frozenset({"id"}),
        (_CHANGED, _OF_ADS | {"name", "value", "currency", "currency_code"}),
    ),
    Other(
        "ad_table_links",
        N_("ads, table of links in posts"),
        Message(N_("the links of advertised posts, without figures")),
        frozenset({"tweet_id", "expanded_url"}),
    ),
)
