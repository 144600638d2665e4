from importlib import metadata
from pathlib import Path

import pytest

SOURCES = Path(__file__).parent.parent / "src"
pytest_plugins = ["pytester"]

# Each test of the plugin is a project of its own, whose Docker is simulated unless WHALESONG_UPSTREAM names a real one.
TESTS = """
import docker
import pytest

@pytest.fixture
def client(whalesong):
    client = docker.from_env()
    yield client
    client.close()
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    for name in ("CI", "WHALESONG_MODE", "WHALESONG_CONTROL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(SOURCES))
    plugin = "" if is_installed() else "-p pytest_whalesong.plugin"
    pytester.makeini(f"[pytest]\naddopts = {plugin} -p no:cacheprovider\n")
    pytester.makeconftest(TESTS)
    return pytester


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch):
    """From the call on there is no daemon."""

    def go_offline() -> None:
        monkeypatch.delenv("WHALESONG_UPSTREAM", raising=False)
        monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")

    return go_offline


def is_installed() -> bool:
    """Whether pytest finds the plugin by itself."""
    return any(entry.value == "pytest_whalesong.plugin" for entry in entries("pytest11"))


def entries(group: str):
    found = metadata.entry_points()
    return found.select(group=group) if hasattr(found, "select") else found.get(group, ())
