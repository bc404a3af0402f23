"""The table of accuracies at the end of a run."""

from __future__ import annotations

import pytest

ACCURACIES = pytest.StashKey[dict[str, float]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ACCURACIES] = {}


@pytest.fixture
def accuracies(pytestconfig: pytest.Config) -> dict[str, float]:
    """Word accuracy by speaker, shown when all tests have run."""
    return pytestconfig.stash[ACCURACIES]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Shows the best first."""
    terminalreporter.section("word accuracy on 20 sentences")
    for name, accuracy in sorted(config.stash[ACCURACIES].items(), key=lambda entry: -entry[1]):
        terminalreporter.line(f"{accuracy:7.1%}  {name}")
