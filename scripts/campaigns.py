"""``bereik campaigns``: campaigns, and the rules that give posts to them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from campaigns.errors import N_, UnknownCampaign
from campaigns.schema import PLATFORMS
from campaigns.translations import _
from scripts import Context
from scripts._options import json_option
from scripts._tables import print_table

if TYPE_CHECKING:
    from campaigns.definitions import Campaign, Rule
    from campaigns.store import Snapshot

F = TypeVar("F", bound=Callable[..., Any])

KINDS = {
    "hashtag": N_("Posts with this hashtag, whole: zomer is not #zomerweek."),
    "link": N_("Posts that link to this domain or address, or below it."),
    "utm_campaign": N_("Posts with a link that has this utm_campaign."),
    "words": N_("Posts with all these words; '\"op weg\"' finds them one after another."),
    "post": N_("This post, by its id or address."),
    "account": N_("All posts of this account (give it a period)."),
    "ad_campaign": N_("Ads, and posts boosted by them, of this ad campaign; * is any text."),
}
LIST_HEADERS = (
    N_("place"), N_("campaign"), N_("id"), N_("period"), N_("budget"), N_("goal"), N_("rules"),
    N_("posts"),
)  # fmt: skip


class _Day(click.ParamType[dt.date]):
    """A day as people type it for a computer: 2025-06-01."""

    name = "day"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(_("'{value}' is no day such as 2025-06-01", value=value), param, ctx)


class _Amount(click.ParamType[Decimal]):
    """An amount, with a point before the cents."""

    name = "amount"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        try:
            return Decimal(value)
        except InvalidOperation:
            self.fail(_("'{value}' is no amount such as 12000.50", value=value), param, ctx)


DAY = _Day()


def rule_options(command: F) -> F:
    """The options that say a rule, and those that limit it."""
    limits = [
        click.option(
            "--platform", type=click.Choice(PLATFORMS), help=N_("Only posts on this platform.")
        ),
        click.option("--of", "of_account", help=N_("Only posts of this account.")),
    ]
    kinds = [
        click.option(f"--{kind.replace('_', '-')}", kind, multiple=True, metavar="TEXT", help=text)
        for kind, text in KINDS.items()
    ]
    for option in reversed([*kinds, *limits]):
        command = option(command)
    return command


def rules_of(
    given: Mapping[str, Any], first_day: dt.date | None = None, last_day: dt.date | None = None
) -> tuple[Rule, ...]:
    """The rules that were given as options."""
    from campaigns.definitions import Rule

    return tuple(
        Rule(kind, value, given["platform"], given["of_account"], first_day, last_day)
        for kind in KINDS
        for value in given[kind]
    )


@click.group()
def command() -> None:
    """Campaigns, and the rules that give posts, ads and costs to them.

    A post belongs to the first campaign that has a rule for it; what is assigned by hand goes
    before all rules. Everything stated here can be taken back with 'bereik undo'.

    \b
    Examples:
      bereik campaigns suggest                    what the data speaks of
      bereik campaigns add "Zomer 2025" --hashtag zomer2025 --from 2025-06-01 --to 2025-08-31
      bereik campaigns rule "Zomer 2025" --link example.nl/zomer
      bereik campaigns unjudged                   posts that no rule can judge
      bereik campaigns assign "Zomer 2025" https://x.com/gemeente/status/123
    """


@command.command("list")
@json_option
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """List all campaigns, in the order in which they decide.

    \b
    Example:
      bereik campaigns list --json
    """
    from campaigns.definitions.counts import with_posts

    found, posts = context.store.read(with_posts)
    if as_json:
        rows = [{**_plain(one), "posts": posts[one.campaign_id, None]} for one in found]
        context.write_json({"campaigns": rows})
    elif found:
        lines = [_line(context, one, posts[one.campaign_id, None]) for one in found]
        print_table([_(text) for text in LIST_HEADERS], lines, frozenset({0, 4, 6, 7}))
    else:
        context.say(
            N_("There are no campaigns yet. See what the data speaks of: bereik campaigns suggest")
        )


@command.command()
@click.argument("name")
@json_option
@click.pass_obj
def show(context: Context, name: str, as_json: bool) -> None:
    """Show a campaign, by its name or id, and how many posts each rule brought.

    \b
    Example:
      bereik campaigns show zomer-2025
    """
    from campaigns.definitions.counts import with_posts
    from campaigns.definitions.stated import among

    found, posts = context.store.read(with_posts)
    campaign = among(found, name)
    counts = [posts[campaign.campaign_id, rule.position] for rule in campaign.rules]
    by_hand = posts[campaign.campaign_id, None] - sum(counts)
    plain = _plain(campaign)
    if as_json:
        for rule, count in zip(plain["rules"], counts, strict=True):
            rule["posts"] = count
        context.write_json({**plain, "posts": sum(counts) + by_hand, "by_hand": by_hand})
        return
    facts = [(key, value) for key, value in plain.items() if value is not None and key != "rules"]
    print_table(["", ""], [[_(FIELDS[key]), str(value)] for key, value in facts])
    lines = [
        [str(rule.position), rule.kind, rule.value, _limits(rule), context.number(count)]
        for rule, count in zip(campaign.rules, counts, strict=True)
    ]
    lines.append(["", _("by hand"), "", "", context.number(by_hand)])
    click.echo()
    headers = [_("rule"), _("kind"), _("value"), _("only"), _("posts")]
    print_table(headers, lines, frozenset({0, 4}))


@command.command()
@click.argument("name")
@rule_options
@click.option("--from", "first_day", type=DAY, help=N_("First day: its rules match from then on."))
@click.option("--to", "last_day", type=DAY, help=N_("Last day, included."))
@click.option("--budget", type=_Amount(), help=N_("What it may cost: 12000.50"))
@click.option("--currency", help=N_("The currency of the budget (EUR when not given)."))
@click.option("--goal", "goal_metric", help=N_("What it must bring: a metric or an outcome."))
@click.option("--target", "goal_target", type=float, help=N_("How much of that."))
@click.option("--by", "goal_on", type=DAY, help=N_("By which day."))
@click.option("--description", help=N_("What it is for."))
@click.option("--id", "campaign_id", default="", help=N_("Its short name; made from the name."))
@click.option("--place", "position", type=int, help=N_("Its place when several campaigns match."))
@click.pass_obj
def add(context: Context, /, name: str, **given: Any) -> None:
    """Add a campaign, or change what is given of one that is there.

    \b
    Examples:
      bereik campaigns add "Zomer 2025" --hashtag zomer2025 --hashtag zomerveilig
      bereik campaigns add "Zomer 2025" --budget 12000 --goal applications --target 500
    """
    from campaigns import definitions

    rules = rules_of(given)
    fields = {
        field.name: given[field.name]
        for field in dataclasses.fields(definitions.Campaign)
        if given.get(field.name) not in (None, "")
    }
    definitions.checked(definitions.Campaign(**{"name": name, **fields, "rules": rules}))
    store = context.create()
    try:
        found = store.read(lambda snapshot: definitions.find(snapshot, name))
    except UnknownCampaign:
        new = definitions.Campaign(**{"name": name, **fields, "rules": rules})
        campaign = definitions.add(store, new)
        context.say(N_("Added campaign '{name}' ({id})."), **_names(campaign))
    else:
        fields.pop("campaign_id", None)
        campaign = definitions.replace(
            store,
            found.campaign_id,
            f"campaigns add {found.name}",
            lambda old: dataclasses.replace(old, **fields, rules=(*old.rules, *rules)),
        )
        context.say(N_("Changed campaign '{name}' ({id})."), **_names(campaign))
    _say_posts(context, campaign)


@command.command()
@click.argument("name")
@rule_options
@click.option("--from", "first_day", type=DAY, help=N_("Only posts from this day on."))
@click.option("--to", "last_day", type=DAY, help=N_("Only posts to this day, included."))
@click.option("--remove", type=int, metavar="RULE", help=N_("Take out the rule of this number."))
@click.option("--try", "is_trial", is_flag=True, help=N_("Only show which posts it would match."))
@click.pass_obj
def rule(context: Context, /, name: str, remove: int | None, is_trial: bool, **given: Any) -> None:
    """Add rules to a campaign, or take one out.

    \b
    Examples:
      bereik campaigns rule zomer --hashtag zomer --platform x
      bereik campaigns rule zomer --account zwemveilig --from 2025-06-01 --to 2025-06-30
      bereik campaigns rule zomer --words '"kijk uit" water' --try
      bereik campaigns rule zomer --remove 2
    """
    from campaigns import definitions

    rules = rules_of(given, given["first_day"], given["last_day"])
    if bool(rules) == (remove is not None):
        raise click.UsageError(_("Give a rule, such as --hashtag zomer, or --remove NUMBER."))
    if is_trial:
        _try(context, name, rules)
        return
    if remove is not None:
        campaign = definitions.remove_rule(context.store, name, remove)
    else:
        campaign = definitions.add_rules(context.store, name, rules)
    context.say(N_("Changed campaign '{name}' ({id})."), **_names(campaign))
    _say_posts(context, campaign)


def _try(context: Context, name: str, rules: Sequence[Rule]) -> None:
    from campaigns import definitions

    def question(snapshot: Snapshot) -> tuple[int, list[dict[str, Any]]]:
        return definitions.preview(snapshot, rules, definitions.find(snapshot, name), 20)

    count, rows = context.store.read(question)
    context.say(N_("{n} posts would match. The newest:"), n=context.number(count))
    print_table(["", "", ""], [_post_line(row, row["text"]) for row in rows])


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_(context: Context, file: Path) -> None:
    """Take over the campaigns of a TOML file, as 'bereik campaigns export' writes it.

    The file says everything about the campaigns in it: rules that it has not are taken out.
    Other campaigns stay as they are. The same file again changes nothing.

    \b
    Example:
      bereik campaigns import campaigns.toml

    \b
    Example of a file:
      [[campaigns]]
      name = "Zomer 2025"
      first_day = 2025-06-01
      last_day = 2025-08-31
      budget = 12000
      goal = { metric = "applications", target = 500, day = 2025-09-01 }
      rules = [{ hashtag = "zomer2025" }, { link = "example.nl/zomer", platform = "x" }]
    """
    from campaigns import definitions

    found = definitions.read(file)
    new, changed = definitions.load(context.create(), found, str(file))
    context.say(
        N_("{file}: {total} campaigns, {new} new, {changed} changed."),
        file=file,
        total=len(found.campaigns),
        new=new,
        changed=changed,
    )


@command.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.pass_obj
def export(context: Context, file: Path | None) -> None:
    """Write all campaigns as TOML, to FILE or to the screen.

    \b
    Example:
      bereik campaigns export campaigns.toml
    """
    from campaigns import definitions

    text = context.store.read(definitions.export)
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, "utf-8", newline="\n")
        context.say(N_("Written: {file}"), file=file)


@command.command()
@click.option("--min", "minimum", type=click.IntRange(1), default=2, show_default=True,
              help=N_("Only hashtags on at least so many posts."))  # fmt: skip
@click.option("--limit", type=click.IntRange(1), default=30, show_default=True,
              help=N_("At most so many."))  # fmt: skip
@json_option
@click.pass_obj
def suggest(context: Context, minimum: int, limit: int, as_json: bool) -> None:
    """Suggest campaigns: hashtags and names of ad campaigns that no rule has yet.

    \b
    Example:
      bereik campaigns suggest --min 5
    """
    from campaigns import definitions

    found = context.store.read(lambda snapshot: definitions.suggest(snapshot, minimum))[:limit]
    if as_json:
        context.write_json({"suggestions": [dataclasses.asdict(one) for one in found]})
    elif found:
        headers = [_("rule"), _("value"), _("posts"), _("no campaign"), _("period"), _("accounts")]
        lines = [
            [
                f"--{one.kind.replace('_', '-')}",
                one.value,
                context.number(one.posts),
                context.number(one.unassigned),
                _period(one.first_day, one.last_day),
                " ".join(one.accounts),
            ]
            for one in found
        ]
        print_table(headers, lines, frozenset({2, 3}))
    else:
        context.say(N_("Nothing to suggest: no hashtag or ad campaign without a rule."))


@command.command()
@click.argument("given", nargs=-1, required=True, metavar="CAMPAIGN POST...")
@click.option("--none", "to_none", is_flag=True, help=N_("To no campaign: give only posts."))
@click.pass_obj
def assign(context: Context, given: tuple[str, ...], to_none: bool) -> None:
    """Assign posts to a campaign by hand; this goes before all rules.

    A POST is a pasted address on X or LinkedIn, its id, or platform:id.

    \b
    Examples:
      bereik campaigns assign zomer https://x.com/gemeente/status/123
      bereik campaigns assign zomer linkedin:urn:li:activity:7123 x:456
      bereik campaigns assign --none https://www.linkedin.com/feed/update/urn:li:activity:7123
    """
    from campaigns import definitions

    campaign, posts = (None, given) if to_none else (given[0], given[1:])
    if not posts:
        raise click.UsageError(_("Give a campaign and at least one post, or --none and posts."))
    done = definitions.assign(context.store, posts, campaign)
    _say_done(context, N_("Assigned by hand: {posts}."), done)


@command.command()
@click.argument("posts", nargs=-1, required=True, metavar="POST...")
@click.pass_obj
def unassign(context: Context, posts: tuple[str, ...]) -> None:
    """Withdraw what was assigned by hand: the rules decide again.

    \b
    Example:
      bereik campaigns unassign https://x.com/gemeente/status/123
    """
    from campaigns import definitions

    done = definitions.unassign(context.store, posts)
    _say_done(context, N_("The rules decide again on: {posts}."), done)


@command.command()
@click.option("--limit", type=click.IntRange(0), default=30, show_default=True,
              help=N_("Show at most so many posts."))  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help=N_("As JSON, with all posts."))
@click.pass_obj
def unjudged(context: Context, limit: int, as_json: bool) -> None:
    """List the posts that no rule can judge: without text, or with shortened links.

    Assign them by hand, import the archive that has their text, or name them in a rule.

    \b
    Example:
      bereik campaigns unjudged --limit 100
    """
    from campaigns import definitions

    rows = context.store.read(definitions.unjudged)
    counts = Counter(row["reason"] for row in rows)
    if as_json:
        context.write_json({"reasons": dict(sorted(counts.items())), "posts": rows})
        return
    if not rows:
        context.say(N_("The rules can judge every post."))
    for reason, count in counts.most_common():
        context.say(
            N_("{n} posts: {reason}"),
            n=context.number(count),
            reason=_(definitions.REASONS[reason]),
        )
    lines = [_post_line(row, _(definitions.REASONS[row["reason"]])) for row in rows[:limit]]
    print_table(["", "", ""], lines)


@command.command()
@click.argument("name")
@click.pass_obj
def remove(context: Context, name: str) -> None:
    """Take a campaign out, with its rules and what was assigned to it by hand.

    \b
    Example:
      bereik campaigns remove zomer-2025
    """
    from campaigns import definitions

    gone = definitions.remove(context.store, name)
    context.say(
        N_("Removed campaign '{name}' ({id}). To get it back: bereik imports, bereik undo"),
        **_names(gone),
    )


# --- what they share -------------------------------------------------------------------------

FIELDS = {
    "campaign_id": N_("id"),
    "name": N_("campaign"),
    "position": N_("place"),
    "first_day": N_("first day"),
    "last_day": N_("last day"),
    "budget": N_("budget"),
    "currency": N_("currency"),
    "goal_metric": N_("goal"),
    "goal_target": N_("target"),
    "goal_on": N_("target day"),
    "description": N_("description"),
}


def _plain(campaign: Campaign) -> dict[str, Any]:
    """A campaign for JSON: amounts as numbers, days as text."""
    found = {name: getattr(campaign, name) for name in FIELDS}
    if campaign.budget is not None:
        found["budget"] = float(campaign.budget)
    rules = [
        {name: value for name, value in dataclasses.asdict(rule).items() if name != "key"}
        for rule in campaign.rules
    ]
    return {**found, "rules": rules}


def _line(context: Context, campaign: Campaign, posts: int) -> list[str]:
    budget = "" if campaign.budget is None else f"{campaign.budget.normalize():f}"
    goal = [campaign.goal_metric or ""]
    if campaign.goal_target is not None:
        goal.append(f"{campaign.goal_target:g}")
    return [
        str(campaign.position or ""),
        campaign.name,
        campaign.campaign_id,
        _period(campaign.first_day, campaign.last_day),
        f"{campaign.currency or ''} {budget}".strip() if budget else "",
        " ".join(goal).strip(),
        str(len(campaign.rules)),
        context.number(posts),
    ]


def _period(first: dt.date | None, last: dt.date | None) -> str:
    if first is None and last is None:
        return ""
    return " – ".join(dict.fromkeys(str(day or "…") for day in (first, last)))


def _limits(rule: Rule) -> str:
    parts = (rule.platform, rule.account_id, _period(rule.first_day, rule.last_day))
    return ", ".join(part for part in parts if part)


def _post_line(row: Mapping[str, Any], what: str | None) -> list[str]:
    text = " ".join((what or "").split())
    return [
        str(row["published_on"] or ""),
        row["url"] or f"{row['platform']}:{row['post_id']}",
        text if len(text) <= 80 else text[:79] + "…",
    ]


def _names(campaign: Campaign) -> dict[str, str]:
    return {"name": campaign.name, "id": campaign.campaign_id}


def _say_posts(context: Context, campaign: Campaign) -> None:
    from campaigns.definitions.counts import with_posts

    _campaigns, posts = context.store.read(with_posts)
    count = posts[campaign.campaign_id, None]
    context.say(N_("Posts of this campaign: {n}"), n=context.number(count))


def _say_done(context: Context, text: str, posts: Sequence[tuple[str, str]]) -> None:
    context.say(text, posts=", ".join(f"{platform}:{post_id}" for platform, post_id in posts))
