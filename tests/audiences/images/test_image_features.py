"""What is measured of an image, against values worked out by hand or in plain Python."""

import io
import math
import random
import struct
import zlib

import pytest
from PIL import Image, ImageDraw, ImageFont

from audiences.images import BadImage, colour_name, measure
from audiences.images.lettering import lettering
from audiences.images.likeness import groups


def saved(image, kind="PNG", **more):
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def measured(image, kind="PNG", **more):
    return measure("a", saved(image, kind, **more))


def drawn(width, height, colour=lambda x, y: (x * 5 % 256, y * 3 % 256, (x + y) % 256)):
    image = Image.new("RGB", (width, height))
    image.putdata([colour(x, y) for y in range(height) for x in range(width)])
    return image


def photo(seed=1, size=(640, 480)):
    """Soft spots of colour, as light falls on things."""
    lots = random.Random(seed)
    small = Image.new("RGB", (8, 6))
    small.putdata([tuple(lots.randrange(256) for _ in range(3)) for _ in range(48)])
    return small.resize(size, Image.Resampling.BICUBIC)


def written(size, lines=6):
    image = Image.new("RGB", (600, 400), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    for n in range(lines):
        pen.text((20, 20 + n * size * 1.4), "Kom zaterdag naar de open dag", "black", font)
    return image


def test_an_even_colour():
    found = measured(Image.new("RGB", (40, 30), (26, 86, 176)))
    # light: (26·19595 + 86·38470 + 176·7471 + 32768) >> 16 = 78, of 255
    assert found.brightness == pytest.approx(78 / 255)
    # colourfulness: rg = −60, yb = 56 − 176 = −120, no spread: 0.3·√(60² + 120²)
    assert found.colourfulness == pytest.approx(0.3 * math.hypot(60, 120))
    assert found.colours == (("#1a56b0", 1.0),)
    assert (found.format, found.width, found.height) == ("PNG", 40, 30)
    assert (found.text_share, found.likeness) == (0, None)


def test_half_black_half_white():
    found = measured(drawn(20, 20, lambda x, y: (255, 255, 255) if x < 10 else (0, 0, 0)))
    assert found.brightness == pytest.approx(0.5)
    assert found.colourfulness == 0
    assert found.colours == (("#000000", 0.5), ("#ffffff", 0.5))


def test_red_and_green_are_as_colourful_as_the_formula_says():
    found = measured(drawn(10, 10, lambda x, y: (255, 0, 0) if (x + y) % 2 else (0, 255, 0)))
    # rg is ±255 (mean 0, spread 255); yb is 127.5 everywhere (spread 0)
    assert found.colourfulness == pytest.approx(255 + 0.3 * 127.5)


def test_colourfulness_and_light_of_many_colours():
    image = drawn(60, 40)
    raw = image.tobytes()
    pixels = list(zip(raw[::3], raw[1::3], raw[2::3], strict=True))
    rg = [r - g for r, g, _b in pixels]
    yb = [(r + g) / 2 - b for r, g, b in pixels]

    def mean(values):
        return sum(values) / len(values)

    def spread(values):
        return math.sqrt(mean([(v - mean(values)) ** 2 for v in values]))

    found = measured(image)
    expected = math.hypot(spread(rg), spread(yb)) + 0.3 * math.hypot(mean(rg), mean(yb))
    assert found.colourfulness == pytest.approx(expected)
    light = [(r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16 for r, g, b in pixels]
    assert found.brightness == pytest.approx(mean(light) / 255)
    assert sum(share for _c, share in found.colours) == pytest.approx(1, abs=0.05)


def test_a_large_image_measures_as_a_small_one():
    small, large = measured(photo(size=(320, 240))), measured(photo(size=(3200, 2400)), "JPEG")
    assert large.brightness == pytest.approx(small.brightness, abs=0.01)
    assert large.colourfulness == pytest.approx(small.colourfulness, rel=0.03)
    assert (large.width, large.height) == (3200, 2400)


def test_what_is_transparent_is_on_white():
    half = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    assert measured(half).brightness == 1
    assert measured(Image.new("RGBA", (10, 10), (0, 0, 0, 255))).brightness == 0
    palette = Image.new("P", (10, 10), 0)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    assert measured(palette, "GIF", transparency=0).brightness == 1


def test_grey_and_deep_images():
    assert measured(Image.new("L", (10, 10), 51)).brightness == pytest.approx(0.2)
    assert measured(Image.new("1", (10, 10), 1)).brightness == 1
    assert measured(Image.new("I;16", (10, 10), 51 * 257)).brightness == pytest.approx(0.2)
    assert measured(Image.new("CMYK", (10, 10), (0, 0, 0, 0)), "JPEG").brightness > 0.99


def test_a_photo_is_turned_as_the_camera_says():
    exif = Image.Exif()
    exif[0x0112] = 6
    found = measured(photo(), "JPEG", exif=exif)
    assert (found.width, found.height) == (480, 640)


def test_colours_have_plain_names():
    names = {"#ff0000": "red", "#ff8800": "orange", "#ffee00": "yellow", "#00aa44": "green",
             "#0044cc": "blue", "#8800cc": "purple", "#ff0044": "red", "#ffffff": "white",
             "#777777": "grey", "#050505": "black"}  # fmt: skip
    assert {colour: colour_name(colour) for colour in names} == names


# --- letters ---------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [14, 20, 32, 50])
def test_text_is_seen_at_every_size(size):
    share = lettering(written(size))
    # the lines fill about this much: 6 lines, as wide and high as the letters are
    box = ImageFont.load_default(size).getbbox("Kom zaterdag naar de open dag")
    filled = min(580, box[2]) * min(380, 6 * size * 1.4) / (600 * 400)
    assert filled * 0.5 < share < filled * 2 + 0.05


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (600, 400), "navy"),
        Image.linear_gradient("L").resize((600, 400)),
        photo(3),
        Image.effect_noise((600, 400), 60),
        drawn(600, 400, lambda x, y: (255, 0, 0) if x > 300 else (255, 255, 255)),
        Image.new("RGB", (5, 5)),
    ],
)
def test_what_is_no_text_is_not_seen_as_it(image):
    assert lettering(image) < 0.02


def test_more_text_is_more():
    few, many = lettering(written(20, lines=2)), lettering(written(20, lines=10))
    assert 0 < few < many


# --- likeness --------------------------------------------------------------------------------


def test_the_same_picture_smaller_and_compressed_is_alike():
    picture = photo(7)
    marked = picture.copy()
    ImageDraw.Draw(marked).rectangle((600, 450, 630, 470), "white")
    made = {
        "whole": measured(picture),
        "small": measured(picture.resize((200, 150))),
        "squeezed": measured(picture, "JPEG", quality=40),
        "marked": measured(marked),
        "other": measured(photo(8)),
        "third": measured(photo(9)),
    }
    assert len({one.image_id for one in made.values()}) == 6
    found = groups({name: one.likeness for name, one in made.items()})
    assert found == [["marked", "small", "squeezed", "whole"]]


def test_groups_are_those_of_a_plain_search():
    lots = random.Random(4)
    roots = [lots.getrandbits(64) for _ in range(150)]
    hashes = {}
    for n in range(600):
        value = lots.choice(roots)
        for _ in range(lots.randrange(5)):
            value ^= 1 << lots.randrange(64)
        hashes[f"i{n:03}"] = f"{value:016x}"
    numbers = {name: int(text, 16) for name, text in hashes.items()}
    group = {name: name for name in hashes}
    for a in numbers:
        for b in numbers:
            if a < b and bin(numbers[a] ^ numbers[b]).count("1") <= 6:
                old, new = group[b], group[a]
                if old != new:
                    group = {n: new if g == old else g for n, g in group.items()}
    expected = {}
    for name, root in group.items():
        expected.setdefault(root, []).append(name)
    assert sorted(map(tuple, groups(hashes))) == sorted(
        tuple(sorted(one)) for one in expected.values() if len(one) > 1
    )
    assert groups({}) == []


# --- hostile files ---------------------------------------------------------------------------


def png(width, height, data=b""):
    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
            + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (png(30_000, 30_000), "too many pixels"),
        (png(8_000, 8_000), "too many pixels"),
        (png(2**31 - 1, 2**31 - 1), "too many pixels"),
        (png(100, 100, b"short"), "damaged"),
        (png(0, 0), "none of"),
        (saved(photo(), "JPEG")[:5000], "damaged"),
        (saved(photo(), "PNG")[:5000], "damaged"),
        (saved(photo(), "TIFF"), "none of"),
        (saved(photo(), "PDF"), "none of"),
        (b"", "none of"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "none of"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "none of"),
    ],
)
def test_a_bad_image_is_refused_in_words(content, reason):
    with pytest.raises(BadImage, match=reason):
        measure("a.png", content)


def test_damage_anywhere_ends_in_words_or_figures():
    whole = [saved(photo(size=(60, 40)), kind) for kind in ("PNG", "JPEG", "GIF", "WEBP")]
    lots = random.Random(11)
    for content in whole:
        for _ in range(40):
            broken = bytearray(content)
            for _ in range(lots.randrange(1, 6)):
                broken[lots.randrange(len(broken))] = lots.randrange(256)
            try:
                found = measure("a", bytes(broken))
            except BadImage:
                continue
            assert 0 <= found.brightness <= 1
