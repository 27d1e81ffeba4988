"""A run: the description, what came of it, and everything that can be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from . import archive
from .errors import DataError, UnknownRun
from .files import write
from .predictor import Predictor
from .rules.registry import is_whole
from .train.examples import Examples, check_examples, digest_examples
from .train.progress import Silent, reporter
from .train.session import Outcome
from .train.task import Task

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .explore.serve import Explorer
    from .runs import Biographies, Biography, Insights, Moment, Traveller
    from .runs.influence import Influence
    from .runs.replay import Replay
    from .store import Store

Array = np.ndarray[Any, np.dtype[Any]]
Answer = TypeVar("Answer")
WITH_DATA = 16 << 20
"""Bytes of data up to which a file holds them."""


class Run(Predictor):
    """What training gave.

    Attributes:
        task: everything that the run is a pure function of.
        outcome: what came of it.
        notes: plain data that came with it, such as where its rows come from.
        record: the store that has it, and its id there; None for none.
    """

    def __init__(self, task: Task, outcome: Outcome, notes: dict[str, Any] | None = None) -> None:
        super().__init__(task, outcome)
        self.notes = dict(notes or {})
        self.record: tuple[Store, str] | None = None

    def with_data(self, X: Any, y: Any, sample_weight: Any = None, *, validation: tuple[Any, Any] | None = None) -> Run:
        """The same run with its data at hand, for one that was read without them.

        Args:
            X, y, sample_weight: what it learnt from.
            validation: (X, y) for a run that was measured on other data than it learnt from.

        Raises:
            DataError: for other data: their digest is not the run's.
        """

        def checked(what: str, digest: str, X: Any, y: Any, weights: Any) -> Examples:
            examples = check_examples(self.network, self.loss, X, y, weights, self.options.dtype, what)
            if digest_examples(examples) != digest:
                raise _other_data(f"{what}data", examples.rows, digest)
            return examples

        task = self.task.with_examples(checked("", self.data_digest, X, y, sample_weight))
        if validation is not None and task.held is not None and task.held.digest:
            task = task.with_held(checked("validation ", task.held.digest, *validation, None))
        whole = Run(task, self.outcome, self.notes)
        whole.record = self.record
        return whole

    @cached_property
    def _traveller(self) -> Traveller:
        from .runs import Traveller

        return Traveller(self)

    def at(self, update: int | None = None, *, epoch: int | None = None) -> Moment:
        """Go to one update, exactly: what it read, every value between, and what it wrote.

        Args:
            update: the update that produced ``losses[update]``; negative numbers count from the end.
            epoch: the first update of an epoch, instead.

        Returns:
            The moment; see docs/explaining.md.

        Raises:
            DescriptionError: for an update that the run does not have; the message says which it has.
        """
        return self._traveller.at(update, epoch=epoch)

    def moments(self, start: int = 0, stop: int | None = None) -> Iterator[Moment]:
        """The updates from start up to stop, which is left out, one after the other; see :meth:`at`.

        Args:
            start: the first update.
            stop: where to end; None for the end of the run.

        Raises:
            DescriptionError: for updates that the run does not have.
        """
        return self._traveller.moments(start, stop)

    def state_before(self, update: int) -> dict[str, Array]:
        """Parameters and states before an update, by tensor; ``updates`` for those at the end."""
        return dict(self._traveller.state(update))

    @cached_property
    def parent(self) -> Run | None:
        """The run that this one branched from, up to the branch; None where it begins with its first weights."""
        start = self.task.start
        if start is None:
            return None
        weights = {p.name: start.state[p.tensor] for p in start.parent.program.parameters}
        outcome = replace(self.outcome, losses=start.losses, weights=weights, state={}, stand=start.update,
                          history=start.history, status="interrupted", divergence=None)  # fmt: skip
        return Run(start.parent, outcome, self.notes)

    def without(self, rows: Any, **how: Any) -> Run:
        """What would have come without some rows: trained again, not estimated.

        The rows keep their places in every batch with weight 0, so that nothing else moves.

        Args:
            rows: rows of the X that was passed.
            **how: ``record``, ``name`` and ``progress`` as for :func:`learnloop.train`.

        Raises:
            DescriptionError: for rows that it did not learn from.
        """
        from .runs.whatif import check_rows, without_rows

        chosen = check_rows(self.task, rows)
        gone = sorted({*self.left_out, *chosen.tolist()})
        return self._carry(without_rows(self, chosen), {"without": gone}, how)

    @property
    def left_out(self) -> list[int]:
        """The rows that :meth:`without` left out, as far as the notes say, which may be anybody's."""
        given = self.notes.get("without")
        return [row for row in given if is_whole(row) and row >= 0] if isinstance(given, list) else []

    def branch(self, at: int, **changes: Any) -> Run:
        """What comes if the run goes on otherwise from one of its updates.

        Args:
            at: the first update that is done otherwise; ``updates`` goes on behind the last.
            **changes: ``learning_rate=0.1`` and other numbers of the optimizer, ``optimizer``, ``epochs``, ``seed``,
                ``sample_weight``; ``record``, ``name`` and ``progress`` as for :func:`learnloop.train`.

        Raises:
            UnknownName, DescriptionError: for an update or a change that cannot be.
        """
        from .runs.whatif import branched

        how = _how(changes)
        task = branched(self, at, changes)
        return self._carry(task, {"branch": task.first}, how)

    def again(self, **changes: Any) -> Run:
        """The same training from the beginning with something changed, everything else held the same.

        Args:
            **changes: as for :meth:`branch`, and ``batch_size``. The rows held out stay the same, whatever the seed.
        """
        from .runs.whatif import changed

        how = _how(changes)
        return self._carry(changed(self.task, changes), {"again": sorted(changes)}, how)

    def leave_one_out(
        self, rows: Any = None, *, measure: str = "loss", on: Any = None, threads: int | None = None,
        progress: bool | Silent = True,
    ) -> Influence:  # fmt: skip
        """What each row of the data did to a measure: the run trained again without it, for every row asked for.

        Args:
            rows: rows of the X that was passed; None for all that it learnt from.
            measure: "loss", "accuracy", "r2", "probabilities" or "outputs".
            on: what to measure on: (X, y), or X for the last two; None for the rows held out, or, where there are
                none, for the data.
            threads: how many trainings at once; None for one on each core.
            progress: True for a bar (plain lines where there is no terminal), False for none.

        Raises:
            UnknownName, DescriptionError, DataError: for what cannot be asked.
        """
        from .runs.influence import leave_one_out

        return leave_one_out(self, rows, measure=measure, on=on, threads=threads, shown=reporter(progress))

    def replay(self, *, target: str | None = None) -> Replay:
        """Compute the whole run again, and compare it bit for bit: every loss, and every digest that was recorded.

        Args:
            target: "avx512", "avx2", "baseline" or "aarch64"; None for the best that the machine has.

        Raises:
            DescriptionError: for a target that this machine cannot run.
        """
        from .runs.replay import replay

        return replay(self, target=target)

    def biography(self, name: str, *place: int, start: int | None = None, stop: int | None = None) -> Biography:
        """The life of one weight: its value over the updates, and which rows and classes pushed it.

        Args:
            name: "dense_1.weight".
            *place: where in it: input and unit for a weight, the unit for a bias.
            start: the first update; None for the first of the run, or of the branch.
            stop: where to end; None for the end of the run.

        Raises:
            UnknownName: for a parameter that the network does not have.
            DescriptionError: for a place outside it, or updates that the run does not have.
        """
        from .runs import biography

        return biography(self._traveller, name, *place, start=start, stop=stop)

    def biographies(self, layer: str, *, start: int | None = None, stop: int | None = None) -> Biographies:
        """The lives of all weights of a layer, ranked by how far they went, and by whom they were pushed most.

        Args:
            layer: "dense_1".
            start: the first update; None for the first of the run, or of the branch.
            stop: where to end; None for the end of the run.

        Raises:
            UnknownName: for a layer that the network does not have.
            DescriptionError: for updates that the run does not have.
        """
        from .runs import biographies

        return biographies(self._traveller, layer, start=start, stop=stop)

    def insights(self) -> Insights:
        """What happened during the run, in plain sentences, each at its update and with its numbers.

        Exploding, vanishing and dead units, overfitting and their like; see docs/insights.md.
        """
        from .runs import insights

        return insights(self, None if self.examples is None else self._traveller)

    def plot(self, insights: bool = True) -> Figure:
        """Loss, what was measured on rows held out, and the insights as marks, as a Matplotlib figure.

        Args:
            insights: whether to mark what happened.

        Raises:
            MissingExtra: without the extra ``plot``.
        """
        from .runs.plots import plot_run

        return plot_run(self, self.insights() if insights else False)

    def explore(self, *, port: int = 0, open_browser: bool = True, block: bool = True) -> Explorer:
        """Open the run in the explorer, a page in the browser on this machine.

        Args:
            port: where to listen; 0 for any free port.
            open_browser: whether to open a browser.
            block: True to wait until Ctrl-C; False to go on, and end the server with ``close()``.

        Returns:
            The server: its ``url``, and ``close()``.

        Raises:
            DescriptionError: for a port that cannot be had.
        """
        from .explore.face import explore_run  # upward: a run opens the explorer, which is built on runs

        return explore_run(self, port=port, open_browser=open_browser, block=block)

    @property
    def id(self) -> str | None:
        """What it is called in the store; None for a run that was not recorded."""
        return None if self.record is None else self.record[1]

    @cached_property
    def digests(self) -> dict[int, str]:
        """SHA-256 of the weights before some updates, where they were recorded."""
        return self._recorded(lambda store, id: store.digests(id), {})

    @cached_property
    def checkpoints(self) -> list[int]:
        """The updates before which parameters and state were recorded, in order."""
        return self._recorded(lambda store, id: store.checkpoints(id), [])

    def _recorded(self, ask: Callable[[Store, str], Answer], nothing: Answer) -> Answer:
        """What the store says; nothing where there is none, or where the run was deleted meanwhile."""
        if self.record is not None:
            with suppress(UnknownRun):
                return ask(*self.record)
        return nothing

    def checkpoint(self, update: int) -> dict[str, Array]:
        """Parameters and states that were recorded, by tensor."""
        from .stored import state_of

        assert self.record is not None
        return state_of(*self.record, update)

    def _carry(self, task: Task, note: dict[str, Any], how: dict[str, Any]) -> Run:
        from .recording import record_run

        kept = {k: v for k, v in self.notes.items() if k not in ("branch", "again")}  # that was how this one was made
        return record_run(task, notes={**kept, "of": self.id, **note}, **how)

    def save(self, path: str | Path) -> Path:
        """Write the run to one file: safetensors with the description inside, nothing that could run.

        Args:
            path: where to; an existing file is replaced at once or not at all.

        Raises:
            FileError: if it cannot be written.
            DescriptionError: if it has rules of one's own: a file holds no code, so they could not be read back.
        """
        return write(Path(path), self.describe(), self._tensors())

    def _tensors(self) -> dict[str, Array]:
        """All arrays by name; the data among them where they are small."""
        found = archive.arrays_of_outcome(self.outcome)
        found |= {f"task/{name}": values for name, values in archive.arrays_of_task(self.task).items()}
        data = {f"data/{name}": values for name, values in archive.arrays_of_data(self.task).items()}
        return found | data if sum(v.nbytes for v in data.values()) <= WITH_DATA else found

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled and copied: not what was compiled, which is made again when it is needed."""
        return {name: getattr(self, name) for name in ("task", "outcome", "notes", "record")}

    def describe(self) -> dict[str, Any]:
        """Everything but the arrays, as plain data."""
        return {
            "task": archive.describe_task(self.task), "outcome": archive.describe_outcome(self.outcome),
            "program_digest": self.program.digest, "digest": self.digest, "notes": self.notes,
        }  # fmt: skip

    def export_page(self, path: str | Path) -> Path:
        """Write the run as a page that is one file: it opens from disk, without a network, and trains inside.

        Args:
            path: where to, such as "page.html"; an existing file is replaced at once or not at all.

        Raises:
            DescriptionError: if a page cannot compute the run: a branch, rules of one's own, data that are not there.
            LearnloopError: if it is too large for a page.
            FileError: if it cannot be written.
            CompileError: without a working compiler.
        """
        from .explore.onefile import page_of_run, write_page  # upward, as above

        return write_page(page_of_run(self), path)

    def lesson(
        self, path: str | Path, *, document: str | Path | None = None, voice: str | None = None, store: str | Store | None = None,
    ) -> Path:  # fmt: skip
        """Write a lesson about the run: one HTML file with drawings, a voice, and the run itself, which works offline.

        Args:
            path: where to, such as "lesson.html"; an existing file is replaced at once or not at all.
            document: the path of a Markdown document, or its text; None for a first document about the run. Its first
                ``run`` block, if it has one, is taken for this run.
            voice: "espeak", "none", or the address of a speech endpoint; None for espeak-ng where it is installed.
            store: where the other runs of the document are recorded; None for the user's own.

        Returns:
            The path.

        Raises:
            DescriptionError: for a document that cannot be built, with all its problems, each at line and column.
            FileError: if the document cannot be read, or the page cannot be written.
            CompileError: without a working compiler.
        """
        from .lesson.face import lesson_of_run  # upward, as above

        return lesson_of_run(self, path, document, voice, store)

    def widget(self) -> Any:
        """The run as a live widget of a notebook; a notebook shows it by itself where the extra is there.

        Raises:
            MissingExtra: without the extra ``notebook``.
            DescriptionError, LearnloopError, CompileError: as for :meth:`export_page`.
        """
        from .explore.notebook import widget

        return widget(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from .explore.notebook import bundle

        return bundle(self, {"text/plain": repr(self), "text/html": self._repr_html_()})

    def _repr_html_(self) -> str:
        from .runs.portrait import portrait

        return portrait(self)

    def __repr__(self) -> str:
        loss = f", loss {self.losses[-self.updates_per_epoch :].mean():.4g}" if self.updates else ""
        return f"<Run {self.network.inputs} inputs, {self.network.outputs} outputs, {self.updates} updates{loss}>"


def _other_data(what: str, rows: int, digest: str) -> DataError:
    return DataError(
        f"these {rows} rows are not the {what} that the run had: their SHA-256 does not begin with {digest[:12]}. "
        "Fix: give the same X, y and sample_weight, in the same order and precision."
    )


def _how(changes: dict[str, Any]) -> dict[str, Any]:
    """What is said of recording and progress, taken out of the changes."""
    return {name: changes.pop(name) for name in ("record", "name", "progress") if name in changes}
