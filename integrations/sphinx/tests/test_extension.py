"""What the extension makes of documents. The tool itself is called: PARALLELOGRAM names it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sphinx.cmd.build import build_main

FLOW = """id: f
namespace: n
tasks:
  - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
"""


def build(folder: Path, *arguments: str, **documents: str) -> int:
    """Builds the documents, of which `index` is one, into the folder `out`: the exit code."""
    for name, text in documents.items():
        (folder / f"{name}.{'md' if text.startswith('#') else 'rst'}").write_text(text)
    (folder / "conf.py").write_text('extensions = ["myst_parser", "sphinx_parallelogram"]\nparallelogram_base = "https://play.example/"\n')
    return build_main(["-q", *arguments, str(folder), str(folder / "out")])


def indented(text: str) -> str:
    return "   " + text.replace("\n", "\n   ").rstrip() + "\n"


def directive(options: str = "", text: str = FLOW) -> str:
    return ".. flow::\n" + "".join(f"   {line}\n" for line in options.splitlines()) + "\n" + indented(text)


def test_directives_and_fences_are_drawn_wherever_they_stand(tmp_path: Path) -> None:
    rst = "Title\n=====\n\n" + directive(":expect: makespan=1s\n:view: slots") + "\n.. note::\n\n" + indented(directive()) + "\n.. toctree::\n\n   other\n"
    fence = f'```yaml flow expect="makespan=1s" title="In MyST"\n---\n{FLOW}```\n'
    example = f"````md\n{fence}````\n"
    other = f"# Other\n\n{fence}\n- item\n\n  " + fence.replace("\n", "\n  ") + f"\n```{{flow}}\n:kestra: 1.3\n\n{FLOW}```\n\n{example}"
    assert build(tmp_path, "-W", index=rst, other=other) == 0
    index = (tmp_path / "out/index.html").read_text()
    assert index.count("<flow-playground") == 2 and index.count("<pre>") == 2
    assert '<flow-playground for="prev" title="f" expect="makespan=1s" view="slots" height=' in index
    assert '<script type="module" src="https://play.example/flow-playground.js"></script>' in index
    drawn = (tmp_path / "out/other.html").read_text()
    assert drawn.count('<flow-playground for="prev" title="In MyST"') == 2 and drawn.count(' kestra="1.3"') == 1
    assert "flow-fence" not in drawn and "```yaml flow" in drawn.replace("<span></span>", "")


def test_a_false_claim_stops_the_build_with_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    index = "Title\n=====\n\n" + directive(":expect: makespan=9s") + "\n" + directive(text=FLOW.replace("Sleep", "Slep")) + "\n.. toctree::\n\n   other\n"
    other = f"# Other\n\n```yaml flow expect=state=FAILED\n{FLOW}```\n"
    for parallel in ([], ["-j2"]):
        assert build(tmp_path, *parallel, index=index, other=other) != 0
        said = capsys.readouterr().err
        for line in [
            "index.rst:4: ERROR: expected makespan 9 s, got 1 s",
            "index.rst:17: ERROR: there is no task type `io.kestra.plugin.core.flow.Slep`",
            "other.md:3: ERROR: expected state FAILED, got SUCCESS",
            "in index, other: see the lines above",
        ]:
            assert line in said, said


def test_a_tool_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PARALLELOGRAM", "/nowhere/parallelogram")
    assert build(tmp_path, index="Title\n=====\n\n" + directive()) != 0
    assert "/nowhere/parallelogram can't be run (No such file or directory): put `parallelogram` on the PATH" in capsys.readouterr().err
