"""Batches: no sentence lost or repeated, every word and tag at its position."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nertagger.features import Batch, EncodedCorpus, Features, FeatureSettings, TagCounts, VectorTable, WordIndex
from nertagger.features import batches as module

TAGS = ["O", "B-X", "I-X", "E-X", "S-X"]
TAG_IDS = {tag: number for number, tag in enumerate(TAGS)}
WORDS = ["the", "of", "cat", "Teddy", "bears", "2020", ".", "😀", "incomprehensibilities", "a"]
VECTORS, ORDER = WordIndex.build(WORDS[:5])

Sentences = list[tuple[str, ...]]


def corpus(count: int, *, longest: int = 12, seed: int = 0) -> tuple[Sentences, Sentences]:
    """Sentences with their tags; each begins with a unique word, which identifies it."""
    chance = random.Random(seed)
    words = [(f"id{n}", *chance.choices(WORDS, k=chance.randrange(longest))) for n in range(count)]
    return words, [tuple(chance.choices(TAGS, k=len(row))) for row in words]


def encode(words: Sentences, tags: Sentences, *, vectors: VectorTable | None = None) -> tuple[EncodedCorpus, Features]:
    chosen = FeatureSettings(learned_words=True, characters=True, shapes=True)
    features = Features.build(words, chosen, vectors=None if vectors is None else VECTORS)
    return EncodedCorpus(features, words, tags, tag_ids=TAG_IDS, vectors=vectors), features


def read_back(batch: Batch, features: Features) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the sentences of a batch and their tags, from its arrays alone."""
    assert features.words is not None
    found = []
    for column, length in enumerate(batch.lengths):
        ids = batch.words["word_ids"][batch.index[:length, column]]
        words = tuple(features.words.items[number - 1] for number in ids)
        found.append((words, tuple(TAGS[number] for number in batch.tags[:length, column])))
    return found


def assert_well_formed(batch: Batch) -> None:
    T, B = batch.index.shape
    W = len(batch.words["word_ids"])
    assert batch.tags.shape == (T, B)
    assert batch.lengths.shape == (B,)
    assert batch.lengths.max() == T
    assert {array.dtype for array in (batch.index, batch.tags, batch.lengths)} == {np.dtype(np.int32)}
    behind = np.arange(T)[:, None] >= batch.lengths
    assert not batch.index[behind].any()
    assert not batch.tags[behind].any()
    assert sorted(set(batch.index[~behind].tolist())) == list(range(W))  # no word in vain
    assert len(np.unique(batch.words["word_ids"])) == W  # no word twice
    assert {len(array) for array in batch.words.values()} == {W}
    characters = batch.words["characters"]
    assert characters[:, -1].any()  # no column in vain
    assert (characters == 3).sum(axis=1).tolist() == [1] * W  # no end cut off


@pytest.mark.parametrize("batch_size", [1, 3, 32, 1000])
@pytest.mark.parametrize("count", [1, 2, 33, 400])
def test_every_sentence_once_with_its_words_and_tags(
    count: int, batch_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_POOL", 4)
    words, tags = corpus(count)
    encoded, features = encode(words, tags)
    assert len(encoded) == count
    found = []
    for batch in encoded.batches(batch_size, np.random.default_rng(5)):
        assert_well_formed(batch)
        assert len(batch.lengths) <= batch_size
        found += read_back(batch, features)
    assert sorted(found) == sorted(zip(words, tags, strict=True))


@pytest.mark.parametrize("batch_size", [1, 7, 32, 400])
def test_the_number_of_batches_is_that_of_full_batches_rounded_up(batch_size: int) -> None:
    encoded, _ = encode(*corpus(300))
    batches = list(encoded.batches(batch_size, np.random.default_rng(0)))
    assert len(batches) == -(-300 // batch_size)


@given(data=st.data())
@settings(max_examples=50)
def test_a_batch_keeps_the_order_of_its_members(data: st.DataObject) -> None:
    words, tags = corpus(9, longest=4, seed=data.draw(st.integers(0, 99)))
    encoded, features = encode(words, tags)
    members = data.draw(st.lists(st.integers(0, 8), min_size=1, max_size=9, unique=True))
    batch = encoded.batch(members)
    assert_well_formed(batch)
    assert read_back(batch, features) == [(words[i], tags[i]) for i in members]


def test_word_inputs_are_those_of_the_words_alone() -> None:
    words, tags = corpus(20)
    encoded, features = encode(words, tags)
    for batch in encoded.batches(4, np.random.default_rng(1)):
        spelled = {word for sentence, _ in read_back(batch, features) for word in sentence}
        W = len(spelled)
        assert len(batch.words["shapes"]) == W
        assert features.words is not None
        seen = [features.words.items[number - 1] for number in batch.words["word_ids"]]
        for name, array in features.encode(seen).items():
            np.testing.assert_array_equal(batch.words[name], array)


@pytest.mark.parametrize("lower_case", [0.0, 1.0])
def test_tag_frequencies_leave_out_the_tokens_of_the_batch(lower_case: float) -> None:
    words, tags = corpus(30)
    chosen = FeatureSettings(learned_words=True, characters=False, shapes=False)
    features = Features.build(words, chosen, tag_counts=TagCounts.build(words, tags, TAG_IDS))
    encoded = EncodedCorpus(features, words, tags, tag_ids=TAG_IDS)
    seen = 0
    for batch in encoded.batches(7, np.random.default_rng(2), lower_case=lower_case):
        # The words of their own, by which sentences are known again, are in no other batch.
        here = [i for i, row in enumerate(words) if features.encode([row[0].upper()])["word_ids"][0] in own_ids(batch)]
        assert len(here) == len(batch.lengths)
        others = [i for i in range(len(words)) if i not in here]
        rest = TagCounts.build([words[i] for i in others], [tags[i] for i in others], TAG_IDS)
        expected = {features.words.id(word): rest.frequencies([word])[0] for row in words for word in row}
        for number, frequencies in zip(batch.words["word_ids"].tolist(), batch.words["tag_shares"], strict=True):
            if number:
                np.testing.assert_allclose(frequencies, expected[number], rtol=1e-6)
                seen += 1
    assert seen > 30


def own_ids(batch: Batch) -> set[int]:
    """Return the ids of the words that sentences begin with."""
    return set(batch.words["word_ids"][batch.index[0]].tolist())


def test_only_the_generator_determines_the_order() -> None:
    words, tags = corpus(100)
    encoded, features = encode(words, tags)

    def order(seed: int) -> list[object]:
        batches = encoded.batches(8, np.random.default_rng(seed))
        return [read_back(batch, features) for batch in batches]

    assert order(3) == order(3)
    assert order(3) != order(4)
    generator = np.random.default_rng(3)
    first, second = (list(encoded.batches(8, generator)) for _ in range(2))
    assert [batch.lengths.tolist() for batch in first] != [batch.lengths.tolist() for batch in second]


def test_lengths_within_a_batch_are_similar() -> None:
    encoded, _ = encode(*corpus(1000, longest=60))
    places = sum(batch.index.size for batch in encoded.batches(16, np.random.default_rng(0)))
    assert places < 1.1 * encoded.lengths.sum()


def test_batches_are_not_ordered_by_length() -> None:
    encoded, _ = encode(*corpus(1000, longest=60))
    longest = [int(batch.lengths.max()) for batch in encoded.batches(16, np.random.default_rng(0))]
    assert longest != sorted(longest)


def test_vectors_are_gathered_for_the_words_of_the_batch() -> None:
    table = np.zeros((6, 3), np.float16)
    table[1:] = np.random.default_rng(0).normal(size=(5, 3))
    words, tags = corpus(30)
    encoded, features = encode(words, tags, vectors=VectorTable(table))
    for batch in encoded.batches(4, np.random.default_rng(2)):
        assert "vector_rows" not in batch.words
        vectors = batch.words["vectors"]
        assert vectors.dtype == np.float32
        assert features.words is not None
        for number, vector in zip(batch.words["word_ids"], vectors, strict=True):
            word = features.words.items[number - 1]
            row = ORDER.tolist().index(WORDS.index(word)) + 1 if word in WORDS[:5] else 0
            np.testing.assert_array_equal(vector, table[row].astype(np.float32))


def test_a_batch_does_not_share_memory_with_the_corpus() -> None:
    encoded, _ = encode(*corpus(5))
    before = encoded.batch([0]).words["characters"].copy()
    encoded.batch([0]).words["characters"][:] = -1
    np.testing.assert_array_equal(encoded.batch([0]).words["characters"], before)


def test_without_word_inputs_there_are_no_word_arrays() -> None:
    words, tags = corpus(3)
    encoded = EncodedCorpus(Features(), words, tags, tag_ids=TAG_IDS)
    assert encoded.batch([0, 1, 2]).words == {}
    assert encoded.batch([0, 1, 2]).lengths.tolist() == [len(row) for row in words]


def test_a_fraction_of_sentences_is_lower_cased() -> None:
    words = [(f"Id{n}", "TEDDY", "bears") for n in range(200)]
    tags = [("B-X", "E-X", "O")] * 200
    lower = [tuple(map(str.lower, row)) for row in words]
    features = Features.build([*words, *lower], FeatureSettings(learned_words=True, characters=True, shapes=True))
    data = EncodedCorpus(features, words, tags, tag_ids=TAG_IDS)
    for share, low, high in ((0.0, 0, 0), (0.3, 30, 90)):
        batches = list(data.batches(8, np.random.default_rng(1), lower_case=share))
        found = [sentence for batch in batches for sentence in read_back(batch, features)]
        assert sorted(row[0].lower() for row, _ in found) == sorted(row[0] for row in lower)
        assert all(row in words or row in lower for row, _ in found)
        assert low <= sum(row in lower for row, _ in found) <= high
        assert all(row == ("B-X", "E-X", "O") for _, row in found)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.99])
def test_a_fraction_of_the_sentences_without_entities_is_left_out(share: float) -> None:
    words, tags = corpus(60)
    tags = [("O",) * len(row) if number % 3 else row for number, row in enumerate(tags)]
    empty = {row for row, its in zip(words, tags, strict=True) if set(its) == {"O"}}
    data, features = encode(words, tags)
    seen = []
    for seed in range(30):
        members = data.sample(np.random.default_rng(seed), skip_empty=share)
        batches = list(data.batches(8, np.random.default_rng(seed), members=members))
        found = [row for batch in batches for row, _ in read_back(batch, features)]
        assert len(found) == len(set(found)) == len(words) - int(share * len(empty))
        assert set(words) - set(found) <= empty
        seen.append(found)
    assert share > 0.9 or {row for found in seen for row in found} == set(words)  # in time, every sentence has its turn


def test_a_corpus_without_entities_does_not_lose_all_sentences() -> None:
    data, _ = encode([("the",)], [("O",)])
    assert data.sample(np.random.default_rng(0), skip_empty=0.99).tolist() == [0]


def test_a_share_of_each_sample_is_replayed() -> None:
    words, tags = corpus(30)
    chosen = FeatureSettings(learned_words=True, characters=False, shapes=False)
    features = Features.build(words, chosen)
    encoded = EncodedCorpus(features, words, tags, tag_ids=TAG_IDS, replayed=range(12, 28), replay_share=0.25)
    samples = [encoded.sample(np.random.default_rng(seed)).tolist() for seed in range(20)]
    own = {*range(12), 28, 29}
    for sample in samples:
        assert own < set(sample)
        assert len(sample) == len(set(sample)) == 19  # 14 and a third of it
        assert sample[:14] != sorted(own)
    assert set().union(*samples) == set(range(30))


@pytest.mark.parametrize(("sentences", "size"), [(23, 4), (9, 4), (2, 8)])
def test_processes_take_parts_of_the_same_batches(sentences: int, size: int) -> None:
    words, tags = corpus(sentences)
    encoded, features = encode(words, tags)
    parts = [list(encoded.batches(size, np.random.default_rng(5), part=(number, 3))) for number in range(3)]
    whole = list(encoded.batches(size, np.random.default_rng(5)))
    assert [len(part) for part in parts] == [len(whole)] * 3
    for one, *shared in zip(whole, *parts, strict=True):
        found = [row for part in shared if part.share for row in read_back(part, features)]
        assert sorted(found) == sorted(read_back(one, features))
        assert one.share == 1.0
        for part in shared:
            assert part.share == pytest.approx((part.share > 0) * part.lengths.sum() / one.lengths.sum())
        assert sum(part.share for part in shared) == pytest.approx(1.0)
    if sentences == 2:
        assert [part[0].share > 0 for part in parts] == [True, True, False]
