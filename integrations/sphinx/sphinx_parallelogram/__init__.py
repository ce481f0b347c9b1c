"""An extension for Sphinx: the live diagram of a flow below each directive `flow`, and no site with a false claim.

In MyST a fence ```yaml flow is such a directive, too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from .tool import figures

logger = logging.getLogger(__name__)

# The words of a fence: those of the element, and the parameters of a link.
OPTIONS = """title load expect c view panel heat t sel in assume seed start delay workers cores executions blackout template kestra fold
speed autoplay code edit theme lang height""".split()
FENCE = re.compile(r"^(?P<before>.*?)(?P<ticks>`{3,}|~{3,})\s*")


class Flow(SphinxDirective):
    """`.. flow::`: a flow, with its settings as options."""

    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = dict.fromkeys(OPTIONS, directives.unchanged)

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content) + "\n"
        source, line = self.get_source_info()
        words = self.arguments[0] if self.arguments else ""
        request = {"text": text, "line": line, "textLine": self.content_offset + 1, "words": words, "options": self.options}
        (figure,) = figures(request)
        for at, message in figure.faults:
            logger.error(message, location=f"{os.path.relpath(source)}:{at}")
            faulty(self.env).add(self.env.docname)
        block = nodes.literal_block(text, text, language="yaml")
        self.set_source_info(block)
        return [block, nodes.raw("", figure.html, format="html")] if figure.html else [block]


class FlowFence(Flow):
    """A fence whose words are the argument. All that it holds is the flow, also lines that look like options."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = None


def faulty(env: BuildEnvironment) -> set[str]:
    """The documents whose flows can't be run or are not as claimed."""
    documents: set[str] = env.__dict__.setdefault("parallelogram_faulty", set())
    return documents


def read_fences(app: Sphinx, docname: str, source: list[str]) -> None:
    """Makes directives of the fences of a page in MyST; each line stays where it is."""
    if "flow" not in source[0] or not str(app.env.doc2path(docname)).endswith((".md", ".markdown")):
        return
    lines = source[0].split("\n")
    for figure in figures({"page": source[0]}):
        if figure.is_fence:
            lines[figure.line - 1] = FENCE.sub(r"\g<before>\g<ticks>{flow-fence} ", lines[figure.line - 1])
    source[0] = "\n".join(lines)


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    faulty(env).discard(docname)


def merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    faulty(env).update(faulty(other) & set(docnames))


def stop_if_faulty(app: Sphinx, env: BuildEnvironment) -> None:
    """Stops before the environment is kept, so that the next build reads these documents again."""
    if documents := sorted(faulty(env)):
        raise ExtensionError(f"there are flows that can't be run, or are not as their pages claim, in {', '.join(documents)}: see the lines above")


def add_script(app: Sphinx) -> None:
    if base := app.config.parallelogram_base:
        app.add_js_file(base.rstrip("/") + "/flow-playground.js", type="module")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("sphinx_copybutton")
    app.add_config_value("parallelogram_base", "", "html", str)
    app.add_directive("flow", Flow)
    app.add_directive("flow-fence", FlowFence)
    app.connect("builder-inited", add_script)
    app.connect("source-read", read_fences)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", stop_if_faulty)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
