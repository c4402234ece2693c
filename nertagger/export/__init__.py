"""Trained networks as ONNX graphs, and their quantization; imports neither Keras nor TensorFlow."""
