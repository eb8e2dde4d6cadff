"""Finds and runs the consistency-pde command line, which does the mathematics."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

VARIABLE = "CONSISTENCY_PDE"


class CommandLineNotFound(RuntimeError):
    """No consistency-pde was found; the message says how to get it."""


class CommandLineError(RuntimeError):
    """consistency-pde refused its input or failed; the message is its sentence."""


def find(command: str | Sequence[str] | None = None) -> list[str]:
    """The words that start the command line.

    Looked for in this order: ``command`` (a path, or words); the environment variable ``CONSISTENCY_PDE``; ``consistency-pde`` on the
    PATH; the checkout that this package lies in; ``node_modules`` of the working directory or one above it.

    Raises CommandLineNotFound with what to do where there is none.
    """
    given = command if command is not None else os.environ.get(VARIABLE)
    if given:
        words = shlex.split(given) if isinstance(given, str) and not Path(given).exists() else given
        return _start([words] if isinstance(words, str) else list(words))
    installed = shutil.which("consistency-pde")
    if installed:
        return [installed]
    for folder in [Path(__file__).resolve().parents[2], *_parents(Path.cwd())]:
        for candidate in (folder, folder / "node_modules" / "consistency-pde"):
            script = _script(candidate)
            if script:
                return _start([str(script)])
    raise CommandLineNotFound(
        "consistency-pde is not found. It needs Node 20.19 or later: run `npm install consistency-pde` in this folder, or "
        f"`npm ci` in a checkout, or set {VARIABLE} to its path."
    )


def run(words: Sequence[str], arguments: Sequence[str]) -> dict[str, Any]:
    """Runs one command with ``--json`` and returns what it prints.

    Raises CommandLineError with its sentence where it exits with another code than 0.
    """
    done = subprocess.run([*words, *arguments, "--json"], capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        raise CommandLineError(done.stderr.strip() or f"consistency-pde ended with code {done.returncode}.")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _parents(folder: Path) -> list[Path]:
    return [folder, *folder.parents]


def _script(folder: Path) -> Path | None:
    """The script that package.json of this folder names, where it is that of consistency-pde and has been built."""
    try:
        package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(package, dict) or package.get("name") != "consistency-pde":
        return None
    script: Path = folder / package["bin"]["consistency-pde"]
    return script if script.exists() else None


def _start(words: list[str]) -> list[str]:
    """A script is run by node, a program by itself."""
    if not words[0].endswith((".js", ".mjs")):
        return words
    node = shutil.which("node")
    if node is None:
        raise CommandLineNotFound("node is not found; consistency-pde needs Node 20.19 or later.")
    return [node, *words]
