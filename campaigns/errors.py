"""What a user can be told: messages with their values apart, and the errors a user can meet.

A text is written once, in English, with ``{named}`` fields; the English text is the key under
which `campaigns.translations` finds the Dutch one. Values stay apart from the text, so that a
hostile file name or cell can never be read as part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar


def N_(text: str) -> str:  # noqa: N802 - the field's standard name for "translate this, later"
    """Mark a text for translation and return it as it is.

    >>> N_("no campaign")
    'no campaign'
    """
    return text


@dataclass(frozen=True)
class Message:
    """One sentence for a user: an English text with ``{fields}`` and the values for them.

    >>> str(Message("{rows} rows skipped", {"rows": 3}))
    '3 rows skipped'
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return fill(self.text, self.values)

    def __hash__(self) -> int:
        return hash((self.text, *self.values))


def fill(text: str, values: Mapping[str, object]) -> str:
    """Put values in the ``{fields}`` of a text; a field without a value stays as it stands.

    Only plain names are fields: no attribute or index is ever looked up, so a text from a
    translation cannot reach into an object.

    >>> fill("{file} has {rows} rows", {"file": "a{rows}.csv", "rows": 2})
    'a{rows}.csv has 2 rows'
    """
    parts: list[str] = []
    rest = text
    while True:
        before, brace, after = rest.partition("{")
        parts.append(before)
        if not brace:
            return "".join(parts)
        name, closing, tail = after.partition("}")
        if closing and name in values:
            parts.append(str(values[name]))
            rest = tail
        else:
            parts.append("{")
            rest = after


class UserError(Exception):
    """The world's mistake, not the programmer's: a text says what, where and what to do.

    Each subclass stands for one remedy. Its text is a class attribute with ``{fields}``; the
    values are attributes of the error, for code that wants them.

    >>> str(UnknownCampaign(name="zomer", known="winter, lente"))
    "There is no campaign 'zomer'. Known: winter, lente. Add it with: bereik campaigns add"
    """

    text: ClassVar[str] = "{reason}"

    def __init__(self, **values: object) -> None:
        self.values: dict[str, object] = values
        super().__init__(fill(self.text, values))

    @property
    def message(self) -> Message:
        """The text and its values, for translation."""
        return Message(self.text, self.values)

    def __getattr__(self, name: str) -> object:
        try:
            return self.__dict__["values"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.values)


def _rebuild(kind: type[UserError], values: dict[str, object]) -> UserError:
    return kind(**values)


# --- the store -------------------------------------------------------------------------------


class StoreError(UserError):
    """A problem of the store or its key, not of a file: nothing else can go on either."""


class NoStore(StoreError):
    """Nothing has been imported yet, or the path is another one."""

    text = N_(
        "There is no store in {path}. Import a file first: bereik import FILE "
        "(or name another store with --store or BEREIK_STORE)."
    )


class NotAStore(StoreError):
    """The folder holds something else."""

    text = N_(
        "{path} holds other files and is not a bereik store. Name an empty or new folder "
        "with --store."
    )


class OddStorePath(StoreError):
    """A path that the log of the tables would read as another one."""

    text = N_(
        "{path} cannot hold a store: '{part}' in a path is read as something else. Name a folder "
        "without it with --store."
    )


class BrokenStore(StoreError):
    """A file of the store cannot be read."""

    text = N_(
        "The store in {path} cannot be read: {reason}. Restore it from a backup, or import "
        "the files again into a new store."
    )


class NewerStore(StoreError):
    """The store was written by a newer bereik."""

    text = N_(
        "The store in {path} was written by a newer bereik (format {found}; this one knows "
        "{known}). Install the newer version."
    )


class CannotWrite(StoreError):
    """No room, or no right to write."""

    text = N_("Nothing could be written to {path}: {reason}. What was there is unchanged.")


class StoreBusy(StoreError):
    """Other processes kept winning the commit."""

    text = N_(
        "The store in {path} was too busy: after {tries} tries another process still came "
        "first. Nothing was changed; try again."
    )


class WrongKey(StoreError):
    """The pseudonym key is not this store's."""

    text = N_(
        "The key from {source} is not the key of the store in {path}. Give the key this "
        "store was made with (BEREIK_KEY or BEREIK_KEY_FILE), or its pseudonyms no longer match."
    )


class NoKey(StoreError):
    """The store has pseudonyms and its key is not here."""

    text = N_(
        "The key of the store in {path} was not found in {source}. Copy the key file from "
        "the person who made the store, or name it with BEREIK_KEY_FILE."
    )


class BadKey(StoreError):
    """A key that cannot be read or is too short to protect anybody."""

    text = N_(
        "The key from {source} cannot be used ({reason}). Give at least 32 characters that "
        "nobody can guess, or leave it out and one is made."
    )


class UnknownImport(UserError):
    """An import_id that the store does not know."""

    text = N_("There is no import '{import_id}'. See them with: bereik imports")


class AmbiguousImport(UserError):
    """The beginning of more than one import_id."""

    text = N_("Several imports begin with '{import_id}': {found}. Give more of the one you mean.")


class PermanentImport(UserError):
    """An erasure or destruction, which nothing takes back."""

    text = N_("'{import_id}' is a destruction of data ({file}): it cannot be taken back.")


# --- settings and credentials ----------------------------------------------------------------


class NoSettings(UserError):
    """The file with settings that was named is not there."""

    text = N_("There is no file {path}. Write one with: bereik settings --write {path}")


class BadSettings(UserError):
    """A file with settings that cannot be read as one."""

    text = N_(
        "The settings in {path} cannot be read: {reason}. Correct the file, or see how it is "
        "written with: bereik settings --write FILE"
    )


class UnknownSetting(UserError):
    """A key that is none of ours."""

    text = N_(
        "{path}: there is no setting '{key}'. Nearest is: {nearest}. See them all with: "
        "bereik settings"
    )


class BadSetting(UserError):
    """A value that a setting cannot have."""

    text = N_("{path}: {key} is {given}, and must be {wanted}. Correct it in that file.")


class NoCredentials(UserError):
    """Nothing to sign in to the API with."""

    text = N_(
        "There are no credentials for the API of X. Give BEREIK_X_BEARER_TOKEN, or write "
        'bearer_token = "…" in {path} and let only its owner read it.'
    )


class OpenCredentials(UserError):
    """A file of secrets that others can read."""

    text = N_(
        "{path} holds secrets, and others than its owner can read it or it is another's. Nothing "
        "was read. Make it yours alone with: chmod 600 {path}; and replace the secrets when "
        "others may have seen them."
    )


class BadCredentials(UserError):
    """Credentials that cannot be used."""

    text = N_("The credentials in {source} cannot be used: {reason}. Correct them there.")


class NoFolder(UserError):
    """A folder that is to be watched is not there."""

    text = N_("There is no folder {path}. Make it, or name the one in which exports are saved.")


# --- files -----------------------------------------------------------------------------------


class UnreadableFile(UserError):
    """A file that cannot be opened or decoded."""

    text = N_("{path} cannot be read: {reason}. Export it again.")


class UnknownFormat(UserError):
    """No collector knows this content.

    ``wanted`` are the fields that the nearest format needs and does not find, each with its label;
    ``free`` the labels of the file that nothing claims.
    """

    text = N_(
        "{path} is in no known format. Nearest is {nearest}, which needs the columns {missing}. "
        "Found: {found}. Export it again, or name its columns with --map LABEL=COLUMN."
    )


class NoNearFormat(UserError):
    """No collector knows this content, and none comes near."""

    text = N_(
        "{path} is in no known format. Found: {found}. See what can be read with: "
        "bereik import --formats"
    )


class CampaignsFile(UserError):
    """A file of campaigns and rules, which another command reads."""

    text = N_(
        "{path} is a file of campaigns and rules, no export: read it with: "
        "bereik campaigns import FILE"
    )


class AmbiguousDates(UserError):
    """Days and months cannot be told apart."""

    text = N_(
        "{path}: the dates in '{column}' (such as {example}) can be day-month or month-day. "
        "Say which with --date-order dmy or --date-order mdy."
    )


class MixedDates(UserError):
    """One column has both day-first and month-first dates."""

    text = N_(
        "{path}: the dates in '{column}' are day-month in one row ({day_first}) and "
        "month-day in another ({month_first}). Correct the file."
    )


class ConvertedDates(UserError):
    """A spreadsheet program of another country has read some dates of the file its own way."""

    text = N_(
        "{path}: opening and saving it in a spreadsheet program has changed some dates in "
        "'{column}' (unchanged is {example}). Import the file as it was downloaded."
    )


class DifferentAccounts(UserError):
    """Two files without an account's name contradict each other."""

    text = N_(
        "{path} and {other} both lack the name of their account and disagree about {day}: "
        "they cannot be the same account. Import each with --account NAME."
    )


class NothingToImport(UserError):
    """A file of a known format without a single usable row."""

    text = N_("{path} is a {format} without a usable row ({reasons}). Export it again.")


class TooLarge(UserError):
    """A file, or what it unpacks to, is over the limit."""

    text = N_("{path} is too large: {what}. The limit is {limit}.")


class NestedArchive(UserError):
    """An archive inside an archive."""

    text = N_("{path} is an archive inside an archive. Unpack it first and import what is in it.")


class UnsafeMember(UserError):
    """A member of an archive that is no file of its own."""

    text = N_(
        "{path} names a place outside the archive, or is a link. It was not read; have the "
        "archive made again."
    )


class BadMapping(UserError):
    """--map names a column that does not exist."""

    text = N_("--map {given}: there is no column '{column}'. Columns that can be named: {known}.")


class NoOptIn(UserError):
    """A colleague's file without that colleague's consent."""

    text = N_(
        "{path} belongs to a colleague who has not agreed to take part ({account}): nothing of it "
        "was kept. Import it with --account {account} --role ambassador --opted-in DAY once the "
        "colleague agrees; or with --role own when the account speaks for the organisation."
    )


class NoAccount(UserError):
    """A file that does not say whose it is, where the account must be known."""

    text = N_("{path} does not say whose account it is. Say it with --account NAME.")


class PersonalExport(UserError):
    """What a person downloaded of an own account, and nobody said whose it is."""

    text = N_(
        "{path} is an export of a personal account ({account}) that is not registered: nothing of "
        "it was kept. If the account speaks for the organisation, all is kept with: bereik import "
        "FILE --account NAME --role own. If it is a colleague's who has agreed to take part, posts "
        "of campaigns and day totals are kept with: bereik import FILE --account NAME "
        "--role ambassador --opted-in DAY."
    )


# --- definitions and questions ---------------------------------------------------------------


class UnknownCampaign(UserError):
    """A campaign that was not defined."""

    text = N_("There is no campaign '{name}'. Known: {known}. Add it with: bereik campaigns add")


class UnknownName(UserError):
    """A filter names something the store does not have."""

    text = N_("There is no {kind} '{name}' in the store. Known: {known}.")


class BadDefinition(UserError):
    """A definition (campaign, rule, cost) that cannot be right."""

    text = N_("{where}: {reason}")


class BadFields(UserError):
    """Fields of a record that cannot be right: ``fields`` says of each by its name why."""

    text = N_("Nothing was saved: correct the fields that are marked.")


class ChangedMeanwhile(UserError):
    """Somebody else came first: ``record`` is what stands now, None when it was taken out."""

    text = N_(
        "Nothing was saved: somebody has changed this since you opened it. Compare what stands "
        "now; save again to put yours in its place."
    )


class ImpossibleQuestion(UserError):
    """A report that the data or the rules of counting cannot give."""

    text = N_("{reason} Possible: {possible}.")


class MixedCurrencies(UserError):
    """Amounts in several currencies cannot be added."""

    text = N_(
        "The amounts are in {currencies} and cannot be added. Give one currency and the rates "
        "used, for example: --currency EUR --rate USD=0.92"
    )


class UnsaidCurrency(MixedCurrencies):
    """Amounts of which the currency is not known cannot be added to those of which it is."""

    text = N_(
        "Some amounts are in {currency}, of others the currency is not known: they cannot be "
        "added. Say which one to take for those, for example: --currency {currency}"
    )


# --- people ----------------------------------------------------------------------------------


class ErasedPerson(UserError):
    """Somebody who asked to be forgotten is named again."""

    text = N_(
        "This person was taken out on {day} ({reason}) and is kept out. If the person has agreed "
        "anew since, say so: bereik ambassadors opt-in PLATFORM ACCOUNT --again"
    )


class UnknownPerson(UserError):
    """Nobody of that name is an ambassador."""

    text = N_("There is no ambassador '{name}'. See them with: bereik ambassadors list")
