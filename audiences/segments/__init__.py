"""Target groups: who they are, how much of them is reached, and by which channel.

    segment      what a target group and a condition are, and what makes them right
    statements   stating, changing, listing and removing them, undoable like an import
    people       how much of an audience a group is, beside its share of the population
    figures      what was shown to a group and what it did, of accounts and posts
    ads          the same of ads, counted as reports count them
    gathering    what the store says of a period, read once
    mix          how that is divided over channels, and whether the mix has shifted
    report       all of it, by group and channel
    found        groups that the data show by themselves, or the answer that there are none
    stability    whether groups come back when the rows are drawn again

Of people only counts that platforms publish are used, never persons; by fives, and
fewer than five are not shown.
"""

from audiences.segments.report import Cell, Group, Mix, Report, report
from audiences.segments.segment import Condition, Segment, checked
from audiences.segments.statements import add, change, find, remove, segments

__all__ = [
    "Cell",
    "Condition",
    "Group",
    "Mix",
    "Report",
    "Segment",
    "add",
    "change",
    "checked",
    "find",
    "remove",
    "report",
    "segments",
]
