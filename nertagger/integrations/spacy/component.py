"""The component ``nertagger`` of spaCy pipelines, with the interface of spaCy's own components."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc

from nertagger.errors import ModelFileError
from nertagger.integrations.spacy.annotation import (
    add_entities,
    has_extensions,
    register_extensions,
    set_group,
    set_result,
    spans_of,
)
from nertagger.integrations.spacy.conversion import to_document
from nertagger.integrations.spacy.doc_source import DocSource
from nertagger.integrations.spacy.token_style import TokenStyle
from nertagger.text.arguments import check_fraction
from nertagger.text.document import Document

if TYPE_CHECKING:
    from nertagger.runtime import Tagger

_FILE = "model.ner"
Scorer = Callable[..., dict[str, Any]]


class SpacyComponent(Pipe):
    """Sets the entities of a tagger on Docs: ``doc.ents``, ``span._.confidence`` and ``doc._.NAME``, the whole result.

    The Doc's own tokens are tagged, except those of white space. A sentence ends where the Doc says so or, if it does
    not, where `Tagger.segment` ends it.

    Attributes:
        name: the name of the component in its pipeline, and of the extension attribute with the result.
        confidence: entities of lower confidence are left out.
        overwrite_ents: whether entities replace those that they overlap and that are set already, such as those of an
            EntityRuler; otherwise they yield to them.
        annotate_ents: whether to set ``doc.ents``.
        spans_key: the group in ``doc.spans`` that is set to all entities too, with their confidences as scores.
        scorer: returns the scores of examples.
    """

    def __init__(
        self,
        model: str | Path | bytes = "english",
        name: str = "nertagger",
        *,
        confidence: float = 0.0,
        overwrite_ents: bool = False,
        annotate_ents: bool = True,
        spans_key: str | None = None,
        threads: int | None = None,
        scorer: Scorer | None = get_ner_prf,
    ) -> None:
        """
        Args:
            model: ``english``, or the path of a model file, or its bytes. If it cannot be read, the error is raised
                when it is needed: the pipeline may be about to be loaded from a folder, which holds the model.
            threads: as in `Tagger.load`.

        Raises:
            DataError: if `confidence` is not from 0 to 1.
        """
        check_fraction("confidence", confidence)
        self.name = name
        self.confidence = confidence
        self.overwrite_ents = overwrite_ents
        self.annotate_ents = annotate_ents
        self.spans_key = spans_key
        self.scorer = scorer
        self._model, self._threads = model, threads
        self._tagger: Tagger | None = None
        register_extensions(name)
        with suppress(ModelFileError):
            self._open(model)

    @property
    def tagger(self) -> "Tagger":
        """The tagger; raises ModelFileError if it cannot be loaded."""
        return self._tagger or self._open(self._model)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that entities can have; none as long as no model has been loaded."""
        return self._tagger.labels if self._tagger else ()

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of a Doc, and return it."""
        self.set_annotations([doc], self.predict([doc]))
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Yield each Doc with its entities set; `batch_size` of them are tagged together."""
        handle_error = self.get_error_handler()
        source = DocSource(stream)
        while not source.is_exhausted:
            docs: list[Doc] = []
            try:
                self.set_annotations(docs, self.predict(source.take(batch_size, into=docs)))
            except Exception as error:  # noqa: BLE001  (the handler raises it unless the user has set another)
                handle_error(self.name, self, docs, error)
            else:
                yield from docs
        source.raise_error()

    def predict(self, docs: Iterable[Doc]) -> list[Document]:
        """Return what the tagger finds in each Doc, which stays unchanged."""
        tagger = self.tagger
        return list(tagger.tag_documents(map(self._document, docs), min_confidence=self.confidence))

    def set_annotations(self, docs: Sequence[Doc], documents: Sequence[Document]) -> None:
        """Set the results of `predict` on their Docs."""
        if not has_extensions(self.name):  # in a process that has unpickled this, or after `nlp.rename_pipe`
            register_extensions(self.name)
        for doc, document in zip(docs, documents, strict=True):
            set_result(doc, document, name=self.name)
            spans = spans_of(doc, document)
            if self.annotate_ents:
                add_entities(doc, spans, overwrite=self.overwrite_ents)
            if self.spans_key is not None:
                set_group(doc, spans, document, key=self.spans_key)

    def initialize(self, get_examples: Callable[[], Iterable[Any]], *, nlp: Language | None = None) -> None:
        """Load the model if it is not loaded; nothing is trained.

        Raises:
            ModelFileError: if it cannot be loaded.
        """
        _ = self.tagger

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return the bytes of the model file."""
        return self.tagger.to_bytes()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Load the model from the bytes of its file."""
        self._open(data)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the model file into a folder, which is made."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        self.tagger.save(folder / _FILE)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Load the model from a folder that `to_disk` has written."""
        self._open(Path(path) / _FILE)
        return self

    def _open(self, model: str | Path | bytes) -> "Tagger":
        from nertagger.runtime import load  # not at the top: spaCy imports this module for each pipeline

        self._tagger = load(model, threads=self._threads)
        self._style = TokenStyle(self._tagger, self.name)
        return self._tagger

    def _document(self, doc: Doc) -> Document:
        document = to_document(doc)
        self._style.compare(document)
        return document


@Language.factory(
    "nertagger",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type", "doc._.nertagger", "span._.confidence"],
    default_config={
        "model": "english",
        "confidence": 0.0,
        "overwrite_ents": False,
        "annotate_ents": True,
        "spans_key": None,
        "threads": None,
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_component(
    nlp: Language,
    name: str,
    model: str | Path,
    confidence: float,
    overwrite_ents: bool,
    annotate_ents: bool,
    spans_key: str | None,
    threads: int | None,
    scorer: Scorer | None,
) -> SpacyComponent:
    """Return the component that ``nlp.add_pipe("nertagger")`` adds; for its settings see `SpacyComponent`."""
    return SpacyComponent(
        model,
        name,
        confidence=confidence,
        overwrite_ents=overwrite_ents,
        annotate_ents=annotate_ents,
        spans_key=spans_key,
        threads=threads,
        scorer=scorer,
    )
