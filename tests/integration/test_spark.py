"""Tagging with Spark, in a session of two threads that tries a task four times."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import pytest

from nertagger.errors import DataError, ModelFileError
from nertagger.integrations.spark import entities_udf, tag
from nertagger.rules import Rules
from nertagger.runtime import Tagger
from tests.docs.test_pages import blocks, run_python

KIND = "array<struct<label:string,start:int,end:int,text:string,confidence:double>>"
ROOT = Path(__file__).resolve().parents[2]
TEXTS = ["in Paris", None, "", "😀 New York, 妈", "nothing"]
FOUND = [[("LOC", 3, 8, "Paris")], None, [], [("LOC", 2, 10, "New York"), ("PER", 12, 13, "妈")], []]
pytestmark = pytest.mark.filterwarnings(
    "ignore::FutureWarning", "ignore::ResourceWarning", "ignore::DeprecationWarning"
)


@pytest.fixture(scope="module")
def spark(missing: Callable[[str], NoReturn]) -> Iterator[Any]:
    """Return a session, one for all tests: it takes seconds to start (Debian: ``default-jre-headless``)."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        missing("there is no Java on this machine")
    sql = pytest.importorskip("pyspark.sql")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        builder = sql.SparkSession.builder.master("local[2,4]").appName("tests")
        settings = {"ui.enabled": "false", "sql.shuffle.partitions": "2", "sql.session.timeZone": "Asia/Tokyo"}
        for name, value in settings.items():
            builder = builder.config(f"spark.{name}", value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()


@pytest.fixture
def tagger(lexicon_model: Path) -> Tagger:
    return Tagger.load(lexicon_model)


def plain(entities: list[Any] | None) -> list[tuple] | None:
    return None if entities is None else [tuple(entity)[:4] for entity in entities]


def test_all_columns_are_kept(spark: Any, lexicon_model: Path) -> None:
    schema = (
        "id int, text string, day date, moment timestamp, wall timestamp_ntz, price decimal(20,3), bits binary, "
        "words array<string>, counts map<string,bigint>, inner struct<a:int,b:array<double>>, "
        "lasted interval day to second"
    )
    moment = datetime(1890, 1, 1, 12, 30, 0, 123456, tzinfo=UTC)
    values = (
        date(1, 1, 1),
        moment,
        datetime(2024, 3, 31, 2, 30),
        Decimal("12345678901234567.123"),
        bytearray(b"\xff\0"),
    )
    nested = (["a", None], {"b": None, "c": 2**60}, (None, [1.5]), None)
    rows = [(i if i % 2 else None, text, *(values if i % 3 else [None] * 5), *nested) for i, text in enumerate(TEXTS)]
    frame = spark.createDataFrame(rows, schema).coalesce(1)
    tagged = tag(frame, "text", str(lexicon_model))
    assert tagged.schema[:-1] == frame.schema[:]
    assert tagged.schema["entities"].dataType.simpleString() == KIND
    found = tagged.collect()
    assert [row[:-1] for row in found] == [tuple(row) for row in frame.collect()]
    assert [plain(row.entities) for row in found] == FOUND


def test_offsets_count_as_those_of_spark(spark: Any, tagger: Tagger) -> None:
    from pyspark.sql import functions

    frame = spark.createDataFrame([(text,) for text in TEXTS], "text string")
    entities = tag(frame, "text", tagger).select("text", functions.explode("entities").alias("e"))
    rows = entities.select(
        functions.expr("substring(text, e.start + 1, e.end - e.start)").alias("part"), "e.text"
    ).collect()
    assert [row.part for row in rows] == [row.text for row in rows] == ["Paris", "New York", "妈"]


def test_bytes_that_are_not_utf_8(spark: Any, tagger: Tagger, tmp_path: Path) -> None:
    from pyspark.sql import functions

    if not hasattr(functions, "arrow_udf"):
        pytest.skip("before Spark 4.1, PySpark decodes the texts")
    (tmp_path / "latin.txt").write_bytes("caf\xe9 in Paris\n".encode("latin-1"))
    row = tag(spark.read.text(str(tmp_path)), "value", tagger).select("entities").first()
    assert plain(row.entities) == [("LOC", 8, 13, "Paris")]


def test_many_batches_keep_their_order(spark: Any, tagger: Tagger) -> None:
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "7")
    rows = [(i, None if i % 5 == 0 else f"{'so ' * (i % 11)}in Paris") for i in range(3000)]
    found = tag(spark.createDataFrame(rows, "id int, text string").repartition(3), "text", tagger).collect()
    spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
    assert sorted((row.id, row.text) for row in found) == rows
    for row in found:
        expected = None if row.text is None else [("LOC", len(row.text) - 5, len(row.text), "Paris")]
        assert plain(row.entities) == expected


def test_the_function_in_expressions_and_sql(spark: Any, tagger: Tagger) -> None:
    find = entities_udf(tagger, min_confidence=0.5)
    frame = spark.createDataFrame([("in Paris", "nothing"), ("x", "in New York")], "title string, body string")
    rows = frame.select(find("title").alias("a"), find("body").alias("b")).collect()
    assert [[plain(row.a), plain(row.b)] for row in rows] == [[FOUND[0], []], [[], [("LOC", 3, 11, "New York")]]]
    spark.udf.register("find_entities", find)
    frame.createOrReplaceTempView("letters")
    query = "select entity.text as name from (select explode(find_entities(body)) as entity from letters)"
    texts = spark.sql(query).collect()
    assert [row.name for row in texts] == ["New York"]
    assert entities_udf(tagger, min_confidence=1.0)
    field = spark.createDataFrame([(("in Paris",),)], "doc struct<body:string>")
    assert plain(tag(field, "doc.body", tagger).first().entities) == FOUND[0]


def test_a_tagger_with_rules_in_a_stream_that_handles_batches(spark: Any, tagger: Tagger, tmp_path: Path) -> None:
    with_rules = tagger.with_rules(Rules(patterns=[{"label": "CITY", "pattern": "Oslo", "id": "oslo"}]))
    (tmp_path / "one.json").write_text('{"text": "Oslo and Paris"}\n', encoding="utf-8")
    found = []
    letters = spark.readStream.schema("text string").json(str(tmp_path))

    def handle(batch: Any, _: int) -> None:
        found.extend(tag(batch, "text", with_rules).collect())

    letters.writeStream.foreachBatch(handle).trigger(availableNow=True).start().awaitTermination(60)
    assert [entity.asDict() for row in found for entity in row.entities] == [
        {"label": "CITY", "start": 0, "end": 4, "text": "Oslo", "confidence": 1.0, "rule": "oslo"},
        {"label": "LOC", "start": 9, "end": 14, "text": "Paris", "confidence": pytest.approx(1, abs=0.1), "rule": None},
    ]


def test_a_filter_on_the_entities_tags_once(spark: Any, tagger: Tagger, capfd: pytest.CaptureFixture[str]) -> None:
    tagged = tag(spark.createDataFrame([(text,) for text in TEXTS], "text string"), "text", tagger)
    filtered = tagged.where("size(entities) > 0")
    assert filtered.count() == 2
    capfd.readouterr()
    filtered.explain()
    assert capfd.readouterr().out.count("EvalPython") == 1


def test_a_worker_process_loads_a_model_once(spark: Any, tagger: Tagger) -> None:
    def loads(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        from nertagger.integrations import spark as module

        for batch in batches:
            known = module._tagger.cache_info()
            names, counts = ["rows", "misses", "hits"], (batch.num_rows, known.misses, known.hits)
            yield pa.RecordBatch.from_arrays([pa.array([count]) for count in counts], names=names)

    frame = spark.createDataFrame([("in Paris",)] * 8, "text string").repartition(4).cache()
    for _ in range(3):
        tag(frame, "text", tagger).collect()
    rows = tag(frame, "text", tagger).mapInArrow(loads, "rows long, misses long, hits long").collect()
    assert max(row.hits for row in rows) >= 3
    assert max(row.misses for row in rows) <= 2  # the English tagger, of other tests, is one


def test_a_task_that_fails_is_repeated_without_a_duplicate(spark: Any, tagger: Tagger, tmp_path: Path) -> None:
    def fail_once(batches: Iterator[Any]) -> Iterator[Any]:
        from pyspark import TaskContext

        task = TaskContext.get()
        for number, batch in enumerate(batches):
            if task.attemptNumber() == 0 and task.partitionId() == 1 and number == 1:
                raise RuntimeError("a machine is lost")
            yield batch

    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "50")
    frame = spark.createDataFrame([(i, "in Paris") for i in range(600)], "id int, text string").repartition(2)
    tagged = tag(frame, "text", tagger)
    tagged.mapInArrow(fail_once, tagged.schema).write.parquet(str(tmp_path / "out"))
    spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
    rows = spark.read.parquet(str(tmp_path / "out")).collect()
    assert sorted(row.id for row in rows) == list(range(600))
    assert all(plain(row.entities) == FOUND[0] for row in rows)


def test_a_stream_that_stops_continues_without_loss_or_duplicate(spark: Any, tagger: Tagger, tmp_path: Path) -> None:
    inbox, out, checkpoint = (str(tmp_path / name) for name in ("in", "out", "checkpoint"))
    Path(inbox).mkdir()

    def arrive(first: int, stop: int) -> None:
        for number in range(first, stop):
            Path(inbox, f"{number}.json").write_text(f'{{"id": {number}, "text": "in Paris {number}"}}\n')

    def start() -> Any:
        letters = spark.readStream.schema("id int, text string").option("maxFilesPerTrigger", 1).json(inbox)
        sink = tag(letters, "text", tagger).writeStream.format("parquet").option("checkpointLocation", checkpoint)
        return sink.trigger(availableNow=True).start(out)

    arrive(0, 6)
    first = start()
    while not list(Path(checkpoint, "commits").glob("[0-9]*")) and first.isActive:
        first.awaitTermination(0.05)
    first.stop()  # in the middle of the files
    arrive(6, 8)
    start().awaitTermination(60)
    rows = spark.read.parquet(out).collect()
    assert sorted(row.id for row in rows) == list(range(8))
    assert all(plain(row.entities) == FOUND[0] for row in rows)


def test_the_english_tagger_finds_the_same_as_without_spark(spark: Any) -> None:
    texts = (ROOT / "data" / "raw.txt").read_text(encoding="utf-8").splitlines()[:30]
    rows = tag(spark.createDataFrame([(text,) for text in texts], "text string").coalesce(1), "text").collect()
    expected = [document.entities for document in Tagger.load("english", threads=1).pipe(texts)]
    assert [plain(row.entities) for row in rows] == [plain(list(entities)) for entities in expected]


def test_the_guide(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    page = ROOT / "docs" / "guides" / "spark.md"
    for block in blocks(page):
        run_python(block.text, names, f"{page.name}:{block.line}")


def test_wrong_arguments_are_refused_before_the_job(spark: Any, tagger: Tagger) -> None:
    frame = spark.createDataFrame([(1, "x", "y")], "id int, text string, Entities string")
    wrong = {
        "there is no column 'x'; there are id, text, Entities": lambda: tag(frame, "x", tagger),
        "there is no column 'text.x'; there are": lambda: tag(frame, "text.x", tagger),
        "column 'id': got int, expected string; cast it, or name another": lambda: tag(frame, "id", tagger),
        "there is a column 'Entities' already; name the entities otherwise": lambda: tag(frame, "text", tagger),
        "there are 2 columns 'text'": lambda: tag(frame.select("text", "text"), "text", tagger),
        "got a list, expected a DataFrame of Spark": lambda: tag(["x"], "text", tagger),  # type: ignore[arg-type]
        "min_confidence: got 2, expected": lambda: tag(frame, "text", tagger, output="found", min_confidence=2),
    }
    for message, call in wrong.items():
        with pytest.raises(DataError) as caught:
            call()
        assert str(caught.value).startswith(message)
        assert "\n" not in str(caught.value)
    with pytest.raises(ModelFileError, match=r"^nix.ner: there is no such file"):
        tag(frame, "text", "nix.ner", output="found")
