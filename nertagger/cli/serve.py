"""``nertagger serve``: taggers behind HTTP, with a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from nertagger.cli.common.binding import DEFAULT_BINDING, BindingOptions
from nertagger.cli.common.inputs import expect_model, refuse_streams
from nertagger.cli.common.options import Threads
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.process import tell
from nertagger.cli.tagging.rules import NO_RULES, RuleOptions
from nertagger.errors import requires_extra
from nertagger.modelfile.schema import ENGLISH


@dataclass(frozen=True, kw_only=True)
class LimitOptions:
    """The limits of requests, named as the settings of the service."""

    concurrency: Annotated[
        int, Option(min=1, help="requests that are tagged or wait at a time, in each process; others get 503")
    ] = 64
    max_body_bytes: Annotated[
        int, Option("--max-body", min=1, metavar="BYTES", help="size of the body of a request")
    ] = 1_000_000
    max_texts: Annotated[int, Option(min=1, help="texts of a request")] = 1_000
    seconds: Annotated[float, Option("--timeout", min=0.1, metavar="SECONDS", help="time that a request may take")] = (
        30.0
    )


DEFAULT_LIMITS = LimitOptions()


def serve(
    models: Annotated[
        list[str] | None,
        Argument(
            metavar="MODEL",
            help="a model file, NAME.ner, or OTHER=FILE to give it another name; the first is the default of requests; "
            "without any, english, the tagger of the package",
        ),
    ] = None,
    binding: BindingOptions = DEFAULT_BINDING,
    threads: Threads = None,
    workers: Annotated[int, Option(min=1, help="processes that answer requests")] = 1,
    limits: LimitOptions = DEFAULT_LIMITS,
    rules: RuleOptions = NO_RULES,
) -> None:
    """Answer requests to tag text over HTTP, and show a page to try it at /.

    POST /v1/tag tags one text or several, POST /v1/tag/stream JSON lines of any number. GET /openapi.json describes
    all requests, /metrics is for Prometheus, /health and /ready for whoever watches over the process. A file of a model
    or of rules that is replaced is read again, at once after SIGHUP. SIGTERM and Ctrl-C end the service; requests in
    progress are answered first.
    """
    with requires_extra("nertagger serve", "serve"):
        from nertagger.serving import running
        from nertagger.serving.api.application import make_app
        from nertagger.serving.api.metrics import shared_among
        from nertagger.serving.api.models import read_sources
        from nertagger.serving.api.service import Settings

    if workers > 1:
        refuse_streams(rules.files, "each of the --workers reads it")
    sources = read_sources(models or [ENGLISH])
    for source in sources.values():
        expect_model(source)
    place = binding.binding()
    settings = Settings(
        sources=sources,
        threads=threads,
        token=place.token,
        allowed_hosts=place.allowed_hosts,
        rules=rules,
        **vars(limits),
    )
    with shared_among(workers):
        running.serve(partial(make_app, settings), place, workers=workers, announce=partial(_announce, list(sources)))


def _announce(names: list[str], url: str) -> None:
    tell(f"serving {', '.join(names)} at {url} (Ctrl-C to stop)")
