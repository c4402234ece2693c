"""The states of hidden units over a text: computed, ranked and shown."""
