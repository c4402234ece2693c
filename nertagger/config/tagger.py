"""The settings of a tagger's training run.

The comments in the file that `nertagger init` writes are the descriptions of the fields below.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from nertagger.config.inputs import CharactersConfig, FeaturesConfig, InitialEncoderConfig, ShapesConfig, WordsConfig
from nertagger.config.network import NetworkConfig, check_recurrent
from nertagger.config.presets import Preset, with_preset
from nertagger.config.settings import Count, Name, Positive, Probability, Section, Settings


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
    lenient: bool = Field(
        False, description="repair faulty rows, and report how many, instead of stopping at the first"
    )

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


class TrainingConfig(Section):
    """How the weights are trained."""

    epochs: Count = Field(
        0,
        description="at most this many epochs before those of refit; 0: seven, or as many as make 250 steps, without "
        "refit 500",
    )
    patience: Positive = Field(6, description="stop after this many epochs without a better dev F1")
    refit: Count | Literal["auto"] = Field(
        "auto",
        description="after these, this many more epochs that train on the dev split too, with a learning rate that "
        'falls to zero; "auto": five, or as many as make 800 steps but at most 40; 0: the dev split is only '
        "scored, and the best epoch is the model",
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
        2
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
