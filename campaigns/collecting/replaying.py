"""The answers that are kept, imported anew: nothing is asked and nothing paid."""

from __future__ import annotations

from contextlib import closing

from campaigns.collecting.keeping import Box, folder_of
from campaigns.collecting.outcome import ELSEWHERE, Outcome
from campaigns.collecting.patience import Tell, silent
from campaigns.collecting.taking import Brought, take_in
from campaigns.errors import Message
from campaigns.store import Store, alone


def replay(store: Store, *, tell: Tell = silent) -> Outcome:
    """Import all answers that are kept anew, without asking anybody.

    What an import of them brought before is taken back first; who was erased stays out.
    """
    with alone(store.path, "collect") as is_alone:
        if not is_alone:
            return Outcome("later", Message(ELSEWHERE))
        with closing(Box(folder_of(store.path))) as box:
            box.seal()
            mine = {
                str(row["file"]): str(number)
                for number, row in store.records().items()
                if row["format"] == "x_api" and row["state"] == "committed"
            }
            for file in box.kept():
                file.replace(box.waiting_folder / file.name)  # first: then nothing can be lost
                if file.name in mine:
                    store.undo(mine[file.name])
                    tell("taken back", {"file": file.name})
            brought = Brought.nothing()
            take_in(store, box, tell, brought, is_last=True)
            return Outcome("done", rows=brought.rows, problems=brought.problems)
