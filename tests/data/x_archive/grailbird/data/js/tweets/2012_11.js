Grailbird.data.tweets_2012_11 = 
 [
 {
  "source": "web",
  "entities": {
   "user_mentions": [],
   "media": [],
   "hashtags": [],
   "urls": [
    {
     "url": "http://t.co/ffffffff",
     "expanded_url": "http://waterstad.example/",
     "indices": [
      0,
      20
     ],
     "display_url": "waterstad.example"
    }
   ]
  },
  "geo": {},
  "id_str": "270000000000000123",
  "text": "Nieuws http://t.co/ffffffff",
  "id": 270000000000000100,
  "created_at": "2012-11-18 10:11:12 +0000",
  "user": {
   "name": "Dijkwacht",
   "screen_name": "Dijkwacht",
   "protected": false,
   "id_str": "4",
   "id": 4,
   "verified": false
  }
 },
 {
  "source": "web",
  "entities": {
   "user_mentions": [],
   "media": [],
   "hashtags": [],
   "urls": []
  },
  "id_str": "270000000000000456",
  "text": "RT @ander: iets",
  "id": 270000000000000500,
  "created_at": "2012-11-19 10:11:12 +0000",
  "user": {
   "name": "Dijkwacht",
   "screen_name": "Dijkwacht",
   "protected": false,
   "id_str": "4",
   "id": 4,
   "verified": false
  },
  "retweeted_status": {
   "source": "web",
   "id_str": "260000000000000001",
   "id": 260000000000000000,
   "text": "iets",
   "user": {
    "screen_name": "ander"
   },
   "retweet_count": 900,
   "favorite_count": 50
  },
  "retweet_count": 900,
  "favorite_count": 50
 },
 {
  "source": "web",
  "entities": {
   "user_mentions": [],
   "media": [
    {
     "url": "http://t.co/gggggggg",
     "media_url": "http://pbs.example/a.jpg"
    }
   ],
   "hashtags": [],
   "urls": []
  },
  "id_str": "270000000000000789",
  "full_text": "Foto http://t.co/gggggggg",
  "lang": "nl",
  "id": 270000000000000800,
  "created_at": "2012-11-20 23:30:00 +0000",
  "user": {
   "name": "Dijkwacht",
   "screen_name": "Dijkwacht",
   "protected": false,
   "id_str": "4",
   "id": 4,
   "verified": false
  },
  "retweet_count": 2,
  "favorite_count": 4,
  "in_reply_to_user_id_str": "9"
 }
]