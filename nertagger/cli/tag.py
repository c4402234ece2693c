"""``nertagger tag``: find the entities in text files."""

from __future__ import annotations

from typing import Annotated

from nertagger.cli.common.inputs import expect_model
from nertagger.cli.common.options import Encoding, Lenient, Model, Threads, WordColumn
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.tagging.rules import NO_RULES, RuleOptions
from nertagger.text.schemes import TagScheme

Inputs = Annotated[
    list[str] | None,
    Argument(
        metavar="FILE|DIR|GLOB|URL|-",
        help="what to tag: files, also compressed, archives, folders; - is standard input, the default",
    ),
]
InputFormat = Annotated[
    str | None,
    Option(
        metavar="FORMAT",
        help="format of the input: text, text-lines (a text per line), lines (a tokenized one per line), conll, ...;"
        " by default detected from each name or the first lines",
    ),
]
TextColumn = Annotated[
    str | None,
    Option(
        "--column",
        metavar="NAME",
        help="tag this column of CSV, TSV, Parquet or JSON lines; the other columns are written as they are",
    ),
]
EntitiesColumn = Annotated[str, Option(metavar="NAME", help="with --column: the new column of entities")]
OutputFormat = Annotated[
    str | None,
    Option(
        metavar="FORMAT",
        help="format of the output: jsonl, conll, html, ..., also jsonl.gz; by default told by its name, else jsonl, or"
        " that of the table with --column",
    ),
]
Output = Annotated[
    str,
    Option(
        "--output",
        "-o",
        metavar="FILE|DIR/",
        help="file to write, or folder for a file per input; - is standard output",
    ),
]
Confidence = Annotated[float, Option(min=0.0, max=1.0, help="leave out entities with a lower confidence")]
NBest = Annotated[
    int,
    Option(min=0, max=1000, metavar="K", help="jsonl: add the K most probable tag sequences of each sentence"),
]
Posteriors = Annotated[
    bool, Option("--posteriors", help="jsonl: add the probability of each tag at each token of each sentence")
]
Scheme = Annotated[TagScheme, Option(help="tag scheme of the output")]
Workers = Annotated[
    int | None,
    Option(min=1, help="processes that share the input, large files too, each of one thread unless --threads is given"),
]
Resume = Annotated[bool, Option("--resume", help="continue the interrupted or killed run of the same command, if any")]
Shard = Annotated[
    str | None, Option(metavar="I/N", help="tag the I-th of N parts of the input, each of which is another job's")
]
Rejects = Annotated[
    str | None,
    Option(metavar="FILE", help="write records that cannot be read there, with the reason, and go on; exit code 1"),
]


def tag(
    model: Model,
    inputs: Inputs = None,
    format: InputFormat = None,
    column: TextColumn = None,
    entities_column: EntitiesColumn = "entities",
    to: OutputFormat = None,
    output: Output = "-",
    confidence: Confidence = 0.0,
    n_best: NBest = 0,
    posteriors: Posteriors = False,
    scheme: Scheme = TagScheme.IOB2,
    encoding: Encoding = None,
    word_column: WordColumn = None,
    lenient: Lenient = False,
    threads: Threads = None,
    workers: Workers = None,
    resume: Resume = False,
    shard: Shard = None,
    rejects: Rejects = None,
    rules: RuleOptions = NO_RULES,
) -> int:
    """Find the entities in text files, folders, patterns or standard input.

    A row of JSONL has text, entities (label, start, end, text, confidence, and rule if a rule found it), source,
    offset, and every other field of the record that was read. --n-best and --posteriors add sentences, each with start,
    end and: readings (tag sequences as probability and entities, best first); tokens (text, start, end, posteriors;
    tags below 0.0000005 are left out).
    Confidences and probabilities are exact under the model; with a softmax output they are products over tokens.

    Exit code 1 says that records were left out, which are in the file of --rejects.
    """
    from nertagger.cli.tagging.arguments import find_files, make_columns, split_format
    from nertagger.cli.tagging.job import Job, TaggerChoice
    from nertagger.cli.tagging.request import TaggingRequest
    from nertagger.cli.tagging.run import tag_files
    from nertagger.cli.tagging.sharding import parse_shard

    expect_model(model, *inputs or ())
    columns = make_columns(column, entities_column, has_rules=bool(rules.files))
    files = find_files(inputs, format, columns, outputs=[output, *filter(None, [rejects])])
    to, suffix = split_format(to, output, files, columns)
    request = TaggingRequest(
        choice=TaggerChoice(model, threads or (1 if workers else None), rules),
        files=files,
        job=Job(encoding, word_column, lenient, confidence, n_best, posteriors, columns, rejects is not None),
        output=output,
        format=to,
        suffix=suffix,
        scheme=scheme,
        workers=workers,
        resume=resume,
        shard=parse_shard(shard) if shard else None,
        rejects=rejects,
    )
    return tag_files(request)
