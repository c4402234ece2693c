"""Scores as data frames, dictionaries and reports."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape

from nertagger.evaluation import Counts, Scores, evaluate

SCORES = Scores(
    tokens=1234,
    correct_tags=1200,
    repaired=1,
    types={"LOC": Counts(40, 50, 30), "creative-work": Counts(3, 0, 0), "PER": Counts(1000, 1100, 900)},
)


def test_to_dict_has_the_documented_keys_in_order() -> None:
    printed = json.loads(json.dumps(SCORES.to_dict()))
    assert list(printed) == [
        *("tokens", "gold", "found", "correct", "repaired", "accuracy"),
        *("micro", "macro", "weighted", "types"),
    ]
    assert (
        list(printed["micro"]) == list(printed["macro"]) == list(printed["weighted"]) == ["precision", "recall", "f1"]
    )
    assert list(printed["types"]["LOC"]) == ["precision", "recall", "f1", "support", "found"]
    assert printed["types"]["LOC"] == {"precision": 0.6, "recall": 0.75, "f1": 60 / 90, "support": 40, "found": 50}


def test_to_frame_has_a_row_for_each_type_and_average() -> None:
    frame = SCORES.to_frame()
    assert list(frame.index) == ["LOC", "creative-work", "PER", "micro", "macro", "weighted"]
    assert list(frame.columns) == ["precision", "recall", "f1", "support", "found", "correct"]
    assert frame.loc["LOC", "recall"] == 0.75
    assert frame.loc["micro", "support"] == 1043
    assert frame["support"].dtype.kind == "i"


def test_to_frame_without_types_has_only_the_averages() -> None:
    assert list(evaluate([], []).to_frame().index) == ["micro", "macro", "weighted"]


def test_report_is_aligned_and_explains_the_counts() -> None:
    assert SCORES.report().splitlines() == [
        "1,200 of 1,234 tokens have the gold tag (accuracy 97.24 %); 1 invalid predicted tag repaired.",
        "",
        "               precision  recall     F1   gold  found  correct",
        "--------------------------------------------------------------",
        "LOC                60.00   75.00  66.67     40     50       30",
        "creative-work       0.00    0.00   0.00      3      0        0",
        "PER                81.82   90.00  85.71  1,000  1,100      900",
        "--------------------------------------------------------------",
        "micro              80.87   89.17  84.82  1,043  1,150      930",
        "macro              47.27   55.00  50.79",
        "weighted           80.75   89.17  84.74",
        "",
        "Counted as in conlleval: an entity is correct if its type, first and last word equal those of a gold entity.",
    ]


def test_a_printed_score_is_its_report() -> None:
    scores = Scores(5, 4, 0, {"PER": Counts(gold=3, found=2, correct=1)})
    assert str(scores) == scores.report()


def test_importing_evaluation_loads_neither_pandas_nor_sklearn() -> None:
    code = "import sys, nertagger.evaluation; sys.exit(bool({'pandas', 'sklearn'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_notebooks_show_the_table_of_the_report() -> None:
    scores = Scores(5, 4, 0, {"<b>": Counts(gold=3, found=2, correct=1), "PER": Counts(gold=1)})
    html = scores._repr_html_()
    cells = [unescape(cell) for cell in re.findall(r"<t[hd][^>]*>([^<]*)<", html)]
    assert [cell for cell in cells if cell] == [
        cell for line in scores.report().splitlines()[2:-2] if not line.startswith("---") for cell in line.split()
    ]
    assert "4 of 5 tokens" in html
