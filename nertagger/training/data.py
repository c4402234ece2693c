"""Building the data of a run: tags and features from the training split, and the sentences as arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from nertagger.config import Config
from nertagger.errors import TrainingError
from nertagger.features import (
    EncodedCorpus,
    Features,
    FeatureSettings,
    TagCounts,
    VectorTable,
    WordIndex,
    WordVectors,
    read_vectors,
)
from nertagger.features.name_lists import load_gazetteer
from nertagger.printable import counted
from nertagger.runtime.language_model.contexts import Contexts
from nertagger.text.document import Sentence
from nertagger.text.schemes import TagScheme, bioes_tags, convert_tags
from nertagger.text.tokenization.profiles import Profile
from nertagger.training.contextual import (
    ContextStore,
    FineTunedSource,
    FrozenSource,
    Language,
    RememberedContexts,
    load_language,
)
from nertagger.training.dataset import Dataset
from nertagger.training.encoder.choice import choose_start
from nertagger.training.encoder.encoder import Encoder
from nertagger.training.encoder.inputs import extended, indexed, joined
from nertagger.training.split_checks import check_splits, labels_of
from nertagger.training.splits import Passed, read_replay, read_train_and_dev


def load_dataset(
    config: Config,
    passed: Passed | None = None,
    *,
    on_note: Callable[[str], None] | None = None,
    on_vectors: Callable[[int, int | None], None] | None = None,
    vectors_ahead: Callable[[], WordVectors] | None = None,
) -> Dataset:
    """Return the data that `config` names.

    Args:
        config: the run.
        passed: the documents of splits that are in memory.
        on_note: called with a line that says which encoder training starts from, and why.
        on_vectors: called with the number of word vectors read so far, and of all if known.
        vectors_ahead: returns the word vectors that `config` names, if they are being read already.

    Raises:
        DataError: for a file that cannot be read.
        TrainingError: if there is nothing to train on.
    """
    train, dev, tokenizer = read_train_and_dev(config, passed or {})
    replay = read_replay(config)
    trained_on = [*train, *replay]
    refit = config.training.refit != 0
    tags = _tags(config, trained_on, in_refit=dev if refit else ())
    check_splits(train, dev, refit=refit)
    config, encoder, note = choose_start(config, train)
    if on_note is not None:
        on_note(note)
    index, table = _vectors(encoder, _read_vectors(config, vectors_ahead, on_vectors))
    features = _features(config, encoder, trained_on, tags=tags, vectors=index, profile=tokenizer.profile)
    language, contexts, source = _context(config)
    encoded = _encode(config, trained_on, tags, features, table, source, replayed=range(len(train), len(trained_on)))
    return Dataset(
        config=config,
        train=train,
        dev=dev,
        replay=replay,
        trained_on=trained_on,
        tags=tags,
        features=features,
        vectors=table,
        encoded=encoded,
        tokenizer=tokenizer,
        encoder=encoder,
        language=language,
        contexts=contexts,
        source=source,
    )


def _tags(config: Config, sentences: Sequence[Sentence], *, in_refit: Sequence[Sentence]) -> list[str]:
    """Return the BIOES tags of all labels; raise TrainingError if the sentences of the first epochs have none."""
    labels = labels_of(sentences)
    if not labels:
        raise TrainingError(
            f"{', '.join(config.data.train)}: got {counted(len(sentences), 'sentence')} without a single entity, "
            "expected annotated text; check data.tag_column"
        )
    return bioes_tags(sorted(labels | labels_of(in_refit)))


def with_dev(dataset: Dataset) -> Dataset:
    """Return the same data with the dev sentences after all others, to train on them too.

    Tag frequencies are counted in all.
    """
    tags, features, before = dataset.tags, dataset.features, dataset.trained_on
    both = [*before, *dataset.dev]
    if features.tag_counts is not None:
        features = replace(features, tag_counts=_count_tags(both, tags))
    replayed = range(len(dataset.train), len(before))
    encoded = _encode(
        dataset.config, both, tags, features, dataset.vectors, dataset.source, replayed=replayed, known=len(before)
    )
    return replace(dataset, trained_on=both, features=features, encoded=encoded)


def _count_tags(sentences: Sequence[Sentence], tags: Sequence[str]) -> TagCounts:
    return TagCounts.build([sentence.words for sentence in sentences], map(_bioes, sentences), _numbers(tags))


def _context(config: Config) -> tuple[Language | None, Contexts | None, ContextStore | None]:
    """Return the language model of the run, the states of a frozen one, and what batches get of it."""
    if not config.features.language_model:
        return None, None, None
    language = load_language(config.features.language_model)
    if config.features.fine_tune:
        return language, None, FineTunedSource(language)
    encoder = language.encoder()
    return language, RememberedContexts(encoder), FrozenSource(encoder, lower_case=config.training.lower_case > 0)


def _encode(
    config: Config,
    sentences: Sequence[Sentence],
    tags: Sequence[str],
    features: Features,
    vectors: VectorTable | None,
    source: ContextStore | None,
    *,
    replayed: range,
    known: int = 0,
) -> EncodedCorpus:
    """Return the sentences as arrays; the first `known` of them are in the source of contexts already."""
    words = [sentence.words for sentence in sentences]
    gold = list(map(_bioes, sentences))
    if source is not None:
        source.add(words[known:])
    return EncodedCorpus(
        features,
        words,
        gold,
        tag_ids=_numbers(tags),
        vectors=vectors,
        context=source,
        replayed=replayed,
        replay_share=config.encoder.replay_share,
    )


def _numbers(tags: Sequence[str]) -> dict[str, int]:
    return {tag: number for number, tag in enumerate(tags)}


def _features(
    config: Config,
    encoder: Encoder | None,
    sentences: Sequence[Sentence],
    *,
    tags: Sequence[str],
    vectors: WordIndex | None,
    profile: Profile,
) -> Features:
    """Return the features of the sentences, with the vocabularies of the encoder where there is one."""
    built = Features.build(
        [sentence.words for sentence in sentences],
        _settings(config),
        vectors=vectors,
        tag_counts=_count_tags(sentences, tags) if config.words.tag_shares else None,
        gazetteer=load_gazetteer(config.features.gazetteers, profile),
    )
    return built if encoder is None else extended(encoder, built)


def _settings(config: Config) -> FeatureSettings:
    is_pretrained = config.words.input == "pretrained"
    return FeatureSettings(
        learned_words=not is_pretrained or config.words.fine_tune > 0,
        characters=config.characters.encoder != "none",
        shapes=config.shapes.size > 0,
        min_count=config.words.fine_tune if is_pretrained else config.words.min_count,
        max_words=config.words.max_words,
        max_length=config.characters.max_length,
        shape_min_count=config.shapes.min_count,
    )


def _read_vectors(
    config: Config,
    ahead: Callable[[], WordVectors] | None,
    progress: Callable[[int, int | None], None] | None,
) -> WordVectors | None:
    """Return the word vectors that the configuration names, those that are being read already if there are any."""
    words = config.words
    if not words.vectors:
        return None
    return ahead() if ahead is not None else read_vectors(words.vectors, limit=words.max_vectors, progress=progress)


def _vectors(encoder: Encoder | None, read: WordVectors | None) -> tuple[WordIndex | None, VectorTable | None]:
    """Return the index and the table of the encoder's word vectors, of those read from a file, or of both."""
    if encoder is not None:
        return joined(encoder, read)
    return indexed(read) if read is not None else (None, None)


def _bioes(sentence: Sentence) -> list[str]:
    return convert_tags(sentence.tags or (), TagScheme.BIOES)
