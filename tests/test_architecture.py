"""The layers of the package and the dependencies between its parts."""

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

GROUND = "_version companions deprecation errors files grouping parsing per_process printable processes tables"

# The other parts of the package that each part (a folder or module) imports: exactly these; lower layers come first.
DOORS = {
    "_version": "",
    "deprecation": "",
    "errors": "",
    "grouping": "",
    "parsing": "",
    "per_process": "",
    "printable": "",
    "processes": "errors",
    "tables": "printable",
    "files": "errors printable",
    "companions": "errors files parsing",
    "progress": "printable",
    "render": "",
    "config": "errors parsing",
    "text": "errors printable render",
    "corpus": "companions errors files grouping printable text",
    "decoding": "errors text",
    "rules": "decoding errors files parsing printable text",
    "modelfile": "_version errors files parsing",  # its schema names what features and networks hold
    "features": "errors files grouping modelfile printable processes rules text",
    "network": "config modelfile",
    "evaluation": "errors printable render tables text",
    "reports": "companions errors evaluation files printable render tables",
    "english": "errors modelfile",
    "runtime": "config corpus decoding deprecation english errors features modelfile parsing per_process printable"
    " rules text",
    "export": "config evaluation features modelfile runtime text",
    "training": "_version companions config corpus decoding english errors evaluation export features files grouping"
    " modelfile network printable processes progress runtime text",
    "experiments": "config corpus errors evaluation files modelfile parsing printable runtime text",
    "dates": "export features files modelfile network runtime text training",
    "theory": "config dates features network training",
    "inspection": "config errors features files modelfile printable render runtime text",
    "serving": "_version corpus errors files modelfile printable rules runtime text",
    "integrations": "config errors evaluation grouping modelfile printable runtime text training",
    "sklearn": "deprecation integrations",  # former names
    "frames": "deprecation integrations",
    "annotation": "companions config corpus decoding errors evaluation files grouping modelfile printable processes"
    " progress render runtime serving text training",
    "cli": "_version annotation companions config corpus decoding english errors evaluation experiments export features"
    " files inspection integrations modelfile printable processes progress reports rules runtime serving text training",
    "__main__": "cli",
    "": "_version config corpus dates deprecation evaluation rules runtime text training",  # imported when used
}
# The libraries of each part, except NumPy.
LIBRARIES = {
    "annotation": "fastapi pydantic starlette",
    "config": "pydantic",
    "corpus": "pyarrow spacy srsly",
    "dates": "keras onnx",
    "evaluation": "pandas",
    "experiments": "optuna psutil scipy sqlalchemy",
    "export": "onnx onnxruntime safetensors",
    "features": "pandas",
    "files": "fsspec zstandard",
    "inspection": "matplotlib onnx",
    "integrations": "datasets pandas polars pyarrow pyspark sklearn spacy",
    "network": "keras",
    "progress": "IPython rich",
    "render": "jinja2",
    "reports": "matplotlib",
    "runtime": "onnxruntime",
    "serving": "fastapi prometheus_client pydantic pydantic_core starlette uvicorn",
    "theory": "keras pandas tensorflow",
    "training": "jax keras onnx safetensors tensorboard tensorflow torch",
}


def module_names() -> list[str]:
    return ["nertagger", *(module.name for module in pkgutil.walk_packages([str(PACKAGE)], "nertagger."))]


def source_of(name: str) -> Path:
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imports_of(name: str, *, lazy: bool = True) -> Iterator[str]:
    """Yield what a module imports, except for types; if `lazy`, also in functions and by a name in a string."""
    tree = ast.parse(source_of(name).read_text(encoding="utf-8"))
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            yield from (_imported(node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Constant) and lazy:
            yield from _named(node.value)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            todo.extend(node.orelse)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        elif lazy or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            todo.extend(ast.iter_child_nodes(node))


def _named(value: object) -> list[str]:
    """Return the modules of the package that a string names, as code to run elsewhere or to be imported later."""
    found = re.findall(r"\bnertagger(?:\.\w+)+", value) if isinstance(value, str) else []
    return [_innermost(name) for name in found if source_of(name.split(".")[0] + "." + name.split(".")[1]).exists()]


def _innermost(name: str) -> str:
    """Return the module that a dotted name is in."""
    return name if source_of(name).exists() else _innermost(name.rpartition(".")[0])


def _imported(module: str, name: str) -> str:
    """Return the module that ``from module import name`` imports."""
    inner = f"{module}.{name}"
    return inner if module.startswith("nertagger") and source_of(inner).exists() else module


def room_of(name: str) -> str:
    """Return the part that a module is in; every ``__main__`` is an entry point, which may call the commands."""
    _, *parts = name.split(".")
    return "__main__" if "__main__" in parts else "".join(parts[:1])


def rooms() -> dict[str, set[str]]:
    """Return the modules of each part."""
    found: dict[str, set[str]] = {}
    for name in module_names():
        found.setdefault(room_of(name), set()).add(name)
    return found


def test_every_room_has_doors():
    assert set(DOORS) == set(rooms())
    assert set(GROUND.split()) <= set(DOORS)


@pytest.mark.parametrize("room", DOORS)
def test_doors_are_as_listed(room):
    others = {room_of(other) for name in rooms()[room] for other in imports_of(name) if _is_ours(other)}
    assert others - {room} == set(DOORS[room].split())


def _is_ours(name: str) -> bool:
    return name.split(".")[0] == "nertagger"


def test_doors_are_one_way():
    floors = list(DOORS)
    for room, others in DOORS.items():
        assert all(floors.index(other) < floors.index(room) for other in others.split()), room


def test_the_page_on_the_design_lists_every_folder_in_an_order_of_the_doors():
    page = (PACKAGE.parent / "docs/explanation/design.md").read_text(encoding="utf-8")
    rows = [re.findall(r"`(\w+)`", row.split("|")[1]) for row in page.splitlines() if row.startswith("| `")]
    listed = [name for row in rows for name in row]
    assert set(listed) == {room for room in DOORS if room and (PACKAGE / room).is_dir()}
    for place, room in enumerate(listed):
        assert set(DOORS[room].split()) <= {*listed[:place], *GROUND.split()}, room


@pytest.mark.parametrize("room", DOORS)
def test_libraries_are_as_listed(room):
    others = {other.partition(".")[0] for name in rooms()[room] for other in imports_of(name)}
    foreign = others - set(sys.stdlib_module_names) - {"nertagger", "__future__", "numpy"}
    assert foreign == set(LIBRARIES.get(room, "").split())


FOLDERS = sorted({source_of(name).parent.relative_to(PACKAGE.parent).as_posix() for name in module_names()})


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_holds_at_most_14_modules(folder):
    assert len(list((PACKAGE.parent / folder).glob("*.py"))) <= 14


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


# Names of distributions that differ from those of their modules.
DISTRIBUTIONS = {
    "IPython": "ipython",
    "prometheus_client": "prometheus-client",
    "pydantic_core": "pydantic",  # of the same project, whose versions go together
    "sklearn": "scikit-learn",
}


def test_every_import_is_declared() -> None:
    """A package that only another dependency installs may disappear with its next version."""
    settings = configparser.ConfigParser()
    settings.read(PACKAGE.parent / "setup.cfg")
    listed = settings["options"]["install_requires"], *settings["options.extras_require"].values()
    declared = {re.split(r"[<>=!~\[]", line.strip())[0] for lines in listed for line in lines.splitlines()}
    imported = {module.partition(".")[0] for name in module_names() for module in imports_of(name)}
    foreign = imported - set(sys.stdlib_module_names) - {"nertagger", "__future__"}
    assert {DISTRIBUTIONS.get(module, module) for module in foreign} <= declared
