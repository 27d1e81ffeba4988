"""Facts of what the network answers for the rows held out: its mistakes, and which classes it takes for which."""

from __future__ import annotations

import numpy as np

from ...train.metrics import confusion
from .kinds import Asked, Kind, missing
from .subject import Array, Judged


def _mistake(asked: Asked) -> tuple[Judged, int]:
    judged = asked.subject.judged
    return judged, judged.mistakes[asked.place("mistake", len(judged.mistakes))]


def _row(asked: Asked) -> int:
    judged, k = _mistake(asked)
    return int(judged.rows[k])


def _truth(asked: Asked) -> str:
    judged, k = _mistake(asked)
    return asked.subject.class_name(int(judged.truths[k]))


def _answer(asked: Asked) -> str:
    judged, k = _mistake(asked)
    return asked.subject.class_name(int(judged.answers[k]))


def _sure(asked: Asked) -> float:
    judged, k = _mistake(asked)
    return float(judged.chances[k, judged.answers[k]])


def _chance_of_truth(asked: Asked) -> float:
    judged, k = _mistake(asked)
    return float(judged.chances[k, judged.truths[k]])


def _table(asked: Asked) -> Array:
    judged = asked.subject.judged
    return confusion(judged.truths, judged.answers, len(asked.subject.classes))


def _cell(asked: Asked) -> int:
    table = _table(asked)
    return int(table[asked.place("class", len(table)), asked.place("class", len(table), 1)])


def _worst(asked: Asked) -> tuple[int, int, int]:
    """Truth, answer and count of the mistake that is made most often."""
    table = _table(asked)
    np.fill_diagonal(table, 0)
    if not table.any():
        raise missing("the run made no mistake on the rows held out", "mistakes.count")
    truth, answer = np.unravel_index(int(table.argmax()), table.shape)
    return int(truth), int(answer), int(table[truth, answer])


ANSWERS = (
    Kind("mistakes.count", "count", "wrong answers to rows held out", lambda a: len(a.subject.judged.mistakes)),
    Kind("mistakes[k].row", "index", "row of a wrong answer, the surest one first; numbered as in the live parts", _row),
    Kind("mistakes[k].truth", "name", "its class", _truth),
    Kind("mistakes[k].answer", "name", "the class that the network says", _answer),
    Kind("mistakes[k].sure", "share", "how sure the network is of its answer", _sure),
    Kind("mistakes[k].probability_of_truth", "share", "the probability that it gives the class of the row", _chance_of_truth),
    Kind("confusion[i,j]", "count", "rows held out of class i that are said to be of class j", _cell),
    Kind("confusion.worst.truth", "name", "of the mistake that is made most often: the class", lambda a: a.subject.class_name(_worst(a)[0])),
    Kind("confusion.worst.answer", "name", "the class that the network says", lambda a: a.subject.class_name(_worst(a)[1])),
    Kind("confusion.worst.count", "count", "how often it is made", lambda a: _worst(a)[2]),
)
"""Facts of answers to rows held out."""
