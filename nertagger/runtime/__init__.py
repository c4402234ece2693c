"""Model files, and tagging with them through ONNX Runtime; knows neither Keras nor TensorFlow."""

from nertagger.decoding.predictions import Reading
from nertagger.modelfile.model_file import ModelFile
from nertagger.runtime.tagger import Tagger

load = Tagger.load

__all__ = ["ModelFile", "Reading", "Tagger", "load"]
