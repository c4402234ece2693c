"""Selection on the dev split: scores of the weights in training, and the entity bias."""
