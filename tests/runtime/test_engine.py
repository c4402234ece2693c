"""The engine against the same network computed token by token with NumPy."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nertagger.errors import ModelFileError
from nertagger.features import Features, WordIndex
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.writer import write_model
from nertagger.runtime import Tagger
from nertagger.runtime.engine import Engine
from nertagger.runtime.windows import LONGEST
from nertagger.runtime.words import CachedWordEncoder

VOCABULARY = {
    "tags": ["O", "B-X", "I-X", "E-X", "S-X"],
    "output": "crf",
    "words": ["the", "Paris"],
    "characters": list("abcdefghijklmnopqrstuvwxyzP"),
    "max_length": 12,
    "shapes": ["xx", "Xxx"],
}
K, H = 5, 6
INDEX, ORDER = WordIndex.build(["the", "cat", "ran"])
RNG = np.random.default_rng(7)
TABLES = {
    "word_vectors": RNG.normal(size=(4, 4)).astype(np.float16),
    "learned": RNG.normal(size=(3, 3)).astype(np.float32),
    "letters": RNG.normal(size=(31, 5)).astype(np.float32),
    "forms": RNG.normal(size=(3, 2)).astype(np.float32),
}
MASK = {"padding": np.array(0, np.int32), "one": np.array([1]), "low": np.array(-1e9, np.float32)}
D = 4 + 3 + 5 + 2
LSTM = {
    "W": RNG.normal(size=(2, 4 * H, D)).astype(np.float32) * 0.4,
    "R": RNG.normal(size=(2, 4 * H, H)).astype(np.float32) * 0.4,
    "Bias": RNG.normal(size=(2, 8 * H)).astype(np.float32),
    "out": RNG.normal(size=(2 * H, K)).astype(np.float32),
}
WORDS = ["the", "cat", "ran", "to", "Paris", "THE", "unseen-word", "x" * 60, "é", "a\u00a0b", "7", "𝔘"]


@pytest.fixture(scope="module")
def random_members(model_parts) -> dict[str, bytes]:
    """Return the members of a model with every kind of word input and a bidirectional LSTM."""
    node = onnx.helper.make_node
    words = model_parts.graph_bytes(
        [
            node("Gather", ["learned", "word_ids"], ["e1"]),
            node("Gather", ["forms", "shapes"], ["e2"]),
            node("Gather", ["letters", "characters"], ["e3"]),
            node("Transpose", ["e3"], ["letters_last"], perm=[0, 2, 1]),
            node("Equal", ["characters", "padding"], ["mask"]),
            node("Unsqueeze", ["mask", "one"], ["mask3"]),
            node("Where", ["mask3", "low", "letters_last"], ["masked"]),
            node("ReduceMax", ["masked"], ["spelling"], axes=[2], keepdims=0),
            node("Concat", ["vectors", "e1", "spelling", "e2"], ["words"], axis=1),
        ],
        [
            model_parts.float_info("vectors", "W", 4),
            model_parts.int_info("word_ids", "W"),
            model_parts.int_info("characters", "W", "C"),
            model_parts.int_info("shapes", "W"),
        ],
        [model_parts.float_info("words", "W", D)],
        {name: table for name, table in TABLES.items() if name != "word_vectors"} | MASK,
    )
    network = model_parts.graph_bytes(
        [
            node(
                "LSTM", ["words", "W", "R", "Bias", "lengths"], ["y"], hidden_size=H, direction="bidirectional"
            ),  # (T, 2, B, H)
            node("Transpose", ["y"], ["z"], perm=[0, 2, 1, 3]),
            node("Reshape", ["z", "flat"], ["h"]),
            node("MatMul", ["h", "out"], ["emissions"]),
        ],
        [model_parts.float_info("words", "T", "B", D), model_parts.int_info("lengths", "B")],
        [model_parts.float_info("emissions", "T", "B", K)],
        LSTM | {"flat": np.array([0, 0, 2 * H])},
    )
    weights = model_parts.crf_weights(RNG.normal(size=(K, K)), RNG.normal(size=K), RNG.normal(size=K))
    weights["word_vectors"] = TABLES["word_vectors"][[0, *(ORDER + 1)]]
    return model_parts.members_of(VOCABULARY, weights | {"word_keys": INDEX.keys}, words, network)


def expected_word(word: str) -> np.ndarray:
    lower = word.lower()
    vector = {"the": 1, "cat": 2, "ran": 3}.get(lower, 0)
    learned = {"the": 1, "Paris": 2}.get(word) or {"the": 1}.get(lower, 0)
    seen = word if len(word) <= 12 else word[:6] + word[-6:]
    letters = [2, *(4 + VOCABULARY["characters"].index(c) if c in VOCABULARY["characters"] else 1 for c in seen), 3]
    form = {"the": 1, "cat": 1, "ran": 1, "to": 1, "x" * 60: 1, "Paris": 2}.get(word, 0)
    parts = [TABLES["word_vectors"][vector].astype(np.float32), TABLES["learned"][learned]]
    return np.concatenate([*parts, TABLES["letters"][letters].max(axis=0), TABLES["forms"][form]])


def expected_emissions(words: list[str]) -> np.ndarray:
    inputs = np.array([expected_word(word) for word in words], dtype=np.float64)
    ways = [lstm(inputs, 0), lstm(inputs[::-1], 1)[::-1]]
    return np.concatenate(ways, axis=1) @ LSTM["out"]


def lstm(inputs: np.ndarray, way: int) -> np.ndarray:
    """Gates in ONNX's order: input, output, forget, cell."""
    W, R = LSTM["W"][way].astype(np.float64), LSTM["R"][way]
    bias = LSTM["Bias"][way][: 4 * H] + LSTM["Bias"][way][4 * H :]
    h, c, states = np.zeros(H), np.zeros(H), []
    for x in inputs:
        i, o, f, g = np.split(W @ x + R @ h + bias, 4)
        i, o, f = (1 / (1 + np.exp(-gate)) for gate in (i, o, f))
        c = f * c + i * np.tanh(g)
        h = o * np.tanh(c)
        states.append(h)
    return np.array(states)


def features(vocabulary: dict = VOCABULARY) -> Features:
    return Features.from_dict(vocabulary, vectors=INDEX)


def opened(tmp_path, members, *, tags: int = K) -> Engine:
    write_model(tmp_path / "m.ner", members)
    return Engine(read_model(tmp_path / "m.ner"), features(), tags=tags)


def run(engine: Engine, sentences) -> dict[int, np.ndarray]:
    return {
        int(sentence): batch.scores[:length, column]
        for batch in engine.run(sentences)
        for column, (sentence, length) in enumerate(zip(batch.sentences, batch.lengths, strict=True))
    }


def random_sentences(lengths, seed=0) -> list[list[str]]:
    rng = np.random.default_rng(seed)
    return [[WORDS[i] for i in rng.integers(0, len(WORDS), length)] for length in lengths]


def test_emissions_are_those_of_the_network(tmp_path, random_members):
    sentences = random_sentences([3, 1, 0, 12, 250, 2, 40, 1])
    scores = run(opened(tmp_path, random_members), sentences)
    assert set(scores) == {0, 1, 3, 4, 5, 6, 7}
    for number, emissions in scores.items():
        np.testing.assert_allclose(emissions, expected_emissions(sentences[number]), atol=1e-4)


def test_other_sentences_and_order_change_nothing(tmp_path, random_members):
    engine = opened(tmp_path, random_members)
    sentences = random_sentences(np.random.default_rng(1).integers(1, 60, 200))
    together = run(engine, sentences)
    backwards = run(engine, sentences[::-1])
    for number, words in enumerate(sentences):
        alone = run(engine, [words])[0]
        np.testing.assert_allclose(together[number], alone, atol=1e-5)
        np.testing.assert_allclose(backwards[len(sentences) - 1 - number], alone, atol=1e-5)


@pytest.mark.parametrize("length", [LONGEST - 1, LONGEST, LONGEST + 1, 5_000])
def test_a_sentence_in_windows_has_the_emissions_of_one_piece(tmp_path, random_members, length):
    (words,) = random_sentences([length])
    scores = run(opened(tmp_path, random_members), [["cat"], words, []])
    np.testing.assert_allclose(scores[1], expected_emissions(words), atol=1e-4)


def test_windows_are_exact_for_a_sentence_that_fits(tmp_path, random_members, monkeypatch):
    (words,) = random_sentences([1_500])
    engine = opened(tmp_path, random_members)
    (whole,) = run(engine, [words]).values()
    monkeypatch.setattr("nertagger.runtime.windows.MARGIN", 192)
    for name in ("windows", "engine"):
        monkeypatch.setattr(f"nertagger.runtime.{name}.LONGEST", 512)
    (parts,) = run(engine, [words]).values()
    np.testing.assert_allclose(parts, whole, atol=1e-5)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lengths=st.lists(st.integers(0, 40), min_size=1, max_size=30),
    order=st.randoms(use_true_random=False),
    sizes=st.tuples(st.integers(1, 200), st.integers(1, 400)),
    cached_words=st.integers(1, 40),
    threads=st.integers(1, 3),
)
def test_emissions_depend_on_the_sentence_alone(tmp_path, random_members, lengths, order, sizes, cached_words, threads):
    """Batch size, order, padding, caching and threads make no difference beyond the rounding of float32."""
    sentences = random_sentences(lengths, seed=sum(lengths))
    write_model(tmp_path / "m.ner", random_members)
    engine = Engine(read_model(tmp_path / "m.ner"), features(), tags=K, threads=threads)
    engine._words._limit = cached_words
    shuffled = list(range(len(sentences)))
    order.shuffle(shuffled)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nertagger.runtime.engine._TOKENS_PER_RUN", sizes[0])
        patch.setattr("nertagger.runtime.engine._TOKENS_PER_BATCH", sizes[1])
        scores = run(engine, [sentences[i] for i in shuffled])
    assert len(scores) == sum(length > 0 for length in lengths)
    for place, emissions in scores.items():
        np.testing.assert_allclose(emissions, expected_emissions(sentences[shuffled[place]]), atol=1e-4)


def test_no_sentences_give_nothing(tmp_path, random_members):
    engine = opened(tmp_path, random_members)
    assert list(engine.run([])) == []
    assert list(engine.run([[], []])) == []


def test_tags_depend_on_the_sentence_alone(tmp_path, random_members):
    write_model(tmp_path / "m.ner", random_members)
    sentences = random_sentences(np.random.default_rng(2).integers(0, 50, 120))
    taggers = [Tagger.load(tmp_path / "m.ner", threads=threads) for threads in (1, 2)]
    together, backwards = taggers[1].tag_tokens(sentences), taggers[0].tag_tokens(sentences[::-1])[::-1]
    alone = [tagger.tag_tokens([words])[0] for words, tagger in zip(sentences, taggers * 60, strict=True)]
    assert together == backwards == alone


def word_encoder(tmp_path, members, **options) -> CachedWordEncoder:
    write_model(tmp_path / "m.ner", members)
    return CachedWordEncoder(read_model(tmp_path / "m.ner"), features().encode, **options)


def test_words_are_encoded_once_and_dropped_from_a_full_cache(tmp_path, random_members):
    encoder = word_encoder(tmp_path, random_members, cached_words=20)
    asked: list[str] = []
    encode = encoder._encode
    encoder._encode = lambda words: (asked.extend(words), encode(words))[1]
    for words in (["a", "b", "a"], ["b", "c"], [str(i) for i in range(30)], ["a"]):
        rows, table = encoder.lookup([words])
        np.testing.assert_allclose(table[rows[0]], [expected_word(word) for word in words], atol=1e-4)
    assert asked.count("b") == 1
    assert asked.count("a") == 2
    assert not table[0].any()


def test_long_words_fill_the_cache_sooner(tmp_path, random_members, monkeypatch):
    monkeypatch.setattr("nertagger.runtime.words._CACHED_CHARACTERS", 1000)
    encoder = word_encoder(tmp_path, random_members)
    for number in range(50):
        asked = [f"{number}{'x' * 300}", "ran"]
        rows, table = encoder.lookup([asked])
        np.testing.assert_allclose(table[rows[0]], [expected_word(word) for word in asked], atol=1e-4)
        assert sum(map(len, encoder._cache().rows)) <= 1000
    encoder.lookup([["y" * 5000]])  # a word larger than the cache is cached alone
    assert [*encoder._cache().rows] == ["y" * 5000]


def test_threads_share_an_encoder(tmp_path, random_members):
    encoder = word_encoder(tmp_path, random_members, cached_words=50)

    def look_up(seed: int) -> bool:
        words = [f"w{i}" for i in np.random.default_rng(seed).integers(0, 200, 40)] + WORDS
        rows, table = encoder.lookup([words])
        return np.allclose(table[rows[0]], [expected_word(word) for word in words], atol=1e-4)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(look_up, range(100)))


@pytest.mark.parametrize(
    ("vocabulary", "message"),
    [
        ({"words": None}, "expects the input 'word_ids'"),
        ({"words": [str(i) for i in range(9)] + ["Paris"]}, "words.onnx does not run"),
    ],
)
def test_a_vocabulary_that_does_not_fit_the_graphs(tmp_path, random_members, vocabulary, message):
    write_model(tmp_path / "m.ner", random_members)
    values = {key: value for key, value in (VOCABULARY | vocabulary).items() if value is not None}
    engine = Engine(read_model(tmp_path / "m.ner"), features(values), tags=K)
    with pytest.raises(ModelFileError, match=message) as caught:
        run(engine, [["ran", "to", "Paris"]])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("member", ["words.onnx", "network.onnx"])
@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x08\x08" * 50])
def test_members_that_are_not_graphs(tmp_path, random_members, member, content):
    with pytest.raises(ModelFileError, match=f"m.ner: {member} does not run: ") as caught:
        opened(tmp_path, random_members | {member: content})
    assert "\n" not in str(caught.value)


def test_graphs_that_do_not_fit_together(tmp_path, random_members, good_members):
    with pytest.raises(ModelFileError, match=r"network\.onnx takes .* expected words of width 14"):
        opened(tmp_path, random_members | {"network.onnx": good_members["network.onnx"]})
    with pytest.raises(ModelFileError, match=r"gives emissions of shape \(None, None, 5\), the vocabulary has 9 tags"):
        opened(tmp_path, random_members, tags=9)


@pytest.mark.parametrize(
    ("vectors", "got"),
    [
        (None, "there is none"),
        (np.zeros((4, 3), np.float16), r"it has shape \(4, 3\)"),
    ],
)
def test_word_vectors_of_another_shape(tmp_path, random_members, model_parts, vectors, got):
    weights = {} if vectors is None else {"word_vectors": vectors}
    content = model_parts.members_of(VOCABULARY, weights, b"", b"")["weights.safetensors"]
    with pytest.raises(ModelFileError, match=f"expects a table of word vectors of shape .*, {got}"):
        opened(tmp_path, random_members | {"weights.safetensors": content})


def test_a_graph_cannot_read_other_files(tmp_path, random_members):
    (tmp_path / "secret").write_bytes(LSTM["out"].tobytes())
    network = onnx.load_from_string(random_members["network.onnx"])
    tensor = next(tensor for tensor in network.graph.initializer if tensor.name == "out")
    onnx.external_data_helper.set_external_data(tensor, location=str(tmp_path / "secret"))
    tensor.ClearField("raw_data")
    with pytest.raises(ModelFileError, match=r"network\.onnx keeps its weights in other files"):
        opened(tmp_path, random_members | {"network.onnx": network.SerializeToString()})
