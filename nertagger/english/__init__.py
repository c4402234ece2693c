"""The pretrained English encoder and the English tagger, which come with the package.

The vectors of words are in the file of the encoder alone. The tagger and the smaller encoder are stored without them;
both are joined in memory when they are opened, and are then model files like any other.
"""

from nertagger.english.files import encoder, fast, tagger

__all__ = ["encoder", "fast", "tagger"]
