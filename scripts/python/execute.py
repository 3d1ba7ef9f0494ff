"""Executes a notebook with nbconvert: execute.py NOTEBOOK EXECUTED_NOTEBOOK HTML_PAGE

Writes one JSON object a line: {"cell": 3, "of": 14} when the third of 14 code cells starts, and {"error": "..."} if
a cell fails. The executed notebook and its page are written in either case, up to the cell that failed; then the
exit code is 1.
"""

import json
import os
import sys
from pathlib import Path

import nbformat
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbconvert.preprocessors import ExecutePreprocessor
from traitlets.config import Config

from page import page_of


def tell(**message):
    print(json.dumps(message), flush=True)


def clear(notebook):
    """Removes earlier outputs, so that a notebook cut short shows none but its own."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)


def execute(notebook, folder):
    """Executes all cells in place, in the notebook's folder; returns whether none failed."""
    code_cells = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]

    def starts(cell, cell_index):
        if cell_index in code_cells:
            tell(cell=code_cells.index(cell_index) + 1, of=len(code_cells))

    # Where this process is told to end, the kernel gives the running cell ten seconds to write a checkpoint. Jupyter
    # sends it a signal after half of this time, and kills it after the whole; by default five seconds.
    config = Config({"KernelManager": {"shutdown_wait_time": 25.0}})
    # Times of day in the notebook's metadata would make every run differ from the last.
    executor = ExecutePreprocessor(timeout=None, record_timing=False, on_cell_start=starts, config=config)
    try:
        executor.preprocess(notebook, {"metadata": {"path": str(folder)}})
        return True
    except (CellControlSignal, DeadKernelError) as error:
        tell(error=str(error))
        return False


def write(path, text):
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def main(source, executed, page):
    notebook = nbformat.read(source, as_version=4)
    clear(notebook)
    succeeded = execute(notebook, source.parent)
    write(executed, nbformat.writes(notebook) + "\n")
    write(page, page_of(notebook, source))
    return 0 if succeeded else 1


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
