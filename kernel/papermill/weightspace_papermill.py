"""papermill for TypeScript notebooks: their parameters, and the folder that their imports are relative to.

papermill writes the parameters it is given (`-p steps 100`) into a cell of the notebook's language, and knows no
TypeScript. This module teaches it: the cell reads `params.set({ steps: 100 });`, for a notebook whose parameters
are an object with such a method. papermill itself imports the module, through the entry point in pyproject.toml.
"""

import json
import math
import os
import re
from contextlib import contextmanager

from papermill.engines import NBClientEngine, papermill_engines
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

MAX_SAFE_INTEGER = 2**53 - 1
IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
PROPERTY = re.compile(rf"^\s*({IDENTIFIER.pattern}):\s*(.*?),?\s*(?://\s*(.*))?$", re.MULTILINE)


class TypeScriptTranslator(Translator):
    """Python values as TypeScript literals: None is null; NaN and the infinities are constants of Number."""

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_int(cls, val):
        if abs(val) > MAX_SAFE_INTEGER:
            raise ValueError(f"{val} is no exact TypeScript number: integers must lie within ±{MAX_SAFE_INTEGER}")
        return str(val)

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "Number.NaN"
        if math.isinf(val):
            return "Number.POSITIVE_INFINITY" if val > 0 else "Number.NEGATIVE_INFINITY"
        return repr(val)

    @classmethod
    def translate_str(cls, val):
        return json.dumps(val, ensure_ascii=False)

    @classmethod
    def translate_escaped_str(cls, str_val):
        """What papermill calls for every other type (a date from a YAML file): its text."""
        return cls.translate_str(str(str_val))

    @classmethod
    def translate_list(cls, val):
        return f"[{', '.join(cls.translate(item) for item in val)}]"

    @classmethod
    def translate_dict(cls, val):
        entries = (f"{cls.translate_key(key)}: {cls.translate(item)}" for key, item in val.items())
        return f"{{ {', '.join(entries)} }}" if val else "{}"

    @classmethod
    def translate_key(cls, key):
        return key if IDENTIFIER.fullmatch(str(key)) else cls.translate_str(str(key))

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        return f"{cls.comment(comment)}\nparams.set({cls.translate_dict(parameters)});\n"

    @classmethod
    def inspect(cls, parameters_cell):
        """The properties of the object in the parameters cell, one a line, as `papermill --help-notebook` lists them."""
        properties = PROPERTY.findall(parameters_cell.source)
        return [Parameter(name, "None", default, comment) for name, default, comment in properties]


class TypeScriptEngine(NBClientEngine):
    """papermill's default engine, which also tells a kernel where the notebook lies.

    papermill starts kernels in the folder that it was called from, and a notebook's imports are relative to the
    notebook. The name of the variable is that of JupyterLab and VS Code, which tell the same.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **kwargs):
        path = nb_man.nb.metadata.papermill.get("input_path")
        with environment_variable("JPY_SESSION_NAME", os.path.abspath(path) if path and os.path.isfile(path) else None):
            return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


@contextmanager
def environment_variable(name, value):
    """Sets an environment variable, or removes it where the value is None, and puts the old one back at the end."""
    before = os.environ.pop(name, None)
    try:
        if value is not None:
            os.environ[name] = value
        yield
    finally:
        os.environ.pop(name, None)
        if before is not None:
            os.environ[name] = before


for engine_name in (None, "nbclient"):
    papermill_engines.register(engine_name, TypeScriptEngine)
papermill_translators.register("tslab", TypeScriptTranslator)
papermill_translators.register("typescript", TypeScriptTranslator)
