"""Hugging Face datasets: tag their texts, train on their tags, and predict tags as numbers of the same classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, TypeVar

from nertagger.errors import DataError, requires_extra
from nertagger.runtime import Tagger
from nertagger.runtime.documents import entity_types
from nertagger.text.arguments import shown
from nertagger.text.document import Sentence
from nertagger.text.in_memory import TaggedWords, tagged_sentences
from nertagger.text.schemes import OUTSIDE, TagScheme, detect_scheme, read_spans, write_tags

if TYPE_CHECKING:
    import datasets

    AnyDataset = TypeVar("AnyDataset", datasets.Dataset, datasets.IterableDataset)


def tag_texts(tagger: Tagger, dataset: AnyDataset, text_column: str = "text", **options: Any) -> AnyDataset:
    """Return the dataset with one more column, ``entities``, see `Tagger.map_batch`.

    ``dataset.map(tagger.map_batch, batched=True)`` does the same, but takes the type of the column from the first
    thousand rows, and fails if these have no entity and others do.

    Args:
        tagger: the model.
        dataset: one split, such as ``load_dataset(...)["test"]``.
        text_column: the column of the texts.
        options: of the dataset's `map`, such as ``num_proc=2``.

    Raises:
        DataError: if there is no such column, or a column ``entities`` already.
        MissingExtraError: if the library `datasets` is missing.
    """
    with requires_extra("tagging a dataset", "datasets"):
        from datasets import Value

    types = {str: Value("string"), int: Value("int64"), float: Value("float64")}
    entity = {name: types[of] for name, of in entity_types(tagger).items()}
    options = {"fn_kwargs": {"column": text_column}, **options}
    return _mapped(dataset, tagger.map_batch, text_column, {"entities": [entity]}, options)


def tag_tokens(
    tagger: Tagger,
    dataset: AnyDataset,
    *,
    tokens: str = "tokens",
    like: str = "ner_tags",
    output: str = "predicted_tags",
    without: Sequence[str] = (),
    **options: Any,
) -> AnyDataset:
    """Return the dataset with one more column, the predicted tags, of the same type as an existing one.

    Args:
        tagger: the model.
        dataset: one split.
        tokens: the column of the words of each sentence.
        like: the column whose type the predictions have: class numbers, in the scheme of the class names, or strings,
            in IOB2.
        output: the name of the new column.
        without: labels whose entities are left out, such as those of the model that have no class.
        options: of the dataset's `map`.

    Raises:
        DataError: if a column is missing or exists already, or a label of the model has no class.
        MissingExtraError: if the library `datasets` is missing.
    """
    with requires_extra("tagging a dataset", "datasets"):
        import datasets  # noqa: F401

    names = _class_names(dataset, like)
    scheme = _scheme_of(names) if names else TagScheme.IOB2
    missing = sorted({*tagger.labels} - {*without} - {name[2:] for name in names or ()})
    if names and missing:
        problem = f"column {like!r} has no class for the label {missing[0]!r} of the model, expected all"
        raise DataError(f"{problem}; leave its entities out: without={missing!r}")
    numbers = {name: number for number, name in enumerate(names)} if names else None
    given = {"tagger": tagger, "tokens": tokens, "output": output, "without": frozenset(without)}
    given |= {"scheme": scheme, "numbers": numbers}
    return _mapped(dataset, _predicted, tokens, {output: _features(dataset)[like]}, {"fn_kwargs": given, **options})


def sentences_of(dataset: Any, *, tokens: str = "tokens", tags: str = "ner_tags") -> list[Sentence]:
    """Return the annotated sentences of a dataset, one per row that is not empty, as `nertagger.train` takes them.

    Args:
        dataset: one split, such as ``load_dataset(...)["train"]``.
        tokens: the column of the words of each sentence.
        tags: the column of their tags: class numbers or strings, in any scheme.

    Raises:
        DataError: if a column is missing, a class has no name, a name is not a tag, or a row does not have as many tags
            as words.
    """
    names = _class_names(dataset, tags)
    _check_column(dataset, tokens)
    return tagged_sentences(_pairs(dataset, tokens, tags, names), place="dataset")


def _pairs(dataset: Any, tokens: str, tags: str, names: Sequence[str] | None) -> Iterator[TaggedWords]:
    for number, row in enumerate(dataset.with_format(None).select_columns([tokens, tags]), 1):
        if row[tokens] is None or row[tags] is None:
            raise DataError(f"dataset, sentence {number}: got null, expected words and tags; filter such rows out")
        yield row[tokens], row[tags] if names is None else [_name(names, tag, number) for tag in row[tags]]


def _name(names: Sequence[str], tag: int, number: int) -> str:
    if not 0 <= tag < len(names):
        problem = f"dataset, sentence {number}: got the class {tag}, expected 0 to {len(names) - 1}"
        raise DataError(f"{problem}; filter rows without annotation out")
    return names[tag]


def _predicted(
    batch: Mapping[str, Any],
    *,
    tagger: Tagger,
    tokens: str,
    output: str,
    without: Set[str],
    scheme: TagScheme,
    numbers: Mapping[str, int] | None,
) -> dict[str, list[list[Any] | None]]:
    """Return the predicted tags of a batch of sentences; None for a missing sentence."""
    sentences = batch[tokens]
    found = tagger.tag_tokens([] if words is None else words for words in sentences)
    kept = [[span for span in read_spans(tags) if span.label not in without] for tags in found]
    tagged = [write_tags(spans, len(tags), scheme) for spans, tags in zip(kept, found, strict=True)]
    stored: list[Any] = tagged if numbers is None else [[numbers[tag] for tag in tags] for tags in tagged]
    return {output: [None if words is None else tags for words, tags in zip(sentences, stored, strict=True)]}


def _mapped(dataset: Any, function: Any, column: str, added: dict[str, Any], options: dict[str, Any]) -> Any:
    """Return the dataset with a column that a function of batches returns, of the type that `added` gives it."""
    from datasets import Features

    features = _features(dataset)
    _check_column(dataset, column)
    if taken := [name for name in added if name in features]:
        raise DataError(f"there is a column {taken[0]!r} already; rename or remove it: dataset.rename_column")
    return dataset.map(function, batched=True, features=Features({**features, **added}), **options)


def _features(dataset: Any) -> Mapping[str, Any]:
    """Return the type of each column."""
    if not hasattr(dataset, "features") or not hasattr(dataset, "map"):
        raise DataError(f"got {shown(dataset)}, expected one split of a dataset, such as dataset['train']")
    if dataset.features is None:
        raise DataError("the types of the dataset's columns are unknown; set them: dataset.cast(features)")
    features: Mapping[str, Any] = dataset.features
    return features


def _check_column(dataset: Any, column: str) -> None:
    names = _features(dataset)
    if column not in names:
        raise DataError(f"there is no column {column!r}; there are {', '.join(names)}")


def _class_names(dataset: Any, column: str) -> list[str] | None:
    """Return the names of the classes of a column of tags; None if it holds strings."""
    _check_column(dataset, column)
    feature = _features(dataset)[column]
    inner = feature[0] if isinstance(feature, list) else getattr(feature, "feature", None)
    names: list[str] | None = getattr(inner, "names", None)
    if names is None and getattr(inner, "dtype", None) not in ("string", "large_string"):
        raise DataError(f"column {column!r}: got {feature}, expected a list of class labels or strings for each row")
    return names


def _scheme_of(names: Sequence[str]) -> TagScheme:
    """Return the scheme of class names; all names of a label together make a valid sequence of tags."""
    return detect_scheme([sorted(names, key=lambda name: (name != OUTSIDE, name[2:], name))])
