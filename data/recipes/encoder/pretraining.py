"""The runs that train the encoders of the package, as `nertagger pretrain` would."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from table import Table

from nertagger.cli.common.progress import display
from nertagger.companions import encoder_run_folder
from nertagger.config import EncoderConfig
from nertagger.progress import EncoderRunProgress
from nertagger.training.loop.checkpoint_file import FILE_NAME
from nertagger.training.pretraining import pretrain, resume_pretraining

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "english"))
from sources import SCORED, SOURCES

MASKED_WORDS: Mapping[str, Any] = {"masked.mask": 0.2, "masked.batch_tokens": 8192}
"""Two layers of 200 units, in smaller batches than by default: they reach the same loss with less text."""
ANNOTATED: Mapping[str, Any] = {"network.layers": 1, "network.units": 100}
"""One layer of 100 units."""


def fill_in_masked_words(table: Table, data: Path, text: Path, out: Path, settings: Mapping[str, Any]) -> Path:
    """Train an encoder on raw text and return its file; see `_run`."""
    return _run(table, data, out, {**settings, "data.text": [str(text)]})


def tag_corpora(table: Table, data: Path, out: Path, settings: Mapping[str, Any]) -> Path:
    """Train an encoder on the training splits of the English tagger's corpora and return its file; see `_run`."""
    corpora = ["+".join(str(data / path) for path in source.train) for source in SOURCES.values()]
    return _run(table, data, out, {**settings, "data.annotated": corpora})


def _run(table: Table, data: Path, out: Path, settings: Mapping[str, Any]) -> Path:
    """Train an encoder, or go on with the run that was stopped, and return its file.

    Args:
        table: the vectors of the words.
        data: the folder of corpora, whose scored splits are left out of all text.
        out: the file to write.
        settings: what differs from the default.
    """
    folder = encoder_run_folder(out)
    folder.mkdir(parents=True, exist_ok=True)
    vectors = folder / "vectors.bin"
    table.write(vectors)
    with EncoderRunProgress(display(delay=0)) as listener:
        if (folder / FILE_NAME).is_file():
            return resume_pretraining(folder, listener=listener)
        config = EncoderConfig().updated(
            {
                **settings,
                "data.vectors": [str(vectors)],
                "data.max_vectors": len(table.words),
                "data.exclude": [str(data / path) for path in SCORED],
                "output.encoder": str(out),
            }
        )
        return pretrain(config, removed=folder / "removed.tsv", listener=listener)
