window.YTD.tweet.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000001"
          ],
          "editsRemaining": "5",
          "isEditEligible": false
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "50"
      ],
      "favorite_count": "9",
      "id_str": "1700000000000000001",
      "truncated": false,
      "retweet_count": "2",
      "id": "1700000000000000001",
      "created_at": "Sun Jan 05 12:00:00 +0000 2020",
      "favorited": false,
      "full_text": "Alleen dit bestand, en dit is een lange tekst die…",
      "lang": "nl"
    }
  }
]