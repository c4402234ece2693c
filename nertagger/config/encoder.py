"""The settings of a pretrained encoder and of its two stages of training; kept in its file as TOML."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from nertagger.config.inputs import CharactersConfig, ShapesConfig
from nertagger.config.network import RecurrentConfig, check_recurrent
from nertagger.config.settings import Count, Positive, Probability, Section, Settings

Rate = Annotated[float, Field(gt=0)]


class EncoderDataConfig(Section):
    """What the encoder is trained on."""

    text: list[str] = Field([], description="raw text to fill in masked words of; plain, .gz, .xz or .bz2")
    annotated: list[str] = Field(
        [], description="annotated corpora for the second stage, each with a head of its own; A+B: two files of one"
    )
    vectors: list[str] = Field(
        [], description="files of word vectors; the columns of later ones are set beside those of the first"
    )
    max_vectors: Positive = Field(120_000, description="keep at most this many vectors, most frequent words first")
    exclude: list[str] = Field(
        [], description="annotated or raw files whose sentences, and near copies of them, are left out of the text"
    )
    start: str = Field(
        "", description="encoder to start from, NAME.enc or english; its vectors, features and network are kept"
    )
    licence: str = Field("", description="licence of the encoder, as its card states it")


class EncoderNetworkConfig(RecurrentConfig):
    """The recurrent stack."""

    layers: Positive = Field(2, description=RecurrentConfig.model_fields["layers"].description)
    units: Positive = Field(200, description=RecurrentConfig.model_fields["units"].description)


class MaskedWordsConfig(Section):
    """The first stage: words of raw text are masked and filled in from both sides."""

    passes: Annotated[float, Field(ge=0)] = Field(
        7.0, description="how many times the text is read; 0.5: half of it; 0: only for annotated.masked_every"
    )
    mask: Annotated[float, Field(gt=0, lt=1)] = Field(0.15, description="fraction of tokens that are masked")
    batch_tokens: Positive = Field(32_768, description="tokens per step, in sentences of similar length")
    max_length: Positive = Field(64, description="longer sentences are cut into parts of at most this many tokens")
    max_forms: Positive = Field(
        500_000, description="rarer forms are replaced by one of these that is rare and has the same shape"
    )
    targets: Positive = Field(20_000, description="the most frequent forms, which are predicted as such")
    shape_targets: Count = Field(50, description="shapes that rarer forms are predicted by; one more is for the rest")
    projection: Positive = Field(128, description="width that the states are projected to before the softmax")
    learning_rate: Rate = Field(0.003, description="the highest learning rate; it falls linearly to zero")
    warm_up: Count = Field(300, description="steps in which the learning rate rises; at most a tenth of all")
    dropout: Probability = Field(0.1, description="variational (locked) dropout before and after each recurrent layer")
    average: Probability = Field(0.999, description="decay of the running average of weights; 0: none")
    held_out: Probability = Field(0.002, description="fraction of the sentences that the loss is reported on")
    evaluate_every: Positive = Field(500, description="steps between two reports, each with a checkpoint")


class AnnotatedConfig(Section):
    """The second stage: a CRF head for each annotated corpus on the same encoder; the heads are dropped."""

    steps: Positive = Field(9_000, description="batches, each from one corpus, drawn by the root of its size")
    batch_size: Positive = Field(32, description="sentences per batch")
    dense: Positive = Field(100, description="width of the dense layer of a head")
    learning_rate: Rate = Field(0.003, description="the highest learning rate; it falls to zero in the second half")
    warm_up: Count = Field(200, description="steps in which the learning rate rises; at most a tenth of all")
    encoder_rate: Annotated[float, Field(ge=0)] = Field(
        1.0, description="the encoder's learning rate as a multiple of learning_rate"
    )
    dropout: Probability = Field(0.3, description="variational (locked) dropout before and after each recurrent layer")
    word_dropout: Probability = Field(0.05, description="probability that the whole input of a token is dropped")
    lower_case: Probability = Field(0.15, description="fraction of sentences that are converted to lower case")
    skip_empty: Probability = Field(0.5, description="fraction of the sentences without an entity that are skipped")
    average: Probability = Field(0.998, description="decay of the running average of weights; 0: none")
    masked_every: Count = Field(
        0,
        description="one batch of masked words after this many batches, so that they are not unlearned; 0: none",
    )
    evaluate_every: Positive = Field(500, description="steps between two reports, each with a checkpoint")


class EncoderTrainingConfig(Section):
    """How both stages are trained."""

    clip_at: Rate = Field(5.0, description="the greatest norm of the gradient")
    seed: Count = Field(1, description="random seed; the same seed gives the same file on the same CPU")


class EncoderOutputConfig(Section):
    """The files that a run writes."""

    encoder: str = Field(
        "encoder.enc", description="the file of the encoder; log and checkpoint are in encoder.enc.run"
    )


class EncoderConfig(Settings):
    """All settings of a pretrained encoder: word encoder and recurrent stack, and how they are trained."""

    data: EncoderDataConfig = EncoderDataConfig()
    characters: CharactersConfig = CharactersConfig()
    shapes: ShapesConfig = ShapesConfig()
    network: EncoderNetworkConfig = EncoderNetworkConfig()
    masked: MaskedWordsConfig = MaskedWordsConfig()
    annotated: AnnotatedConfig = AnnotatedConfig()
    training: EncoderTrainingConfig = EncoderTrainingConfig()
    output: EncoderOutputConfig = EncoderOutputConfig()

    @model_validator(mode="after")
    def _settings_agree(self) -> EncoderConfig:
        check_recurrent(self.network, self.characters)
        return self
