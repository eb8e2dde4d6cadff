"""How the command line is found, and what is said where it is not."""

from __future__ import annotations

import pytest

from consistency_pde import CommandLineError, CommandLineNotFound
from consistency_pde import _command_line as command_line


def test_a_path_that_is_given_comes_first(monkeypatch, answering):
    monkeypatch.setenv("CONSISTENCY_PDE", "/nowhere")
    assert command_line.find(answering("")) == [answering("")]


def test_then_the_environment(monkeypatch, answering):
    monkeypatch.setenv("CONSISTENCY_PDE", answering(""))
    assert command_line.find() == [answering("")]
    monkeypatch.setenv("CONSISTENCY_PDE", "npx consistency-pde")
    assert command_line.find() == ["npx", "consistency-pde"]


def test_a_script_is_run_by_node(monkeypatch):
    monkeypatch.setattr(command_line.shutil, "which", lambda name: f"/bin/{name}")
    assert command_line.find("cli.js") == ["/bin/node", "cli.js"]


def test_an_installation_in_node_modules(monkeypatch, tmp_path):
    monkeypatch.delenv("CONSISTENCY_PDE", raising=False)
    monkeypatch.setattr(command_line.shutil, "which", lambda name: None if name == "consistency-pde" else f"/bin/{name}")
    monkeypatch.setattr(command_line, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    package = tmp_path / "node_modules" / "consistency-pde"
    (package / "dist").mkdir(parents=True)
    (package / "package.json").write_text('{"name": "consistency-pde", "bin": {"consistency-pde": "dist/main.js"}}')
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    with pytest.raises(CommandLineNotFound, match="npm install consistency-pde"):
        command_line.find()
    (package / "dist" / "main.js").write_text("")
    assert command_line.find() == ["/bin/node", str(package / "dist" / "main.js")]


def test_a_failure_is_its_sentence(answering):
    program = answering("import sys; sys.stderr.write('--time is -1.\\n'); sys.exit(2)")
    with pytest.raises(CommandLineError, match="^--time is -1.$"):
        command_line.run([program], ["score"])
    with pytest.raises(CommandLineError, match="ended with code 3"):
        command_line.run([answering("import sys; sys.exit(3)")], ["score"])
