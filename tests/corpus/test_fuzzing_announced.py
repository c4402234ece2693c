"""Readers of formats that the first lines announce, with mutated files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.fuzzing import file_reader, fuzz
from tests.corpus.test_announced import ONTONOTES, PUBTATOR, WEBANNO
from tests.corpus.test_announced_xml import BIOC, GATE, TEI, XMI

FILES = {
    "webanno.tsv": WEBANNO.replace("*\t*\n", "*\tX\n").replace("\\_", "-"),  # an escape hides the label from the test
    "ontonotes.conll": ONTONOTES,
    "pubtator.txt": PUBTATOR,
    "wikiner.txt": "Anna|NNP|I-PER Kern|NNP|I-PER w|o|IN|O\n\nOslo|NNP|I-LOC .|.|O\nTom|NNP|I-PER sat|VBD|O\n",
    "slashes.txt": "Anna/B-PER Kern/I-PER w/o/O\nOslo/B-LOC ./O\nTom/B-PER sat/O\n",
    "nlu.md": '## intent:a\n- [Anna](PER) is in [Oslo](LOC)\n- [Tom]{"entity": "PER"}\n\n## intent:b\n- [Bo](PER)\n',
    "rows.py": "A = [('Anna ran', {'entities': [(0, 4, 'PER')]}),\n ('Oslo', {'entities': [(0, 4, 'LOC')]})]\n",
    "sentences.tsv": "Anna Kern ran\tB-PER I-PER O\n\nOslo .\tB-LOC O\nTom sat\tB-PER O\n",
}
MARKED_FILES = {
    "muc.txt": "<DOC>\n<p>\n<s><ENAMEX TYPE='PER'>Anna Kern</ENAMEX> ran</s>\n"
    "<s><ENAMEX TYPE='LOC'>Oslo</ENAMEX> .</s>\n</p>\n"
    "Saw <TIMEX TYPE='DATE'>May</TIMEX> &amp; <ENAMEX TYPE='PER'>Tom</ENAMEX>\n</DOC>\n",
    "elements.txt": "<PER>Anna Kern</PER> ran\nto <LOC>Oslo</LOC>\n\n<PER>Bo</PER> sat &lt; 3\nI saw <PER>Tom</PER>\n",
    "opennlp.train": "<START:a> Anna Kern <END> ran\n\n<START:b> Oslo <END> .\nI saw <START:a> Tom <END>\n",
    "bars.txt": "[Anna Kern|PER] ran\nto [Oslo|LOC]\n\n[Bo|PER] sat \\[1]\nI saw [Tom|PER]\n",
    "parentheses.md": "[Anna Kern](PER) ran\nto [Oslo](LOC)\n\n[Bo](PER) sat [1]\nI saw [Tom](PER)\n",
    "nlu.yml": "nlu:\n- intent: a\n  examples:\n  - text: |\n      [Anna](PER) is in [Oslo](LOC)\n    metadata:\n"
    "      x: 1\n  - text: see [Tom](PER)\n",
    "bioc.xml": BIOC,
    "gate.xml": GATE.replace("saw", "saw a bird in a tree, and another one beside it, " * 8),
    "uima.xmi": XMI,
    "tei.xml": TEI,
    "snips.yaml": "---\ntype: intent\nname: a\nslots:\n- name: x\n  entity: city\nutterances:\n- go to [x](Oslo)\n"
    "- [y:PER](Anna) and [y](Bo)\n- '[x](Rome)'\n",
    "prefixes.txt": "[PER Anna Kern ] ran\nto [LOC Oslo]\n\n[PER Bo] sat\nI saw [PER Tom]\n",
}
FORMATS = {
    "nlu.md": "rasa",
    "nlu.yml": "rasa",
    "snips.yaml": "snips",
    "bioc.xml": "bioc-xml",
    "gate.xml": "gate",
    "uima.xmi": "uima-xmi",
    "tei.xml": "tei",
}  # text if the first line is missing


@pytest.mark.parametrize("name", FILES)
def test_mutated_files_are_read_or_rejected(tmp_path: Path, name: str) -> None:
    for lenient in (False, True):
        read = file_reader(tmp_path / name, lenient=lenient, format=FORMATS.get(name))
        outcomes = fuzz(read, FILES[name].encode(), count=500, entities_per_edit=3)
        assert outcomes["read"] + outcomes["warned"] > 150
        assert outcomes["rejected"] > 10 or lenient


@pytest.mark.parametrize("name", MARKED_FILES)
def test_mutated_files_with_marks_are_read_or_rejected(tmp_path: Path, name: str) -> None:
    for lenient in (False, True):
        read = file_reader(tmp_path / name, lenient=lenient, format=FORMATS.get(name))
        outcomes = fuzz(read, MARKED_FILES[name].encode(), count=80, entities_per_edit=3)
        assert outcomes["read"] + outcomes["warned"] > 25
