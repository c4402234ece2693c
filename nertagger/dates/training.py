"""The network of `nertagger.normalize`: an encoder-decoder trained on made-up dates, as one small ONNX graph.

``python -m nertagger.dates.training OUT.onnx`` makes the file that comes with the package again, in some minutes. The
graph holds the whole search: the decoder's steps are written out one after the other, each given what the one before
found most probable. Weights are stored as float16, which halves the file and, after training, loses nothing.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from itertools import count, islice

import keras
import numpy as np
from onnx import TensorProto, helper

from nertagger.dates.examples import examples
from nertagger.dates.normalizer import DIGITS, LETTERS, LONGEST, STEPS, DateNormalizer
from nertagger.dates.text import is_consistent, simplify
from nertagger.export.tagger import _cell_weights, _Graph, _recurrent_node, _to_onnx
from nertagger.files import atomic_write
from nertagger.modelfile.schema import DIRECTIONS, DatesGraph
from nertagger.network.shapes import EncoderDecoder, Stack, encoder_decoder, teacher_forcing
from nertagger.theory.symbols import Symbols
from nertagger.training.loop.seeds import make_deterministic
from nertagger.training.loop.weights import Weights, get_weights

logger = logging.getLogger(__name__)

STACK = Stack("gru", 96, direction="both")
_BATCH = 128
_CHUNK = 16_384  # examples made at a time; none is seen twice
_WIDTHS = (14, 18, 24, LONGEST)  # characters that batches are padded to: time is spent on each of them


def train_dates(*, steps: int, stack: Stack = STACK, seed: int = 1) -> EncoderDecoder:
    """An encoder-decoder after so many batches of 128 made-up dates; the step size falls along half a cosine."""
    make_deterministic(seed)
    network = encoder_decoder(stack, symbols=len(Symbols(LETTERS)), outputs=len(Symbols(DIGITS)))
    falling = keras.optimizers.schedules.CosineDecay(0.004, steps)
    network.compile(keras.optimizers.Adam(falling, global_clipnorm=1.0), jit_compile=False)
    for step, (inputs, targets) in enumerate(islice(_batches(seed), steps), start=1):
        loss = network.train_on_batch(inputs, targets)
        if step % 200 == 0:
            logger.info("step %d of %d: %.4f nats a symbol", step, steps, loss)
            network.reset_metrics()
    return network


def _batches(seed: int) -> Iterator[tuple[dict[str, np.ndarray], np.ndarray]]:
    """Batches without end, each of texts of like length, in random order."""
    generator = np.random.default_rng(seed)
    for chunk in count():
        pairs = examples(_CHUNK, seed=(seed << 32) + chunk)
        inputs, targets = arrays([pair for pair in pairs if len(simplify(pair[0])) <= LONGEST])
        widths = np.searchsorted(_WIDTHS, (inputs["source"] != 0).sum(axis=1))
        batches = []
        for kind, width in enumerate(_WIDTHS):
            rows = generator.permutation(np.flatnonzero(widths == kind))
            parts = [rows[i : i + _BATCH] for i in range(0, len(rows) - _BATCH + 1, _BATCH)]
            batches += [(part, width) for part in parts]
        for place in generator.permutation(len(batches)):
            part, width = batches[place]
            yield {"source": inputs["source"][part, :width], "before": inputs["before"][part]}, targets[part]


def arrays(pairs: Sequence[tuple[str, str]]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Texts of at most 48 characters and their dates as what an encoder-decoder reads and shall say."""
    source = Symbols(LETTERS).encode([simplify(text) for text, _ in pairs], length=LONGEST)
    return teacher_forcing(source, Symbols(DIGITS).encode([date for _, date in pairs], end=True, length=STEPS))


def export_dates(network: EncoderDecoder) -> bytes:
    """The network and its greedy search as one graph.

    Inputs: source int32 (T, B), lengths int32 (B,). Output: probabilities float32 (steps, B, V) of the symbols at each
    step, the most probable one of which the next step is given.
    """
    weights, units = get_weights(network), network.settings.units
    graph = _HalfGraph()
    directions = DIRECTIONS
    layers = [_cell_weights(weights, f"encoder/layer0_{name}") for name in directions]
    letters = graph.node(
        "Gather", graph.constant(np.eye(layers[0].kernel.shape[0], dtype=np.float32)), DatesGraph.SOURCE
    )
    read = _recurrent_node(
        graph, "gru", layers, directions, letters, lengths=DatesGraph.LENGTHS, last_state=True
    )  # (2, B, H)
    side_by_side = graph.node("Transpose", read, perm=[1, 0, 2])
    context = graph.node("Reshape", side_by_side, graph.constant(np.array([1, -1, 2 * units])))  # (1, B, 2 H)
    kinds = weights["readout/answer/bias"].shape[0]
    graph.node("Concat", *_decode(graph, weights, context, units), output=DatesGraph.PROBABILITIES, axis=0)
    inputs = [
        helper.make_tensor_value_info(DatesGraph.SOURCE, TensorProto.INT32, ["T", "B"]),
        helper.make_tensor_value_info(DatesGraph.LENGTHS, TensorProto.INT32, ["B"]),
    ]
    output = helper.make_tensor_value_info(DatesGraph.PROBABILITIES, TensorProto.FLOAT, [STEPS, "B", kinds])
    return graph.model(inputs, output)


class _HalfGraph(_Graph):
    """A graph that stores weights as float16 and computes in float32."""

    def constant(self, value: np.ndarray) -> str:
        if value.dtype != np.float32:
            return super().constant(value)
        return self.node("Cast", super().constant(value.astype(np.float16)), to=TensorProto.FLOAT)


def _decode(graph: _Graph, weights: Weights, context: str, units: int) -> Iterator[str]:
    """The probabilities of each step, (1, B, V), from the context (1, B, 2 H)."""
    kernel, recurrent, bias = _to_onnx("GRU", _cell_weights(weights, "decoder/layer0_forward"))
    parts = (kernel[None], recurrent[None], np.concatenate([bias, np.zeros_like(bias)])[None])
    constants = [graph.constant(np.ascontiguousarray(part)) for part in parts]
    answer = [graph.constant(weights[f"readout/answer/{name}"]) for name in ("kernel", "bias")]
    one_hot = graph.constant(np.eye(len(weights["readout/answer/bias"]), dtype=np.float32))
    ones, rows = graph.constant(np.array([1])), graph.node("Shape", context, start=1, end=2)
    said = graph.node("Expand", graph.constant(np.array([[0]])), graph.node("Concat", ones, rows, axis=0))  # (1, B)
    shape = graph.node("Concat", ones, rows, graph.constant(np.array([units])), axis=0)
    state = graph.node("Expand", graph.constant(np.zeros(1, np.float32)), shape)  # (1, B, H)
    for _ in range(STEPS):
        seen = graph.node("Concat", graph.node("Gather", one_hot, said), context, axis=2)
        state = graph.node("GRU", seen, *constants, "", state, outputs=2, hidden_size=units)
        scores = graph.node("Add", graph.node("MatMul", state, answer[0]), answer[1])
        chances = graph.node("Softmax", scores, axis=-1)
        yield chances
        said = graph.node("ArgMax", chances, axis=2, keepdims=0)  # (1, B)


def exact(normalizer: DateNormalizer, pairs: Sequence[tuple[str, str]]) -> float:
    """The fraction of texts whose date the network gives; a date that no calendar has counts as none."""
    texts = [simplify(text) for text, _ in pairs]
    found = [
        guess.date if is_consistent(guess.date, text) else None
        for guess, text in zip(normalizer.guess(texts), texts, strict=True)
    ]
    wanted = [date if is_consistent(date, text) else None for (_, date), text in zip(pairs, texts, strict=True)]
    return sum(a == b for a, b in zip(found, wanted, strict=True)) / len(pairs)


def main(path: str) -> None:
    """Train the network that comes with the package and write it."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    content = export_dates(train_dates(steps=7_000))
    share = exact(DateNormalizer(content), examples(20_000, seed=2, held_out=True))
    logger.info("%d bytes; %.2f %% of 20,000 held-out dates", len(content), 100 * share)
    with atomic_write(path) as stream:
        stream.write(content)


if __name__ == "__main__":
    main(sys.argv[1])
