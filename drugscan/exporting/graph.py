"""GEXF 1.3: the seller network for Gephi and its like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from drugscan.errors import SettingsError
from drugscan.exporting.answer import Answer
from drugscan.exporting.cells import harmless

_ENDS = ["source_kind", "source", "target_kind", "target", "messages"]


def write_gexf(file: IO[bytes], answers: Sequence[Answer]) -> None:
    """Write nodes (accounts, contacts, ads; their kind is an attribute) and edges weighted by messages."""
    (answer,) = answers
    reader = answer.read()
    if reader.schema.names != _ENDS:
        raise SettingsError(f"{answer.name} is no network", where="--format gexf", hint="export network")
    nodes: dict[tuple[str, str], int] = {}
    edges = []
    for batch in reader:
        columns = [column.to_pylist() for column in harmless(batch, formulas=True).columns]
        for source_kind, source, target_kind, target, messages in zip(*columns, strict=True):
            ends = [
                nodes.setdefault(node, len(nodes)) for node in ((source_kind, source), (target_kind, target))
            ]
            edges.append((*ends, messages))

    def write(line: str) -> None:
        file.write(line.encode("utf-8", "replace") + b"\n")

    write('<?xml version="1.0" encoding="UTF-8"?>')
    write('<gexf xmlns="http://gexf.net/1.3" version="1.3">')
    write(f"<meta><creator>drugscan</creator><description>{escape(answer.definition)} {escape(answer.note)}")
    write('</description></meta>\n<graph defaultedgetype="undirected">')
    write('<attributes class="node"><attribute id="kind" title="kind" type="string"/></attributes>\n<nodes>')
    for (kind, name), number in nodes.items():
        value = f'<attvalues><attvalue for="kind" value={quoteattr(kind)}/></attvalues>'
        write(f'<node id="{number}" label={quoteattr(name)}>{value}</node>')
    write("</nodes>\n<edges>")
    for number, (source, target, messages) in enumerate(edges):
        write(f'<edge id="{number}" source="{source}" target="{target}" weight="{messages}"/>')
    write("</edges>\n</graph>\n</gexf>")
