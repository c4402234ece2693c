"""The schema of model files: the name of every member, tensor, graph input and output, and JSON key, each once.

A model file is a tagger, ``NAME.ner``, an encoder that taggers are trained from, ``NAME.enc``, or a language model,
``NAME.lm``. Shapes are given in the letters B (sentences), T (tokens or time steps), W (distinct words), C
(characters), V (vocabulary), D (width), H (hidden units), S (states of all layers), K (tags) and G (gates of a cell, 4
in an LSTM). This module imports nothing, so that features and networks can name their arrays by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

FORMAT: Final = 1  # the version of the file format that is written, and the newest that is read

ENGLISH: Final = "english"  # what the tagger of the package is called in place of the path of a model file

FORWARD: Final = "forward"
BACKWARD: Final = "backward"
DIRECTIONS: Final = (FORWARD, BACKWARD)  # in which a recurrent network can read


class Member:
    """The members of the zip."""

    MANIFEST: Final = "manifest.json"  # see `ManifestKey`
    CONFIG: Final = "config.toml"  # the resolved settings of the training run
    VOCABULARY: Final = "vocabulary.json"  # see `VocabularyKey`
    METRICS: Final = "metrics.json"  # see `MetricsKey`
    CARD: Final = "README.md"  # the model card
    WEIGHTS: Final = "weights.safetensors"  # see `Tensor`
    WORDS: Final = "words.onnx"  # a tagger's word encoder, see `WordsGraph`
    NETWORK: Final = "network.onnx"  # a tagger's sentence encoder, see `NetworkGraph`
    CONTEXT: Final = "context.onnx"  # the language model of a tagger that has one, see `ContextGraph`
    DATES: Final = "dates.onnx"  # the date normalizer; in the package, not in model files; see `DatesGraph`

    @staticmethod
    def language(direction: str) -> str:
        """Return the network of a language model in one of `DIRECTIONS`, see `LanguageGraph`."""
        return f"{direction}.onnx"


TAGGER_MEMBERS: Final = (
    Member.CONFIG,
    Member.VOCABULARY,
    Member.METRICS,
    Member.CARD,
    Member.WORDS,
    Member.NETWORK,
    Member.WEIGHTS,
)

ENCODER_MEMBERS: Final = (Member.CONFIG, Member.VOCABULARY, Member.METRICS, Member.CARD, Member.WEIGHTS)


def language_member_names(directions: Iterable[str]) -> tuple[str, ...]:
    """Return the members of a language model of these directions, in their order in the file."""
    graphs = map(Member.language, directions)
    return (Member.CONFIG, Member.VOCABULARY, Member.METRICS, Member.CARD, *graphs, Member.WEIGHTS)


# The sets of members that a file can have beside its manifest: those of a tagger, of a tagger with a language model,
# of an encoder, of a language model of one direction or both.
KINDS: Final = (
    TAGGER_MEMBERS,
    (*TAGGER_MEMBERS, Member.CONTEXT),
    ENCODER_MEMBERS,
    *(language_member_names(directions) for directions in ([FORWARD], [BACKWARD], DIRECTIONS)),
)


class ManifestKey:
    """The keys of the manifest."""

    FORMAT: Final = "format"  # `FORMAT` when the file was written
    VERSION: Final = "nertagger"  # the version of nertagger that wrote the file
    MEMBERS: Final = "members"  # the SHA-256 of every other member, in hexadecimal


class VocabularyKey:
    """The keys of the vocabulary."""

    # Of a tagger; an encoder has `CHARACTERS`, `MAX_LENGTH` and `SHAPES` alone:
    TAGS: Final = "tags"  # K BIOES tags, O first
    OUTPUT: Final = "output"  # "crf" or "softmax"
    TOKENIZER: Final = "tokenizer"  # an object with the next two keys
    PROFILE: Final = "profile"  # the name of a tokenizer profile
    AGREEMENT: Final = "agreement"  # the fraction of training sentences that it cuts as they are annotated, or null
    WORDS: Final = "words"  # those with an input of their own; absent if there are none, as the next three
    CHARACTERS: Final = "characters"
    MAX_LENGTH: Final = "max_length"  # how many characters of a word are encoded
    SHAPES: Final = "shapes"
    CONTEXT: Final = "context"  # the symbols of the tagger's language model
    GAZETTEER: Final = "gazetteer"  # the L labels of names in lists
    # Of a language model:
    LEVEL: Final = "level"  # "characters" or "words"
    TOKENS: Final = "tokens"  # whether its lines are tokens separated by spaces
    SYMBOLS: Final = "symbols"


class MetricsKey:
    """The keys of the metrics."""

    # Of a tagger:
    EPOCH: Final = "epoch"  # the best epoch; of a committee, that of its first network, as the next one
    EPOCHS: Final = "epochs"  # how many epochs were scored on the dev split
    MEMBERS: Final = "members"  # of a committee: best epoch, epochs, dev F1 and seed of each of its networks
    REFIT: Final = "refit"  # epochs that followed on the training and dev splits together
    ENTITY_BIAS: Final = "entity_bias"  # nats by label
    DEV: Final = "dev"  # scores as `Scores.to_dict` gives them
    TEST: Final = "test"  # the same
    INT8: Final = "int8"  # what `nertagger export` measured of an 8-bit model
    # Of an encoder, in an object for each stage of its training:
    SEEN: Final = "tokens"  # how many tokens it has seen
    LOSS: Final = "loss"  # nats, the mean of the last steps
    # Of a language model; an encoder has the first two too, as the number of steps and as nats:
    STEP: Final = "step"  # the best step
    HELD_OUT: Final = "held_out"  # by direction, an object with the next three keys
    NATS: Final = "nats"
    BITS: Final = "bits"
    PERPLEXITY: Final = "perplexity"


class WordsGraph:
    """The inputs and the output of ``words.onnx``; inputs are present for the features in use."""

    VECTORS: Final = "vectors"  # float32 (W, D), pretrained
    WORD_IDS: Final = "word_ids"  # int32 (W,)
    CHARACTERS: Final = "characters"  # int32 (W, C), 0 after the end of a word
    SHAPES: Final = "shapes"  # int32 (W,), ids of word shapes
    TAG_SHARES: Final = "tag_shares"  # float32 (W, K), tag frequencies in the training set
    GAZETTEER: Final = "gazetteer"  # float32 (W, 4 L), L labels of names in lists, by position in the name
    WORDS: Final = "words"  # output, float32 (W, D)

    VECTOR_ROWS: Final = "vector_rows"  # int32 (W,), rows of `Tensor.WORD_VECTORS` from which VECTORS is looked up


class NetworkGraph:
    """The inputs and the output of ``network.onnx``."""

    WORDS: Final = "words"  # float32 (T, B, D), encoded words
    LENGTHS: Final = "lengths"  # int32 (B,)
    CONTEXT: Final = "context"  # float32 (T, B, 2 H), states of a language model; only in a tagger that has one
    EMISSIONS: Final = "emissions"  # output, float32 (T, B, K); log-probabilities if the output layer is a softmax

    CONSTANT_UNITS: Final = 2  # the last units of an LSTM layer that multiplies 8-bit integers, which hold its range


class ContextGraph:
    """The inputs and the output of ``context.onnx``."""

    FORWARD: Final = FORWARD  # int32 (C, B), symbols from left to right
    BACKWARD: Final = BACKWARD  # int32 (C, B), symbols from right to left
    FORWARD_PLACES: Final = "forward_places"  # int32 (T, B), where each token's state is among the C * B flattened
    BACKWARD_PLACES: Final = "backward_places"  # int32 (T, B)
    STATES: Final = "states"  # output, float32 (T, B, 2 H)
    INPUTS: Final = (FORWARD, BACKWARD, FORWARD_PLACES, BACKWARD_PLACES)

    @staticmethod
    def places(direction: str) -> str:
        """Return the input with the places of the tokens in one of `DIRECTIONS`."""
        return f"{direction}_places"


class LanguageGraph:
    """The inputs and the outputs of the network of a language model."""

    IDS: Final = "ids"  # int32 (T, B), in the order in which they are read
    STATE: Final = "state"  # float32 (S, B, H), before the first symbol
    LOG_PROBABILITIES: Final = "log_probabilities"  # output, float32 (T, B, V), of the symbol after each id
    STATE_AFTER: Final = "state_after"  # output, float32 (S, B, H), after the last symbol


class DatesGraph:
    """The inputs and the output of ``dates.onnx``."""

    SOURCE: Final = "source"  # int32 (T, B), ids of characters
    LENGTHS: Final = "lengths"  # int32 (B,)
    PROBABILITIES: Final = "probabilities"  # output, float32 (T, B, V), of the symbols of the date


class Layer:
    """The layers of the networks, which begin the names of the tensors that are trained weights."""

    WORDS: Final = "words"  # the word encoder, with a part for each of `WordsGraph`'s inputs that has weights
    CONTEXT: Final = "context"  # the language model of a tagger that fine-tunes it
    PROJECT: Final = "project"  # a dense layer over the states of a language model
    STACK: Final = "stack"
    EMIT: Final = "emit"  # the dense layer that gives emissions
    CRF: Final = "crf"
    READER: Final = "reader"  # the recurrent layers of a language model
    NEXT: Final = "next"  # the dense layer that scores the next symbol
    TABLE: Final = "table"  # an embedding
    FILTERS: Final = "filters"  # a convolution
    LOOP: Final = "loop"  # the loop of a recurrent layer over time steps
    CELL: Final = "cell"  # the cell in that loop

    @staticmethod
    def member(number: int) -> str:
        """Return the name of a network of a committee, counted from 0, which begins the names of its weights."""
        return f"member{number}"

    @staticmethod
    def dense(level: int) -> str:
        """Return the name of a dense layer between stack and emissions, counted from 0."""
        return f"dense{level}"

    @staticmethod
    def recurrent(level: int, direction: str = "") -> str:
        """Return the name of a recurrent layer, counted from 0; a language model's have no direction in their names."""
        return f"layer{level}_{direction}" if direction else f"layer{level}"


class Tensor:
    """The tensors of ``weights.safetensors``.

    Those of trained layers have the names of their layers, separated by slashes, and then that of the weight:
    ``stack/layer0_forward/kernel``. They are float32, in an encoder float16.
    """

    # Lookup tables:
    WORD_VECTORS: Final = "word_vectors"  # float16 (V, D), row 0 for unknown words; int8 with one of the next two
    PACKED_VECTORS: Final = "packed_vectors"  # uint8 (V, D / 2), two columns of `WORD_VECTORS` in a byte; in an encoder
    VECTOR_SCALES: Final = "vector_scales"  # float32 (D,), the scale of each column: in an encoder and taggers from it
    WORD_SCALES: Final = "word_scales"  # uint8 (V,), codes of the scale of each row: after `nertagger export`
    WORD_KEYS: Final = "word_keys"  # int64 (V - 1,), hashes of the words in rising order; int32 with `WORD_SCALES`
    TAG_COUNTS: Final = "tag_counts"  # int32 (V, K), how often a training word has each tag; row 0 for other words
    TAG_KEYS: Final = "tag_keys"  # int64 (V - 1,), hashes of these words in rising order
    GAZETTEER: Final = "gazetteer"  # begins the names of the arrays of `nertagger.features.gazetteer.Gazetteer`
    SENTENCE_KEYS: Final = "sentence_keys"  # int64 (N,), hashes of the sentences trained on, in rising order
    # The weights of the output layer `Layer.CRF`:
    TRANSITIONS: Final = "transitions"  # (K, K) [from, to]
    START: Final = "start"  # (K,)
    END: Final = "end"  # (K,)
    # The weights of other layers:
    KERNEL: Final = "kernel"  # (D, G H) of a recurrent layer, (D, units) of a dense one
    BIAS: Final = "bias"  # (G H,), (units,)
    RECURRENT: Final = "recurrent"  # (H, G H), of a cell
    PEEPHOLE: Final = "peephole"  # (3, H), of a cell
    EMBEDDINGS: Final = "embeddings"  # (V, D)
    # In the English tagger of the package, until it is joined with its word vectors:
    SCALES: Final = "scales"  # below the name of an int8 weight (..., D): float32 (D,), the scale of each column


def tensor_name(*parts: str) -> str:
    """Return the name of a weight from the names of its layers and its own.

    >>> tensor_name(Layer.STACK, Layer.recurrent(0, FORWARD), Tensor.KERNEL)
    'stack/layer0_forward/kernel'
    """
    return "/".join(parts)
