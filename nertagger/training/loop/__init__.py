"""The training loop: epochs, learning-rate schedule, seeds, checkpoints and logs."""
