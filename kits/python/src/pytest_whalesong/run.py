"""What a run did with cassettes: the ones that it saved, and those that no test is for."""

from pathlib import Path
from typing import Any, Dict, Iterable, List, Set

from .cassette import to_cassette_folder


class Run:
    """The cassettes of one run. With pytest-xdist each worker has one, and the controller adds them up."""

    def __init__(self) -> None:
        self._saved: Set[str] = set()
        self._warnings: List[str] = []
        # The cassettes of each collected test file.
        self._owned: Dict[str, Set[str]] = {}
        # Files of which tests were left out, or failed: those may have named a cassette while they ran.
        self._partial: Set[str] = set()

    def collect(self, test_file: Path, cassette: Path) -> None:
        self._owned.setdefault(str(test_file), set()).add(str(cassette))

    def mark_partial(self, test_file: Path) -> None:
        self._partial.add(str(test_file))

    def save(self, cassette: Path) -> None:
        self._saved.add(str(cassette))

    def warn(self, lines: Iterable[str]) -> None:
        self._warnings += lines

    @property
    def saved(self) -> List[Path]:
        return [Path(path) for path in sorted(self._saved)]

    @property
    def warnings(self) -> List[str]:
        return self._warnings

    def find_obsolete(self) -> List[Path]:
        """The cassettes in the folders of whole test files that belong to no test."""
        owned = set().union(*self._owned.values())
        folders = [to_cassette_folder(Path(file)) for file in self._owned if file not in self._partial]
        found = [path for folder in folders for path in folder.glob("*.yaml")]
        return sorted(path for path in found if str(path) not in owned)

    def to_data(self) -> Dict[str, Any]:
        """For the controller of pytest-xdist: plain values only."""
        return {
            "saved": list(self._saved),
            "warnings": self._warnings,
            "owned": {file: list(paths) for file, paths in self._owned.items()},
            "partial": list(self._partial),
        }

    def add(self, data: Dict[str, Any]) -> None:
        self._saved.update(data["saved"])
        self._warnings += data["warnings"]
        for file, paths in data["owned"].items():
            self._owned.setdefault(file, set()).update(paths)
        self._partial.update(data["partial"])
