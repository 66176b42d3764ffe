"""Images of posts: measured on this computer, joined to posts, tagged by people. No faces.

features   what is measured of one image
lettering  how much of it looks like letters
files      images in files, folders and archives, within limits
folder     images in a folder that the operator keeps, to be shown
joining    which post shows an image: by the name of its file, by a list
likeness   images that are the same or nearly so
kept       images in the store: measured, joined and tagged
traits     what is so or not of images and posts, for whoever compares posts
report     what there is, what is reused, and how posts with a trait did

The store keeps what was measured, never an image: pictures show people, and the operator has them.
"""

from audiences.images.features import BadImage, Features, colour_name, measure
from audiences.images.folder import Folder
from audiences.images.joining import Listed, listed, tags
from audiences.images.kept import Imported, UnknownImage, import_images, tag
from audiences.images.report import Report, report
from audiences.images.traits import (
    LABELS,
    image_traits,
    post_traits,
    posts_of,
    variant_traits,
)

__all__ = [
    "LABELS",
    "BadImage",
    "Features",
    "Folder",
    "Imported",
    "Listed",
    "Report",
    "UnknownImage",
    "colour_name",
    "image_traits",
    "import_images",
    "listed",
    "measure",
    "post_traits",
    "posts_of",
    "report",
    "tag",
    "tags",
    "variant_traits",
]
