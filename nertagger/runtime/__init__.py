"""Model files, and tagging with them through ONNX Runtime; knows neither Keras nor TensorFlow."""

from nertagger.runtime.model_file import ModelFile
from nertagger.runtime.predictions import Reading
from nertagger.runtime.tagger import Tagger

load = Tagger.load

__all__ = ["ModelFile", "Reading", "Tagger", "load"]
