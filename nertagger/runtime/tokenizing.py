"""How a model cuts raw text into words, as its file says it."""

from __future__ import annotations

from collections.abc import Mapping

from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import VocabularyKey
from nertagger.text.tokenization.profiles import Agreement, Profile


def read_tokenizer(vocabulary: Mapping[str, object], model: ModelFile) -> Agreement:
    """The tokenizer of a vocabulary; that of a model from before there were several is the general one.

    Raises:
        ModelFileError: if it is not a known profile with a share from 0 to 1.
    """
    value = vocabulary.get(VocabularyKey.TOKENIZER)
    if value is None:
        return Agreement(Profile.GENERAL)
    profile, share = (
        (value.get(VocabularyKey.PROFILE), value.get(VocabularyKey.AGREEMENT))
        if isinstance(value, dict)
        else (None, None)
    )
    is_share = share is None or (type(share) in (int, float) and 0 <= share <= 1)
    if profile not in list(Profile) or not is_share:
        names = ", ".join(Profile)
        got = f"has the tokenizer {value!r:.60}"
        raise model.vocabulary_error(
            f"{got}, expected a profile ({names}) and its agreement from 0 to 1; upgrade nertagger"
        )
    return Agreement(Profile(profile), share)


def tokenizer_record(tokenizer: Agreement) -> dict[str, object]:
    """The tokenizer as `read_tokenizer` reads it."""
    return {VocabularyKey.PROFILE: str(tokenizer.profile), VocabularyKey.AGREEMENT: tokenizer.share}
