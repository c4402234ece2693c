"""Language models through ONNX Runtime: probabilities of text, sampling, contextual embeddings."""
