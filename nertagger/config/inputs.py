"""The settings of a tagger's inputs for each word: its pretrained encoder, vector, characters, shape and features."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from nertagger.config.settings import Count, Name, Positive, Probability, Section


class InitialEncoderConfig(Section):
    """The pretrained word encoder and recurrent stack that training starts from."""

    source: Name = Field(
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
