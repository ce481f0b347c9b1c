"""Calls `parallelogram figures`: a request in JSON goes in, figures come out."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from sphinx.errors import ExtensionError


@dataclass(frozen=True)
class Figure:
    """What stands below one flow of a page."""

    line: int
    """The line of its fence or directive, from 1."""
    is_fence: bool
    html: str | None
    """One line; `None` when the flow can't be run."""
    faults: list[tuple[int, str]]
    """What is wrong with it: a line and a clause each."""


def figures(request: Mapping[str, object]) -> list[Figure]:
    """The figures of a page in Markdown, or of one flow, in order."""
    tool = os.environ.get("PARALLELOGRAM") or "parallelogram"
    try:
        done = subprocess.run([tool, "figures"], input=json.dumps(request).encode(), capture_output=True, check=False)
    except OSError as error:
        hint = "put `parallelogram` on the PATH, or its path into the variable PARALLELOGRAM"
        raise ExtensionError(f"{tool} can't be run ({error.strerror}): {hint}") from error
    if done.returncode != 0:
        raise ExtensionError(done.stderr.decode(errors="replace").strip())
    return [
        Figure(found["line"], found["endLine"] is not None, found["html"], [(fault["line"], fault["message"]) for fault in found["faults"]])
        for found in json.loads(done.stdout)
    ]
