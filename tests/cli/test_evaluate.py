from __future__ import annotations

import json

import pytest
import safetensors.numpy

from nertagger.cli import main
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.schema import Tensor
from nertagger.modelfile.writer import write_model
from nertagger.runtime.leakage import sentence_keys

GOLD = "Paris B-LOC\nis O\n\nMichelle B-PER\nObama I-PER\n"


@pytest.fixture
def evaluate(lexicon_model, capsys, tmp_path):
    def run(content: str, *options: str) -> tuple[int, str, str]:
        (tmp_path / "gold.conll").write_text(content)
        code = main(["evaluate", str(lexicon_model), str(tmp_path / "gold.conll"), *options])
        return code, *capsys.readouterr()

    return run


def test_evaluate_prints_one_json_object(evaluate):
    code, printed, _ = evaluate(GOLD, "--json")
    scores = json.loads(printed)
    assert code == 0
    assert (scores["tokens"], scores["gold"], scores["found"], scores["correct"], scores["repaired"]) == (4, 2, 2, 1, 0)
    assert scores["micro"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5}


def test_evaluate_prints_a_report(evaluate):
    code, printed, _ = evaluate(GOLD)
    assert code == 0
    assert "micro" in printed


@pytest.mark.parametrize(
    "content", ["Paris I-LOC\nis O\n", "Paris S-LOC\nis O\n", "Paris U-LOC\nis O\n", "Paris B-LOC\nis O\n"]
)
def test_tags_are_compared_in_the_scheme_of_the_gold_tags(evaluate, content):
    scores = json.loads(evaluate(content, "--json")[1])
    assert (scores["accuracy"], scores["micro"]["f1"]) == (1.0, 1.0)


def test_gold_labels_unknown_to_the_model_are_counted(evaluate, caplog):
    evaluate("Paris B-ORG\n\nParis B-ORG\nis B-MISC\n")
    assert "3 gold entities with labels that the model does not know and cannot find: ORG (2), MISC (1)" in caplog.text


@pytest.mark.parametrize(("learned", "warns"), [("a b c d Paris", True), ("a b c d Rome", False)])
def test_gold_sentences_of_the_training_text_are_warned_of(learned, warns, lexicon_model, tmp_path, caplog):
    tensors = {Tensor.SENTENCE_KEYS: sentence_keys([learned.split()])}
    model = read_model(lexicon_model)
    tensors |= model.tensors
    members = {name: bytes(content) for name, content in model.members.items()}
    write_model(tmp_path / "m.ner", members | {"weights.safetensors": safetensors.numpy.save(tensors)})
    (tmp_path / "gold.conll").write_text("a O\nb O\nc O\nd O\nParis B-LOC\n")
    assert main(["evaluate", str(tmp_path / "m.ner"), str(tmp_path / "gold.conll")]) == 0
    assert ("trained on 1 of these 1 gold sentences" in caplog.text) == warns


def test_columns_and_several_files(lexicon_model, tmp_path, capsys):
    for name in ("a.conll", "b.conll"):
        (tmp_path / name).write_text("x Paris B-LOC S-LOC\n")
    columns = ["--word-column", "1", "--tag-column", "2", "--json"]
    assert main(["evaluate", str(lexicon_model), str(tmp_path / "*.conll"), *columns]) == 0
    assert json.loads(capsys.readouterr().out)["correct"] == 2


def test_gold_without_tags(evaluate):
    code, _, messages = evaluate("Paris\n")
    assert code == 2
    assert messages.startswith("error: ")
    assert "gold.conll:1" in messages


def test_details_include_calibration_and_speed(evaluate):
    plain = json.loads(evaluate(GOLD, "--json")[1])
    detailed = json.loads(evaluate(GOLD, "--json", "--details", "--precision", "0.5")[1])
    assert {key: detailed[key] for key in plain} == plain
    added = {"intervals", "matching", "confusion", "calibration", "threshold", "tokens_per_second"}
    assert detailed.keys() - plain.keys() == added
    assert sum(one["size"] for one in detailed["calibration"]["bins"]) == plain["found"]
    assert "Lowest confidence with a precision of 50.00 %" in evaluate(GOLD, "--precision", "0.5")[1]


def test_report_includes_the_training_log_beside_the_model(evaluate, lexicon_model, tmp_path):
    run = lexicon_model.with_suffix(".run")
    run.mkdir(exist_ok=True)
    (run / "log.jsonl").write_text('{"epoch": 1, "loss": 0.5, "dev_f1": 0.25}\n')
    assert evaluate(GOLD, "--report", str(tmp_path / "report.md"))[0] == 0
    text = (tmp_path / "report.md").read_text()
    assert "| 1 | 0.5000 | 25.00 |" in text
    assert "tokens per second" in text


def test_predicted_labels_are_renamed(evaluate):
    gold = "Paris B-GPE\nis O\n\nMichelle O\nObama O\n"
    plain, renamed = (
        json.loads(evaluate(gold, "--json", "--details", *options)[1]) for options in ([], ["--rename", "LOC=GPE,PER="])
    )
    assert (plain["found"], plain["correct"]) == (2, 0)
    assert (renamed["found"], renamed["correct"], renamed["micro"]["f1"]) == (1, 1, 1.0)
    assert sum(one["size"] for one in renamed["calibration"]["bins"]) == 1
    code, _, messages = evaluate(gold, "--rename", "LOC")
    assert code == 2
    assert "--rename: got 'LOC', expected OLD=NEW, as in PERSON=PER" in messages


def test_pipelines_of_spacy_are_scored(tmp_path, capsys, caplog):
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "Paris"}])
    nlp.to_disk(tmp_path / "pipeline")
    (tmp_path / "gold.conll").write_text(GOLD)
    (tmp_path / "gold.jsonl").write_text('{"text": "Paris (well-known)", "entities": [[0, 5, "LOC"]]}\n')
    pipeline = f"spacy:{tmp_path}/pipeline"
    assert main(["evaluate", pipeline, str(tmp_path / "gold.conll"), "--json", "--rename", "GPE=LOC"]) == 0
    assert json.loads(capsys.readouterr().out)["types"]["LOC"]["f1"] == 1.0
    assert "1 gold entity with labels that the model does not know and cannot find: PER (1)" in caplog.text
    assert main(["evaluate", pipeline, str(tmp_path / "gold.jsonl"), "--details", "--rename", "GPE=LOC"]) == 0
    printed = capsys.readouterr().out
    assert "6 of 6 tokens" in printed  # those of spaCy
    assert "alibration" not in printed
    assert main(["evaluate", "spacy:no_such", str(tmp_path / "gold.conll")]) == 2
    assert capsys.readouterr().err.startswith("error: no_such: spaCy cannot load this pipeline: [E050] Can't find")
