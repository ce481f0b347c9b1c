"""A plugin for MkDocs: the live diagram of a flow below each fence ```yaml flow, and no site with a false claim."""

from __future__ import annotations

import os
import re

from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from .tool import Figure, ToolError, figures

log = get_plugin_logger(__name__)

MARK = "parallelogramFigure{}"
FENCE = re.compile(r"^(?P<before>.*?)(?P<ticks>`{3,}|~{3,})")
OF_THE_BLOCK = re.compile(r"""\b(?:hl_lines|linenums)=(?:"[^"]*"|'[^']*')""")


class FlowConfig(base.Config):
    base = config_options.Type(str, default="")
    """Where the files of the playground are served: an address, or a folder of the site. Without it there are only pictures."""


class FlowPlugin(BasePlugin[FlowConfig]):
    def __init__(self) -> None:
        self.figures: dict[str, list[str]] = {}
        self.n_faults = 0

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if self.config.base:
            path = self.config.base.rstrip("/") + "/flow-playground.js"
            config.extra_javascript.append(config_options.ExtraScript().run_validation({"path": path, "type": "module"}))
        if config.theme.name == "material" and "content.code.copy" not in (features := config.theme.get("features", [])):
            config.theme["features"] = [*features, "content.code.copy"]
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        self.figures, self.n_faults = {}, 0

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str | None:
        if "flow" not in markdown:
            return None
        try:
            found = figures(markdown)
        except ToolError as error:
            raise PluginError(str(error)) from error
        path = os.path.relpath(page.file.abs_src_path or page.file.src_uri)
        before = lines_before(page, markdown)
        for line, message in (fault for figure in found for fault in figure.faults):
            log.error("%s:%d: %s", path, before + line, message)
            self.n_faults += 1
        marked, self.figures[page.file.src_uri] = with_marks(markdown, found)
        return marked

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        drawn = self.figures.pop(page.file.src_uri, [])
        # The blocks of other themes have no button that copies them.
        with_button = [figure.replace("<flow-playground ", "<flow-playground copy ", 1) for figure in drawn]
        return with_figures(html, drawn if config.theme.name == "material" else with_button)

    def on_env(self, env: object, *, config: MkDocsConfig, files: Files) -> None:
        if self.n_faults > 0:
            raise PluginError("there are flows that can't be run, or are not as their pages claim: see the lines above")


def lines_before(page: Page, markdown: str) -> int:
    """How many lines stand before the Markdown in the file of the page: those of its front matter."""
    text = page.file.content_string.lstrip("\ufeff")
    at = text.rfind(markdown)
    return text.count("\n", 0, at) if at > 0 else 0


def with_marks(markdown: str, found: list[Figure]) -> tuple[str, list[str]]:
    """The page with a word in a paragraph of its own below each fence, and the HTML that each word stands for.

    A word stays what it is within lists, tabs and admonitions, where HTML may not.
    """
    lines = markdown.split("\n")
    html: list[str] = []
    marks: list[tuple[int, str]] = []
    for figure in found:
        fence = FENCE.match(lines[figure.line - 1])
        if figure.html is None or figure.end_line is None or fence is None:
            continue
        options = OF_THE_BLOCK.findall(lines[figure.line - 1])
        lines[figure.line - 1] = " ".join([fence["before"] + fence["ticks"] + "yaml", *options])
        indent = re.sub(r"[^>\s]", " ", fence["before"])
        marks.append((figure.end_line, indent + MARK.format(len(html))))
        html.append(figure.html)
    for end_line, mark in reversed(marks):
        indent = mark[: mark.index(MARK[0])]
        lines[end_line:end_line] = [indent.rstrip(), mark, indent.rstrip()]
    return "\n".join(lines), html


def with_figures(content: str, html: list[str]) -> str:
    """The drawn page, in which each word has become its figure."""
    for n, figure in reversed(list(enumerate(html))):
        mark = MARK.format(n)
        content = content.replace(f"<p>{mark}</p>", figure).replace(mark, figure)
    return content
