"""Words for tests of voices."""

from __future__ import annotations

from learnloop.lesson.voice.model import Word


def words(text: str) -> list[Word]:
    """A text as it is shown and spoken."""
    return [Word(word, word) for word in text.split()]


LESSON = (
    "A network is a chain of simple sums. An example goes in at the left, and an answer comes out at the right. The answer is compared "
    "with what it should have been, and the difference is the loss. At first the loss is 0.693, which is what guessing gives. Then "
    "every weight moves a little, against its slope, and the same example goes in again. After 1005 updates the loss has fallen, and "
    "the line between the two spirals has begun to bend. That is all: forward, compare, backward, update."
)
