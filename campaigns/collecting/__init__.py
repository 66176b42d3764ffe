"""Live collection from X: what is due is asked for, kept as it came, and then imported.

    plan        which reads are due, how many and at what cost
    client      the API of X, asked by tweepy
    patience    waiting for rate limits, trying again
    keeping     the answers as they came, page by page; what they cost; where to go on
    run         all of it, once
"""

from campaigns.collecting.outcome import EXIT_CODES, Outcome
from campaigns.collecting.run import Keys, collect, replay

__all__ = ["EXIT_CODES", "Keys", "Outcome", "collect", "replay"]
