"""A made-up X archive of any size, written piece by piece."""

import json
import random
import zipfile
from pathlib import Path

from tests.benchmarks.data import WORDS

_MANIFEST = {
    "userInfo": {"accountId": "4", "userName": "Dijkwacht", "displayName": "Dijkwacht"},
    "archiveInfo": {"generationDate": "2025-03-15T11:33:22.222Z", "isPartialArchive": False},
}
_ACCOUNT = [{"account": {"email": "post@example.org", "username": "Dijkwacht", "accountId": "4"}}]


def archive_of(path: Path, size: int) -> Path:
    """A zip as X gives it, with so many bytes of posts."""
    chance = random.Random(1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("data/manifest.js", f"window.__THAR_CONFIG = {json.dumps(_MANIFEST)}")
        account = f"window.YTD.account.part0 = {json.dumps(_ACCOUNT)}"
        archive.writestr("data/account.js", account)
        with archive.open("data/tweets.js", "w", force_zip64=True) as file:
            written = file.write(b"window.YTD.tweets.part0 = [")
            number = 0
            while written < size:
                comma = "," if number else ""
                post = json.dumps({"tweet": _post(chance, number)}, indent=2)
                written += file.write(f"{comma}\n{post}".encode())
                number += 1
            file.write(b"]")
    return path


def _post(chance: random.Random, number: int) -> dict[str, object]:
    """A post with the fields that X writes, of the usual kilobyte and a half."""
    key = str(10**18 + number)
    url = f"https://t.co/{chance.randint(10**8, 10**9)}"
    return {
        "edit_info": {"initial": {"editTweetIds": [key], "editsRemaining": "5"}},
        "retweeted": False,
        "source": '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
        "entities": {
            "hashtags": [{"text": "water", "indices": ["0", "6"]}],
            "user_mentions": [],
            "urls": [{"url": url, "expanded_url": f"https://www.waterstad.example/{number}"}],
        },
        "display_text_range": ["0", "95"],
        "favorite_count": str(chance.randint(0, 900)),
        "id_str": key,
        "retweet_count": str(chance.randint(0, 90)),
        "id": key,
        "created_at": f"Mon Mar {number % 28 + 1:02} 08:30:00 +0000 {2010 + number % 15}",
        "favorited": False,
        "full_text": f"{' '.join(chance.choices(WORDS, k=25))} #water {url}",
        "lang": "nl",
    }
