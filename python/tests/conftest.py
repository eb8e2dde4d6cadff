from __future__ import annotations

import sys
from pathlib import Path

import pytest

GAUSSIAN = {"process": {"kind": "ve"}, "data": {"kind": "gaussian", "mean": [1.0, -2.0], "covariance": [[4.0, 0.0], [0.0, 4.0]]}}


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
