"""The states of hidden units over a text, and what they follow."""
