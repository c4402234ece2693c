"""The layouts of the published corpora with invented sentences, as in `test_shared_data`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nertagger.corpus import BLANK_TOKEN
from nertagger.text import Document, TagScheme, detect_scheme, read_spans

WNUT = "Lund\tB-location\n’\tO\ns\tO\n\nplays\tO\nKern\tB-creative-work\nII\tI-creative-work\n\t\n"
WIKIGOLD = "Lund I-LOC\nis O\n\nOslo I-LOC\nHolm B-LOC\nsaid O\n\n-DOCSTART- O\n\nKern I-PER\nran O\n\n-DOCSTART- O\n"
BTC = "Bbl\tO\n\n@\tB-PER\nAnna_Kern\tB-PER\nke s\tO\n\tO\nAD t\tO\n\n"
UNER = (
    "# newdoc id = a\n# sent_id = a-1\n# text = Anna can't go.\n1\tAnna\tB-PER\t-\t-\n2\tca\tO\t-\t-\n3\tn't\tO\t-\t-\n"
    "4\tgo\tO\t-\t-\n5\t.\tO\t-\t-\n\n# newdoc id = b\n# sent_id = b-1\n# text = To Oslo!\n1\tTo\tO\t-\t-\n"
    "2\tOslo\tB-LOC\t-\t-\n3\t!\tO\t-\t-\n\n"
)
NCBI = "ABC1\tO\nsyndrome\tB-Disease\n\nLund\tB-Disease\n'\tI-Disease\ns\tI-Disease\ngout\tI-Disease\n\n"
SEC = "-DOCSTART- -X- O O\n\nLoan NNP - O\nLund NNP - I-ORG\nde IN - I-ORG\n\n- : - O\nOslo NNP - I-LOC\n"
GERMEVAL = (
    "#\thttp://www.example.org/1\t[2010-07-04]\t\n1\tDie\tO\tO\n2\tOsloer\tB-LOCderiv\tO\n3\tFirma\tO\tO\n\n"
    "#\thttp://www.example.org/2\t[2010-07-05]\t\n1\tUniversität\tB-ORG\tO\n2\tOslo\tI-ORG\tB-LOC\n3\t:\tO\tO\n\n"
)
GMB = "Families\tO\nof\tO\nKern\tB-per\n\nLund\tB-geo\n,\tO\nNone\tO\n"
GMB_CSV = (
    "Sentence #,Word,POS,Tag\r\nSentence: 1,Families,NNS,O\r\n,of,IN,O\r\n,Kern,NNP,B-per\r\n"
    'Sentence: 2,Lund,NNP,B-geo\r\n,",",",",O\r\n,None,NN,O\r\n'
)

# Name, text, sentences, tokens, scheme, labels.
LAYOUTS = [
    ("wnut.conll", WNUT, 2, 6, "IOB2", "creative-work location"),
    ("wikigold.conll", WIKIGOLD, 3, 7, "IOB1", "LOC PER"),
    ("btc.conll", BTC, 2, 6, "IOB2", "PER"),
    ("uner.iob2", UNER, 2, 8, "IOB2", "LOC PER"),
    ("ncbi.tsv", NCBI, 2, 6, "IOB2", "Disease"),
    ("sec.conll", SEC, 2, 5, "IOB1", "LOC ORG"),
    ("germeval.tsv", GERMEVAL, 2, 6, "IOB2", "LOCderiv ORG"),
    ("gmb.conll", GMB, 2, 6, "IOB2", "geo per"),
    ("gmb.csv", GMB_CSV, 2, 6, "IOB2", "geo per"),
]
Load = Callable[..., list[Document]]


@pytest.mark.parametrize(
    ("name", "text", "sentences", "tokens", "scheme", "labels"), LAYOUTS, ids=[r[0] for r in LAYOUTS]
)
def test_counts(load: Load, caplog, name, text, sentences: int, tokens: int, scheme: str, labels: str) -> None:
    found = [sentence for document in load(text, name) for sentence in document.sentences]
    tags = [sentence.tags or () for sentence in found]
    assert (len(found), sum(map(len, found))) == (sentences, tokens)
    assert sorted({span.label for sequence in tags for span in read_spans(sequence)}) == labels.split()
    assert detect_scheme(tags) is TagScheme(scheme)
    assert ["blank token" in message for message in caplog.messages] == [True] * (name == "btc.conll")


def test_blank_and_spaced_tokens_keep_their_rows(load: Load) -> None:
    words = [word for document in load(BTC) for sentence in document.sentences for word in sentence.words]
    assert words == ["Bbl", "@", "Anna_Kern", "ke s", BLANK_TOKEN, "AD t"]


def test_outer_and_nested_tags(load: Load) -> None:
    outer, nested = load(GERMEVAL, "x.tsv"), load(GERMEVAL, "x.tsv", tag_column=3)
    assert [d.sentences[0].words for d in outer] == [d.sentences[0].words for d in nested]
    assert [d.sentences[0].tags for d in nested] == [("O", "O", "O"), ("O", "B-LOC", "O")]


def test_a_csv_equals_its_table(load: Load) -> None:
    both = [
        [(s.words, s.tags) for document in load(text, name) for s in document.sentences]
        for text, name in ((GMB, "x.conll"), (GMB_CSV, "x.csv"))
    ]
    assert both[0] == both[1]
    assert both[1][1][0] == ("Lund", ",", "None")


def test_sentences_match_their_raw_text(load: Load) -> None:
    documents = load(UNER, "x.iob2")
    assert [(document.text, document.opens) for document in documents] == [("Anna can't go.", True), ("To Oslo!", True)]
    for document in documents:
        assert all(document.text[token.start : token.end] == token.text for token in document.sentences[0].tokens)


def test_documents_are_separated(load: Load) -> None:
    assert [document.opens for document in load(WIKIGOLD)] == [
        False,
        False,
        True,
    ]  # its document rows come after a document
    assert [document.opens for document in load(SEC)] == [True, False]
