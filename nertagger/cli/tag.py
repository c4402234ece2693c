"""``nertagger tag``: find the entities in text files."""

from __future__ import annotations

from typing import Annotated

from nertagger.cli.common.inputs import expect_model
from nertagger.cli.common.options import Model
from nertagger.cli.common.parser import Argument
from nertagger.cli.tagging.options import (
    AS_DETECTED,
    AT_ONCE,
    TO_STANDARD_OUTPUT,
    BulkOptions,
    InputOptions,
    OutputOptions,
)
from nertagger.cli.tagging.rules import NO_RULES, RuleOptions
from nertagger.files import STANDARD_STREAM


def tag(
    model: Model,
    files: Annotated[
        list[str] | None,
        Argument(
            metavar="FILE|DIR|GLOB|URL|-",
            help="what to tag: files, also compressed, archives, folders; - is standard input, the default",
        ),
    ] = None,
    read_as: InputOptions = AS_DETECTED,
    write_as: OutputOptions = TO_STANDARD_OUTPUT,
    bulk: BulkOptions = AT_ONCE,
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
    from nertagger.cli.tagging.arguments import make_request
    from nertagger.cli.tagging.run import tag_files

    expect_model(model, *files or ())
    return tag_files(make_request(model, files or [STANDARD_STREAM], read_as, write_as, bulk, rules))
