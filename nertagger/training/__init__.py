"""Train taggers on annotated text, and write their model files."""

from nertagger.errors import requires_extra
from nertagger.training.quiet_tensorflow import quiet_start

with requires_extra("training", "train"):
    with quiet_start():
        import keras as keras

    from nertagger.training.loop.run_folder import Stopped
    from nertagger.training.run import resume, run_folder, train
    from nertagger.training.selection.entity_bias import describe_bias

__all__ = ["Stopped", "describe_bias", "resume", "run_folder", "train"]
