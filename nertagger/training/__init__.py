"""Fitting a network to annotated text, and writing the model file."""

from nertagger.errors import requires_extra
from nertagger.training.startup import quiet_start

with requires_extra("training", "train"):
    with quiet_start():
        import keras as keras

    from nertagger.training.entity_bias import describe_bias
    from nertagger.training.fit import resume, run_folder, train
    from nertagger.training.run_folder import Stopped

__all__ = ["Stopped", "describe_bias", "resume", "run_folder", "train"]
