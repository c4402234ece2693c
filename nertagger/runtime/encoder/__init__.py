"""Encoders from their files, without Keras or TensorFlow."""
