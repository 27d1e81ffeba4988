"""A run in a notebook: the page that is one file, in a frame of its own, where the extra ``notebook`` is there."""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec
from typing import Any

from ..errors import MissingExtra
from ..run import Run
from .onefile import page_of_run

_HEIGHTS = (200, 2400)
_FRAME = """
function render({ model, el }) {
  const frame = document.createElement("iframe");
  frame.title = "learnloop";
  frame.sandbox = "allow-scripts allow-downloads";
  frame.style.cssText = "width: 100%; height: 620px; border: 0";
  frame.srcdoc = model.get("page");
  const grow = ({ source, data }) => {
    const height = data?.learnloop?.height;
    if (source === frame.contentWindow && height >= LEAST && height <= MOST) frame.style.height = `${Math.ceil(height)}px`;
  };
  addEventListener("message", grow);
  el.append(frame);
  return () => removeEventListener("message", grow);
}
export default { render };
""".replace("LEAST", str(_HEIGHTS[0])).replace("MOST", str(_HEIGHTS[1]))  # fmt: skip


def widget(run: Run) -> Any:
    """The widget.

    Raises:
        MissingExtra: without the extra ``notebook``.
        DescriptionError, TooLarge, CompileError: if there is no page of the run.
    """
    if find_spec("anywidget") is None:
        raise MissingExtra('a live view in a notebook needs anywidget. Fix: pip install "learnloop[notebook]"')
    return _kind()(page=page_of_run(run, compact=True).decode())


@cache
def _kind() -> Any:
    """The class, made when it is first needed: anywidget takes its time to import."""
    import anywidget
    import traitlets

    class RunView(anywidget.AnyWidget):
        """A page in a frame that can do nothing but run scripts and save files."""

        _esm = _FRAME
        page = traitlets.Unicode().tag(sync=True)

    return RunView


def _is_live() -> bool:
    """Whether somebody looks at a notebook that can show widgets."""
    return "ipykernel" in sys.modules and find_spec("anywidget") is not None


def bundle(run: Run, plain: dict[str, Any]) -> dict[str, Any]:
    """What a notebook shows: live where it can be, else what stands still. A run can always be shown.

    Args:
        run: what to show.
        plain: what stands still, by media type.
    """
    if not _is_live():
        return plain
    try:
        found = widget(run)._repr_mimebundle_()
    except Exception:  # a notebook that showed a traceback for a run would be worse than a still picture
        return plain
    live: dict[str, Any] = found[0] if isinstance(found, tuple) else found
    return {**(live or {}), **plain}
