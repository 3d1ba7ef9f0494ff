"""HTML pages in which the alternative text of a picture is the text that its output has beside it."""

from html import escape

from nbconvert import HTMLExporter

TEMPLATE = """
{%- extends 'lab/index.html.j2' -%}
{%- block data_png -%}
{{ super() | with_alternative_text(output.data.get('text/plain')) }}
{%- endblock data_png -%}
"""


def with_alternative_text(picture, text):
    """Gives the `img` element of an output its alternative text; without a text, nbconvert adds its own."""
    return picture.replace("<img ", f'<img alt="{escape(text)}" ', 1) if text else picture


def page_exporter():
    """Returns nbconvert's exporter of HTML pages, which describes each PNG picture by its output's `text/plain`."""
    exporter = HTMLExporter(raw_template=TEMPLATE)
    exporter.register_filter("with_alternative_text", with_alternative_text)
    return exporter
