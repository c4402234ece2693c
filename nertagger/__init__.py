"""nertagger: train, run and score named-entity taggers built on a stacked bidirectional LSTM."""

__version__ = "0.1.0"
