"""The whole training run as one typed object: TOML in, TOML out, checked once at the door.

The comments of `nertagger init`'s file are the descriptions of the fields below, so that they cannot drift apart.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from nertagger.errors import ConfigError
from nertagger.parsing import load_toml

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Probability = Annotated[float, Field(ge=0.0, lt=1.0)]
Positive = Annotated[int, Field(ge=1)]
Count = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(min_length=1)]
Direction = Literal["forward", "backward", "both"]
Precision = Literal["float32", "bfloat16"]
Cell = Literal["simple", "simple-relu", "simplified-gru", "gru", "lstm", "peephole"]


class _Section(BaseModel):
    # Strict: "2", 2.0 and true are no layers. Neither inf nor nan is the value of any setting, though TOML has both.
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, strict=True, allow_inf_nan=False)


class DataConfig(_Section):
    """Where the annotated text is, and how to read it."""

    train: list[str] = Field([], description="annotated files to train on")
    dev: list[str] = Field(
        [],
        description="annotated files that each epoch is scored on, and the last ones train on (training.refit); "
        "none: every tenth training sentence",
    )
    test: list[str] = Field(
        [], description="annotated files that the final model is scored on, once; nothing else is made of them"
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
        """The arguments of `nertagger.corpus.read` for these files."""
        columns = {"word_column": self.word_column, "tag_column": self.tag_column}
        return {**columns, "format": self.format or None, "encoding": self.encoding or None, "lenient": self.lenient}


class TextConfig(_Section):
    """How raw text becomes words."""

    tokenizer: Literal["auto", "general", "whitespace", "spaces", "character"] = Field(
        "auto",
        description='"general" (English treebank), "whitespace" (and punctuation), "spaces" (white space alone), '
        '"character", or "auto": the one that agrees best with the training words',
    )


class WordsConfig(_Section):
    """What the network sees of a word as a whole."""

    input: Literal["pretrained", "learned", "one-hot"] = Field(
        "learned", description='"pretrained" vectors (needs words.vectors), "learned" vectors, or "one-hot"'
    )
    vectors: str = Field("", description="file of word vectors: GloVe, word2vec or fastText; plain, .gz, .xz or .zip")
    max_vectors: Positive = Field(400_000, description="at most so many vectors are kept, most frequent words first")
    fine_tune: Count = Field(
        20, description="pretrained: learn a correction of each vector whose word training has so often; 0: of none"
    )
    size: Positive = Field(50, description="learned: width of a word's vector")
    unknown_rate: Probability = Field(0.3, description="share of words that training takes for the unknown word")
    min_count: Positive = Field(1, description="learned, one-hot: rarer training words share the unknown input")
    max_words: Positive = Field(50_000, description="at most so many words have an input or a correction of their own")
    tag_shares: bool = Field(
        True, description="how often each tag was a word's in training is an input too; training leaves the batch out"
    )


class CharactersConfig(_Section):
    """What the network sees of the characters of a word."""

    encoder: Literal["cnn", "bilstm", "none"] = Field("cnn", description='"cnn", "bilstm" or "none"')
    size: Positive = Field(24, description="width of a character's vector")
    units: Positive = Field(48, description="width of the result: CNN filters, or both LSTM directions together")
    width: Positive = Field(3, description="characters that one CNN filter sees")
    max_length: Annotated[int, Field(ge=2)] = Field(
        16, description="longer words are seen by their first and last characters, half each"
    )


class ShapesConfig(_Section):
    """What the network sees of the shape of a word (capitals, digits, punctuation)."""

    size: Count = Field(16, description="width of a word shape's vector; 0 leaves shapes out")
    min_count: Positive = Field(3, description="rarer shapes share the unknown shape")


class FeaturesConfig(_Section):
    """What the network sees of a word in its sentence, by a language model of its characters (Akbik et al. 2018)."""

    language_model: str = Field(
        "", description="file of a character model of both directions (nertagger lm train --tokens); none if empty"
    )
    projection: Positive = Field(64, description="width that the states of the language model are projected to")
    dropout: Probability = Field(
        0.5, description="share of the language model's states that training silences, for a whole sentence"
    )
    fine_tune: bool = Field(False, description="train the language model too, at the step size of the network")


class NetworkConfig(_Section):
    """The recurrent stack and what stands on it."""

    cell: Cell = Field(
        "lstm",
        description='"simple", "simple-relu", "simplified-gru" (update gate only), "gru", "lstm" or "peephole" '
        "(an LSTM whose gates see its memory)",
    )
    direction: Direction | list[Direction] = Field(
        "both", description='"forward", "backward" or "both", for all layers or as a list with one for each'
    )
    layers: Positive = Field(1, description="recurrent layers, one upon the other")
    units: Positive = Field(100, description="hidden units of a layer in each direction")
    dense: list[Positive] = Field([100], description="widths of dense layers between the stack and the output")
    output: Literal["crf", "softmax"] = Field("crf", description='"crf" or "softmax"')
    dropout: Probability = Field(0.3, description="locked dropout before and after every recurrent layer")
    word_dropout: Probability = Field(0.05, description="probability that training leaves a token's whole input out")

    @property
    def directions(self) -> list[tuple[str, ...]]:
        """The directions that each layer runs in, ``forward`` before ``backward``."""
        return layer_directions(self.direction, self.layers)


class TrainingConfig(_Section):
    """How the weights are found."""

    epochs: Count = Field(
        0, description="at most this many epochs before those of refit; 0: seven, or as many as make 500 steps"
    )
    patience: Positive = Field(6, description="stop after so many epochs without a better dev F1")
    refit: Count = Field(
        5,
        description="after these, this many more epochs that train on the dev split too, with a learning rate that "
        "falls to zero; 0: it is only scored, and the best epoch is the model",
    )
    batch_size: Positive = Field(32, description="sentences a step")
    lower_case: Probability = Field(
        0.15, description="share of sentences that training sees in lower case, as careless writers type"
    )
    skip_empty: Probability = Field(
        0.5, description="share of sentences without an entity that an epoch leaves out, others each time, to save time"
    )
    optimizer: Literal["adam", "adamw", "sgd"] = Field("adam", description='"adam", "adamw" or "sgd" (momentum 0.9)')
    learning_rate: Annotated[float, Field(gt=0)] = Field(0.005, description="the initial learning rate")
    schedule: Literal["constant", "linear", "plateau"] = Field(
        "constant",
        description='until the refit, the learning rate is "constant", or falls to zero over training.epochs '
        '("linear"), or on a "plateau" of the dev F1',
    )
    weight_decay: Annotated[float, Field(ge=0)] = Field(0.0, description="decay of weights; adamw and sgd only")
    anneal_factor: Annotated[float, Field(gt=0, le=1)] = Field(
        0.5, description="plateau: what the learning rate is multiplied by"
    )
    anneal_patience: Positive = Field(2, description="plateau: epochs without a better dev F1 that make one")
    clip: Literal["norm", "value", "none"] = Field("norm", description='clip gradients by "norm" or "value", or "none"')
    clip_at: Annotated[float, Field(gt=0)] = Field(5.0, description="the greatest norm, or the greatest value")
    average: Probability = Field(0.99, description="decay of the running average of weights; 0: none")
    entity_bias: bool = Field(
        True, description="raise or lower the score of each label's entities to what gives the best dev F1"
    )
    seed: Count = Field(1, description="the same seed gives the same model file on the same CPU")


class OutputConfig(_Section):
    """What a run leaves behind."""

    model: str = Field("model.ner", description="the model file")
    run: str = Field(
        "", description='folder of log, TensorBoard events and checkpoint; "" is model.run beside model.ner'
    )


class Config(_Section):
    """A training run. Every field has a default; unknown fields are an error that names the nearest one."""

    data: DataConfig = DataConfig()
    text: TextConfig = TextConfig()
    words: WordsConfig = WordsConfig()
    characters: CharactersConfig = CharactersConfig()
    shapes: ShapesConfig = ShapesConfig()
    features: FeaturesConfig = FeaturesConfig()
    network: NetworkConfig = NetworkConfig()
    training: TrainingConfig = TrainingConfig()
    output: OutputConfig = OutputConfig()

    @model_validator(mode="after")
    def _settings_agree(self) -> Config:
        if self.words.input == "pretrained" and not self.words.vectors:
            raise ValueError('words.input = "pretrained" needs words.vectors, the file that holds them')
        if self.words.input != "pretrained" and self.words.vectors:
            raise ValueError(f'words.vectors is set, but words.input = "{self.words.input}" does not read it')
        direction, layers = self.network.direction, self.network.layers
        if not isinstance(direction, str) and len(direction) != layers:
            raise ValueError(
                f"network.direction lists {len(direction)} directions, expected one for each of the {layers} layers"
            )
        if self.characters.encoder == "bilstm" and self.characters.units % 2:
            raise ValueError(
                f"characters.units is shared by two directions and must be even, got {self.characters.units}"
            )
        if self.training.weight_decay and self.training.optimizer == "adam":
            raise ValueError('training.weight_decay needs training.optimizer = "adamw" or "sgd"')
        return self

    def to_toml(self, *, comments: bool = False) -> str:
        """This configuration as TOML, each field below its description if `comments`."""
        return "\n".join(_toml_lines(self, comments=comments)).lstrip("\n") + "\n"


def layer_directions(direction: str | Sequence[str], layers: int) -> list[tuple[str, ...]]:
    """The directions of each of the layers.

    >>> layer_directions(["both", "forward"], 2)
    [('forward', 'backward'), ('forward',)]
    """
    each = [direction] * layers if isinstance(direction, str) else direction
    return [("forward", "backward") if name == "both" else (name,) for name in each]


def read_config(path: str | Path, overrides: Iterable[str] = ()) -> Config:
    """The configuration in a TOML file, with ``section.key=value`` overrides applied.

    Raises:
        ConfigError: naming the file, the key, what was got and what was expected.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read as a configuration: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: cannot be read as a configuration: {error}; save the file as UTF-8") from error
    return parse_config(text, overrides, source=str(path))


def parse_config(text: str, overrides: Iterable[str] = (), *, source: str = "config") -> Config:
    """The configuration that TOML `text` says; see `read_config`."""
    try:
        values = load_toml(text)
    except ValueError as error:
        raise ConfigError(f"{source}: not valid TOML: {error}") from error
    return make_config(values, overrides, source=source)


def make_config(values: Mapping[str, Any], overrides: Iterable[str] = (), *, source: str = "config") -> Config:
    """The configuration of nested `values`; see `read_config`.

    >>> make_config({}, ["network.layers=2"]).network.layers
    2
    """
    merged: dict[str, Any] = {k: dict(v) if isinstance(v, Mapping) else v for k, v in values.items()}
    origins: dict[str, str] = {}
    for override in overrides:
        section, key, value = _split_override(override)
        if not isinstance(merged.setdefault(section, {}), dict):
            raise ConfigError(f"{source}: {section}: expected a section, [{section}], got {merged[section]!r:.60}")
        merged[section][key] = value
        origins[f"{section}.{key}"] = f"--set {override}"
        if section not in values:
            origins[section] = f"--set {override}"
    vectors = merged.get("words")
    if isinstance(vectors, dict) and vectors.get("vectors"):
        vectors.setdefault("input", "pretrained")  # naming the file is asking for it
    try:
        return Config.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        origin = origins.get(".".join(map(str, first["loc"][:2])), source)
        raise ConfigError(f"{origin}: {_explain(first)}") from None


def _split_override(override: str) -> tuple[str, str, Any]:
    path, equals, raw = override.partition("=")
    section, dot, key = (part.strip() for part in path.partition("."))
    if not equals or not dot:
        raise ConfigError(f"--set {override}: expected section.key=value, as in network.layers=2")
    try:
        value = load_toml(f"value = {raw}")["value"]
    except ValueError:
        return section, key, raw.strip()  # a bare word is a string: nobody should have to quote twice in a shell
    return section, key, raw.strip() if _is_string(section, key) and not isinstance(value, str) else value


def _is_string(section: str, key: str) -> bool:
    """Whether this setting is a string, so that ``output.model=2024`` need not be quoted."""
    sections = Config.model_fields
    fields = _section_type(sections[section].annotation).model_fields if section in sections else {}
    return key in fields and fields[key].annotation is str


_EXPECTED = {
    "model_type": "a section",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "a string",
    "list_type": "a list in brackets, its strings in quotes",
}


def _explain(error: ErrorDetails) -> str:
    """What is wrong at which setting, what was got and what expected, in one line."""
    if error["type"] == "extra_forbidden":
        return _explain_unknown(*map(str, error["loc"]))
    if not error["loc"]:
        return error["msg"].removeprefix("Value error, ")
    # Behind section and key stand places in a list, and names that pydantic gives to kinds of value.
    place = ".".join(map(str, error["loc"][:2])) + "".join(f"[{i}]" for i in error["loc"][2:] if isinstance(i, int))
    expected = _EXPECTED.get(error["type"]) or error["msg"].removeprefix("Input should be ")
    if error["type"].startswith(("greater", "less")):
        expected = f"a number {expected}"
    return f"{place}: expected {expected}, got {error['input']!r:.60}"


def _explain_unknown(section: str, key: str = "") -> str:
    """What to write instead of a setting that there is not."""
    asked = f"setting {section}.{key}" if key else f"section {section}"
    if homes := [name for name in _field_names() if name.endswith(f".{key or section}")]:
        return f"there is no {asked}; there is {' and '.join(homes)}"
    candidates = list(_field_names()) if key else list(Config.model_fields)
    near = difflib.get_close_matches(f"{section}.{key}" if key else section, candidates, n=1, cutoff=0.0)
    return f"there is no {asked}; the nearest is {near[0]}"


def _field_names() -> Iterator[str]:
    for section, field in Config.model_fields.items():
        yield from (f"{section}.{key}" for key in _section_type(field.annotation).model_fields)


def _section_type(annotation: Any) -> type[BaseModel]:
    assert isinstance(annotation, type)
    assert issubclass(annotation, BaseModel)
    return annotation


def _toml_lines(config: Config, *, comments: bool) -> Iterator[str]:
    for name in Config.model_fields:
        section: BaseModel = getattr(config, name)
        if comments and section.__doc__:
            yield f"\n# {section.__doc__.splitlines()[0]}\n[{name}]"
        else:
            yield f"\n[{name}]"
        for key, field in type(section).model_fields.items():
            value = getattr(section, key)
            if comments:
                yield f"# {field.description}"
            yield f"# {key} =" if value is None else f"{key} = {toml_value(value)}"


def toml_value(value: Any) -> str:
    """A string, number, boolean or flat list as TOML."""
    # JSON's strings, numbers, booleans and flat lists are TOML's, but for the characters that JSON may leave bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
