"""The examples are as short as they are said to be; `npm run frameworks` runs them."""

from __future__ import annotations

import ast
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
# as many networks as it takes to compare four architectures; all others are a page
LONG = {"architectures.py"}


def test_each_network_is_measured_in_ten_lines():
    tree = ast.parse((EXAMPLES / "pytorch" / "measure_four.py").read_text(encoding="utf-8"))
    lengths = {node.name: node.end_lineno - node.lineno + 1 for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert set(lengths) == {"edm", "meanflow", "cosine", "digits"}
    assert max(lengths.values()) <= 10


def test_each_example_is_a_page():
    files = [file for file in EXAMPLES.glob("*/*.py") if file.name not in LONG]
    assert len(files) >= 8
    for file in files:
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 125, file
