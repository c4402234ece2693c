"""Settings as typed objects, TOML in and TOML out, checked once when they are read."""

from nertagger.config.tagger import (
    Cell,
    CharactersConfig,
    Config,
    Direction,
    NetworkConfig,
    Precision,
    TrainingConfig,
    WordsConfig,
    layer_directions,
    make_config,
    parse_config,
    read_config,
    toml_value,
)

__all__ = [
    "Cell",
    "CharactersConfig",
    "Config",
    "Direction",
    "NetworkConfig",
    "Precision",
    "TrainingConfig",
    "WordsConfig",
    "layer_directions",
    "make_config",
    "parse_config",
    "read_config",
    "toml_value",
]
