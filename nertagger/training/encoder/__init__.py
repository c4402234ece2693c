"""Training from a pretrained encoder: which one, what is built from it, and with which weights it starts."""
