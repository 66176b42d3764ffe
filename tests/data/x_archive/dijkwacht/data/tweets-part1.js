window.YTD.tweets.part1 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1800000000000000001"
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
        "11"
      ],
      "favorite_count": "3",
      "id_str": "1800000000000000001",
      "truncated": false,
      "retweet_count": "0",
      "id": "1800000000000000001",
      "created_at": "Sat Jun 01 06:00:00 +0000 2024",
      "favorited": false,
      "full_text": "Eerste post",
      "lang": "qme"
    }
  }
]