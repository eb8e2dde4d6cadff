"""What a measurement found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ByTime:
    """The relative error at one time, and how much of it arises since the time before."""

    time: float
    error: float
    increment: float


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
    by_time: tuple[ByTime, ...]
    worst: tuple[Worst, ...]
    #: everything that the command line printed
    record: Mapping[str, Any]

    def __str__(self) -> str:
        low, high = self.interval
        return f"relative error {self.error:.3g} (95 % interval {low:.3g} to {high:.3g})"


def measurement(record: Mapping[str, Any]) -> Measurement:
    """From what `score --json` prints, of a problem or of trajectories."""
    error = record["trueError"] if "trueError" in record else record["error"]
    low, high = error["interval"]
    return Measurement(
        error=error["value"],
        interval=(low, high),
        by_time=_by_time(record),
        worst=tuple(Worst(at["row"], at["error"], at["share"]) for at in record.get("worst", ())),
        record=record,
    )


def _by_time(record: Mapping[str, Any]) -> tuple[ByTime, ...]:
    increments = record.get("increments")
    if increments is None:
        return tuple(ByTime(at["time"], at["error"], at["increment"]) for at in record["byTime"])
    first = ByTime(increments[0]["from"], record["initialError"], record["initialError"])
    return (first, *(ByTime(at["to"], at["error"], at["size"]) for at in increments))
