"""What may be kept of the people in a file: colleagues who agreed, and nobody who was erased.

A colleague's file is kept only as far as that colleague takes part: posts of campaigns, and day
totals. All else is counted and dropped before anything is written.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

from campaigns import definitions, privacy
from campaigns.definitions import Selection
from campaigns.errors import N_, Message, NoOptIn, PersonalExport, StoreBusy
from campaigns.imports.facts import FileFacts, handle
from campaigns.imports.records import values
from campaigns.imports.staged import Part, Staged
from campaigns.privacy import Person, Tombstones
from campaigns.schema import TABLES, UNKNOWN
from campaigns.store import Engine, Store, literal, typed_nulls

Account = tuple[str, str]
"""A platform and a handle."""

NO_CAMPAIGN = N_("posts of a colleague that belong to no campaign, or that no rule can judge")
NO_PROFILE = N_("figures of a colleague's own profile and followers")
ERASED = N_("what names people who were taken out of the store")

_numbers = itertools.count(1)


@dataclass
class People:
    """The register of accounts during a run, and who must not come back.

    ``roles`` gives for each registered account its role and whether it takes part.
    """

    store: Store
    secret: privacy.Key
    roles: dict[Account, tuple[str | None, bool]] = field(default_factory=dict)
    stones: Tombstones = field(default_factory=Tombstones)
    _selection: Selection | None = None

    @classmethod
    def of(cls, store: Store, secret: privacy.Key) -> People:
        """Those of a store."""
        rows = store.read(
            lambda snapshot: snapshot.rows(
                f"SELECT platform, account_id, role, {privacy.TAKES_PART} AS takes_part "
                "FROM accounts WHERE is_removed IS DISTINCT FROM true"
            )
        )
        roles: dict[Account, tuple[str | None, bool]] = {
            (row["platform"], row["account_id"]): (row["role"], bool(row["takes_part"]))
            for row in rows
        }
        return cls(store, secret, roles, privacy.tombstones(store))

    def introduce(self, engine: Engine) -> None:
        """Let expressions of collectors ask whose an account is; see `Parsed`.

        A registered account is known by its handle and by its pseudonym.
        """
        known: dict[str, str] = {}
        for (platform, account), (role, takes_part) in self.roles.items():
            if platform == "x" and not privacy.is_unnamed(account):
                kept = account if role != "ambassador" or takes_part else ""
                known |= {account: kept, self.secret.pseudonym(account)[1:]: kept}
        names, accounts = list(known), list(known.values())
        engine.execute(
            "SET VARIABLE known_accounts = map_from_entries(list_zip(?::VARCHAR[], ?::VARCHAR[]))",
            [names, accounts],
        )
        engine.execute(
            "CREATE OR REPLACE TEMP MACRO known_account(handle) AS "
            "map_extract_value(getvariable('known_accounts'), lower(handle))"
        )

    def kept_as(self, account: Account) -> Account:
        """An account as it is kept: one that is marked as somebody else's as a pseudonym."""
        platform, name = account
        is_others = name.startswith("@")
        return (platform, self.secret.pseudonym(name[1:])[1:]) if is_others else account

    def campaigns_of(self, facts: FileFacts) -> str:
        """What else decides what is kept of a colleague's file: the campaigns that there are."""
        account = (facts.platform, handle(facts.options.account or UNKNOWN))
        role, _takes_part = self.roles.get(account, (None, False))
        is_colleague = "ambassador" in (facts.options.role, role)
        return self._chosen().digest if is_colleague and not _is_list(facts) else ""

    def screen(self, engine: Engine, facts: FileFacts, staged: Staged) -> Person:
        """Take out of a staged file what may not be kept; returns who was taken out before.

        Raises `PersonalExport` for what a person downloaded of an account that nobody registered,
        and `NoOptIn` for a colleague who does not take part.
        """
        colleagues = self._colleagues(facts, staged)
        if colleagues:
            is_mixed = facts.recognition.format.holds_others
            self._keep_part(engine, staged, colleagues, is_mixed=is_mixed)
        return self._keep_out(engine, facts, staged)

    def check_stones(self) -> None:
        """Raise `StoreBusy` when somebody was erased since this run began: it must begin again."""
        if self.store.number_of("erasures") == self.stones.number:
            return
        now = privacy.tombstones(self.store)  # the number changes too when files are merged
        if not now.hashes <= self.stones.hashes:
            raise StoreBusy(path=self.store.path, tries=1)

    # --- colleagues

    def _colleagues(self, facts: FileFacts, staged: Staged) -> set[Account]:
        """The accounts in the file that are those of ambassadors, all of whom take part."""
        if _is_list(facts):
            return set()
        accounts = set(staged.accounts)
        if facts.recognition.format.is_personal or facts.options.role == "ambassador":
            accounts |= {(facts.platform, handle(facts.options.account or UNKNOWN))}
            accounts -= {(facts.platform, UNKNOWN)} if len(accounts) > 1 else set()
        return {one for one in sorted(accounts) if self._is_colleague(one, facts, staged)}

    def _is_colleague(self, account: Account, facts: FileFacts, staged: Staged) -> bool:
        options = facts.options
        role, _takes_part = self.roles.get(account, (None, False))
        if account in staged.described:  # somebody else, such as a competitor
            return role == "ambassador" and self._has_agreed(account, facts)
        if options.role == "ambassador" or role == "ambassador":
            return self._has_agreed(account, facts)
        is_stated = options.account is not None and options.is_role_stated
        if facts.recognition.format.is_personal and role is None and not is_stated:
            shown = "?" if account[1] == UNKNOWN else account[1]
            raise PersonalExport(path=facts.path, account=shown)
        return False

    def _has_agreed(self, account: Account, facts: FileFacts) -> bool:
        role, takes_part = self.roles.get(account, (None, False))
        if account[1] != UNKNOWN and role == "ambassador" and takes_part:
            return True
        day = facts.options.opted_in_on
        if day is None or facts.options.account is None or account[1] == UNKNOWN:
            raise NoOptIn(path=facts.path, account=account[1] if account[1] != UNKNOWN else "NAME")
        definitions.opt_in(self.store, *account, day)
        self.roles[account] = ("ambassador", True)
        return True

    def _keep_part(
        self, engine: Engine, staged: Staged, colleagues: set[Account], *, is_mixed: bool
    ) -> None:
        """Drop what is not of a campaign; ``is_mixed``: other people's rows are in it too."""
        tables = _settled(engine, staged)
        listed = ", ".join(literal(f"{platform}/{account}") for platform, account in colleagues)
        theirs = f"coalesce(platform || '/' || account_id IN ({listed}), false)"
        for name in ("account_periods", "audience_shares"):
            if name in tables:
                _drop(engine, staged, tables, name, theirs, NO_PROFILE)
        empty = {name: typed_nulls(TABLES[name]) for name in ("posts", "post_aliases")}
        rows = {name: f"FROM {tables[name]}" if name in tables else empty[name] for name in empty}
        definitions.choose(engine, self._chosen(), rows["posts"], rows["post_aliases"])
        post = "(platform || '/' || post_id)"
        chosen = f"{post} IN (SELECT platform || '/' || post_id FROM chosen_posts)"
        unwanted = f"{post} NOT IN (SELECT {post} FROM ({rows['posts']}))"
        if is_mixed:  # figures may be of posts that came with another answer
            query = f"SELECT {post} AS post FROM ({rows['posts']}) WHERE {theirs} AND NOT {chosen}"
            engine.execute(f"CREATE OR REPLACE TEMP TABLE dropped_posts AS {query}")
            unwanted = f"{post} IN (SELECT post FROM dropped_posts)"
        if "posts" in tables:
            _drop(engine, staged, tables, "posts", f"{theirs} AND NOT {chosen}", NO_CAMPAIGN)
            engine.execute(
                f"UPDATE {tables['posts']} SET published_at = NULL, "
                f"text = {privacy.without_contacts('text')} WHERE {theirs}"
            )
        for name in ("post_metrics", "post_days", "post_aliases"):
            if name in tables:
                _drop(engine, staged, tables, name, unwanted)

    def _chosen(self) -> Selection:
        if self._selection is None:
            self._selection = self.store.read(definitions.selection)
        return self._selection

    # --- who was erased

    def _keep_out(self, engine: Engine, facts: FileFacts, staged: Staged) -> Person:
        if not self.stones:
            return Person()
        about = values(facts, staged)
        record = ", ".join(
            f"{literal(str(about[name]))} AS {name}" for name in ("file", "options", "account_id")
        )
        queries = {**staged.queries, "imports": [f"SELECT {record}"]}
        person = privacy.recalled(engine, self.secret, self.stones, queries)
        if not person:
            return person
        tables = _settled(engine, staged)
        posts = tables.get("posts")
        privacy.find_posts(
            engine, person, f"FROM {posts}" if posts else typed_nulls(TABLES["posts"])
        )
        changed, has_changed = privacy.changes(person), bool(person.accounts)
        for name in list(tables):
            where, query = changed[name]
            [(count,)] = engine.execute(
                f"SELECT count(*) FROM {tables[name]} WHERE {where}"
            ).fetchall()
            if count:
                has_changed = True
                new = _new_name(staged, name)
                engine.execute(f"CREATE TEMP TABLE {new} AS {query(tables[name])}")
                _replace(engine, staged, tables, name, new)
        staged.accounts -= person.accounts
        if has_changed:
            staged.notes.append(Message(N_("left out: {what}"), {"what": Message(ERASED)}))
        return person

    def without(
        self, engine: Engine, person: Person, values: Mapping[str, object]
    ) -> dict[str, object]:
        """What the record of an import keeps, without those who were taken out."""
        if not person:
            return dict(values)
        table = TABLES["imports"]
        texts = [c.name for c in table if c.type == "text" and values.get(c.name) is not None]
        given = ", ".join(f"{literal(str(values[name]))} AS {name}" for name in texts)
        _where, query = privacy.changes(person)["imports"]
        whole = f"({typed_nulls(table)} UNION ALL BY NAME SELECT {given})"
        row = engine.execute(f"SELECT {', '.join(texts)} FROM ({query(whole)})").fetchone() or ()
        return {**values, **dict(zip(texts, row, strict=True))}


def _is_list(facts: FileFacts) -> bool:
    return facts.recognition.format.is_statement


# --- staged rows as tables -------------------------------------------------------------------


def _settled(engine: Engine, staged: Staged) -> dict[str, str]:
    """The staged rows of each table as a temporary table with all columns; their names."""
    names = {}
    for table, queries in staged.queries.items():
        names[table] = name = _new_name(staged, table)
        every = " UNION ALL BY NAME ".join(
            [typed_nulls(TABLES[table]), *(f"({q})" for q in queries)]
        )
        engine.execute(f"CREATE TEMP TABLE {name} AS {every}")
        _point(staged, table, name)
    return names


def _new_name(staged: Staged, table: str) -> str:
    name = f"people_{next(_numbers)}_{table}"
    staged.relations.append(name)
    return name


def _point(staged: Staged, table: str, name: str) -> None:
    rows = f"SELECT * EXCLUDE (import_id, collected_at), collected_at AS collected_at FROM {name}"
    staged.parts[table] = [Part(rows)]


def _replace(engine: Engine, staged: Staged, tables: dict[str, str], table: str, new: str) -> None:
    tables[table] = new
    _point(staged, table, new)
    [(count,)] = engine.execute(f"SELECT count(*) FROM {new}").fetchall()
    staged.tables[table] = count


def _drop(
    engine: Engine,
    staged: Staged,
    tables: dict[str, str],
    table: str,
    where: str,
    reason: str = "",
) -> None:
    """Delete rows before they are written, and count them."""
    [(count,)] = engine.execute(f"SELECT count(*) FROM {tables[table]} WHERE {where}").fetchall()
    if count:
        engine.execute(f"DELETE FROM {tables[table]} WHERE {where}")
        key = ", ".join(TABLES[table].key)  # a file may say the same of a post twice
        left = engine.execute(f"SELECT count(DISTINCT ({key})) FROM {tables[table]}").fetchone()
        staged.tables[table] = left[0] if left else 0
        if reason:
            staged.skipped.append((Message(reason), count))
