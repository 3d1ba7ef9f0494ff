"""papermill for TypeScript notebooks: their parameters, and the folder that their imports are relative to.

papermill writes the parameters it is given (`-p steps 100`) into a cell of the notebook's language, and knows no
TypeScript. This module teaches it: the cell reads `params.set({ steps: 100 });`, for a notebook whose parameters
are an object with such a method. papermill itself imports the module, through the entry point in pyproject.toml.
"""

import datetime
import decimal
import json
import math
import os
import re
from contextlib import contextmanager

from papermill.engines import NBClientEngine, papermill_engines
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

MAX_SAFE_INTEGER = 2**53 - 1
# Line ends to some readers of TypeScript and of notebooks, invisible characters, and halves of surrogate pairs, which
# no notebook file can hold.
ESCAPED = re.compile("[\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff]")
IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
PROPERTY = re.compile(rf"^\s*({IDENTIFIER.pattern}):\s*(.*?),?\s*(?://\s*(.*))?$", re.MULTILINE)


class TypeScriptTranslator(Translator):
    """Python values as TypeScript literals: None is null; NaN and the infinities are constants of Number.

    NumPy's numbers, flags and arrays are those of Python that they hold; tuples are lists; dates and times are texts as
    in ISO 8601. Whatever has no counterpart (sets, bytes, complex numbers, decimals and integers that no TypeScript
    number equals) is a TypeError or ValueError.
    """

    @classmethod
    def translate(cls, val):
        val = plain(val)
        if isinstance(val, tuple):
            val = list(val)
        if isinstance(val, decimal.Decimal):
            return cls.translate_decimal(val)
        if isinstance(val, (datetime.date, datetime.time)):
            return cls.translate_str(val.isoformat())
        return super().translate(val)

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_int(cls, val):
        if abs(val) > MAX_SAFE_INTEGER:
            raise ValueError(f"{val} is no exact TypeScript number: integers must lie within ±{MAX_SAFE_INTEGER}")
        return int.__repr__(val)

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "Number.NaN"
        if math.isinf(val):
            return "Number.POSITIVE_INFINITY" if val > 0 else "Number.NEGATIVE_INFINITY"
        return float.__repr__(val)

    @classmethod
    def translate_decimal(cls, val):
        number = float(val)
        if val.is_finite() and decimal.Decimal(float.__repr__(number)) != val:
            raise ValueError(f"{val} is no TypeScript number: the nearest is {number}")
        return cls.translate_float(number)

    @classmethod
    def translate_str(cls, val):
        text = json.dumps(str.__str__(val), ensure_ascii=False)
        return ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)

    @classmethod
    def translate_escaped_str(cls, str_val):
        """What papermill calls for every type that it does not know."""
        raise TypeError(f"{str_val!r} is a {type(str_val).__name__}, which has no counterpart in TypeScript")

    @classmethod
    def translate_list(cls, val):
        return f"[{', '.join(cls.translate(item) for item in val)}]"

    @classmethod
    def translate_dict(cls, val):
        entries = (f"{cls.translate_key(key)}: {cls.translate(item)}" for key, item in val.items())
        return f"{{ {', '.join(entries)} }}" if val else "{}"

    @classmethod
    def translate_key(cls, key):
        key = plain(key)
        if isinstance(key, bool) or not isinstance(key, (str, int)):
            raise TypeError(f"{key!r} is a {type(key).__name__}: a key must be a text or an integer")
        if key == "__proto__":  # which in an object's literal is no name of its own
            return '["__proto__"]'
        return key if isinstance(key, str) and IDENTIFIER.fullmatch(key) else cls.translate_str(str(key))

    @classmethod
    def comment(cls, cmt_str):
        return "\n".join(f"// {line}".strip() for line in cmt_str.splitlines())

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        return f"{cls.comment(comment)}\nparams.set({cls.translate_dict(parameters)});\n"

    @classmethod
    def inspect(cls, parameters_cell):
        """The properties of the object in the parameters cell, one a line, as `papermill --help-notebook` lists them."""
        properties = PROPERTY.findall(parameters_cell.source)
        return [Parameter(name, "None", default, comment) for name, default, comment in properties]


def plain(val):
    """The value that a NumPy scalar or array holds, in Python's own types; any other value as it is."""
    if type(val).__module__ != "numpy" or not hasattr(val, "tolist"):
        return val
    own = val.tolist()
    if type(own).__module__ == "numpy":  # such as a longdouble, which no float equals
        raise TypeError(f"{val!r} is a {type(val).__name__}, which has no counterpart in TypeScript")
    return own


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
