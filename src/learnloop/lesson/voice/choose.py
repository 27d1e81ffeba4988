"""Who speaks: as the user wants it, and as what is installed allows."""

from __future__ import annotations

from ...errors import UnknownName
from .espeak import Espeak, installed
from .model import Voice, VoiceError
from .silent import Silent

MISSING = 'This lesson has no sound, because no voice is installed. Fix: pip install "learnloop[voice]", and build it again.'
UNWANTED = "This lesson was built without a voice; its times are estimated."


def choose(wanted: str | None = None) -> Voice:
    """The voice that is wanted.

    Args:
        wanted: "espeak", "none", the https address of an OpenAI-compatible speech endpoint, or None for espeak-ng where it is installed.

    Raises:
        UnknownName: for another word.
        VoiceError: for an address that cannot be used, or "espeak" where it is not installed.

    >>> choose("none").name
    'silent'
    """
    if wanted is None:
        return installed() or Silent(MISSING)
    if wanted == "none":
        return Silent(UNWANTED)
    if wanted == "espeak":
        return _espeak()
    if "://" not in wanted:
        raise UnknownName("voice", wanted, ["espeak", "none", "https://..."])
    from .endpoint import endpoint

    return endpoint(wanted)


def _espeak() -> Espeak:
    found = installed()
    if found is None:
        raise VoiceError('espeak-ng is not installed. Fix: pip install "learnloop[voice]".')
    return found
