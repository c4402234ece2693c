"""Every name in a model file is written once, in the schema."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import nertagger
from nertagger.files.signatures import MODEL, archive_kind
from nertagger.modelfile.schema import (
    DIRECTIONS,
    KINDS,
    ContextGraph,
    DatesGraph,
    LanguageGraph,
    Layer,
    ManifestKey,
    Member,
    MetricsKey,
    NetworkGraph,
    Tensor,
    VocabularyKey,
    WordsGraph,
    language_member_names,
)
from nertagger.modelfile.writer import write_model

PACKAGE = Path(nertagger.__file__).parent
NAMESPACES = [
    *(Member, Tensor, Layer),
    *(ManifestKey, VocabularyKey, MetricsKey),
    *(WordsGraph, NetworkGraph, ContextGraph, LanguageGraph, DatesGraph),
]
# Names that are not ordinary words and belong to model files only, unlike config.toml, which run folders have too.
DISTINCTIVE = [
    *({name for kind in KINDS for name in kind} - {Member.CONFIG}),
    *(value for name, value in vars(Tensor).items() if name.isupper() and "_" in value),
    *map(ContextGraph.places, DIRECTIONS),
    *(NetworkGraph.EMISSIONS, WordsGraph.WORD_IDS, WordsGraph.VECTOR_ROWS, WordsGraph.TAG_SHARES),
    *(LanguageGraph.LOG_PROBABILITIES, LanguageGraph.STATE_AFTER),
]


def literals(path: Path) -> set[str]:
    """Return the string literals of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_names_are_written_once():
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for name in literals(path) & set(DISTINCTIVE):
            found.setdefault(name, set()).add(path.relative_to(PACKAGE).as_posix())
    for name, places in found.items():
        assert places == {"modelfile/schema.py"}, name


@pytest.mark.parametrize("space", NAMESPACES)
def test_names_of_a_namespace_are_distinct(space):
    names = [value for name, value in vars(space).items() if name.isupper() and isinstance(value, str)]
    assert len(set(names)) == len(names)


def test_language_models_have_a_graph_for_each_direction():
    assert {"forward.onnx", "backward.onnx"} < set(language_member_names(DIRECTIONS))
    assert "backward.onnx" not in language_member_names(["forward"])


def test_a_model_file_is_recognized_by_its_first_bytes(tmp_path: Path, good_members: dict[str, bytes]):
    path = tmp_path / "m.ner"
    write_model(path, good_members)
    assert archive_kind(path) == MODEL
