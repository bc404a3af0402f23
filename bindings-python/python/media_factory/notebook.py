"""What notebooks show: a live card for a task, the medium for an output.

All text is escaped, and media are shown as ``data:`` URLs of bytes that prove what they are, so
that nothing that a service or a prompt says can run as script. IPython is used where it is loaded
already, and never imported.
"""

from __future__ import annotations

import sys
import threading
from html import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from media_factory.events import EventStream, TaskEvent
    from media_factory.output import MediaOutput
    from media_factory.task import MediaTask

    class Display(Protocol):
        """What IPython hands out for something shown that changes later."""

        def update(self, shown: object, *, raw: bool) -> None:
            """Show something else in its place."""


__all__ = ["bar", "bundle", "card", "display", "in_kernel", "medium", "show", "uploading"]

MOST_BYTES = 16 << 20
"""Media beyond that are not put into the page: notebooks keep everything that they show."""

PAUSE = 0.2
"""Seconds between two updates of a card."""

TAGS = {
    "image/gif": "img",
    "image/jpeg": "img",
    "image/png": "img",
    "image/webp": "img",
    "audio/flac": "audio",
    "audio/mp4": "audio",
    "audio/mpeg": "audio",
    "audio/ogg": "audio",
    "audio/wav": "audio",
    "video/mp4": "video",
    "video/quicktime": "video",
    "video/webm": "video",
}
"""What browsers show without ever running script in it. SVG is not among it."""


def in_kernel() -> bool:
    """Whether this runs in a notebook, where what is shown can change later."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return hasattr(shell, "kernel")


def show(task: MediaTask) -> None:
    """Show the card of ``task`` and keep it up to date until the task has ended.

    A thread of its own does that, because a cell that waits for the task blocks the event loop.
    """
    # Events from before the card is there, so that it misses none.
    events = task.events()
    shown = display(bundle(repr(task), card(task)))
    if not task.status.is_terminal:
        threading.Thread(
            target=_follow, args=(task, events, shown), name="media-factory-card", daemon=True
        ).start()


def _follow(task: MediaTask, events: EventStream, shown: Display) -> None:
    from time import sleep

    preview: MediaOutput | None = None
    uploaded: float | None = None
    for event in events:
        preview = event.output or preview
        uploaded = _share_sent(event)
        shown.update(bundle(repr(task), card(task, preview, uploaded)), raw=True)
        sleep(PAUSE)


def _share_sent(event: TaskEvent) -> float | None:
    """Give how much of a task's inputs has left, from 0 to 1; ``None`` for other events."""
    if event.sent_bytes is None or not event.total_bytes:
        return None
    return event.sent_bytes / event.total_bytes


def display(content: dict[str, str]) -> Display:
    """Show a bundle that can be replaced later."""
    from importlib import import_module

    shown: Display = import_module("IPython.display").display(content, raw=True, display_id=True)
    return shown


def bundle(plain: str, html: str) -> dict[str, str]:
    """Give one thing as text and as HTML."""
    return {"text/plain": plain, "text/html": html}


def card(task: MediaTask, preview: MediaOutput | None = None, uploaded: float | None = None) -> str:
    """Give the card of ``task`` at this moment as HTML.

    While it runs there is a bar: of ``uploaded``, the share of its inputs that has left, or of its
    progress. ``preview`` is shown under that.
    """
    state = task.to_dict()
    status = state["status"]
    wanted = state["parameters"].get("prompt") or state["parameters"].get("text") or ""
    stage = _stage(state, uploaded)
    rows = [f"<strong>{_text(state['media_type'])}</strong> {_text(status)}{stage}"]
    if isinstance(wanted, str) and wanted:
        rows.append(f"<q>{_text(wanted)}</q>")
    if status in {"pending", "processing"}:
        rows.append(bar(state["progress"] if uploaded is None else uploaded))
        if preview is not None:
            rows.append(medium(preview))
    if status == "failed":
        rows.append(f"<span style='color:#b00020'>{_text(task.error)}</span>")
    rows += [medium(output) for output in task.outputs]
    facts = [state["metadata"].get("model"), _seconds(task), *map(_facts, task.outputs)]
    rows.append(f"<small>{' · '.join(_text(fact) for fact in facts if fact)}</small>")
    rows = [f"<div style='margin:.25em 0'>{row}</div>" for row in rows]
    frame = "border:1px solid #8884;border-radius:8px;padding:.5em 1em;max-width:40em"
    return f"<div style='{frame}'>{''.join(rows)}</div>"


def medium(output: MediaOutput) -> str:
    """Give what shows an output as HTML: a picture, a player, or a sentence."""
    from media_factory.errors import MediaFactoryError

    if output.size is not None and output.size > MOST_BYTES:
        return _too_big(output)
    try:
        content = output.read()
    except MediaFactoryError as error:
        return f"<span style='color:#b00020'>{_text(error)}</span>"
    if len(content) > MOST_BYTES:
        return _too_big(output)
    return _element(content, output)


def _element(content: bytes, output: MediaOutput) -> str:
    from base64 import b64encode

    # Made from the bytes alone, it is what they prove, not what a service says that they are.
    proven = type(output).from_bytes(content).mime_type
    tag = TAGS.get(proven)
    if tag is None:
        return f"{_text(_facts(output))}: nothing that a notebook can show; <code>save</code> it"
    source = f"src='data:{proven};base64,{b64encode(content).decode()}'"
    if tag == "img":
        return f"<img {source} alt='{_text(_facts(output))}' style='max-width:100%'>"
    loop = " loop" if tag == "video" else ""
    return f"<{tag} {source} controls{loop} style='max-width:100%'></{tag}>"


def _too_big(output: MediaOutput) -> str:
    return (
        f"{_text(_facts(output))}: larger than the {MOST_BYTES >> 20} MiB that are shown here; "
        "<code>save</code> it"
    )


def _facts(output: MediaOutput) -> str:
    size = f"{output.width}×{output.height}" if output.width and output.height else ""
    length = "" if output.duration is None else f"{output.duration:g} s"
    held = "" if output.size is None else _bytes(output.size)
    return ", ".join(filter(None, (output.mime_type, size, length, held)))


def _bytes(count: int) -> str:
    if count < 10_000:
        return f"{count} bytes"
    return f"{count / 1000:.0f} kB" if count < 10_000_000 else f"{count / 1_000_000:.0f} MB"


def _seconds(task: MediaTask) -> str:
    end = task.finished_at
    return "" if end is None else f"{(end - task.created_at).total_seconds():.1f} s"


def _stage(state: dict[str, Any], uploaded: float | None) -> str:
    if uploaded is not None and state["status"] == "pending":
        return f" · {uploading(uploaded)}"
    stage = state["stage"] if state["status"] == "processing" else None
    return f" · {_text(stage)}" if stage else ""


def uploading(share: float) -> str:
    """Say in words how much has left, from 0 to 1."""
    return f"uploading {int(share * 100)} %"


def bar(progress: float | None) -> str:
    """Give a bar as HTML, from 0 to 1; one that only moves where nobody says how far it is."""
    value = "" if progress is None else f" value='{float(progress):.3f}'"
    return f"<progress max='1'{value} style='width:100%'></progress>"


def _text(value: object) -> str:
    """Give text of any origin as HTML text, cut to what a card can hold."""
    text = str(value)
    return escape(text if len(text) <= 500 else f"{text[:500]}…")
