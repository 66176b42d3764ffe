"""The cells of what an answer of the X API v2 holds, and what X calls the figures in them."""

from __future__ import annotations

PUBLIC = {
    "impressions": "impression_count",
    "likes": "like_count",
    "comments": "reply_count",
    "shares": "retweet_count",
    "quotes": "quote_count",
    "saves": "bookmark_count",
}
PRIVATE = {
    "impressions": "impression_count",
    "engagements": "engagements",
    "clicks": "url_link_clicks",
    "profile_clicks": "user_profile_clicks",
}
DELIVERED = {
    "impressions": "impression_count",
    "likes": "like_count",
    "comments": "reply_count",
    "shares": "retweet_count",
    "clicks": "url_link_clicks",
    "profile_clicks": "user_profile_clicks",
}
ANALYTICS = {
    "impressions": "impressions",
    "engagements": "engagements",
    "likes": "likes",
    "comments": "replies",
    "shares": "retweets",
    "quotes": "quote_tweets",
    "saves": "bookmarks",
    "share_actions": "shares",
    "follows": "follows",
    "clicks": "url_clicks",
    "profile_clicks": "user_profile_clicks",
    "detail_expands": "detail_expands",
    "hashtag_clicks": "hashtag_clicks",
    "permalink_clicks": "permalink_clicks",
    "app_opens": "app_opens",
    "app_installs": "app_install_attempts",
    "email_shares": "email_tweet",
    "media_views": "media_views",
}
NEWER = {"retweet_count": "repost_count", "retweets": "reposts", "quote_tweets": "quotes"}
"""Figures that X may call otherwise, as it did with posts."""

TOTALS = tuple(dict.fromkeys([*PUBLIC, *PRIVATE, *ANALYTICS, "video_views"]))
FIELDS = (
    *("kind", "id", "account", "created_at", "collected_at", "text", "links", "language"),
    *("media_type", "is_reply", "is_repost", "first_id", "fault", "name", "followers"),
    *TOTALS,
    *(f"organic_{name}" for name in DELIVERED),
    *(f"paid_{name}" for name in DELIVERED),
)
