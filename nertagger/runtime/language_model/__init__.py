"""Language models through ONNX Runtime: probability of text, and sampling."""
