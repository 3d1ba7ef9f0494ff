"""The kernel under Jupyter's own conformance tests, jupyter_kernel_test."""

import unittest

import jupyter_kernel_test


class TslabTests(jupyter_kernel_test.KernelTests):
    kernel_name = "tslab"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("test")'
    code_generate_error = 'throw new Error("on purpose")'
    code_clear_output = 'import { host } from "../../lib/display/host"\nhost().clearOutput()'
    code_execute_result = [{"code": "6 * 7", "result": "42"}]
    code_display_data = [
        {"code": 'import { display } from "tslab"; display.html("<b>test</b>")', "mime": "text/html"}
    ]
    code_inspect_sample = "Array"
    code_page_something = "Array?"
    completion_samples = [
        {"text": "const zebra = 1; zeb", "matches": {"zebra"}},
        {"text": "Math.atan2", "matches": {"atan2"}},
    ]
    complete_code_samples = ["1", "console.log('hello')", "function f(x: number) { return x; }"]
    incomplete_code_samples = ["function f(x) {", "console.log(", "const t = `one\n"]
    invalid_code_samples = ["const = 3", "f(]"]

    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ? 7*"


if __name__ == "__main__":
    unittest.main()
