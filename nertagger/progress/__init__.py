"""Progress of long work: bars on a terminal or in a notebook, lines of text elsewhere."""

from nertagger.progress.display import Display, is_watched
from nertagger.progress.runs import (
    EncoderRunProgress,
    LanguageRunProgress,
    RunProgress,
    check_line,
    encoder_line,
    epoch_line,
)

__all__ = [
    "Display",
    "EncoderRunProgress",
    "LanguageRunProgress",
    "RunProgress",
    "check_line",
    "encoder_line",
    "epoch_line",
    "is_watched",
]
