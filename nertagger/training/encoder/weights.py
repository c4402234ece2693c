"""The weights that a network starts with: those of an encoder where it has them, random ones elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

import numpy as np

from nertagger.config import Config
from nertagger.features.characters import UNKNOWN_CHARACTER
from nertagger.features.gazetteer import POSITIONS
from nertagger.features.vocabulary import UNKNOWN
from nertagger.modelfile.schema import DIRECTIONS, Layer, Member, Tensor, WordsGraph, tensor_name
from nertagger.training.encoder.encoder import Encoder
from nertagger.training.loop.weights import Weights

Places: TypeAlias = tuple[Sequence[int], Sequence[int]]
"""Places along an axis of the new array, and as many of the known one."""

_IDS = tensor_name(Layer.WORDS, WordsGraph.WORD_IDS, Tensor.EMBEDDINGS)
_CHARACTERS = tensor_name(Layer.WORDS, WordsGraph.CHARACTERS, Layer.TABLE, Tensor.EMBEDDINGS)
_SHAPES = tensor_name(Layer.WORDS, WordsGraph.SHAPES, Tensor.EMBEDDINGS)
_TABLES = {_IDS: UNKNOWN, _CHARACTERS: UNKNOWN_CHARACTER, _SHAPES: UNKNOWN}
"""The tables that have a row for each id, with the row of what is unknown."""
_FIRST_KERNELS = tuple(
    tensor_name(Layer.STACK, Layer.recurrent(0, direction), Tensor.KERNEL) for direction in DIRECTIONS
)
_TAG_AXES = {
    tensor_name(Layer.EMIT, Tensor.KERNEL): (1,),
    tensor_name(Layer.EMIT, Tensor.BIAS): (0,),
    tensor_name(Layer.CRF, Tensor.TRANSITIONS): (0, 1),
    tensor_name(Layer.CRF, Tensor.START): (0,),
    tensor_name(Layer.CRF, Tensor.END): (0,),
}
"""The axes of weights of the output layer that have a place for each tag."""
_BELOW_OUTPUT = (Layer.WORDS, Layer.CONTEXT, Layer.PROJECT, Layer.STACK)
_TUNED = (tensor_name(Layer.WORDS, WordsGraph.CHARACTERS), tensor_name(Layer.WORDS, WordsGraph.SHAPES), Layer.STACK)


def is_of_encoder(name: str) -> bool:
    """Return whether a weight is one that learns at the encoder's learning rate.

    >>> is_of_encoder("stack/layer0_forward/kernel"), is_of_encoder("emit/bias")
    (True, False)
    """
    return name.startswith(tuple(f"{layer}/" for layer in _TUNED))


def starting_weights(
    random: Weights,
    encoder: Encoder,
    *,
    widths: Mapping[str, int],
    tags: Sequence[str],
    lists: Sequence[str] = (),
) -> Weights:
    """Return the initial weights of a network.

    New ids of characters, shapes and words start as unknown ones. The output layer of a tagger is kept as far as the
    labels are the same. New tags, and inputs that the encoder lacks, start at random.

    Args:
        random: random weights, of the shapes of the network.
        encoder: the encoder.
        widths: the width of each part of the input of the stack, as `Encoder.widths`.
        tags: the tags of the network.
        lists: the labels of its gazetteer.

    Raises:
        ModelFileError: if the weights of the encoder are not those of the network that its settings describe.
    """
    inputs = _common_inputs(encoder, widths, tags, lists)
    begun = dict(random)
    for name, start in random.items():
        known = encoder.weights.get(name)
        if name in _TABLES and known is not None:
            begun[name] = _with_new_rows(start, known, unknown=_TABLES[name])
        elif is_of_encoder(name):
            axes = {0: inputs} if name in _FIRST_KERNELS else {}
            if known is None or not _fits(start, known, axes):
                got = "missing" if known is None else f"of shape {known.shape}"
                raise encoder.model.tensor_error(
                    f"{name} is {got}, expected {start.shape} as {Member.CONFIG} describes"
                )
            begun[name] = _placed(start, known, axes)
    return {**begun, **_known_output(random, encoder, tags)}


def input_widths(config: Config, sizes: Mapping[str, int]) -> dict[str, int]:
    """Return the width of each part of the input of the stack, in order; that of a language model is not among them."""
    known = {
        WordsGraph.WORDS: sizes.get(WordsGraph.VECTORS, config.words.size),
        WordsGraph.CHARACTERS: config.characters.units if WordsGraph.CHARACTERS in sizes else 0,
        WordsGraph.SHAPES: config.shapes.size if WordsGraph.SHAPES in sizes else 0,
        WordsGraph.TAG_SHARES: sizes.get(WordsGraph.TAG_SHARES, 0),
        WordsGraph.GAZETTEER: sizes.get(WordsGraph.GAZETTEER, 0),
    }
    return {name: width for name, width in known.items() if width}


def _common_inputs(encoder: Encoder, widths: Mapping[str, int], tags: Sequence[str], lists: Sequence[str]) -> Places:
    """Return the places of the inputs that both have: of words the first columns, of tags and lists the same ones."""
    ours, theirs = _begins(widths), _begins(encoder.widths)
    places: list[tuple[int, int]] = []
    for name in ours.keys() & theirs.keys():
        if name == WordsGraph.TAG_SHARES:
            pairs = zip(*_common_tags(encoder, tags), strict=True)
        elif name == WordsGraph.GAZETTEER:
            pairs = zip(*_common_lists(encoder, lists), strict=True)
        else:
            width = min(widths[name], encoder.widths[name])
            pairs = zip(range(width), range(width), strict=True)
        places += [(ours[name] + here, theirs[name] + there) for here, there in pairs]
    return [here for here, _ in places], [there for _, there in places]


def _begins(widths: Mapping[str, int]) -> dict[str, int]:
    return dict(zip(widths, accumulate(widths.values(), initial=0), strict=False))


def _common_tags(encoder: Encoder, tags: Sequence[str]) -> Places:
    """Return the places of the tags that both have."""
    theirs = {tag: number for number, tag in enumerate(encoder.tags)}
    common = [(here, theirs[tag]) for here, tag in enumerate(tags) if tag in theirs]
    return [here for here, _ in common], [there for _, there in common]


def _common_lists(encoder: Encoder, lists: Sequence[str]) -> Places:
    """Return the places of the labels of gazetteers that both have, at each position in a name."""
    theirs = encoder.features.gazetteer.labels if encoder.features.gazetteer is not None else ()
    common = [(lists.index(label), theirs.index(label)) for label in theirs if label in lists]
    pairs = [(POSITIONS * a + n, POSITIONS * b + n) for a, b in common for n in range(POSITIONS)]
    return [here for here, _ in pairs], [there for _, there in pairs]


def _known_output(random: Weights, encoder: Encoder, tags: Sequence[str]) -> Weights:
    """Return the weights of the output layer that are kept: none if no label is the same, or the layers differ."""
    common = _common_tags(encoder, tags)
    names = [name for name in random if name.partition("/")[0] not in _BELOW_OUTPUT]
    axes = {name: dict.fromkeys(_TAG_AXES.get(name, ()), common) for name in names}
    known = {name: encoder.weights.get(name) for name in names}
    if len(common[0]) <= 1 or not all(  # O alone
        array is not None and _fits(random[name], array, axes[name]) for name, array in known.items()
    ):
        return {}
    return {name: _placed(random[name], encoder.weights[name], axes[name]) for name in names}


def _with_new_rows(start: np.ndarray, known: np.ndarray, *, unknown: int) -> np.ndarray:
    """Return a table whose first rows are the known ones, and further ones as that of what is unknown."""
    begun = start.copy()
    begun[: len(known), : known.shape[1]] = known
    begun[len(known) :, : known.shape[1]] = known[unknown]
    return begun


def _fits(start: np.ndarray, known: np.ndarray, axes: Iterable[int]) -> bool:
    """Return whether two arrays have the same shape but for these axes."""
    return known.ndim == start.ndim and all(
        size == other or axis in axes for axis, (size, other) in enumerate(zip(start.shape, known.shape, strict=True))
    )


def _placed(start: np.ndarray, known: np.ndarray, axes: Mapping[int, Places]) -> np.ndarray:
    """Return an array with the values of another one at places of some axes, and all of the other axes."""
    whole = {axis: (range(size), range(size)) for axis, size in enumerate(start.shape)}
    here, there = zip(*({**whole, **axes}[axis] for axis in range(start.ndim)), strict=True)
    begun = start.copy()
    begun[np.ix_(*here)] = known[np.ix_(*there)]
    return begun
