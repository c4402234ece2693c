"""``nertagger tag``: find the entities in text files."""

from __future__ import annotations

from typing import Annotated

from nertagger.cli.common.inputs import expect_model, find_inputs
from nertagger.cli.common.options import Encoding, Lenient, Model, Threads, WordColumn
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.tagging.rules import NO_RULES, RuleOptions
from nertagger.text.schemes import TagScheme

Inputs = Annotated[
    list[str] | None,
    Argument(metavar="FILE|DIR|GLOB|-", help="what to tag; - is standard input, the default"),
]
InputFormat = Annotated[
    str | None,
    Option(
        metavar="FORMAT",
        help="format of the input: text, lines, conll, ...; by default detected from each name or the first lines",
    ),
]
OutputFormat = Annotated[
    str | None,
    Option(
        metavar="FORMAT", help="format of the output: jsonl, conll, html, ...; by default told by its name, else jsonl"
    ),
]
Output = Annotated[str, Option("--output", "-o", metavar="FILE", help="file to write; - is standard output")]
Confidence = Annotated[float, Option(min=0.0, max=1.0, help="leave out entities with a lower confidence")]
NBest = Annotated[
    int,
    Option(min=0, max=1000, metavar="K", help="jsonl: add the K most probable tag sequences of each sentence"),
]
Posteriors = Annotated[
    bool, Option("--posteriors", help="jsonl: add the probability of each tag at each token of each sentence")
]
Scheme = Annotated[TagScheme, Option(help="tag scheme of the output")]
Workers = Annotated[int, Option(min=1, help="processes that share the files")]
Resume = Annotated[bool, Option("--resume", help="continue the interrupted run of the same command")]


def tag(
    model: Model,
    inputs: Inputs = None,
    format: InputFormat = None,
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
    workers: Workers = 1,
    resume: Resume = False,
    rules: RuleOptions = NO_RULES,
) -> None:
    """Find the entities in text files, folders, patterns or standard input.

    A row of JSONL has text, entities (label, start, end, text, confidence, and rule if a rule found it), source,
    offset, and every other field of the record that was read. --n-best and --posteriors add sentences, each with start,
    end and: readings (tag sequences as probability and entities, best first); tokens (text, start, end, posteriors;
    tags below 0.0000005 are left out).
    Confidences and probabilities are exact under the model; with a softmax output they are products over tokens.
    """
    from nertagger.cli.tagging.job import Job
    from nertagger.cli.tagging.run import TaggingRequest, tag_files
    from nertagger.corpus.registry import format_of_name
    from nertagger.files import STANDARD_STREAM

    expect_model(model, *inputs or ())
    request = TaggingRequest(
        model=model,
        files=[(path, format or format_of_name(path)) for path in find_inputs(inputs or [STANDARD_STREAM])],
        job=Job(encoding, word_column, lenient, confidence, n_best, posteriors),
        output=output,
        format=to or format_of_name(output) or "jsonl",
        scheme=scheme,
        threads=threads,
        workers=workers,
        resume=resume,
        rules=rules,
    )
    tag_files(request)
