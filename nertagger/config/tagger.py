"""The settings of a tagger's training run.

The comments in the file that `nertagger init` writes are the descriptions of the fields below.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from nertagger.config.presets import Preset, with_preset
from nertagger.config.settings import Cell, Count, Direction, Name, Positive, Probability, Section, Settings


class DataConfig(Section):
    """Where the annotated text is, and how to read it."""

    train: list[str] = Field([], description="annotated files to train on")
    dev: list[str] = Field(
        [],
        description="annotated files that each epoch is scored on, and that the last epochs train on too "
        "(training.refit); none: every tenth training sentence",
    )
    test: list[str] = Field(
        [], description="annotated files that the final model is scored on, once; used for nothing else"
    )
    format: str = Field("", description='format of the files; "" detects it (names: nertagger convert --help)')
    word_column: int | Name | None = Field(
        None, description="column of the word, from 0, or its name in the header; left out: detected"
    )
    tag_column: int | Name | None = Field(
        None, description="column of the tag, from 0 (-1 is the last), or its name in the header; left out: detected"
    )
    encoding: str = Field("", description='encoding of the files; "" detects it')
    lenient: bool = Field(False, description="repair and count ragged rows instead of stopping at the first")

    @property
    def reading(self) -> dict[str, Any]:
        """Return the arguments of `nertagger.corpus.read` for these files."""
        columns = {"word_column": self.word_column, "tag_column": self.tag_column}
        return {**columns, "format": self.format or None, "encoding": self.encoding or None, "lenient": self.lenient}


class TextConfig(Section):
    """How raw text is tokenized."""

    tokenizer: Literal["auto", "general", "whitespace", "spaces", "character"] = Field(
        "auto",
        description='"general" (English treebank), "whitespace" (and punctuation), "spaces" (white space alone), '
        '"character", or "auto": the one that agrees best with the training tokens',
    )


class WordsConfig(Section):
    """Inputs of the network for each word as a whole."""

    input: Literal["auto", "pretrained", "learned", "one-hot"] = Field(
        "auto",
        description='"pretrained" vectors (of words.vectors or the encoder), "learned" vectors, "one-hot", or "auto": '
        "pretrained ones if there are any, else learned ones",
    )
    vectors: str = Field("", description="file of word vectors: GloVe, word2vec or fastText; plain, .gz, .xz or .zip")
    max_vectors: Positive = Field(400_000, description="keep at most this many vectors, most frequent words first")
    fine_tune: Count = Field(
        20,
        description="pretrained: fine-tune the vectors of words that occur at least this often in training; 0: none",
    )
    size: Positive = Field(50, description="learned: width of a word's vector")
    unknown_rate: Probability = Field(0.3, description="fraction of words that training replaces by UNK")
    min_count: Positive = Field(1, description="learned, one-hot: rarer training words share the UNK input")
    max_words: Positive = Field(
        50_000, description="at most this many words have an input of their own, or a fine-tuned vector"
    )
    tag_shares: bool = Field(
        True,
        description="the tag frequencies of the word in the training set are an input too; in training, "
        "those in the rest of it, without the sentence at hand",
    )

    @model_validator(mode="before")
    @classmethod
    def _vectors_imply_their_use(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("vectors") and values.get("input", "auto") == "auto":
            return {**values, "input": "pretrained"}
        return values


class InitialEncoderConfig(Section):
    """The pretrained word encoder and recurrent stack that training starts from."""

    source: str = Field(
        "auto",
        description='"english" or "english-fast" (in the package), a file NAME.enc or NAME.ner, or "none"; its '
        'characters, shapes and recurrent layers are what is built. "auto": English if the training text is, else none',
    )
    learning_rate: Annotated[float, Field(ge=0)] = Field(
        0.3, description="the learning rate of the encoder's weights, as a multiple of training.learning_rate"
    )
    replay: list[str] = Field(
        [],
        description="annotated files that the encoder was trained on before, so that it does not forget them: "
        "some of their sentences are among those of each epoch",
    )
    replay_share: Probability = Field(0.2, description="replay: fraction of an epoch's sentences that are from there")

    @property
    def is_named(self) -> bool:
        """Whether the user asks for a certain encoder."""
        return self.source not in ("auto", "none")


class CharactersConfig(Section):
    """Inputs of the network for the characters of a word."""

    encoder: Literal["cnn", "bilstm", "none"] = Field("cnn", description='"cnn", "bilstm" or "none"')
    size: Positive = Field(24, description="width of a character's vector")
    units: Positive = Field(48, description="width of the output: CNN filters, or both LSTM directions together")
    width: Positive = Field(3, description="characters that a CNN filter spans")
    max_length: Annotated[int, Field(ge=2)] = Field(
        16, description="longer words are cut to this many characters, half from the beginning, half from the end"
    )


class ShapesConfig(Section):
    """Inputs of the network for the shape of a word (capitals, digits, punctuation)."""

    size: Count = Field(16, description="width of a word shape's vector; 0 leaves shapes out")
    min_count: Positive = Field(3, description="rarer shapes share the input for unknown shapes")


class FeaturesConfig(Section):
    """Names in lists, and contextual embeddings of each word from a character language model (Akbik et al. 2018)."""

    gazetteers: list[str] = Field(
        [],
        description="files with a name, a tab and a label in each line; that a word is in such a name is an input, and "
        "the names are stored in the model as hashes, 12 bytes each",
    )
    gazetteer_dropout: Probability = Field(
        0.3, description="fraction of words whose names in lists training hides, so that lists are not trusted blindly"
    )

    language_model: str = Field(
        "", description="file of a character model in both directions (nertagger lm train --tokens); none if empty"
    )
    projection: Positive = Field(64, description="width that the states of the language model are projected to")
    dropout: Probability = Field(
        0.5, description="fraction of the language model's states that training drops, the same for a whole sentence"
    )
    fine_tune: bool = Field(False, description="train the language model too, at the learning rate of the network")


class RecurrentConfig(Section):
    """The recurrent stack."""

    cell: Cell = Field(
        "lstm",
        description='"simple", "simple-relu", "simplified-gru" (update gate only), "gru", "lstm" or "peephole" '
        "(an LSTM whose gates see the cell state)",
    )
    direction: Direction | list[Direction] = Field(
        "both", description='"forward", "backward" or "both", for all layers or as a list with one for each'
    )
    layers: Positive = Field(2, description="number of stacked recurrent layers")
    units: Positive = Field(200, description="hidden units per layer in each direction")

    @property
    def directions(self) -> list[tuple[str, ...]]:
        """Return the directions of each layer, ``forward`` before ``backward``."""
        return layer_directions(self.direction, self.layers)


class NetworkConfig(RecurrentConfig):
    """The recurrent stack and its output layer."""

    dense: list[Positive] = Field([100], description="widths of dense layers between the stack and the output")
    output: Literal["crf", "softmax"] = Field("crf", description='"crf" or "softmax"')
    dropout: Probability = Field(0.3, description="variational (locked) dropout before and after each recurrent layer")
    word_dropout: Probability = Field(0.05, description="probability that training drops the whole input of a token")
    precision: Literal["auto", "float32", "int8"] = Field(
        "auto",
        description='arithmetic of LSTM layers in the model file: "float32", or "int8", twice as fast; "auto": int8 if '
        "there are such layers, and neither one-hot words nor a language model",
    )


class TrainingConfig(Section):
    """How the weights are trained."""

    epochs: Count = Field(
        0, description="at most this many epochs before those of refit; 0: seven, or as many as make 500 steps"
    )
    patience: Positive = Field(6, description="stop after this many epochs without a better dev F1")
    refit: Count = Field(
        5,
        description="after these, this many more epochs that train on the dev split too, with a learning rate that "
        "falls to zero; 0: the dev split is only scored, and the best epoch is the model",
    )
    members: Positive = Field(
        1, description="number of networks, which differ in their seeds; the model file holds all, as a committee"
    )
    batch_size: Positive = Field(32, description="sentences per step")
    lower_case: Probability = Field(
        0.15, description="fraction of sentences that training converts to lower case, as careless writers type"
    )
    skip_empty: Probability = Field(
        0.5,
        description="fraction of sentences without an entity that an epoch skips, for speed; other ones in each epoch",
    )
    optimizer: Literal["adam", "adamw", "sgd"] = Field("adam", description='"adam", "adamw" or "sgd" (momentum 0.9)')
    learning_rate: Annotated[float, Field(gt=0)] = Field(0.005, description="the initial learning rate")
    schedule: Literal["constant", "linear", "plateau"] = Field(
        "constant",
        description='until the refit, the learning rate is "constant", or falls to zero over training.epochs '
        '("linear"), or falls on a "plateau" of the dev F1',
    )
    weight_decay: Annotated[float, Field(ge=0)] = Field(0.0, description="weight decay; adamw and sgd only")
    anneal_factor: Annotated[float, Field(gt=0, le=1)] = Field(
        0.5, description="plateau: factor by which the learning rate is multiplied"
    )
    anneal_patience: Positive = Field(2, description="plateau: number of epochs without a better dev F1")
    clip: Literal["norm", "value", "none"] = Field("norm", description='clip gradients by "norm" or "value", or "none"')
    clip_at: Annotated[float, Field(gt=0)] = Field(5.0, description="the greatest norm, or the greatest value")
    average: Probability = Field(0.99, description="decay of the running average of weights; 0: none")
    entity_bias: bool = Field(
        True, description="raise or lower the scores of each label's entities by the amount that gives the best dev F1"
    )
    seed: Count = Field(1, description="random seed; the same seed gives the same model file on the same CPU")


class OutputConfig(Section):
    """The files that a run writes."""

    model: str = Field("model.ner", description="the model file")
    run: str = Field(
        "", description='folder of log, TensorBoard events and checkpoint; "" is model.run beside model.ner'
    )


class Config(Settings):
    """All settings of a training run, by section; `updated` changes them, `to_toml` writes them."""

    data: DataConfig = DataConfig()
    text: TextConfig = TextConfig()
    encoder: InitialEncoderConfig = InitialEncoderConfig()
    words: WordsConfig = WordsConfig()
    characters: CharactersConfig = CharactersConfig()
    shapes: ShapesConfig = ShapesConfig()
    features: FeaturesConfig = FeaturesConfig()
    network: NetworkConfig = NetworkConfig()
    training: TrainingConfig = TrainingConfig()
    output: OutputConfig = OutputConfig()

    @classmethod
    def preset(cls, name: Preset) -> Self:
        """Return the settings of a preset: ``fast``, ``default`` or ``accurate``.

        >>> Config.preset("accurate").updated({"training.epochs": 20}).training.members
        3
        """
        return cls.from_values({"preset": name})

    @model_validator(mode="before")
    @classmethod
    def _complete_by_preset(cls, values: Any) -> Any:
        return with_preset(values) if isinstance(values, dict) and "preset" in values else values

    @model_validator(mode="after")
    def _tagging_graph_exists(self) -> Config:
        if self.network.precision == "int8" and (missing := self._missing_for_int8()):
            raise ValueError(f'network.precision = "int8" needs {missing[0]}')
        if self.training.members > 1 and self.features.fine_tune:
            raise ValueError(
                "training.members above 1 needs features.fine_tune = false: a model has one language model"
            )
        return self

    @property
    def is_int8(self) -> bool:
        """Whether the LSTM layers of the model file multiply 8-bit integers."""
        return self.network.precision != "float32" and not self._missing_for_int8()

    def _missing_for_int8(self) -> list[str]:
        needs = {
            'network.cell = "lstm"': self.network.cell == "lstm",
            "word vectors, pretrained or learned": self.words.input != "one-hot",
            "no features.language_model": not self.features.language_model,
        }
        return [name for name, holds in needs.items() if not holds]

    @model_validator(mode="after")
    def _settings_agree(self) -> Config:
        if self.words.input == "pretrained" and not (self.words.vectors or self.encoder.is_named):
            raise ValueError('words.input = "pretrained" needs words.vectors, the file that holds them')
        if self.words.input != "pretrained" and self.words.vectors:
            raise ValueError(f'words.vectors is set, but words.input = "{self.words.input}" does not read it')
        check_recurrent(self.network, self.characters)
        if self.training.weight_decay and self.training.optimizer == "adam":
            raise ValueError('training.weight_decay needs training.optimizer = "adamw" or "sgd"')
        return self


def layer_directions(direction: str | Sequence[str], layers: int) -> list[tuple[str, ...]]:
    """Return the directions of each of the layers.

    >>> layer_directions(["both", "forward"], 2)
    [('forward', 'backward'), ('forward',)]
    """
    each = [direction] * layers if isinstance(direction, str) else direction
    return [("forward", "backward") if name == "both" else (name,) for name in each]


def check_recurrent(network: RecurrentConfig, characters: CharactersConfig) -> None:
    """Raise ValueError if the directions of layers, or the units of a character BiLSTM, do not agree with the rest."""
    direction, layers = network.direction, network.layers
    if not isinstance(direction, str) and len(direction) != layers:
        raise ValueError(
            f"network.direction lists {len(direction)} directions, expected one for each of the {layers} layers"
        )
    if characters.encoder == "bilstm" and characters.units % 2:
        raise ValueError(f"characters.units is shared by two directions and must be even, got {characters.units}")
