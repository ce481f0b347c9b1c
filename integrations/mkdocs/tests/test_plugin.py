"""What the plugin makes of pages. The tool itself is called where a page holds a flow: PARALLELOGRAM names it."""

from __future__ import annotations

from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, PluginError

from mkdocs_parallelogram import with_figures, with_marks
from mkdocs_parallelogram.tool import Figure, ToolError, figures

FLOW = """id: f
namespace: n
tasks:
  - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
"""


def site(folder: Path, page: str, theme: str = "material") -> str:
    """The drawn page of a site that has only this one."""
    (folder / "docs").mkdir()
    (folder / "docs/index.md").write_text(page)
    settings = f"site_name: s\ntheme: {{name: {theme}}}\nplugins: [{{parallelogram: {{base: play}}}}]\n"
    extensions = "markdown_extensions: [admonition, pymdownx.superfences, {pymdownx.tabbed: {alternate_style: true}}]\n"
    (folder / "mkdocs.yml").write_text(settings + extensions)
    build(load_config(str(folder / "mkdocs.yml")))
    return (folder / "site/index.html").read_text()


def indented(text: str) -> str:
    return text.replace("\n", "\n    ")


def test_marks_keep_the_place_of_the_fence() -> None:
    page = "- item\n\n    ~~~yaml flow linenums='1'\n    id: a\n    ~~~\n\n> ```yaml flow\n> id: b\n> ```\nText"
    marked, html = with_marks(page, [Figure(3, 5, "<A>", []), Figure(7, 9, "<B>", []), Figure(1, None, "<C>", [])])
    expected = "- item\n\n    ~~~yaml linenums='1'\n    id: a\n    ~~~\n\n    parallelogramFigure0\n\n\n> ```yaml\n> id: b\n> ```\n>\n> parallelogramFigure1\n>\nText"
    assert (marked, html) == (expected, ["<A>", "<B>"])


def test_each_mark_becomes_its_figure() -> None:
    html = [f"<{n}>" for n in range(11)]
    assert with_figures("<p>parallelogramFigure1</p><li>parallelogramFigure10</li>", html) == "<1><li><10></li>"


def test_a_flow_is_drawn_in_tabs_admonitions_and_lists(tmp_path: Path) -> None:
    fence = f'\n\n```yaml flow expect="makespan=1s"\n{FLOW}```\n'
    page = "# Page\n" + fence + '\n=== "Tab"' + indented(fence) + "\n!!! note" + indented(fence) + "\n- item" + indented(fence)
    drawn = site(tmp_path, page)
    assert drawn.count('<flow-playground for="prev" title="f" expect="makespan=1s" height=') == 4
    assert drawn.count("<pre") == 4 and "parallelogramFigure" not in drawn and "<p><div>" not in drawn
    assert '<script src="play/flow-playground.js" type="module"></script>' in drawn
    assert '"content.code.copy"' in drawn


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs"])
def test_blocks_of_other_themes_get_a_button_that_copies_them(tmp_path: Path, theme: str) -> None:
    drawn = site(tmp_path, f"# Page\n\n```yaml flow\n{FLOW}```\n", theme)
    assert drawn.count('<flow-playground copy for="prev"') == 1


def test_a_false_claim_stops_the_build_with_file_and_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    page = f"---\ntitle: T\n---\n\n# Page\n\n```yaml flow expect=makespan=9s\n{FLOW}```\n\n```yaml flow\nid: f\n```\n"
    with pytest.raises((Abort, PluginError)):
        site(tmp_path, page)
    found = [record.getMessage() for record in caplog.records if "index.md" in record.getMessage()]
    assert [message.split("index.md:")[1] for message in found][0] == "7: expected makespan 9 s, got 1 s"
    assert len(found) == 2


def test_a_tool_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARALLELOGRAM", "/nowhere/parallelogram")
    with pytest.raises(ToolError, match="/nowhere/parallelogram can't be run .* put `parallelogram` on the PATH"):
        figures("```yaml flow\n```")
