"""What the record of an import keeps of a file and of what was said about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from campaigns.errors import Message
from campaigns.imports.facts import FileFacts
from campaigns.imports.staged import Staged


def values(facts: FileFacts, staged: Staged) -> dict[str, Any]:
    """The columns of the record, without those that the store adds."""
    account = sorted(account for _platform, account in staged.accounts if account[0] != "@")
    skipped = [{"reason": kept(why), "rows": rows} for why, rows in staged.skipped]
    return {
        "file": facts.path.name,
        "format": facts.recognition.format.name,
        "language": facts.recognition.language,
        "account_id": account[0] if len(account) == 1 else None,
        "first_day": staged.first,
        "last_day": staged.last,
        "size": facts.probe.size,
        "options": facts.options.as_json(),
        "rows": json.dumps(staged.tables),
        "skipped": json.dumps(skipped),
        "notes": json.dumps([kept(note) for note in staged.notes]),
    }


def kept(message: Message) -> dict[str, object]:
    """A message as the record of the import keeps it: in no language, with its values."""
    values = {
        name: kept(value) if isinstance(value, Message) else str(value)
        for name, value in message.values.items()
    }
    return {"text": message.text, "values": values}


def told(text: str | None) -> Sequence[Message]:
    """The messages that a record of an import keeps.

    >>> told('[{"text": "{n} rows", "values": {"n": "2"}}]')[0].values["n"]
    '2'
    """
    return [_message(one) for one in json.loads(text or "[]")]


def _message(data: dict[str, Any]) -> Message:
    values = {
        name: _message(value) if isinstance(value, dict) else value
        for name, value in data["values"].items()
    }
    return Message(data["text"], values)
