"""Images joined to posts, tagged, compared and reported; files, folders and archives of them."""

import datetime as dt
import io
import json
import os
import random
import zipfile

import pytest
from click.testing import CliRunner
from PIL import Image

from audiences.images import import_images, listed, post_traits, report, tag
from audiences.images.files import images
from audiences.images.kept import UnknownImage
from campaigns import privacy
from campaigns.errors import BadDefinition, TooLarge, UnreadableFile
from campaigns.privacy import retention
from campaigns.store import Store
from scripts import main

AT = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
DAY = dt.date(2025, 3, 1)


def picture(colour, size=(40, 30)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def shape(number, side=64):
    """A picture of soft spots, others for each number."""
    lots = random.Random(number)
    small = Image.frombytes("RGB", (6, 6), lots.randbytes(108))
    out = io.BytesIO()
    small.resize((side, side), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()


def post(post_id, account="gemeente", platform="x"):
    return {"platform": platform, "post_id": post_id, "account_id": account, "text": "Kom",
            "published_on": DAY, "collected_at": AT}  # fmt: skip


@pytest.fixture
def store(tmp_path):
    made = Store.create(tmp_path / "store")
    made.state({
        "posts": [post(str(1_000_000 + n)) for n in range(12)]
        + [post("urn:li:activity:7654321", platform="linkedin"), post("2000001", "jan")],
        "post_aliases": [{"platform": "linkedin", "post_id": "urn:li:activity:7654321",
                          "alias": "urn:li:share:7654399", "collected_at": AT}],
        "accounts": [
            {"platform": "x", "account_id": "gemeente", "role": "own", "collected_at": AT},
            {"platform": "x", "account_id": "jan", "role": "ambassador", "opted_in_on": DAY,
             "collected_at": AT},
        ],
        "post_metrics": [
            {"platform": "x", "post_id": str(1_000_000 + n), "delivery": "total",
             "impressions": 1000, "engagements": 10 * (n + 1), "collected_at": AT}
            for n in range(12)
        ],
    }, "test")  # fmt: skip
    return made


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "pictures"
    path.mkdir()
    return path


def rows(store, sql):
    return store.read(lambda snapshot: snapshot.rows(sql))


def joins(store):
    found = rows(store, "SELECT post_id, file, joined_by FROM image_posts JOIN images USING "
                        "(image_id) ORDER BY ALL")  # fmt: skip
    return [(row["post_id"], row["file"], row["joined_by"]) for row in found]


def test_the_id_in_the_name_joins_a_picture_to_its_post(store, folder):
    (folder / "x_1000003.png").write_bytes(picture("red"))
    (folder / "li-7654321-klein.PNG").write_bytes(picture("blue"))
    (folder / "share 7654399.png").write_bytes(picture("green"))
    (folder / "20250601.png").write_bytes(picture("white"))
    (folder / "1000003 en 1000004.png").write_bytes(picture("black"))
    (folder / "leesmij.txt").write_text("1000005")
    said = import_images(store, [folder])
    assert joins(store) == [
        ("1000003", "x_1000003.png", "name"),
        ("urn:li:activity:7654321", "li-7654321-klein.PNG", "name"),
        ("urn:li:activity:7654321", "share 7654399.png", "name"),
    ]
    assert (said.new, said.known, said.joined) == (5, 0, 3)
    assert said.unjoined == ["1000003 en 1000004.png", "20250601.png"]


def test_a_list_and_a_hand_join_too_and_go_first(store, folder, tmp_path):
    (folder / "zomer.png").write_bytes(picture("red"))
    (folder / "1000001.png").write_bytes(picture("blue"))
    (folder / "raar.png").write_bytes(picture("green"))
    csv = tmp_path / "list.csv"
    csv.write_text(
        "Bestand;Post;Labels\n"
        "Zomer.png;https://x.com/gemeente/status/1000007?s=20;Person !logo\n"
        "1000001.png;x:1000008;\n"
        "raar.png;x:999;\n",
        "utf-8-sig",
    )
    said = import_images(store, [folder], listed(csv))
    assert joins(store) == [("1000007", "zomer.png", "list"), ("1000008", "1000001.png", "list")]
    [error] = said.errors
    assert isinstance(error, BadDefinition)
    assert rows(store, "SELECT tag, is_present FROM image_tags ORDER BY tag") == [
        {"tag": "logo", "is_present": False}, {"tag": "person", "is_present": True},
    ]  # fmt: skip
    import_images(store, [folder / "raar.png"], post="x:1000009")
    assert joins(store)[-1] == ("1000009", "raar.png", "hand")
    with pytest.raises(BadDefinition):
        import_images(store, [folder], post="x:1000009")
    csv.write_text("naam;post\n")
    with pytest.raises(BadDefinition):
        listed(csv)
    with pytest.raises(UnreadableFile):
        listed(tmp_path)


def test_twice_changes_nothing_and_undo_takes_it_back(store, folder):
    (folder / "1000003.png").write_bytes(picture("red"))
    (folder / "same picture.png").write_bytes(picture("red"))
    first = import_images(store, [folder])
    imports = len(store.records())
    again = import_images(store, [folder])
    assert (first.new, first.known, again.new, again.known) == (1, 0, 0, 1)
    assert len(store.records()) == imports
    [last] = [i for i, r in store.records().items() if r["file"] == "images import"]
    store.undo(last)
    assert rows(store, "FROM images") == rows(store, "FROM image_posts") == []


def test_posts_that_come_later_are_joined_the_next_time(store, folder):
    (folder / "3000001.png").write_bytes(picture("red"))
    assert import_images(store, [folder]).joined == 0
    store.state({"posts": [post("3000001")]}, "test")
    assert import_images(store, [folder]).joined == 1
    assert len(joins(store)) == 1


def test_nothing_of_the_image_itself_is_in_the_store(store, folder):
    exif = Image.Exif()
    exif[0x010E] = "Kerkstraat 12 te Zwolle"
    Image.new("RGB", (64, 64), "red").save(folder / "1000001.jpg", exif=exif)
    content = (folder / "1000001.jpg").read_bytes()
    import_images(store, [folder])
    for file in store.path.rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert b"Kerkstraat" not in held
            assert content[200:260] not in held


# --- files and archives ----------------------------------------------------------------------


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_an_archive_is_read_without_unpacking_it_anywhere(store, tmp_path):
    red = picture("red")
    archive = zipped(tmp_path / "a.zip", {
        "map/1000002.png": red, "../../1000003.png": red, "/etc/1000004.png": red,
        "C:\\x\\1000005.png": red, "__MACOSX/._1000006.png": b"x", "map/inner.zip": b"PK",
        "map/1000007.txt": b"no image", "map/1000008.png": b"no image",
    })  # fmt: skip
    before = set(tmp_path.rglob("*"))
    said = import_images(store, [archive])
    assert joins(store) == [("1000002", "1000002.png", "name")]
    assert {type(error).__name__ for error in said.errors} == {"UnsafeMember", "BadImage"}
    assert len(said.errors) == 4
    outside = {path for path in set(tmp_path.rglob("*")) - before if store.path not in path.parents}
    assert outside == set()


def test_bombs_are_refused_before_they_unpack(store, tmp_path, monkeypatch):
    bomb = zipped(tmp_path / "bomb.zip", {"1000001.png": b"\0" * (60 << 20)})
    said = import_images(store, [bomb])
    assert [type(error).__name__ for error in said.errors] == ["TooLarge"]
    (tmp_path / "cut.zip").write_bytes(bomb.read_bytes()[:2000])
    assert len(import_images(store, [tmp_path / "cut.zip"]).errors) == 1
    monkeypatch.setattr("audiences.images.files.MOST_FILES", 2)
    many = zipped(tmp_path / "many.zip", {f"{n}.png": picture("red") for n in range(3)})
    with pytest.raises(TooLarge):
        list(images([many]))


def test_what_cannot_be_read_stops_nothing(store, folder, tmp_path):
    (folder / "1000001.png").write_bytes(picture("red"))
    (folder / "1000002.png").write_bytes(b"")
    (folder / "link.png").symlink_to(folder / "1000001.png")
    os.mkfifo(tmp_path / "pipe.png")
    said = import_images(store, [folder, tmp_path / "pipe.png", tmp_path / "none.png"])
    assert (said.new, len(said.errors)) == (1, 3)


def test_hostile_names_stay_names(store, folder):
    for name in ("a\nb 1000001.png", "=cmd() 1000002.png", "x" * 240 + ".png"):
        (folder / name).write_bytes(picture("red", (len(name), 3)))
    import_images(store, [folder])
    names = [row["file"] for row in rows(store, "SELECT file FROM images")]
    assert all("\n" not in name and len(name) <= 200 for name in names)
    assert len(joins(store)) == 2


# --- tags and traits -------------------------------------------------------------------------


def test_a_tag_is_there_not_there_or_not_known(store, folder):
    (folder / "1000001.png").write_bytes(picture("#1a56b0"))
    (folder / "1000002.png").write_bytes(picture("white"))
    import_images(store, [folder])
    tag(store, "1000001.PNG", {"person": True})
    tag(store, "https://x.com/gemeente/status/1000002", {"person": False, "logo": True})
    found = store.read(post_traits)
    one, two = found["x", "1000001"], found["x", "1000002"]
    assert one["tag:person"] is True
    assert "tag:logo" not in one
    assert (two["tag:person"], two["tag:logo"]) == (False, True)
    assert (one["blue"], one["white"], one["bright"]) == (True, False, False)
    assert (two["blue"], two["white"], two["bright"]) == (False, True, True)
    tag(store, "1000002.png", {"logo": None})
    assert "tag:logo" not in store.read(post_traits)["x", "1000002"]
    for wrong in ("none.png", "x:1000003", "00"):
        with pytest.raises(UnknownImage):
            tag(store, wrong, {"person": True})


def test_of_several_images_of_a_post_one_is_enough_and_a_no_needs_all(store, folder):
    for n, colour in enumerate(("red", "blue")):
        (folder / f"1000001-{n}.png").write_bytes(picture(colour))
    import_images(store, [folder])
    tag(store, "1000001-0.png", {"person": True, "logo": False})
    tag(store, "1000001-1.png", {"sky": False, "logo": False})
    found = store.read(post_traits)["x", "1000001"]
    assert (found["red"], found["blue"], found["green"]) == (True, True, False)
    assert (found["tag:person"], found["tag:logo"]) == (True, False)
    assert "tag:sky" not in found


def test_reuse_is_found_in_the_same_and_in_nearly_the_same(store, folder):
    (folder / "1000001.png").write_bytes(shape(3))
    (folder / "1000002.png").write_bytes(shape(3, side=96))
    (folder / "1000003.png").write_bytes(shape(8))
    (folder / "1000004.png").write_bytes(picture("red"))
    (folder / "1000005.png").write_bytes(picture("blue"))
    import_images(store, [folder])
    (folder / "1000006.png").write_bytes(shape(8))
    import_images(store, [folder])
    found = store.read(report)
    posts = [[post_id for _platform, post_id in one.posts] for one in found.reuse]
    assert sorted(posts) == [["1000001", "1000002"], ["1000003", "1000006"]]
    traits = store.read(post_traits)
    assert [traits["x", f"100000{n}"]["reused"] for n in range(1, 7)] == [
        True, True, True, False, False, True,
    ]  # fmt: skip


def test_posts_with_a_trait_stand_beside_those_without(store, folder):
    for n in range(10):  # five dark, five light, with rates of 1 to 10 %
        colour = "black" if n < 5 else "white"
        (folder / f"{1_000_000 + n}.png").write_bytes(picture(colour, (35, 30 + n)))
    (folder / "2000001.png").write_bytes(picture("white"))
    import_images(store, [folder])
    by_trait = {one.trait: one for one in store.read(report).comparisons}
    bright = by_trait["bright"]
    assert (bright.platform, bright.with_, bright.without) == ("x", 5, 5)
    assert bright.rate_with == pytest.approx(0.08)  # the middle of 6 to 10 %
    assert bright.rate_without == pytest.approx(0.03)
    high = by_trait["portrait"]  # 36 to 39 are more than 35: too few to say anything of
    assert (high.with_, high.without, high.rate_with, high.rate_without) == (4, 6, None, None)


# --- people ----------------------------------------------------------------------------------


def test_who_is_erased_is_not_in_the_name_of_a_picture_either(store, folder):
    (folder / "jan de vries 2000001.png").write_bytes(picture("red"))
    (folder / "foto van jan de vries.png").write_bytes(picture("blue"))
    import_images(store, [folder])
    person = privacy.Person(frozenset({("x", "jan")}), frozenset({"jan de vries"}))
    privacy.erase(store, person, "erased")
    assert rows(store, "FROM image_posts") == []
    assert not any("vries" in row["file"] for row in rows(store, "SELECT file FROM images"))


def test_what_colleagues_showed_goes_in_time(store, folder):
    (folder / "2000001.png").write_bytes(picture("red"))
    import_images(store, [folder])
    retention.apply(store, dt.date(2028, 1, 1), retention.periods())
    assert rows(store, "FROM image_posts") == []


# --- the command -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_command(store, folder, monkeypatch, language):
    monkeypatch.setenv("BEREIK_LANGUAGE", language)

    def bereik(*args, code=0):
        result = CliRunner().invoke(main, ["--store", str(store.path), "images", *args])
        assert result.exit_code == code, result.output
        return result

    for n in range(3):
        (folder / f"{1_000_000 + n}.png").write_bytes(shape(5))
    said = json.loads(bereik("import", str(folder), "--json").stdout)
    assert said == {"new": 1, "known": 0, "joined": 3, "unjoined": [], "errors": []}
    bereik("tag", "1000000.png", "person", "!logo")
    [row] = json.loads(bereik("list", "--json").stdout)["images"]
    assert row["posts"] == ["x:1000000", "x:1000001", "x:1000002"]
    assert row["tags"] == ["!logo", "person"]
    assert "person" in bereik("list").stdout
    found = json.loads(bereik("report", "--json").stdout)
    assert found["reuse"][0]["posts"] == row["posts"]
    assert found["tags"] == {"logo": 0, "person": 1}
    assert "person" in bereik("report").stdout
    bereik("tag", "1000000.png", "logo", "--forget")
    [row] = json.loads(bereik("list", "--json").stdout)["images"]
    assert row["tags"] == ["person"]
    (folder / "bad.png").write_bytes(b"x")
    assert "bad.png" in bereik("import", str(folder), code=1).stderr
    bereik("tag", "none.png", "person", code=1)
