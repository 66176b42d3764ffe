"""What can be measured of one image: format, size, light, colour, text, likeness. No faces."""

from __future__ import annotations

import colorsys
import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from audiences.images.lettering import lettering
from campaigns.errors import N_, Message, UserError

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
"""What is opened; Pillow knows many more, each with holes of its own."""

MOST_PIXELS = 50_000_000
"""Pixels that an image may have: seen in its head, before anything is unpacked."""

MOST_BYTES = 50 << 20
COLOURS = 5
SMALL = 256
"""Longest side on which light and colour are measured."""

SHOWN = 480
"""Longest side of an image that is shown."""

FLAT = 2.0
"""Standard deviation of light (of 255) under which an image has nothing to be like."""

_GREY = 0.15
_HUES = ((15, "red"), (45, "orange"), (70, "yellow"), (165, "green"), (260, "blue"),
         (330, "purple"), (360, "red"))  # fmt: skip
_NO_COLOURS = ((0.2, "black"), (0.8, "grey"), (1.01, "white"))


class BadImage(UserError):
    """A file that is no image that can be measured."""

    text = N_("{path} cannot be measured: {reason}.")


@dataclass(frozen=True)
class Features:
    """What was measured of an image.

    ``brightness`` (mean light) and ``text_share`` (part of the surface that looks like letters)
    are fractions; ``colourfulness`` is M of Hasler and Süsstrunk (2003): 0 for grey, above 45 for
    lively photos, above 100 for the extreme. ``colours`` are at most five with their shares, the
    largest first. ``likeness`` is the perceptual hash, null when the image is nearly even;
    ``image_id`` the SHA-256 of the bytes, its first 32 digits.
    """

    image_id: str
    format: str
    width: int
    height: int
    size: int
    brightness: float
    colourfulness: float
    colours: tuple[tuple[str, float], ...]
    text_share: float
    likeness: str | None


def measure(path: object, content: bytes) -> Features:
    """Measure an image; raises `BadImage`, also for one that would unpack to too much.

    ``path`` is what it is called in errors. Of a moving image the first frame counts; a photo is
    turned as its camera says. Everything else that cameras write in it is left unread.
    """
    if len(content) > MOST_BYTES:
        raise _bad(path, N_("it is larger than {limit} MB"), limit=MOST_BYTES >> 20)
    with _told(path):
        image, kind, (width, height) = _opened(path, content)
        small = image.copy()
        small.thumbnail((SMALL, SMALL), Image.Resampling.BOX)
        pixels = np.asarray(small, dtype=np.float64)
        light = np.asarray(small.convert("L"), dtype=np.float64)
        return Features(
            named(content),
            kind,
            width,
            height,
            len(content),
            float(light.mean() / 255),
            colourfulness(pixels),
            _colours(small),
            lettering(image),
            _likeness(small) if light.std() >= FLAT else None,
        )


def small(path: object, content: bytes) -> bytes:
    """An image as a JPEG of at most 480 pixels, without what cameras and programs wrote in it.

    Raises `BadImage` as `measure` does.
    """
    with _told(path):
        image, _kind, _size = _opened(path, content)
        image.thumbnail((SHOWN, SHOWN))
        image.info = {}
        made = io.BytesIO()
        image.save(made, "JPEG", quality=82)
        return made.getvalue()


def named(content: bytes) -> str:
    """The image_id of an image.

    >>> named(b"")
    'e3b0c44298fc1c149afbf4c8996fb924'
    """
    return hashlib.sha256(content).hexdigest()[:32]


@contextmanager
def _told(path: object) -> Iterator[None]:
    """Say in words what Pillow finds wrong; a warning of it is a refusal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        raise _bad(path, N_("it unpacks to too many pixels")) from None
    except UnidentifiedImageError:
        known = ", ".join(FORMATS)
        raise _bad(path, N_("it is none of {known}"), known=known) from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, ArithmeticError):
        raise _bad(path, N_("it is damaged or cut off")) from None


def _opened(path: object, content: bytes) -> tuple[Image.Image, str, tuple[int, int]]:
    """The image in RGB, transparency on white, of a size to measure; its format and full size."""
    with Image.open(io.BytesIO(content), formats=FORMATS) as file:
        kind = str(file.format)
        width, height = file.size
        if width * height > MOST_PIXELS:
            raise _bad(path, N_("it unpacks to too many pixels"))
        turned = file.getexif().get(0x0112) in {5, 6, 7, 8}
        file.draft("RGB", (1024, 1024))
        image = ImageOps.exif_transpose(_on_white(file))
    image.thumbnail((1024, 1024), Image.Resampling.BOX)
    return image, kind, (height, width) if turned else (width, height)


def _on_white(file: Image.Image) -> Image.Image:
    if file.mode in {"RGBA", "LA", "PA"} or "transparency" in file.info:
        shown = file.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown).convert("RGB")
    if file.mode.startswith("I;16") or file.mode in {"I", "F"}:
        values = np.asarray(file, dtype=np.float64)
        return Image.fromarray((values / 257).clip(0, 255).astype(np.uint8)).convert("RGB")
    return file.convert("RGB")


def colourfulness(pixels: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """M of Hasler and Süsstrunk (2003), of pixels in RGB from 0 to 255.

    >>> colourfulness(np.full((2, 2, 3), 77.0))
    0.0
    """
    red, green, blue = (pixels[..., channel] for channel in range(3))
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    return float(spread + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))


def _colours(image: Image.Image) -> tuple[tuple[str, float], ...]:
    """The colours that an image comes down to, with their shares; those under 1 % are left out."""
    few = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
    palette = few.getpalette() or []
    total = few.width * few.height
    shares: dict[str, float] = {}
    for count, index in few.getcolors() or []:
        red, green, blue = palette[3 * int(str(index)) : 3 * int(str(index)) + 3]
        name = f"#{red:02x}{green:02x}{blue:02x}"
        shares[name] = shares.get(name, 0) + count / total
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return tuple((name, round(share, 4)) for name, share in ordered if share >= 0.01)


def colour_name(colour: str) -> str:
    """The plain name of a colour: of its hue, or of its light when it has hardly any hue.

    >>> [colour_name(one) for one in ("#1a56b0", "#d01020", "#f0f0f0", "#101010", "#808078")]
    ['blue', 'red', 'white', 'black', 'grey']
    """
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < _GREY or not 0.08 < light < 0.95:
        return next(name for limit, name in _NO_COLOURS if light < limit)
    return next(name for limit, name in _HUES if hue * 360 <= limit)


def _likeness(image: Image.Image) -> str:
    import imagehash

    return str(imagehash.phash(image))


def _bad(path: object, reason: str, **values: object) -> BadImage:
    return BadImage(path=path, reason=Message(reason, values))
