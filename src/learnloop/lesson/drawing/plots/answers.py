"""What the network answers for rows whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....predictor import Predictor
from ....train.metrics import confusion
from .material import Material, Sample
from .problem import Unfit

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers of classes.

    Attributes:
        sample: the rows.
        said: the class that is answered for each, (rows,).
        sure: how likely the network takes it to be, (rows,).
    """

    sample: Sample
    said: Array
    sure: Array

    @property
    def wrong(self) -> list[int]:
        """The places of wrong answers, the surest first."""
        found = np.flatnonzero(self.said != self.sample.truth).tolist()
        return sorted(found, key=lambda k: (-self.sure[k], self.sample.rows[k]))

    def counts(self, classes: int) -> Array:
        """How many rows of each class (down) were taken for each class (across)."""
        return confusion(self.sample.truth, self.said, classes)


def answers_of(material: Material, predictor: Predictor) -> Answers:
    """What is answered for the test rows, or for those that were learnt from where there are none.

    Raises:
        Unfit: for a run without classes.
    """
    if not material.has_classes:
        raise Unfit("the network answers with numbers, and classes are needed. Fix: plot `accuracy`, which shows R², or `mistakes`.")
    sample = material.judged
    chances = predictor.predict_proba(sample.X).astype(np.float64)
    said = np.asarray(predictor.predict(sample.X)).astype(np.int64)
    return Answers(sample, said, np.nan_to_num(chances[np.arange(len(said)), said]))
