"""What to label next: how uncertain a model is of each sentence, and which sentences are chosen."""
