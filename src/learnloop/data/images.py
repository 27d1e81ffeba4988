"""A folder with one sub-folder of images for each class, read by Pillow: grey, and all of one size."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..errors import DataError, DescriptionError, FileError, MissingExtra, short
from .limits import Limits

__all__ = ["Images", "Size", "check_size", "grey", "list_folder", "read_images"]

Size = int | tuple[int, int]
ENDINGS: Final = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".pgm", ".ppm"})
SIDE: Final = 64
"""The longest side unless another one is asked for."""


@dataclass(frozen=True)
class Images:
    """The files of a folder.

    Attributes:
        path: of the folder, absolute.
        classes: the sub-folders, in sorted order.
        files: (bytes, name, class index) in the order of classes and names.
        passed: how many files are no images by their ending.
        sha256: of names and bytes of all of them.
    """

    path: Path
    classes: tuple[str, ...]
    files: tuple[tuple[bytes, str, int], ...]
    passed: int
    sha256: str


def list_folder(path: Path, limits: Limits) -> Images:
    """The images of a folder, as bytes.

    Raises:
        FileError: for a folder that cannot be read.
        DataError: without sub-folders of images, with one alone, beyond the limits.
    """
    try:
        folders = sorted(f for f in path.iterdir() if f.is_dir() and not f.name.startswith("."))
        files = [f for folder in folders for f in sorted(folder.iterdir()) if f.is_file() and not f.name.startswith(".")]
        images = [f for f in files if f.suffix.lower() in ENDINGS]
        limits.check("rows", len(images), path.name)
        limits.check("bytes", sum(f.stat().st_size for f in images), path.name)
        classes = sorted({f.parent.name for f in images})
        if len(classes) < 2:
            raise DataError(_too_few(path, classes))
        found = tuple((f.read_bytes(), f"{f.parent.name}/{f.name}", classes.index(f.parent.name)) for f in images)
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error}). Fix: check the folder and its permissions.") from error
    hashed = hashlib.sha256()
    for data, name, _ in found:
        hashed.update(name.encode("utf-8", "surrogateescape") + b"\0" + hashlib.sha256(data).digest())
    return Images(path.absolute(), tuple(classes), found, len(files) - len(images), hashed.hexdigest())


def _too_few(path: Path, classes: list[str]) -> str:
    found = f"one class, {short(classes[0])}" if classes else "no sub-folder with images"
    return f"{path} has {found}; expected one sub-folder of images for each of at least 2 classes. Fix: sort them so."


def check_size(size: Any) -> tuple[int, int] | None:
    """(height, width) of what is asked for; None for nothing.

    Raises:
        DescriptionError: for what can be no size.
    """
    sides = (size, size) if isinstance(size, int) else size
    if sides is None:
        return None
    whole = isinstance(sides, tuple | list) and len(sides) == 2 and all(type(side) is int for side in sides)
    if not whole or not all(1 <= side <= 4096 for side in sides):
        raise DescriptionError(f"the size is {short(size)}; expected a side, or height and width, from 1 to 4096.")
    return sides[0], sides[1]


def read_images(images: Images, size: Size | None, limits: Limits) -> tuple[npt.NDArray[np.float32], str]:
    """All images as numbers from 0 (black) to 255 (white).

    Args:
        images: of a folder.
        size: (height, width), or one side for both; None: as they are where they are alike and no side is longer than
            64, smaller in proportion where they are alike, else squares with the shortest side of all, at most 64.
        limits: bounds.

    Returns:
        (float32 (images, height, width), what was done to them).

    Raises:
        DataError: an image that cannot be read, or has too many pixels.
        MissingExtra: without Pillow.
    """
    sizes = [_measured(data, name, limits) for data, name, _ in images.files]
    shape, done = _common(sizes, check_size(size))
    limits.check("cells", len(sizes) * shape[0] * shape[1], images.path.name)
    out = np.empty((len(sizes), *shape), np.float32)
    for k, (data, name, _) in enumerate(images.files):
        out[k] = grey(data, name, shape, limits)
    return out, done


def _common(sizes: list[tuple[int, int]], asked: tuple[int, int] | None) -> tuple[tuple[int, int], str]:
    """The size of all, and what it takes."""
    first, alike = sizes[0], len(set(sizes)) == 1
    if asked is None and not alike:
        side = min(SIDE, *(min(size) for size in sizes))
        asked = side, side
    longest = max(first)
    if asked is None and longest > SIDE:
        asked = max(1, round(first[0] * SIDE / longest)), max(1, round(first[1] * SIDE / longest))
    shape = asked or first
    if alike and shape == first:
        return shape, "turned grey"
    was = f"{first[0]} x {first[1]}" if alike else "different sizes"
    return shape, f"turned grey and resized from {was} to {shape[0]} x {shape[1]}"


@contextmanager
def _opened(data: bytes, name: str, limits: Limits) -> Iterator[Any]:
    """An image whose header was read and whose size is allowed; nothing is unpacked yet."""
    try:
        from PIL import Image  # 60 ms
    except ImportError as error:
        raise MissingExtra("images need Pillow, which is not installed. Fix: pip install 'learnloop[images]'") from error
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of sizes that are checked here, and of odd metadata
            with Image.open(io.BytesIO(data)) as image:
                limits.check("pixels", image.width * image.height, name)
                yield image
    except (DataError, MissingExtra):
        raise
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError, Image.DecompressionBombError) as error:
        raise DataError(f"{name} is no image that can be read ({error}). Fix: repair it, or take it out.") from error


def _measured(data: bytes, name: str, limits: Limits) -> tuple[int, int]:
    """(height, width) as it is looked at: a camera that was held upright says so in the file."""
    with _opened(data, name, limits) as image:
        turned = image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
        return (image.width, image.height) if turned else (image.height, image.width)


_ORIENTATION: Final = 0x0112


def grey(data: bytes, name: str, shape: tuple[int, int], limits: Limits) -> npt.NDArray[np.float32]:
    """One image as numbers from 0 (black) to 255 (white).

    Args:
        data: a file that Pillow knows; of several frames the first one counts, what is transparent is white.
        name: of it, for messages.
        shape: (height, width) to resize it to: each new pixel is the mean of those that it covers.
        limits: bounds.

    Returns:
        float32 (height, width).

    Raises:
        DataError: for what is no image, or too large.
        MissingExtra: without Pillow.
    """
    from PIL import Image, ImageOps

    with _opened(data, name, limits) as image:
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith("I"):  # 16 bits
            upright = Image.fromarray((np.asarray(upright).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
        elif upright.has_transparency_data:
            white = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(white, upright.convert("RGBA"))
        plain = upright.convert("L")
        if plain.size != (shape[1], shape[0]):
            plain = plain.resize((shape[1], shape[0]), Image.Resampling.BOX)
        return np.asarray(plain, np.float32)
