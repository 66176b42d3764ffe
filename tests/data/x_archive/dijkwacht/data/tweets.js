window.YTD.tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1900000000000000017"
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
        "urls": [
          {
            "url": "https://t.co/aaaaaaaaaa",
            "expanded_url": "https://www.waterstad.example/winter?utm_campaign=winter25",
            "display_url": "www.watersta…",
            "indices": [
              "0",
              "23"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "95"
      ],
      "favorite_count": "12",
      "id_str": "1900000000000000017",
      "truncated": false,
      "retweet_count": "3",
      "id": "1900000000000000017",
      "created_at": "Mon Mar 10 08:30:00 +0000 2025",
      "favorited": false,
      "full_text": "Is jouw dijk klaar voor de winter? Lees het &amp; doe mee: https://t.co/aaaaaaaaaa #waterveilig",
      "lang": "nl"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1900000000000000018"
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
        "urls": [],
        "media": [
          {
            "url": "https://t.co/bbbbbbbbbb",
            "type": "photo",
            "expanded_url": "https://twitter.com/dijkwacht/status/1900000000000000018/photo/1"
          }
        ]
      },
      "display_text_range": [
        "0",
        "41"
      ],
      "favorite_count": "40",
      "id_str": "1900000000000000018",
      "truncated": false,
      "retweet_count": "7",
      "id": "1900000000000000018",
      "created_at": "Mon Mar 10 23:30:00 +0000 2025",
      "favorited": false,
      "full_text": "Onze kering &lt;3 https://t.co/bbbbbbbbbb",
      "lang": "nl",
      "extended_entities": {
        "media": [
          {
            "url": "https://t.co/bbbbbbbbbb",
            "type": "video"
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1900000000000000019"
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
        "34"
      ],
      "favorite_count": "1",
      "id_str": "1900000000000000019",
      "truncated": false,
      "retweet_count": "0",
      "id": "1900000000000000019",
      "created_at": "Tue Mar 11 09:00:00 +0000 2025",
      "favorited": false,
      "full_text": "@buurvrouw_jans Dank voor uw vraag",
      "lang": "nl",
      "in_reply_to_status_id_str": "1900000000000000001",
      "in_reply_to_user_id_str": "77",
      "in_reply_to_screen_name": "buurvrouw_jans"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1900000000000000020"
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
        "86"
      ],
      "favorite_count": "0",
      "id_str": "1900000000000000020",
      "truncated": false,
      "retweet_count": "0",
      "id": "1900000000000000020",
      "created_at": "Tue Mar 11 09:05:00 +0000 2025",
      "favorited": false,
      "full_text": "RT @waterstad_demo: Ga niet het ijs op, ook niet een klein stukje, want het is gevaar…",
      "lang": "nl"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1900000000000000021"
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
        "107"
      ],
      "favorite_count": "5",
      "id_str": "1900000000000000021",
      "truncated": false,
      "retweet_count": "1",
      "id": "1900000000000000021",
      "created_at": "Wed Mar 12 10:00:00 +0000 2025",
      "favorited": false,
      "full_text": "Een lang verhaal over de dijk, dat begint met een steen en daarna nog een steen en… https://t.co/cccccccccc",
      "lang": "und"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1900000000000000022"
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
        "urls": [],
        "media": [
          {
            "url": "https://t.co/dddddddddd",
            "type": "photo",
            "expanded_url": "https://twitter.com/dijkwacht/status/1900000000000000022/photo/1"
          }
        ]
      },
      "display_text_range": [
        "0",
        "37"
      ],
      "favorite_count": "2",
      "id_str": "1900000000000000022",
      "truncated": false,
      "retweet_count": "0",
      "id": "1900000000000000022",
      "created_at": "Wed Mar 12 10:00:00 +0000 2025",
      "favorited": false,
      "full_text": "Een ander bericht in dezelfde seconde",
      "lang": "nl",
      "extended_entities": {
        "media": [
          {
            "url": "https://t.co/dddddddddd",
            "type": "photo"
          },
          {
            "url": "https://t.co/dddddddddd",
            "type": "photo"
          }
        ]
      }
    }
  }
]