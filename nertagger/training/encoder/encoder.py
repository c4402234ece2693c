"""A pretrained encoder: the word encoder and recurrent stack of a model file, with the output layer of a tagger's."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from nertagger.config import CharactersConfig, Config, RecurrentConfig, ShapesConfig
from nertagger.features import Features, VectorTable
from nertagger.features.vectors.stored import open_vectors
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Layer, Member, Tensor, WordsGraph
from nertagger.modelfile.tensors import below
from nertagger.runtime.decoder import read_tags
from nertagger.runtime.encoder.contents import open_encoder
from nertagger.runtime.features import open_features
from nertagger.training.loop.weights import Weights

_LICENCE = "- Licence: "  # how the line of a model card begins that states it


@dataclass(frozen=True, eq=False)
class Encoder:
    """A word encoder and a recurrent stack, in float32 but for the table of word vectors.

    Attributes:
        model: the file that it is from.
        characters, shapes, network: its settings.
        word_size: the width of a word's vector, pretrained or learned; 0 if words have none.
        features: its vocabularies.
        vectors: its pretrained word vectors; None if it has none.
        weights: its weights by name, and those of the output layer of a tagger.
        tags: the BIOES tags of a tagger; empty for an encoder without output layer.
        has_tag_shares: whether tag frequencies are among its inputs.
    """

    model: ModelFile
    characters: CharactersConfig
    shapes: ShapesConfig
    network: RecurrentConfig
    word_size: int
    features: Features
    vectors: VectorTable | None
    weights: Weights
    tags: Sequence[str] = ()
    has_tag_shares: bool = False

    @classmethod
    def of(cls, model: ModelFile) -> Self:
        """Return the encoder in a model file, ``NAME.enc`` or ``NAME.ner``.

        Raises:
            ModelFileError: if the file holds no encoder that training can start from.
        """
        model.expect("encoder", "tagger")
        weights = {name: np.array(array, np.float32) for name, array in model.tensors.items() if "/" in name}
        if Tensor.WORD_SCALES in model.tensors or not below(weights, Layer.STACK):
            raise model.error(
                "has no float weights, which training needs; start from the model that it was exported from"
            )
        return cls._of_tagger(model, weights) if model.kind == "tagger" else cls._of_encoder(model, weights)

    @classmethod
    def _of_encoder(cls, model: ModelFile, weights: Weights) -> Self:
        contents = open_encoder(model)
        config, vectors = contents.config, contents.vectors
        width = 0 if vectors is None else vectors.shape[1]
        return cls(model, config.characters, config.shapes, config.network, width, contents.features, vectors, weights)

    @classmethod
    def _of_tagger(cls, model: ModelFile, weights: Weights) -> Self:
        config = Config.from_stored(model.text(Member.CONFIG), source=f"{model.path}: {Member.CONFIG}")
        for name, is_one in {
            'words.input = "one-hot"': config.words.input == "one-hot",
            "a language model": Member.CONTEXT in model.members,
        }.items():
            if is_one:
                raise model.error(f"was trained with {name}; training can start from taggers without that alone")
        tags = read_tags(model.vocabulary, model)
        vectors = open_vectors(model)
        return cls(
            model,
            config.characters,
            config.shapes,
            config.network,
            config.words.size if vectors is None else vectors.shape[1],
            open_features(model, tags=len(tags)),
            vectors,
            weights,
            tags,
            config.words.tag_shares,
        )

    @property
    def widths(self) -> dict[str, int]:
        """Return the width of each part of the input of the stack, in order."""
        known = {
            WordsGraph.WORDS: self.word_size,
            WordsGraph.CHARACTERS: self.characters.units if self.features.characters else 0,
            WordsGraph.SHAPES: self.shapes.size if self.features.shapes else 0,
            WordsGraph.TAG_SHARES: len(self.tags) if self.has_tag_shares else 0,
            WordsGraph.GAZETTEER: self.features.gazetteer.width if self.features.gazetteer else 0,
        }
        return {name: width for name, width in known.items() if width}

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of settings, vocabularies and tensors, in hexadecimal."""
        found = hashlib.sha256()
        for name in (Member.CONFIG, Member.VOCABULARY, Member.WEIGHTS):
            found.update(self.model.members[name])
        return found.hexdigest()

    @property
    def licence(self) -> str:
        """Return the licence that the model card states; empty if it states none."""
        lines = self.model.text(Member.CARD).splitlines()
        return next((line.removeprefix(_LICENCE) for line in lines if line.startswith(_LICENCE)), "")

    def known_share(self, words: Sequence[str]) -> float:
        """Return the fraction of running words that have a pretrained vector; those without a letter do not count."""
        running = [word for word in words if any(map(str.isalpha, word))]
        if self.features.vectors is None or not running:
            return 0.0
        return float(np.mean(self.features.vectors.rows(running) > 0))
