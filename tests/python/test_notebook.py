"""What notebooks show, with a kernel and without."""

from __future__ import annotations

import io
import re
import sys
from html.parser import HTMLParser
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from server import Service

from media_factory import (
    ImageWorkflow,
    MediaFactoryRegistry,
    MediaOutput,
    TaskFailed,
    notebook,
    wait_all,
)

EVIL = "<script>alert(1)</script><img src=x onerror='alert(2)'>\"'&"
WAV = b"RIFF\x24\0\0\0WAVEfmt "
MP4 = b"\0\0\0\x18ftypisom\0\0\0\0"


class Tags(HTMLParser):
    """The elements of a page and their addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.addresses: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def is_harmless(html: str) -> Tags:
    """Nothing in it can run."""
    tags = Tags(html)
    assert not {"script", "iframe", "object", "embed", "a", "svg", "form"} & set(tags.names)
    assert not [name for name in tags.attributes if name.startswith("on")]
    media = re.compile(r"data:(image|audio|video)/[a-z0-9]+;base64,[A-Za-z0-9+/=]*")
    assert all(media.fullmatch(address) for address in tags.addresses)
    return tags


def test_a_running_task_has_a_bar(workflow: ImageWorkflow, service: Service) -> None:
    service.hold = True
    task = workflow.process({"prompt": "a lake"})
    tags = is_harmless(task._repr_html_())
    assert "progress" in tags.names
    assert "a lake" in tags.text
    assert task._repr_mimebundle_()["text/plain"] == repr(task)


def test_an_ended_task_shows_its_picture(workflow: ImageWorkflow) -> None:
    task = workflow.process({"prompt": "a lake"}).wait(10)
    tags = is_harmless(task._repr_html_())
    assert "progress" not in tags.names
    assert tags.addresses[0].startswith("data:image/png;base64,")
    assert "stable-diffusion" in tags.text
    assert re.search(r"\d\.\d s", tags.text)
    assert "image/png" in tags.text


@pytest.mark.parametrize(
    ("content", "element"), [(WAV, "audio"), (MP4, "video")], ids=["sound", "film"]
)
def test_sound_and_film_have_players(content: bytes, element: str) -> None:
    output = MediaOutput.from_bytes(content)
    tags = is_harmless(output._repr_html_())
    assert element in tags.names
    assert "controls" in tags.attributes
    assert output._repr_mimebundle_()["text/html"] == output._repr_html_()


@pytest.mark.parametrize("parameter", [EVIL, "</q></div>" + EVIL, EVIL * 1000])
def test_prompts_are_escaped(workflow: ImageWorkflow, service: Service, parameter: str) -> None:
    service.failure = {"code": "service-failed", "message": EVIL}
    task = workflow.process({"prompt": parameter[:20_000], "extra": {"x": EVIL}})
    with pytest.raises(TaskFailed):
        task.wait(10)
    tags = is_harmless(task._repr_html_())
    assert "<script>alert(1)</script>" in tags.text
    assert len(task._repr_html_()) < 10_000


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>",
        b"",
        b"%PDF",
    ],
)
def test_only_proven_media_are_shown(content: bytes) -> None:
    output = MediaOutput.from_bytes(content, "image/svg+xml")
    tags = is_harmless(output._repr_html_())
    assert tags.addresses == []
    assert "nothing that a notebook can show" in tags.text
    claimed = MediaOutput.from_bytes(content, f"image/png' onerror='{EVIL}")
    assert is_harmless(claimed._repr_html_()).addresses == []


def test_addresses_of_services_are_never_shown(workflow: ImageWorkflow, service: Service) -> None:
    def answer(request: Any, exchange: Any) -> None:
        if request.path == "/generate":
            body = {"status": "success", "image_id": "1", "url": "javascript:alert(1)"}
            exchange.json(200, body)
        else:
            service.standard(request, exchange)

    service.answer = answer
    task = workflow.process({"prompt": "a lake"})
    for _ in task.events():
        pass
    assert "javascript:" not in str(is_harmless(task._repr_html_()).addresses)


def test_large_media_are_a_sentence() -> None:
    output = MediaOutput.from_bytes(WAV + bytes(notebook.MOST_BYTES))
    tags = is_harmless(output._repr_html_())
    assert tags.addresses == []
    assert "larger than the 16 MiB" in tags.text


def test_a_failed_download_is_a_sentence(registry: MediaFactoryRegistry, service: Service) -> None:
    images = registry.get_workflow("image", service.config(max_output_bytes=5))
    tags = is_harmless(images.process({"prompt": "a lake"}).wait(10)._repr_html_())
    assert tags.addresses == []
    assert "5" in tags.text


class Kernel:
    """Stands in for IPython with a kernel, and notes what it shows."""

    def __init__(self) -> None:
        self.shown: list[dict[str, str]] = []
        self.updates: list[dict[str, str]] = []
        self.kernel = object()
        self.is_awaited = False
        """Whether a service answers only when something is shown."""

    def display(self, bundle: Any, *, raw: bool, display_id: bool) -> Any:
        assert raw
        assert display_id
        self.shown.append(bundle)
        return SimpleNamespace(update=lambda bundle, raw: self.updates.append(bundle))


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    kernel = Kernel()
    package, display = ModuleType("IPython"), ModuleType("IPython.display")
    package.get_ipython = lambda: kernel  # type: ignore[attr-defined]
    display.display = kernel.display  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", package)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    return kernel


def test_in_a_kernel_the_card_follows_the_task(
    kernel: Kernel, workflow: ImageWorkflow, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "PAUSE", 0)
    service.hold = True
    task = workflow.process({"prompt": "a lake"})
    task._ipython_display_()
    assert "<progress" in kernel.shown[0]["text/html"]
    service.release.set()
    task.wait(10)
    from conftest import eventually

    eventually(lambda: kernel.updates and "data:image/png" in kernel.updates[-1]["text/html"])
    assert len(kernel.shown) == 1
    task._ipython_display_()
    assert "data:image/png" in kernel.shown[1]["text/html"]


def test_elsewhere_ipython_shows_it_in_the_other_way(workflow: ImageWorkflow) -> None:
    task = workflow.process({"prompt": "a lake"})
    with pytest.raises(NotImplementedError):
        task._ipython_display_()


def test_ipython_itself_shows_cards(workflow: ImageWorkflow, run_script: Any) -> None:
    done = run_script(
        "from IPython.core.formatters import DisplayFormatter\n"
        "from media_factory import ImageWorkflow, MediaOutput\n"
        "formatter = DisplayFormatter()\n"
        "formatter.active_types = formatter.format_types\n"
        "task = ImageWorkflow({'protocol': 'sandbox'}).process(\n"
        "    {'prompt': 'a lake', 'resolution': '32x32'}).wait(60)\n"
        "for shown in (task, task.outputs[0]):\n"
        "    formats, _ = formatter.format(shown)\n"
        "    assert set(formats) == {'text/plain', 'text/html'}, set(formats)\n"
        "    assert 'data:image/png' in formats['text/html']\n"
        "    assert formats['text/plain'] == repr(shown)\n"
    )
    assert done.stderr == ""


def test_ipython_itself_updates_the_card(run_script: Any) -> None:
    done = run_script(
        "import time\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.kernel = object()\n"
        "told = []\n"
        "def publish(data, metadata=None, **more): told.append((data, more))\n"
        "shell.display_pub.publish = publish\n"
        "from media_factory import ImageWorkflow\n"
        "task = ImageWorkflow({'protocol': 'sandbox'}).process(\n"
        "    {'prompt': 'a lake', 'resolution': '32x32'})\n"
        "shell.display_formatter.format(task)\n"
        "task.wait(60)\n"
        "end = time.monotonic() + 20\n"
        "while 'data:image/png' not in told[-1][0]['text/html'] and time.monotonic() < end:\n"
        "    time.sleep(0.02)\n"
        "assert 'data:image/png' in told[-1][0]['text/html'], told\n"
        "ids = {more['transient']['display_id'] for _, more in told}\n"
        "assert len(ids) == 1, ids\n"
        "updates = [bool(more.get('update')) for _, more in told]\n"
        "assert updates == [False] + [True] * (len(told) - 1)\n",
        HOME=".",
    )
    assert done.stderr == ""


def test_the_bar_of_wait_all_in_a_kernel(kernel: Kernel, workflow: ImageWorkflow) -> None:
    tasks = workflow.batch_process([{"prompt": "a lake"}] * 3)
    wait_all(tasks, timeout=10, progress=True)
    assert kernel.shown[0]["text/plain"] == "0/3 tasks finished"
    assert kernel.updates[-1]["text/plain"] == "3/3 tasks finished"
    assert "value='1.000'" in kernel.updates[-1]["text/html"]


def test_the_line_of_wait_all_on_a_terminal_only(
    workflow: ImageWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, file = Terminal(), io.StringIO()
    tasks = workflow.batch_process([{"prompt": "a lake"}, {}])
    for stream in (terminal, file):
        monkeypatch.setattr(sys, "stderr", stream)
        wait_all(tasks, timeout=10, progress=True)
    assert terminal.getvalue().split("\r")[1:] == [
        f"{done}/2 tasks finished" + "\n" * (done == 2) for done in range(3)
    ]
    assert file.getvalue() == ""
    monkeypatch.setattr(sys, "stderr", None)
    wait_all(tasks, progress=True)
