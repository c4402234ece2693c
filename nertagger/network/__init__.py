"""The network, from arrays to emissions and loss: written in `keras.ops` and `keras.layers` alone."""
