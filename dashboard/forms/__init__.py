"""Forms: fields as data, what people type as values, and refusals beside the field they are about.

A form is a list of `Field`, most of them derived from a column of the schema. Its ids are
``{"form": …, "field": …}``, so that one callback (`on_save`) reads all fields of a form, whatever
they are. A form carries the version of what it edits; a save that comes second is refused with
what stands now.
"""

from dashboard.forms.fields import (
    Choice,
    Done,
    Faults,
    Field,
    Form,
    Group,
    Labels,
    Refused,
    Values,
    column_field,
    entered,
    typed,
)
from dashboard.forms.layout import (
    alert,
    body,
    control,
    dom_id,
    drop,
    entry,
    explained,
    field_id,
    panel,
    quiet,
    removal,
    row_link,
    said,
)
from dashboard.forms.saving import (
    attempt,
    changed,
    given_in,
    on_remove,
    on_save,
    refusal,
)

__all__ = [
    "Choice",
    "Done",
    "Faults",
    "Field",
    "Form",
    "Group",
    "Labels",
    "Refused",
    "Values",
    "alert",
    "attempt",
    "body",
    "changed",
    "column_field",
    "control",
    "dom_id",
    "drop",
    "entered",
    "entry",
    "explained",
    "field_id",
    "given_in",
    "on_remove",
    "on_save",
    "panel",
    "quiet",
    "refusal",
    "removal",
    "row_link",
    "said",
    "typed",
]
