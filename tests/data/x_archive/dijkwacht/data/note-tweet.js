window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "1900000000000000099",
      "createdAt": "2025-03-12T10:00:00.000Z",
      "lifecycle": {
        "name": "Active"
      },
      "core": {
        "styletags": [],
        "urls": [
          {
            "expandedUrl": "https://www.waterstad.example/dijk",
            "shortUrl": "https://t.co/eeeeeeeeee"
          }
        ],
        "text": "Een lang verhaal over de dijk, dat begint met een steen en daarna nog een steen en dan klei. Lees verder: https://t.co/eeeeeeeeee #dijk",
        "mentions": [],
        "hashtags": []
      }
    }
  }
]