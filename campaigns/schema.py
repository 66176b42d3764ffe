"""Every table of the store: its columns, key, units and meaning. The only place for columns.

A `Table` is declared once here; the files on disk, the empty frames, the glossary and the data
dictionary of exports are derived from it. Adding a column is adding a line: files written before
read it as null.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from campaigns.errors import N_

type_of = Literal["text", "integer", "decimal", "number", "boolean", "day", "moment"]

FORMAT_VERSION = 1
"""The version of the store's layout; a store of a newer version is refused."""

PLATFORMS = (
    "x",
    "linkedin",
    "facebook",
    "instagram",
    "google",
    "print",
    "radio",
    "television",
    "outdoor",
    "web",
    "other",
)
DELIVERIES = ("organic", "paid", "total")
ROLES = ("own", "ambassador", "partner", "peer", "organisation")
UNKNOWN = "unknown"
"""The account of files that do not say whose they are."""

RULE_KINDS = ("hashtag", "link", "utm_campaign", "words", "post", "account", "ad_campaign")
CONDITION_KINDS = ("function", "seniority", "sector", "region", "company_size", "platform",
                   "account", "language", "hashtag", "topic", "ad_campaign")  # fmt: skip
"""The kinds of conditions of a target group."""
COST_KINDS = ("media", "production", "hours", "agency", "tools", "other")
VATS = ("excl", "incl", "none")
AD_LEVELS = ("campaign", "group", "ad")


@dataclass(frozen=True)
class Column:
    """One column: its name, type, unit and meaning.

    ``sum`` says whether values of several rows may be added: figures of people (reach) and
    stocks (followers) may not. ``personal`` columns can name a person: no statistics of them
    are kept in the log of the store.
    """

    name: str
    type: type_of
    meaning: str
    unit: str = ""
    required: bool = False
    is_counter: bool = False
    is_personal: bool = False


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its key and its columns.

    ``newest`` says how the newest of several rows of one key is found: per ``column`` the
    newest known value (platform figures: a sparser export does not erase what a fuller one
    knew), or the newest ``row`` as a whole (definitions: emptying a field is a statement).
    ``hides_removed``: a row of which the newest statement takes it out is not seen in the table,
    only in its history.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    newest: Literal["column", "row"] = "column"
    hides_removed: bool = False

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def column(self, name: str) -> Column:
        """The column of this name; `KeyError` when there is none.

        >>> TABLES["post_metrics"].column("reach").unit
        'people'
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name!r} has no column {name!r}")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def counters(self) -> tuple[str, ...]:
        """The names of the figures: cumulative counts that the platform reports."""
        return tuple(column.name for column in self.columns if column.is_counter)


def _text(name: str, meaning: str, *, unit: str = "", required: bool = False) -> Column:
    return Column(name, "text", meaning, unit, required)


def _person(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning, is_personal=True)


def _count(name: str, meaning: str, unit: str = "times") -> Column:
    return Column(name, "integer", meaning, unit, is_counter=True)


def _day(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "day", meaning, "date", required)


_PROVENANCE = (
    Column("import_id", "text", N_("the import that brought this row"), required=True),
    Column(
        "collected_at",
        "moment",
        N_("the moment for which the figures are true"),
        "UTC",
        required=True,
    ),
)

_PLATFORM = _text("platform", N_("where it was shown: x, linkedin, print …"), required=True)
_ACCOUNT = _text(
    "account_id", N_("the account: its handle or page name, in lower case"), required=True
)
_DELIVERY = _text(
    "delivery", N_("organic (free), paid (advertised), or total (both)"), required=True
)
_CURRENCY = _text("currency", N_("the currency of the amounts"), unit="ISO 4217")

_MEASURES = (
    _count("impressions", N_("how often it was shown; not unique, never people")),
    _count("reach", N_("accounts to which it was shown at least once"), "people"),
    _count("engagements", N_("interactions as the platform counts them")),
    _count("likes", N_("likes and all other reactions")),
    _count("comments", N_("comments; on X replies")),
    _count("shares", N_("reposts")),
    _count("quotes", N_("posts that quote it, where given apart from reposts")),
    _count("clicks", N_("clicks: on X on links, on LinkedIn as the export counts them")),
    _count("video_views", N_("video views as the platform counts them")),
    _count("follows", N_("new followers that it brought")),
    _count("saves", N_("bookmarks")),
    _count("share_actions", N_("uses of the share button (not reposts)")),
    _count("profile_clicks", N_("visits to the profile that it brought")),
    _count("detail_expands", N_("times it was opened in full")),
    _count("hashtag_clicks", N_("clicks on a hashtag in it")),
    _count("permalink_clicks", N_("clicks on its own address")),
    _count("app_opens", N_("times it opened an app")),
    _count("app_installs", N_("times it installed an app")),
    _count("email_shares", N_("times it was sent by e-mail")),
    _count("phone_dials", N_("times a number in it was dialled")),
    _count("media_views", N_("views of its images and videos")),
    _count("media_engagements", N_("interactions with its images and videos")),
)

_AD_MEASURES = (
    _count("landing_page_clicks", N_("clicks to the advertiser's own page")),
    _count("page_clicks", N_("clicks to the page on the platform")),
    _count("other_clicks", N_("clicks that are none of the others")),
    _count("social_actions", N_("reactions, comments, shares and follows together")),
    _count("viral_impressions", N_("times shown because somebody shared the ad")),
    _count("viral_clicks", N_("clicks on ads that somebody shared")),
    _count("video_completions", N_("videos played to the end")),
    _count("leads", N_("forms sent from the ad")),
    _count("lead_form_opens", N_("forms opened from the ad")),
    _count("results", N_("what the campaign was set to bring, as the platform counts it")),
    Column(
        "conversions",
        "number",
        N_("conversions as the platform attributes them"),
        "times",
        is_counter=True,
    ),
)


def _table(
    name: str,
    meaning: str,
    key: str,
    *columns: Column,
    newest: Literal["column", "row"] = "column",
    hides_removed: bool = False,
) -> Table:
    return Table(name, meaning, tuple(key.split()), (*columns, *_PROVENANCE), newest, hides_removed)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "accounts",
            N_("one account: own, ambassador, partner or peer"),
            "platform account_id",
            _PLATFORM,
            _ACCOUNT,
            _text("name", N_("the name as it is shown")),
            _text("role", N_("own, ambassador, partner, peer, or another organisation")),
            _text("sector", N_("the sector, for benchmarks")),
            _text("ad_accounts", N_("its ad accounts"), unit=N_("names or ids, separated by ;")),
            _text("team", N_("the team of an ambassador")),
            _person("person", N_("the colleague behind an ambassador's account")),
            _day("opted_in_on", N_("the day on which the ambassador agreed to take part")),
            _day("withdrawn_on", N_("the day on which the ambassador withdrew")),
            Column("is_name_permitted", "boolean", N_("the ambassador lets reports show the name")),
            Column(
                "hourly_rate",
                "decimal",
                N_("what an hour of this colleague costs"),
                N_("amount per hour"),
            ),
            _CURRENCY,
            Column("is_removed", "boolean", N_("taken out by the operator")),
        ),
        _table(
            "account_days",
            N_("one day of an account, as the platform reports it"),
            "platform account_id day delivery",
            _PLATFORM,
            _ACCOUNT,
            _day("day", N_("the day, in the time zone of the platform's export"), required=True),
            _DELIVERY,
            *_MEASURES,
            _count("posts_published", N_("posts published that day"), "posts"),
            _count("unfollows", N_("followers lost")),
            _count("followers", N_("followers at the end of that day (a stock)"), "people"),
            _count("page_views", N_("views of the account's own page")),
            _count(
                "unique_visitors",
                N_("visitors of its page that day; never added over days"),
                "people",
            ),
        ),
        _table(
            "account_periods",
            N_("figures of an account that hold for a period as a whole"),
            "platform account_id first_day last_day",
            _PLATFORM,
            _ACCOUNT,
            _day("first_day", N_("first day of the period"), required=True),
            _day("last_day", N_("last day of the period"), required=True),
            *_MEASURES,
            _count("followers", N_("followers at the end (a stock)"), "people"),
            _count("new_followers", N_("followers won in the period"), "people"),
            _count("posts_published", N_("posts published in the period"), "posts"),
        ),
        _table(
            "posts",
            N_("one post"),
            "platform post_id",
            _PLATFORM,
            _text("post_id", N_("the platform's own id; on LinkedIn the whole URN"), required=True),
            _ACCOUNT,
            _day("published_on", N_("the day of publication"), required=True),
            Column("published_at", "moment", N_("the moment of publication, where known"), "UTC"),
            Column(
                "text", "text", N_("the text; handles of others are pseudonyms"), is_personal=True
            ),
            _text("url", N_("its address")),
            _text("links", N_("addresses it links to, in full"), unit=N_("separated by spaces")),
            _text("media_type", N_("text, image, video, document … as the platform says")),
            _text("language", N_("its language, as the platform says"), unit="BCP 47"),
            _text("audience", N_("to whom the page showed it, as the platform says")),
            Column(
                "author", "text", N_("who posted it for the page (a pseudonym)"), is_personal=True
            ),
            _text("ad_campaign", N_("the ad campaign that boosted it")),
            Column("is_reply", "boolean", N_("it answers another post")),
            Column("is_repost", "boolean", N_("it repeats another account's post")),
        ),
        _table(
            "post_aliases",
            N_("another id of the same post in another export"),
            "platform post_id alias",
            _PLATFORM,
            _text("post_id", N_("the id under which the post is counted"), required=True),
            _text("alias", N_("the other id"), required=True),
        ),
        _table(
            "post_metrics",
            N_("what was known of a post at a moment: totals since publication"),
            "platform post_id delivery",
            _PLATFORM,
            _text("post_id", N_("the post"), required=True),
            _DELIVERY,
            *_MEASURES,
            _count("offsite_video_views", N_("video views outside the platform")),
        ),
        _table(
            "post_days",
            N_("what one day brought a post; never added to what it has since publication"),
            "platform post_id day delivery",
            _PLATFORM,
            _text("post_id", N_("the post"), required=True),
            _day("day", N_("the day, in the time zone of the platform"), required=True),
            _DELIVERY,
            *_MEASURES,
        ),
        _table(
            "post_reposts",
            N_("a registered account that reposted one of our posts"),
            "platform post_id account_id",
            _PLATFORM,
            _text("post_id", N_("the post"), required=True),
            _ACCOUNT,
        ),
        _table(
            "ad_periods",
            N_("what an ad, ad group or ad campaign delivered and cost in a period"),
            "platform ad_account_id level ad_id first_day last_day",
            _PLATFORM,
            _text("ad_account_id", N_("the account that pays"), required=True),
            _text("level", N_("campaign, group or ad; levels are never added"), required=True),
            _text("ad_id", N_("the id at that level, else the name"), required=True),
            _day("first_day", N_("first day of the period"), required=True),
            _day("last_day", N_("last day of the period"), required=True),
            _text("ad_account_name", N_("the name of the account that pays")),
            _text("group_name", N_("the name of the campaign group or ad group")),
            _text("campaign_name", N_("the name of the ad campaign")),
            _text("campaign_key", N_("the id of the ad campaign, where given")),
            _text("ad_name", N_("the name of the ad")),
            _text("post_id", N_("the post that it shows, where given")),
            _text("headline", N_("its headline")),
            _text("text", N_("its text")),
            _text("objective", N_("what the campaign is set to bring")),
            _text("status", N_("active, paused, ended … as the platform says")),
            *_MEASURES,
            *_AD_MEASURES,
            Column(
                "spend", "decimal", N_("what the platform charged"), N_("amount"), is_counter=True
            ),
            _CURRENCY,
        ),
        _table(
            "audience_shares",
            N_("how an account's followers or visitors are made up; no persons"),
            "platform account_id dimension value first_day last_day",
            _PLATFORM,
            _ACCOUNT,
            _text(
                "dimension",
                N_("function, seniority, industry, place, company size …"),
                required=True,
            ),
            _text("value", N_("the group, as the platform names it"), required=True),
            _day("first_day", N_("first day of the period"), required=True),
            _day("last_day", N_("last day of the period"), required=True),
            _count("people", N_("how many, where given"), "people"),
            _count("views", N_("views of the account's page by this group, where given")),
            Column("share", "number", N_("which part of all"), "fraction"),
        ),
        _table(
            "media_placements",
            N_("a placement in print or another medium"),
            "placement_id",
            _text("placement_id", N_("the placement"), required=True),
            _text("campaign", N_("the campaign, as entered")),
            _text("medium", N_("print, radio, television, outdoor …")),
            _text("title", N_("the newspaper, magazine, station …")),
            _day("first_day", N_("first day it was to be seen"), required=True),
            _day("last_day", N_("last day it was to be seen"), required=True),
            Column("insertions", "integer", N_("how often it appeared"), "times"),
            Column("circulation", "integer", N_("copies printed or sold (oplage)"), "copies"),
            _text("circulation_source", N_("who says so")),
            Column("readership", "integer", N_("people who see one issue (leesbereik)"), "people"),
            _text("readership_source", N_("who says so")),
            Column("amount", "decimal", N_("what it cost"), N_("amount")),
            _CURRENCY,
            _text("vat", N_("excl, incl or none")),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
            hides_removed=True,
        ),
        _table(
            "costs",
            N_("one cost line"),
            "source row_id",
            _text("source", N_("the list it stands in"), required=True),
            _text("row_id", N_("the line"), required=True),
            _text("shares", N_("the campaigns that bear it"), unit=N_("name=part, separated by ;")),
            _text("platform", N_("the platform that it was for")),
            _text("account_id", N_("the account that it was for")),
            _person("ambassador", N_("the team or colleague whose hours or ads they are")),
            _text("kind", N_("media, production, hours, agency, tools or other")),
            _text("description", N_("what it was")),
            Column("amount", "decimal", N_("the amount as entered"), N_("amount")),
            _CURRENCY,
            _text("vat", N_("excl, incl or none")),
            Column("hours", "decimal", N_("hours worked"), "hours"),
            Column("rate", "decimal", N_("what an hour costs"), N_("amount per hour")),
            _day("first_day", N_("first day that it covers"), required=True),
            _day("last_day", N_("last day that it covers"), required=True),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
            hides_removed=True,
        ),
        _table(
            "outcomes",
            N_("a result on a day: applications, visits, calls, recognition …"),
            "source row_id",
            _text("source", N_("the list it stands in"), required=True),
            _text("row_id", N_("the line"), required=True),
            _text("campaign", N_("the campaign, as entered")),
            _day("day", N_("the day"), required=True),
            _text("outcome", N_("what was counted"), required=True),
            Column("value", "number", N_("how many, or the score"), N_("see the outcome")),
            _text("unit", N_("in what")),
            _text("measured_by", N_("who measured it, and how")),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
            hides_removed=True,
        ),
        _table(
            "search_terms",
            N_("what people searched for, in a search engine or on a site"),
            "source term first_day last_day",
            _text("source", N_("the site or tool that counted"), required=True),
            Column(
                "term",
                "text",
                N_("what was searched for, in lower case"),
                required=True,
                is_personal=True,
            ),
            _day("first_day", N_("first day of the period, where known")),
            _day("last_day", N_("last day of the period, where known")),
            _count("searches", N_("how often it was searched for, where a site counts that")),
            _count("impressions", N_("how often the site or ad was shown for it")),
            _count("clicks", N_("how often it led to the site")),
            Column("position", "number", N_("mean place in the results"), N_("1 = first")),
        ),
        _table(
            "campaigns",
            N_("one campaign"),
            "campaign_id",
            _text("campaign_id", N_("its short name, in lower case"), required=True),
            _text("name", N_("its name")),
            Column(
                "position",
                "integer",
                N_("its place when several campaigns match a post"),
                N_("1 = first"),
            ),
            _day("first_day", N_("first day")),
            _day("last_day", N_("last day")),
            Column("budget", "decimal", N_("what it may cost"), N_("amount")),
            _CURRENCY,
            _text("goal_metric", N_("what it must bring: a metric or an outcome")),
            Column("goal_target", "number", N_("how much of that")),
            _day("goal_on", N_("by which day")),
            _text("description", N_("what it is for")),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
        ),
        _table(
            "campaign_rules",
            N_("one rule by which posts and ads belong to a campaign"),
            "campaign_id position",
            _text("campaign_id", N_("the campaign"), required=True),
            Column(
                "position", "integer", N_("the place of the rule"), N_("1 = first"), required=True
            ),
            _text("kind", N_("hashtag, link, utm_campaign, words, post, account or ad_campaign")),
            _text("value", N_("what it looks for")),
            _text("platform", N_("only on this platform")),
            _text("account_id", N_("only of this account")),
            _day("first_day", N_("only from this day")),
            _day("last_day", N_("only to this day")),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
        ),
        _table(
            "campaign_posts",
            N_("a post assigned by hand; the campaign is empty when it belongs to none"),
            "platform post_id",
            _PLATFORM,
            _text("post_id", N_("the post"), required=True),
            _text("campaign_id", N_("the campaign; empty: to no campaign")),
            Column("is_removed", "boolean", N_("the assignment was withdrawn: rules decide again")),
            newest="row",
        ),
        _table(
            "experiments",
            N_("one test of messages or images"),
            "experiment_id",
            _text("experiment_id", N_("its short name, in lower case"), required=True),
            _text("name", N_("its name")),
            _text("metric", N_("the metric that decides")),
            _text("unit", N_("what was given to a variant: post, ad-day or impression")),
            _text("method", N_("how often one looks: fixed, sequential or obf")),
            Column("is_by_lot", "boolean", N_("lots decided which variant was used")),
            Column("matters", "number", N_("the smallest difference that matters"), "fraction"),
            _day("first_day", N_("first day")),
            _day("last_day", N_("last day")),
            Column("age", "integer", N_("the age at which posts are compared"), "days"),
            _text("delivery", N_("organic, paid or total: which figures of posts")),
            _text("description", N_("what it is to find out")),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
        ),
        _table(
            "variants",
            N_("one variant of a test"),
            "experiment_id variant",
            _text("experiment_id", N_("the test"), required=True),
            _text("variant", N_("the name of the variant"), required=True),
            Column(
                "position", "integer", N_("its place; the first is the control"), N_("1 = first")
            ),
            _text("message", N_("its message, in a word or in full")),
            _text("image", N_("its image, by name or file")),
            Column("weight", "number", N_("the share that it was promised"), N_("parts")),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
        ),
        _table(
            "variant_members",
            N_("what carries a variant: posts or ads, named by a rule"),
            "experiment_id variant position",
            _text("experiment_id", N_("the test"), required=True),
            _text("variant", N_("the variant"), required=True),
            Column(
                "position", "integer", N_("the place of the rule"), N_("1 = first"), required=True
            ),
            _text(
                "kind", N_("hashtag, link, utm_campaign, words, post, account, ad_campaign or ad")
            ),
            _text("value", N_("what it looks for")),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
        ),
        _table(
            "segments",
            N_("one target group"),
            "segment_id",
            _text("segment_id", N_("its short name, in lower case"), required=True),
            _text("name", N_("its name")),
            Column(
                "population_share",
                "number",
                N_("which part of the population it is, as the operator states"),
                "fraction",
            ),
            _text("population_source", N_("who says so, of which year")),
            _text("description", N_("whom it is about")),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
        ),
        _table(
            "segment_conditions",
            N_("one condition of a target group"),
            "segment_id position",
            _text("segment_id", N_("the target group"), required=True),
            Column(
                "position",
                "integer",
                N_("the place of the condition"),
                N_("1 = first"),
                required=True,
            ),
            _text("kind", N_("function, seniority, sector, region, platform, topic …")),
            _text("value", N_("what it asks")),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
        ),
        _table(
            "images",
            N_("what was measured of one image; the image itself is not kept"),
            "image_id",
            _text("image_id", N_("the SHA-256 of its bytes, the first 32 digits"), required=True),
            _person("file", N_("the name of its file")),
            _text("format", N_("JPEG, PNG, GIF or WEBP")),
            Column("width", "integer", N_("how wide it is"), "pixels"),
            Column("height", "integer", N_("how high it is"), "pixels"),
            Column("size", "integer", N_("size of the file"), "bytes"),
            Column("brightness", "number", N_("mean light: 0 is black, 1 is white"), "fraction"),
            Column("colourfulness", "number", N_("M of Hasler and Süsstrunk; 0 is grey")),
            _text(
                "colours", N_("its colours with their shares"), unit=N_("name=part, separated by ;")
            ),
            Column("text_share", "number", N_("which part looks like letters"), "fraction"),
            _text("likeness", N_("perceptual hash; alike images differ in few bits"), unit="hex"),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
            hides_removed=True,
        ),
        _table(
            "image_posts",
            N_("an image that a post shows"),
            "platform post_id image_id",
            _PLATFORM,
            _text("post_id", N_("the post"), required=True),
            _text("image_id", N_("the image"), required=True),
            _text("joined_by", N_("name, list or hand: how it is known")),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
            hides_removed=True,
        ),
        _table(
            "image_tags",
            N_("what somebody saw, or did not see, in an image"),
            "image_id tag",
            _text("image_id", N_("the image"), required=True),
            _text("tag", N_("what was looked for, in lower case"), required=True),
            Column("is_present", "boolean", N_("whether it is in the image")),
            Column("is_removed", "boolean", N_("taken out by the operator")),
            newest="row",
            hides_removed=True,
        ),
        _table(
            "erasures",
            N_("a person who must not come back, as a keyed hash that names nobody"),
            "person",
            _text("person", N_("the keyed hash of an account or name"), required=True),
            _text("kind", N_("account or phrase"), required=True),
            Column("words", "integer", N_("of how many words the name is"), required=True),
            _text("reason", N_("erased or withdrawn")),
            _day("erased_on", N_("the day of the erasure"), required=True),
            Column("is_lifted", "boolean", N_("the person has agreed anew since")),
            newest="row",
        ),
        _table(
            "destructions",
            N_("a log of what was destroyed; it names no person"),
            "destruction_id",
            _text("destruction_id", N_("the destruction"), required=True),
            _text("kind", N_("the kind of data"), required=True),
            _text("reason", N_("retention, erasure or withdrawal"), required=True),
            _day("destroyed_on", N_("the day of the destruction"), required=True),
            _day("older_than", N_("what was older than this day was destroyed")),
            _text("rows", N_("rows per table"), unit="JSON"),
            newest="row",
        ),
        _table(
            "imports",
            N_("one step in the life of an import: started, committed, undoing or undone"),
            "import_id",
            _text("state", N_("started, committed, undoing or undone"), required=True),
            Column(
                "recorded_at", "moment", N_("when this step was recorded"), "UTC", required=True
            ),
            _text("file", N_("the name of the file, or the command")),
            _text("format", N_("the format that was recognised")),
            _text("language", N_("the language of the file"), unit="BCP 47"),
            _text("account_id", N_("the account, when there is one")),
            _day("first_day", N_("first day in the file")),
            _day("last_day", N_("last day in the file")),
            Column("size", "integer", N_("size of the file"), "bytes"),
            _text("options", N_("the options given"), unit="JSON"),
            _text("rows", N_("rows per table"), unit="JSON"),
            _text("skipped", N_("rows skipped, with the reason"), unit="JSON"),
            _text("notes", N_("what the reader of the report must know"), unit="JSON"),
            newest="row",
        ),
    )
}
"""All tables, by name."""
