"""Tagging with model files through ONNX Runtime, without Keras or TensorFlow."""

from nertagger.decoding.predictions import Labelling
from nertagger.modelfile.model_file import ModelFile
from nertagger.runtime.tagger import Tagger

Reading = Labelling
"""The former name of `Labelling`."""

load = Tagger.load

__all__ = ["Labelling", "ModelFile", "Reading", "Tagger", "load"]
