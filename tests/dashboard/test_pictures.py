"""Images of posts are shown from the operator's folder: small, bare, and only those of the store."""

import datetime as dt
import io

import pytest
from PIL import Image

from audiences import experiments
from audiences.experiments import Experiment, Variant
from audiences.images import import_images
from campaigns.definitions import Rule
from campaigns.store import Store
from dashboard.app import create

DAY = dt.date(2025, 3, 7)
SECRET = b"taken at the home of Jan"


@pytest.fixture
def folder(tmp_path):
    """A photo that shows post 1234567, a file that is no image, and an image of no post."""
    made = tmp_path / "pictures" / "2025"
    made.mkdir(parents=True)
    photo = Image.effect_mandelbrot((1600, 800), (-2, -1, 1, 1), 60).convert("RGB")
    about = Image.Exif()
    about[0x010E] = SECRET.decode()
    photo.save(made / "1234567.jpg", exif=about, comment=SECRET)
    Image.new("RGB", (300, 300), "red").save(made / "nobody.png")
    (made / "broken.png").write_bytes(b"\x89PNG but not really")
    return tmp_path / "pictures"


@pytest.fixture
def store(tmp_path, folder):
    made = Store.create(tmp_path / "store")
    post = {"platform": "x", "post_id": "1234567", "account_id": "gemeente", "published_on": DAY}
    made.state({"posts": [post]}, "test")
    assert import_images(made, [folder / "2025" / "1234567.jpg"]).joined == 1
    return made


def image_of(store):
    return store.read(lambda snapshot: snapshot.value("SELECT image_id FROM images"))


def test_an_image_is_sent_small_and_without_what_stands_in_it(store, folder):
    original = (folder / "2025" / "1234567.jpg").read_bytes()
    assert SECRET in original
    sent = create(store.path, folder).server.test_client().get(f"/pictures/{image_of(store)}.jpg")
    assert (sent.status_code, sent.mimetype) == (200, "image/jpeg")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert SECRET not in sent.data
    with Image.open(io.BytesIO(sent.data)) as shown:
        assert shown.size == (480, 240)
        assert not shown.getexif()


def test_nothing_else_of_the_folder_is_sent(store, folder):
    other = import_images(Store.create(store.path.parent / "other"), [folder])
    assert other.new == 2
    ids = Store.open(store.path.parent / "other").read(
        lambda snapshot: [row["image_id"] for row in snapshot.rows("SELECT image_id FROM images")]
    )
    client = create(store.path, folder).server.test_client()
    for name in {*ids, "0" * 32, "1234567", "nobody"} - {image_of(store)}:
        assert client.get(f"/pictures/{name}.jpg").status_code == 404
    assert create(store.path).server.test_client().get(
        f"/pictures/{image_of(store)}.jpg"
    ).status_code == 404  # fmt: skip


def test_an_image_that_is_gone_or_another_one_is_not_sent(store, folder):
    client = create(store.path, folder).server.test_client()
    image = image_of(store)
    (folder / "2025" / "1234567.jpg").write_bytes((folder / "2025" / "nobody.png").read_bytes())
    assert client.get(f"/pictures/{image}.jpg").status_code == 404


def test_the_page_of_a_test_shows_it_in_a_browser(store, folder, visit):
    posts = [
        {"platform": "x", "post_id": f"12345{n}", "account_id": "gemeente", "text": f"Hoi #{tag}",
         "published_on": DAY, "collected_at": dt.datetime(2025, 6, 1, tzinfo=dt.UTC)}
        for n, tag in ((67, "a"), (68, "a"), (69, "b"), (70, "b"))
    ]  # fmt: skip
    posts[0]["post_id"] = "1234567"
    figures = [{"platform": "x", "post_id": one["post_id"], "delivery": "total",
                "collected_at": dt.datetime(2025, 6, 1, tzinfo=dt.UTC),
                "impressions": 1000, "engagements": 20 + n} for n, one in enumerate(posts)]  # fmt: skip
    store.state({"posts": posts, "post_metrics": figures}, "test")
    both = tuple(Variant(tag.upper(), (Rule("hashtag", tag),)) for tag in "ab")
    experiments.add(store, Experiment("Beeld", "er_impressions", both))
    page = visit(store.path, images=folder).to("/variants/beeld")
    image = page.locator("img.thumbnail")
    assert image.count() == 1
    assert image.get_attribute("alt").startswith("Picture of the post: ")
    image.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('img.thumbnail').naturalWidth === 480")
