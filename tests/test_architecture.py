"""The floors of the package and its one-way doors."""

from __future__ import annotations

import ast
import configparser
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import nertagger

PACKAGE = Path(nertagger.__file__).parent

# What each room may import, beside itself. These modules and the package's own version are the ground.
GROUND = {"", "companions", "errors", "files", "parsing", "printable", "processes"}
SENTENCES = GROUND | {"text"}
DOORS = {
    "": set(),  # its public names are looked up when they are used
    "__main__": {"cli", "training"},
    "errors": set(),
    "companions": {"errors", "files", "parsing"},
    "parsing": set(),
    "files": {"errors", "printable"},
    "printable": set(),
    "processes": {"errors"},
    "progress": GROUND,
    "config": GROUND,
    "lm_config": GROUND | {"config"},
    "text": GROUND,
    "tasks": GROUND,
    "corpus": SENTENCES,
    "features": SENTENCES,
    "evaluation": SENTENCES,
    "network": GROUND | {"config", "lm_config"},
    "runtime": SENTENCES | {"config", "corpus", "features", "evaluation"},
    "training": SENTENCES
    | {"config", "lm_config", "corpus", "features", "evaluation", "network", "runtime", "tasks", "progress"},
    "serving": SENTENCES | {"config", "corpus", "features", "evaluation", "runtime"},
    "experiments": SENTENCES | {"config", "corpus", "evaluation", "runtime"},
    "analysis": SENTENCES | {"config", "lm_config", "features", "network", "runtime", "training"},
    "frames": SENTENCES | {"runtime"},
    "sklearn": SENTENCES | {"config", "corpus", "evaluation", "runtime", "training"},
    "cli": SENTENCES
    | {"config", "lm_config", "corpus", "features", "evaluation", "network", "runtime", "training"}
    | {"serving", "experiments", "analysis", "progress"},
}
HEAVY = {"keras", "tensorflow", "jax", "torch", "onnx"}


def module_names() -> list[str]:
    return ["nertagger", *(module.name for module in pkgutil.walk_packages([str(PACKAGE)], "nertagger."))]


def source_of(name: str) -> Path:
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imports_of(name: str, *, lazy: bool = True) -> Iterator[str]:
    """What a module imports, in functions too if `lazy`; what it imports for type checkers alone is left out."""
    tree = ast.parse(source_of(name).read_text(encoding="utf-8"))
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            yield from (_imported(node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            todo.extend(node.orelse)
        elif lazy or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            todo.extend(ast.iter_child_nodes(node))


def _imported(module: str, name: str) -> str:
    """The module that ``from module import name`` needs."""
    inner = f"{module}.{name}"
    return inner if module.startswith("nertagger") and source_of(inner).exists() else module


def room_of(name: str) -> str:
    """The room that a module is in; every ``__main__`` is a front door of the house and may call the commands."""
    _, *parts = name.split(".")
    return "__main__" if "__main__" in parts else "".join(parts[:1])


@pytest.mark.parametrize("name", module_names())
def test_doors_are_one_way(name):
    room = room_of(name)
    others = {room_of(other) for other in imports_of(name) if other.split(".")[0] == "nertagger"} - {room}
    assert room in DOORS, f"{name} is in no room of the house"
    assert others <= DOORS[room], f"{name} imports {sorted(others - DOORS[room])}"


@pytest.mark.parametrize("name", module_names())
def test_only_the_network_and_its_training_know_keras(name):
    heavy = {other.split(".")[0] for other in imports_of(name)} & HEAVY
    assert not heavy or room_of(name) in {"network", "training", "analysis"}, f"{name} imports {heavy}"


def test_no_circles():
    names = set(module_names())
    graph = {name: {other for other in imports_of(name, lazy=False) if other in names} - {name} for name in names}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"modules import one another in a circle: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("name", [name for name in module_names() if not name.endswith("__main__")])
def test_every_module_can_be_imported(name):
    importlib.import_module(name)


def test_public_names():
    assert set(nertagger.__all__) <= set(dir(nertagger))
    assert nertagger.load.__name__ == "load"
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        _ = nertagger.lode


# What the names of distributions are, where they are not those of their modules.
DISTRIBUTIONS = {"sklearn": "scikit-learn"}


def test_every_import_is_declared() -> None:
    """What another dependency brings along may be gone with its next version."""
    settings = configparser.ConfigParser()
    settings.read(PACKAGE.parent / "setup.cfg")
    listed = settings["options"]["install_requires"], *settings["options.extras_require"].values()
    declared = {re.split(r"[<>=!~\[]", line.strip())[0] for lines in listed for line in lines.splitlines()}
    imported = {module.partition(".")[0] for name in module_names() for module in imports_of(name)}
    foreign = imported - set(sys.stdlib_module_names) - {"nertagger", "__future__"}
    assert {DISTRIBUTIONS.get(module, module) for module in foreign} <= declared
