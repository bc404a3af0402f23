"""What the tests share: services on loopback, registries, the sandbox, processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from server import Exchange, Request, Service, png, sample

from media_factory import ImageWorkflow, MediaFactoryRegistry

RunScript = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("MEDIA_FACTORY_"):
            monkeypatch.delenv(name)


@pytest.fixture
def start() -> Iterator[Callable[..., Service]]:
    """Starts services: ``start(version=0, latency=0.1)``."""
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(Service(**how).running())


@pytest.fixture
def service(start: Callable[..., Service]) -> Service:
    """A service of version 1, whose tasks are jobs."""
    return start()


@pytest.fixture
def workflow(registry: MediaFactoryRegistry, service: Service) -> ImageWorkflow:
    """Pictures from ``service``."""
    return registry.get_workflow("image", service.config())


@pytest.fixture
def sandbox() -> MediaFactoryRegistry:
    """A registry whose media are made in this process."""
    return MediaFactoryRegistry({"protocol": "sandbox"})


@pytest.fixture
def run_script(tmp_path: Path) -> RunScript:
    """Runs Python code in a process of its own, in ``tmp_path``."""

    def run(code: str, *, check: bool = True, **env: Any) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            cwd=tmp_path,
            env={**os.environ, **{name: str(value) for name, value in env.items()}},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    return run


@pytest.fixture
def seed_files(tmp_path: Path) -> Path:
    """The folder of ``run_script`` with the files that the first examples name."""
    for number in (1, 2, 3):
        (tmp_path / f"img{number}.png").write_bytes(png(64 * number, 48))
    (tmp_path / "sample.wav").write_bytes(sample())
    return tmp_path


@pytest.fixture
def plain_service() -> Iterator[Service]:
    """A service of version 0, which answers a submission with its result, as the prompt asks."""
    service = Service(version=0)

    def answer(request: Request, exchange: Exchange) -> None:
        prompt = request.json.get("prompt") if request.method == "POST" else request.path
        match prompt:
            case "slow":
                service.release.wait(10)
            case "broken":
                exchange.json(500, {"error": "out of paint"})
                return
            case "html":
                exchange.reply(200, b"<html>gateway</html>", "text/html")
                return
            case "moved":
                exchange.json(307, {}, location="/moved-here")
                return
            case "torn":
                exchange.json(200, {**service.finished("img_2"), "url": "/torn.png"})
                return
            case "/torn.png":
                exchange.cut(200, 1000, service.output, service.output_type)
                return
        service.standard(request, exchange)

    service.answer = answer
    with service.running():
        yield service


@pytest.fixture
def registry() -> MediaFactoryRegistry:
    return MediaFactoryRegistry()


@pytest.fixture
def images(registry: MediaFactoryRegistry, plain_service: Service) -> ImageWorkflow:
    """Pictures from ``plain_service``."""
    return registry.get_workflow("image", plain_service.config())


def eventually(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait for what another thread does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)
