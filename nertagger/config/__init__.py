"""Settings as typed objects: checked once when they are read, written as TOML, changed by `updated`."""

from nertagger.config.encoder import AnnotatedConfig, EncoderConfig
from nertagger.config.inputs import CharactersConfig, ShapesConfig, WordsConfig
from nertagger.config.language_model import LanguageModelConfig
from nertagger.config.network import NetworkConfig, RecurrentConfig, layer_directions
from nertagger.config.presets import Preset
from nertagger.config.settings import Cell, Direction, Precision, Settings
from nertagger.config.tagger import Config, TrainingConfig
from nertagger.config.toml import toml_value

__all__ = [
    "AnnotatedConfig",
    "Cell",
    "CharactersConfig",
    "Config",
    "Direction",
    "EncoderConfig",
    "LanguageModelConfig",
    "NetworkConfig",
    "Precision",
    "Preset",
    "RecurrentConfig",
    "Settings",
    "ShapesConfig",
    "TrainingConfig",
    "WordsConfig",
    "layer_directions",
    "toml_value",
]
