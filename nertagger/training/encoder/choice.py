"""The choice of the encoder that a run starts from, and the settings that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from nertagger.config import Config, RecurrentConfig, toml_value
from nertagger.errors import ConfigError
from nertagger.modelfile.schema import ENGLISH
from nertagger.text.document import Sentence
from nertagger.training.encoder.encoder import Encoder
from nertagger.training.encoder.english_weights import english_start
from nertagger.training.encoder.sources import ENGLISH_FAST, find_encoder

LEAST_KNOWN = 0.75
"""The fraction of the running words that an encoder must know for a text to be of its language.

Of the running words of tweets, the English encoder knows 86 to 89 %, of other English 93 to 98 %, and of German 55 %.
"""


class Start(NamedTuple):
    """What a run starts from.

    Attributes:
        config: the settings, those that the encoder decides included.
        encoder: the encoder; None for random weights.
        note: a line that says which encoder it is, and why.
    """

    config: Config
    encoder: Encoder | None
    note: str


def choose_start(
    config: Config,
    train: Sequence[Sentence],
    *,
    find: Callable[[str], Encoder] = find_encoder,
    choose_weights: Callable[[Encoder, Sequence[Sentence]], tuple[Encoder, str]] = english_start,
) -> Start:
    """Return what a run on these sentences starts from.

    Args:
        config: the settings of the user.
        train: the sentences to train on.
        find: returns the encoder of a name.
        choose_weights: returns the English encoder whose weights fit the sentences, and why they do; see
            `english_start`.

    Raises:
        ConfigError: if settings contradict the encoder that they name.
        ModelFileError: if that cannot be read.
    """
    source = config.encoder.source
    if source == "none":
        return _without(config, "none, as asked for")
    name, encoder = _fitting(config, find) if source in ("auto", ENGLISH) else (source, find(source))
    contradiction = next(_contradictions(config, encoder, name), "")
    reasons = ["as asked for"]
    if source != "auto" and contradiction:
        raise ConfigError(f"{contradiction}; remove that setting, or start from no encoder: --encoder none")
    if source == "auto":
        share = encoder.known_share([*chain.from_iterable(sentence.words for sentence in train)])
        known = f"{100 * share:.0f} % of the running words are known to"
        if share < LEAST_KNOWN:
            remedy = "" if config.words.vectors else "; word vectors of its language help: --vectors FILE"
            expected = f"expected {100 * LEAST_KNOWN:.0f} %"
            return _without(config, f"none, since {known} {ENGLISH}, {expected}{remedy}")
        if contradiction:
            return _without(config, f"none, since {contradiction}")
        reasons = [f"{known} it"]
    if name == ENGLISH:
        encoder, reason = choose_weights(encoder, train)
        reasons.append(reason)
    return _with(config, name, encoder, "; ".join(reasons))


def _fitting(config: Config, find: Callable[[str], Encoder]) -> tuple[str, Encoder]:
    """Return the first of the English encoders that the settings of the user fit, else the first one."""
    found = find(ENGLISH)
    problems = list(_contradictions(config, found, ENGLISH))
    if problems and all(problem.startswith("network.") for problem in problems):
        fast = find(ENGLISH_FAST)
        if not any(_contradictions(config, fast, ENGLISH_FAST)):
            return ENGLISH_FAST, fast
    return ENGLISH, found


def _with(config: Config, source: str, encoder: Encoder, reason: str) -> Start:
    resolved = config.updated({"encoder.source": source, **_decided(encoder)})
    network = f"{encoder.network.layers} x {encoder.network.units} {encoder.network.cell} units"
    return Start(resolved, encoder, f"encoder: {source}, {reason} ({network})")


def _without(config: Config, reason: str) -> Start:
    is_auto = config.words.input == "auto"
    return Start(
        config.updated({"encoder.source": "none", **({"words.input": "learned"} if is_auto else {})}),
        None,
        f"encoder: {reason}",
    )


def _contradictions(config: Config, encoder: Encoder, called: str) -> Iterator[str]:
    """Yield a line about each setting of the user that the encoder cannot have."""
    defaults = Config()
    for name, value in _decided(encoder).items():
        chosen = _setting(config, name)
        if chosen not in (value, _setting(defaults, name)):
            yield f"{name} is {toml_value(chosen)}, that of the encoder {called} is {toml_value(value)}"


def _decided(encoder: Encoder) -> dict[str, Any]:
    """Return the settings that an encoder decides, by dotted name."""
    words = {"words.input": "pretrained"} if encoder.vectors is not None else {"words.input": "learned"}
    size = {} if encoder.vectors is not None else {"words.size": encoder.word_size}
    characters = {f"characters.{name}": value for name, value in encoder.characters.model_dump().items()}
    network = {f"network.{name}": getattr(encoder.network, name) for name in RecurrentConfig.model_fields}
    return {**words, **size, **characters, "shapes.size": encoder.shapes.size, **network}


def _setting(config: Config, name: str) -> Any:
    section, _, key = name.partition(".")
    return getattr(getattr(config, section), key)
