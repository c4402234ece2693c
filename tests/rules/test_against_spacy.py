"""The same rules find the same entities on the same tokens as spaCy's EntityRuler."""

from __future__ import annotations

import random
import warnings
from typing import Any

import pytest

from nertagger.rules import Rules
from nertagger.rules.attributes import ATTRIBUTES, kind_of

spacy = pytest.importorskip("spacy")
from spacy.pipeline import EntityRuler  # noqa: E402
from spacy.tokens import Doc  # noqa: E402

NLP = spacy.blank("en")

WORDS = (
    "San Francisco san SAN Inc. inc Inc , . ( ) [ \" '' `` « ’ $ € £5 5 12 3/4 21st ten Ten -1,000.5 1.5 +7 fifth a.b "
    "foo.bar example.com example.com/x Foo.Com http://x www.a.de ann@example.com 1.2.3.4 10.1.2.3 x.io:80/a U.S U.S. "
    "Müller straße ÉTÉ 東京 123abc ABCdef Paris2024 ... - -- New York Yorkers of the The A aaaaaaaaaa İstanbul "
    "ǅ ٣ ² 😀 _"
).split()


def entities_of_spacy(words: list[str], patterns: list[dict[str, Any]]) -> list[tuple[str, int, int, str]]:
    ruler = EntityRuler(NLP)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ruler.add_patterns(patterns)
        doc = ruler(Doc(NLP.vocab, words=words))
    return [(ent.label_, ent.start, ent.end, ent.ent_id_) for ent in doc.ents]


def entities_of_ours(words: list[str], patterns: list[dict[str, Any]]) -> list[tuple[str, int, int, str]]:
    return [(*span, rule) for span, rule in Rules(patterns=patterns).match(words)]


@pytest.mark.parametrize("attribute", sorted(ATTRIBUTES))
def test_attributes_have_the_values_of_spacy(attribute):
    if attribute in ("ORTH", "TEXT"):
        pytest.skip("the word itself")
    names = {"LOWER": "lower_", "SHAPE": "shape_", "PREFIX": "prefix_", "SUFFIX": "suffix_", "LENGTH": "__len__"}
    doc = Doc(NLP.vocab, words=WORDS)
    for token in doc:
        found = getattr(token, names.get(attribute, attribute.lower()))
        assert ATTRIBUTES[attribute](token.text) == (found() if callable(found) else found), token.text


def random_condition(rng: random.Random) -> dict[str, Any]:
    attribute = rng.choice(["ORTH", "TEXT", "LOWER", "lower", "SHAPE", "LENGTH", *ATTRIBUTES])
    word = rng.choice(WORDS)
    value = ATTRIBUTES[attribute.upper()](word)
    kind = kind_of(attribute.upper())
    if kind is bool:
        return {attribute: rng.random() < 0.7}
    others = [ATTRIBUTES[attribute.upper()](rng.choice(WORDS)) for _ in range(3)]
    tests: list[Any] = [value, value, {"IN": [value, *others]}, {"NOT_IN": others}]
    if kind is int:
        tests.append({rng.choice(["==", "!=", ">=", "<=", ">", "<"]): value})
    else:
        tests += [{"REGEX": rng.choice(["^[A-Z]", "n", r"\d", "^.$", "(?i)inc"])}]
        tests += [{"REGEX": {"IN": ["^S", "o$"]}}, {"REGEX": {"NOT_IN": ["a", "^[0-9]"]}, "NOT_IN": others}]
    return {attribute: rng.choice(tests)}


def random_pattern(rng: random.Random, number: int) -> dict[str, Any]:
    label, one = f"L{number}", {"id": f"id{number}"}
    if rng.random() < 0.2:
        return {"label": label, "pattern": rng.choice(["San Francisco", "New York", "the", "Inc.", "ten"]), **one}
    tokens = []
    for _ in range(rng.randint(1, 4)):
        token = {} if rng.random() < 0.15 else random_condition(rng)
        token |= random_condition(rng) if rng.random() < 0.2 and token else {}
        if rng.random() < 0.5:
            token |= {"OP": rng.choice(["!", "?", "*", "+", "1", "{2}", "{1,2}", "{,2}", "{2,}", "{0,1}"])}
        tokens.append(token)
    return {"label": label, "pattern": tokens, **one}


@pytest.mark.parametrize("seed", range(20))
def test_random_patterns_find_the_entities_of_spacy(seed):
    rng = random.Random(seed)
    for _ in range(20):
        patterns = [random_pattern(rng, 0)]
        for _ in range(3):
            words = rng.choices(WORDS, k=rng.randint(1, 9))
            assert entities_of_ours(words, patterns) == entities_of_spacy(words, patterns), (words, patterns)


@pytest.mark.parametrize("seed", range(5))
def test_several_patterns_find_the_ranges_of_spacy(seed):
    """Of patterns that match the same tokens, spaCy takes any."""
    rng = random.Random(seed)
    for _ in range(20):
        patterns = [random_pattern(rng, number) for number in range(4)]
        words = rng.choices(WORDS, k=rng.randint(1, 20))
        ours, theirs = (found(words, patterns) for found in (entities_of_ours, entities_of_spacy))
        assert [one[1:3] for one in ours] == [one[1:3] for one in theirs], (words, patterns)
