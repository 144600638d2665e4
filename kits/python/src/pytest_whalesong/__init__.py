"""Cassettes of the Docker Engine API for pytest: the fixture ``whalesong``."""

from .cassette import Cassette

__all__ = ["Cassette"]
