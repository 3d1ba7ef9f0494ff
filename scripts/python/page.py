"""Writes the HTML page of a notebook, as it is, without executing it: page.py NOTEBOOK HTML_PAGE

The page loads nothing from elsewhere. Its formulas are elements <tex-math> whose text is the TeX;
scripts/notebooks/mathematics.mjs puts Temml's MathML in their place, whose style sheet is a part of the page.
"""

import sys
from html import escape
from pathlib import Path

import nbformat
from jinja2 import pass_context
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

HERE = Path(__file__).resolve().parent
TEMML = HERE.parents[1] / "node_modules" / "temml" / "dist"

# The blocks that are left empty would load RequireJS, ipywidgets, MathJax and Mermaid from other hosts. The policy has
# the browser refuse whatever else the page might load.
TEMPLATE = """
{%- extends 'lab/index.html.j2' -%}
{%- block html_head -%}
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
{{ super() }}
{%- endblock html_head -%}
{%- block html_head_js -%}{%- endblock html_head_js -%}
{%- block jupyter_widgets -%}{%- endblock jupyter_widgets -%}
{%- block html_head_js_mathjax -%}{%- endblock html_head_js_mathjax -%}
{%- block html_head_js_mermaidjs -%}{%- endblock html_head_js_mermaidjs -%}
{%- block html_head_css -%}
<style media="screen and (prefers-color-scheme: dark)">
{% include 'static/theme-dark.css' %}
</style>
<style>
{% filter replace("url('Temml.woff2')", "url('" ~ resources.include_url('Temml.woff2') ~ "')") %}
{%- include 'Temml-Local.css' -%}
{% endfilter %}
</style>
<style>
{% include 'page.css' %}
</style>
{%- endblock html_head_css -%}
{%- block data_png -%}
{{ super() | with_alternative_text(output.data.get('text/plain')) }}
{%- endblock data_png -%}
{%- block data_latex -%}
<div class="jp-RenderedLatex jp-OutputArea-output" data-mime-type="text/latex">
{{ output.data['text/latex'] | markdown2html }}
</div>
{%- endblock data_latex -%}
"""


class Renderer(IPythonRenderer):
    """nbconvert's renderer of Markdown, which would leave formulas between dollars for MathJax to find."""

    def inline_math(self, body):
        return f"<tex-math>{self.escape_html(body)}</tex-math>"

    def block_math(self, body):
        return f'<tex-math display="block">{self.escape_html(body)}</tex-math>'

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def table(self, text):
        return f'<div class="page-wide"><table>\n{text}</table></div>\n'


class PageExporter(HTMLExporter):
    """nbconvert's exporter, with the template above, and pictures of Markdown cells as a part of the page."""

    def __init__(self):
        super().__init__(raw_template=TEMPLATE, extra_template_paths=[str(HERE), str(TEMML)], embed_images=True)
        self.register_filter("with_alternative_text", with_alternative_text)

    @pass_context
    def markdown2html(self, context, source):
        renderer = Renderer(
            escape=False,
            embed_images=self.embed_images,
            path=context["resources"]["metadata"]["path"],
            attachments=context.get("cell", {}).get("attachments", {}),
        )
        return MarkdownWithMath(renderer).render(source)


def with_alternative_text(picture, text):
    """Gives the `img` element of an output its alternative text; without a text, nbconvert adds its own."""
    return picture.replace("<img ", f'<img alt="{escape(text)}" ', 1) if text else picture


def title_of(notebook):
    """Returns the text of the first heading of the first level, or None."""
    cells = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    lines = (line for source in cells for line in source.splitlines())
    return next((line[2:].strip() for line in lines if line.startswith("# ")), None)


def page_of(notebook, source):
    """Returns the page of a notebook that lies, or lay before it was executed, at the path `source`."""
    metadata = {"name": title_of(notebook) or source.stem, "path": str(source.parent)}
    page, _ = PageExporter().from_notebook_node(notebook, {"metadata": metadata})
    return page


if __name__ == "__main__":
    source, page = map(Path, sys.argv[1:])
    page.write_text(page_of(nbformat.read(source, as_version=4), source), encoding="utf-8")
