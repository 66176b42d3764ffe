Grailbird.data.tweets_2010_09 = 
 [
 {
  "source": "web",
  "entities": {
   "user_mentions": [],
   "media": [],
   "hashtags": [],
   "urls": []
  },
  "geo": {},
  "id_str": "23456789012",
  "text": "Heel vroeg bericht",
  "id": 23456789012,
  "created_at": "2010-09-05 00:00:00 +0000",
  "user": {
   "name": "Dijkwacht",
   "screen_name": "Dijkwacht",
   "protected": false,
   "id_str": "4",
   "id": 4,
   "verified": false
  }
 }
]