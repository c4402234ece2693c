"""The tokenizer of a model, from its file."""

from __future__ import annotations

from collections.abc import Mapping

from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import VocabularyKey
from nertagger.text.tokenization.profiles import Agreement, Profile


def read_tokenizer(vocabulary: Mapping[str, object], model: ModelFile) -> Agreement:
    """Return the tokenizer of a vocabulary; the general one for models of versions that had no other.

    Raises:
        ModelFileError: if the profile is unknown or its agreement is not from 0 to 1.
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
    """Return a tokenizer in the form that `read_tokenizer` reads."""
    return {VocabularyKey.PROFILE: str(tokenizer.profile), VocabularyKey.AGREEMENT: tokenizer.f1}
