"""Executes a notebook with nbconvert: execute.py NOTEBOOK EXECUTED_NOTEBOOK HTML_PAGE

Writes one JSON object a line: {"cell": 3, "of": 14} when the third of 14 code cells starts, and {"error": "..."} if
a cell fails. The executed notebook and its page are written in either case, up to the cell that failed; then the
exit code is 1. Where SIGTERM or Ctrl-C ends it, nothing is written: whoever sends it waits.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import nbformat
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbconvert.preprocessors import ExecutePreprocessor

from page import page_of


def tell(**message):
    print(json.dumps(message), flush=True)


def clear(notebook):
    """Removes earlier outputs, so that a notebook cut short shows none but its own."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)


def end_kernel_by_sigterm(executor):
    """Ends the kernel by SIGTERM where this process is to end, so that its training writes a checkpoint before.

    nbclient would interrupt the cell instead. An interrupt cuts code off that does not heed it within a tenth of a
    second, as on a busy machine, and the run's lock would stay.
    """

    def end(received):
        executor.ended_by = received
        asyncio.ensure_future(executor.km.signal_kernel(signal.SIGTERM))

    if sys.platform != "win32":
        for received in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(received, end, received)


def execute(notebook, folder):
    """Executes all cells in place, in the notebook's folder; returns the exit code, over 128 where a signal ended it."""
    code_cells = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]

    def starts(cell, cell_index):
        end_kernel_by_sigterm(executor)
        if cell_index in code_cells:
            tell(cell=code_cells.index(cell_index) + 1, of=len(code_cells))

    # Times of day in the notebook's metadata would make every run differ from the last.
    executor = ExecutePreprocessor(timeout=None, record_timing=False, on_cell_start=starts)
    executor.ended_by = None
    try:
        executor.preprocess(notebook, {"metadata": {"path": str(folder)}})
        return 0
    except (CellControlSignal, DeadKernelError) as error:
        tell(error=str(error))
        return 128 + executor.ended_by if executor.ended_by else 1


def write(path, text):
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def main(source, executed, page):
    notebook = nbformat.read(source, as_version=4)
    clear(notebook)
    code = execute(notebook, source.parent)
    if code > 128:
        return code
    write(executed, nbformat.writes(notebook) + "\n")
    write(page, page_of(notebook, source))
    return code


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
