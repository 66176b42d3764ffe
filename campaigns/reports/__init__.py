"""Reports: metrics by one or two columns, over a period.

question     what is asked, and which questions make no sense
ambassadors  under which names persons may be shown
kept         what all questions share, kept ready per version of the data
plan         what a question needs, and the SQL that its sources share
deliveries   one post or day: free, advertised, together
figures      posts and days of accounts
followers    followers of accounts
ad_rows      which rows of ads count, where exports say the same twice
spending     ads, placements, costs, budgets, results
stages       relations that several questions share, made once
statement    the sources together, kept ready per version of the data
remarks      what a reader must know
report       the answer
exports      the answer as a file
wording      its values as people read them
"""

from campaigns.reports.kept import make_ready
from campaigns.reports.question import ACCOUNTINGS, COMPARISONS, KEYS, Question, other_period
from campaigns.reports.report import Report, answer, report

__all__ = [
    "ACCOUNTINGS",
    "COMPARISONS",
    "KEYS",
    "Question",
    "Report",
    "answer",
    "make_ready",
    "other_period",
    "report",
]
