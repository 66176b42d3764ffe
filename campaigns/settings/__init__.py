"""What an operator may decide, in one file: ``bereik.toml``. Everything in it has a default.

values      kinds of values, read and written
sections    every setting with its meaning and default
loading     the file found, read, refused with the nearest known key, and shown

>>> Settings().budget.per_day, Settings().collect.ages[0]
(Decimal('5.00'), datetime.timedelta(seconds=3600))
"""

from campaigns.settings.loading import NAME, VARIABLE, Setting, commented, effective, find, load
from campaigns.settings.sections import Settings
from campaigns.settings.values import duration

__all__ = [
    "NAME",
    "VARIABLE",
    "Setting",
    "Settings",
    "commented",
    "duration",
    "effective",
    "find",
    "load",
]
