"""What a measurement found."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from ._command_line import run


class Folder:
    """A temporary folder that is removed with the last reference to this."""

    def __init__(self) -> None:
        self.path = Path(mkdtemp(prefix="consistency-pde-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True)
class Kept:
    """The values that a result was made of, in files that go with it, and how the command line is asked about them."""

    folder: Folder
    words: Sequence[str]
    #: of `score`
    arguments: Sequence[str]
    #: more of `score` for the page: the values on the points of the error maps
    maps: Sequence[str] = ()
    #: of `diagnose`; none where the values are against a teacher
    causes: Sequence[str] | None = None


@dataclass(frozen=True)
class ByTime:
    """The relative error at one time, and how much of it arises since the time before."""

    time: float
    error: float
    increment: float


@dataclass(frozen=True)
class Pair:
    """The error of f(t, u, x) from time t (``start``) to u (``end``), relative to the spread of X_u."""

    start: float
    end: float
    error: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Worst:
    """A trajectory with a large error: its row, its relative error, its share of the squared error of all."""

    row: int
    error: float
    share: float


@dataclass(frozen=True)
class Measurement:
    """How far a map is from the true one.

    Errors are relative to the standard deviation of the data, the square root of tr Cov.
    """

    #: the root of the mean square of |f - truth|
    error: float
    #: 95 % confidence interval of ``error``
    interval: tuple[float, float]
    by_time: tuple[ByTime, ...] = field(repr=False)
    worst: tuple[Worst, ...] = field(repr=False)
    #: of `measure_pairs` only
    pairs: tuple[Pair, ...] = field(repr=False)
    #: everything that the command line printed
    record: Mapping[str, Any] = field(repr=False)
    _kept: Kept = field(repr=False, compare=False)

    def report(self, path: str | Path) -> Path:
        """Writes a page to a folder: where, when and in which noises f is wrong, and what its error is most like.

        :param path: the folder, for report.html, results.json, figures and the worst noises as worst.npy
        :returns: the path of report.html
        :raises CommandLineError: where nothing can be written there
        """
        folder = Path(path)
        run(self._kept.words, [*self._kept.arguments, *self._kept.maps, "--report", str(folder)])
        return folder / "report.html"

    def diagnose(self) -> Mapping[str, Any]:
        """The known cause that the error is most like: ``cause`` (None where none fits), ``sentence``, and the ``fits`` of all.

        :raises ValueError: for a result of `measure_against`: the causes are maps of a problem
        """
        if self._kept.causes is None:
            raise ValueError("a result against a teacher has no problem, whose maps the causes are; expected one of measure.")
        return run(self._kept.words, self._kept.causes)

    def __str__(self) -> str:
        low, high = self.interval
        said = f"relative error {self.error:.3g} (95 % interval {low:.3g} to {high:.3g})"
        solver = self.record.get("solverError")
        if solver is None or solver <= _MUCH * self.error:
            return said
        return (
            f"{said}\nThe trajectories of the teacher are themselves off by about {solver:.2g}, so smaller errors of f do not show: "
            "give more steps in `integration`, or times that are closer together near the data."
        )


# of the error: what the solver of a teacher is off by is told from there on
_MUCH = 0.1


def measurement(record: Mapping[str, Any], kept: Kept) -> Measurement:
    """From what `score --json` prints, of a problem or of trajectories."""
    error = record["trueError"] if "trueError" in record else record["error"]
    low, high = error["interval"]
    return Measurement(
        error=error["value"],
        interval=(low, high),
        by_time=_by_time(record),
        worst=tuple(Worst(at["row"], at["error"], at["share"]) for at in record.get("worst", ())),
        pairs=tuple(Pair(at["from"], at["to"], at["error"], tuple(at["interval"])) for at in record.get("pairs", ())),
        record=record,
        _kept=kept,
    )


def _by_time(record: Mapping[str, Any]) -> tuple[ByTime, ...]:
    increments = record.get("increments")
    if increments is None:
        return tuple(ByTime(at["time"], at["error"], at["increment"]) for at in record["byTime"])
    first = ByTime(increments[0]["from"], record["initialError"], record["initialError"])
    return (first, *(ByTime(at["to"], at["error"], at["size"]) for at in increments))
