from __future__ import annotations

import sys
from pathlib import Path

import pytest

MEAN = (1.0, -2.0, 0.5)


def gaussian_of(mean: tuple[float, ...]) -> dict[str, object]:
    """N(mean, 4 I), noised by VE."""
    covariance = [[4.0 * (i == j) for j in range(len(mean))] for i in range(len(mean))]
    return {"process": {"kind": "ve"}, "data": {"kind": "gaussian", "mean": list(mean), "covariance": covariance}}


# in space there are no error maps to evaluate
GAUSSIAN = gaussian_of(MEAN)


@pytest.fixture
def gaussian() -> dict[str, object]:
    return GAUSSIAN


@pytest.fixture
def answering(tmp_path: Path):  # type: ignore[no-untyped-def]
    """A program in place of the command line, made from the body of a Python script."""

    def make(body: str) -> str:
        script = tmp_path / "consistency-pde"
        script.write_text(f"#!{sys.executable}\n{body}\n")
        script.chmod(0o755)
        return str(script)

    return make
