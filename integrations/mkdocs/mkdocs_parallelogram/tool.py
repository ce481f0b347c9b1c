"""Calls `parallelogram figures`: a request in JSON goes in, figures come out."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What stands below one flow of a page."""

    line: int
    """The line of its fence or element, from 1."""
    end_line: int | None
    """The last line of its fence; `None` when it is no fence, so that nothing is to be added."""
    html: str | None
    """One line; `None` when the flow can't be run."""
    faults: list[tuple[int, str]]
    """What is wrong with it: a line and a clause each."""


class ToolError(Exception):
    """The tool can't be called, or does not answer."""


def figures(page: str) -> list[Figure]:
    """The figures of a page in Markdown, in order."""
    tool = os.environ.get("PARALLELOGRAM") or "parallelogram"
    try:
        done = subprocess.run([tool, "figures"], input=json.dumps({"page": page}).encode(), capture_output=True, check=False)
    except OSError as error:
        hint = "put `parallelogram` on the PATH, or its path into the variable PARALLELOGRAM"
        raise ToolError(f"{tool} can't be run ({error.strerror}): {hint}") from error
    if done.returncode != 0:
        raise ToolError(done.stderr.decode(errors="replace").strip())
    return [
        Figure(found["line"], found["endLine"], found["html"], [(fault["line"], fault["message"]) for fault in found["faults"]])
        for found in json.loads(done.stdout)
    ]
