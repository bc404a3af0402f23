"""Whole processes: how they start, fork and end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from server import Service


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_import_brings_nothing_along() -> None:
    done = python(
        "import sys; before = set(sys.modules); import media_factory\n"
        "heavy = {'asyncio', 'typing', 'inspect', 'logging', 'json', 'numpy', 'PIL', 'IPython'}\n"
        "print(sorted(heavy & (set(sys.modules) - before)))\n"
        "import threading; print(threading.active_count(), media_factory.TaskEvent.__name__)\n"
    )
    assert done.stdout.split("\n")[:2] == ["[]", "1 TaskEvent"], done.stderr


WORK = """
import sys
from media_factory import *
images = ImageWorkflow({"service_endpoint": sys.argv[1], "exit_grace": float(sys.argv[2])})
task = images.process({"prompt": "slow"})
"""


def test_the_end_waits_for_submissions(plain_service: Service) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, plain_service.url, "10"], stderr=subprocess.PIPE, text=True
    )
    while not plain_service.asked():
        time.sleep(0.01)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    plain_service.release.set()
    assert process.communicate(timeout=10)[1] == ""
    assert process.returncode == 0


def test_the_end_names_what_is_open(plain_service: Service) -> None:
    done = python(WORK + "print(task.task_id)", plain_service.url, "0.1")
    assert done.returncode == 0
    assert done.stdout.strip() in done.stderr
    assert done.stderr.startswith("media_factory: still open at exit: ")


def test_ctrl_c_ends_a_wait(plain_service: Service) -> None:
    code = WORK + (
        "import os, signal, threading\n"
        # Who starts tests in the background may ignore the signal, and children inherit that.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "try:\n"
        "    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "    task.wait()\n"
        "except KeyboardInterrupt: print('interrupted', task.status)\n"
    )
    assert python(code, plain_service.url, "0").stdout == "interrupted pending\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_looks_back_and_works_on(plain_service: Service) -> None:
    code = WORK + (
        "import os\n"
        "done = images.process({'prompt': 'a lake'}).wait(10)\n"
        "MediaFactoryRegistry.configure({'service_endpoint': sys.argv[1]})\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    print(done.status, task.status, len(images.list_tasks()), flush=True)\n"
        "    for refused in (lambda: images.process({'prompt': 'x'}), task.wait):\n"
        "        try: refused()\n"
        "        except Unsupported as error: print(error.code, flush=True)\n"
        "    fresh = MediaFactoryRegistry.get_workflow('image')\n"
        "    print(fresh.process({'prompt': 'a lake'}).wait(10).status, flush=True)\n"
        "    sys.exit(3)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)\n"
        "print(images.process({'prompt': 'a lake'}).wait(10).status)\n"
    )
    done = python(code, plain_service.url, "0")
    expected = ["completed pending 2", "unsupported", "unsupported", "completed", "3", "completed"]
    assert done.stdout.split("\n")[:-1] == expected, done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_forking_under_load(plain_service: Service) -> None:
    code = WORK + (
        "import os\n"
        "for _ in range(20):\n"
        "    tasks = images.batch_process([{'prompt': str(n)} for n in range(50)])\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        [other.to_dict() for other in tasks]\n"
        "        os._exit(0)\n"
        "    assert os.waitpid(child, 0)[1] == 0\n"
        "    wait_all(tasks, timeout=30)\n"
        "print('done')\n"
    )
    assert python(code, plain_service.url, "0").stdout == "done\n"


def test_the_end_of_a_loop_with_open_tasks(plain_service: Service) -> None:
    code = WORK + (
        "import asyncio\n"
        "async def main():\n"
        "    waiting = asyncio.ensure_future(task.wait_async())\n"
        "    await asyncio.sleep(0.1)\n"
        "asyncio.run(main())\n"
    )
    done = python(code, plain_service.url, "0")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_a_signal_kills_as_usual(plain_service: Service) -> None:
    process = subprocess.Popen([sys.executable, "-c", WORK + "task.wait()", plain_service.url, "0"])
    while not plain_service.asked():
        time.sleep(0.01)
    process.terminate()
    assert process.wait(10) == -signal.SIGTERM


def test_the_end_after_a_loop_that_cannot_watch_pipes(plain_service: Service) -> None:
    code = WORK + (
        "import asyncio\n"
        "def add_reader(*_): raise NotImplementedError\n"
        "async def main():\n"
        "    asyncio.get_running_loop().add_reader = add_reader\n"
        "    fast = [images.process({'prompt': 'a lake'}) for _ in range(200)]\n"
        "    await asyncio.gather(*fast)\n"
        "asyncio.run(main())\n"
    )
    for _ in range(5):
        done = python(code, plain_service.url, "0")
        assert (done.returncode, "Fatal" in done.stderr) == (0, False), done.stderr
