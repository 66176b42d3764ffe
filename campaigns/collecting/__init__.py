"""Live collection from X: what is due is asked for, kept as it came, and then imported.

known       what the store and the settings know that decides what is due
reads       which reads are due, as requests
prices      what they cost, what was spent, what is left
forecast    what a run will take, before anything is asked
client      the API of X, asked by tweepy
patience    waiting for rate limits, trying again
writing     answers on their way to the disk, made private
keeping     the answers page by page; what they cost; where to go on
taking      the answers into the store
beside      the same in a process of its own
replaying   those that are kept, once more
gone        posts that are deleted, protected or withheld lose what they said
run         all of it, once
credentials what to sign in with
"""

from campaigns.collecting.client import Keys
from campaigns.collecting.forecast import Forecast, Spending, forecast, spending
from campaigns.collecting.outcome import EXIT_CODES, Outcome
from campaigns.collecting.reads import KINDS
from campaigns.collecting.replaying import replay
from campaigns.collecting.run import collect

__all__ = [
    "EXIT_CODES",
    "KINDS",
    "Forecast",
    "Keys",
    "Outcome",
    "Spending",
    "collect",
    "forecast",
    "replay",
    "spending",
]
