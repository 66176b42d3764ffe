"""Read 100,000 texts of posts: language, words, topics, how they read, ask, call and sound."""

import sys

import numpy as np
import pandas as pd

from audiences import texts
from campaigns.simulate import texts as made_up
from tests.benchmarks.measure import Clock

TOPICS = ("zwemmen", "storm", "winter", "wegen", "banen", "opendag")


def made(posts: int) -> pd.DataFrame:
    """Posts of an agency that does not exist, in six campaigns, in two years."""
    rng = np.random.default_rng(1)
    topics = rng.choice(TOPICS, posts)
    said = [
        " ".join((*made_up.sentences(topic, rng), *made_up.sentences(topic, rng)))
        for topic in topics
    ]
    days = pd.to_datetime("2024-01-01") + pd.to_timedelta(rng.integers(0, 730, posts), unit="D")
    shown = rng.integers(100, 5_000, posts)
    engaged = rng.binomial(shown, 0.03)
    return pd.DataFrame(
        {
            "platform": "x", "post_id": [str(n) for n in range(posts)], "account_id": "demo",
            "role": "own", "published_on": days, "month": days.strftime("%Y-%m"),
            "media_type": "text", "text": said, "campaign": topics, "impressions": shown,
            "engagements": engaged, "rate": engaged / shown,
        }
    )  # fmt: skip


def main() -> None:
    """Print the seconds that the report takes."""
    frame = made(int(sys.argv[1]))
    with Clock():
        texts.report(frame, "campaign")


if __name__ == "__main__":
    main()
