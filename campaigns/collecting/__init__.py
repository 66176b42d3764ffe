"""Live collection from X: what is due is asked for, kept as it came, and then imported.

reads       which reads are due, how many and at what cost
client      the API of X, asked by tweepy
patience    waiting for rate limits, trying again
keeping     the answers as they came, page by page; what they cost; where to go on
gone        posts that are deleted, protected or withheld lose what they said
run         all of it, once
credentials what to sign in with
"""

from campaigns.collecting.client import Keys
from campaigns.collecting.forecast import Forecast, Spending, forecast, spending
from campaigns.collecting.outcome import EXIT_CODES, Outcome
from campaigns.collecting.reads import KINDS
from campaigns.collecting.run import collect, replay

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
