"""Options of commands that serve: where to listen, and for whom."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from nertagger.cli.common.parser import Option

if TYPE_CHECKING:
    from nertagger.serving.running import Binding

TOKEN_VARIABLE = "NERTAGGER_TOKEN"
"""The environment variable that holds the token unless ``--token`` does."""


@dataclass(frozen=True, kw_only=True)
class BindingOptions:
    """Where to listen, and what clients must send."""

    host: Annotated[str, Option(metavar="HOST", help="interface to listen on; 0.0.0.0 for all")] = "127.0.0.1"
    port: Annotated[int, Option(min=0, max=65535, help="port to listen on; 0 for any that is free")] = 8000
    token: Annotated[
        str | None,
        Option(
            metavar="TOKEN", help=f"answer only those who send it (Bearer); by default the value of {TOKEN_VARIABLE}"
        ),
    ] = None

    def binding(self) -> Binding:
        """Return these options with the token of the environment, if they have none."""
        from nertagger.serving.running import Binding

        token = self.token or os.environ.get(TOKEN_VARIABLE) or None
        return Binding(host=self.host, port=self.port, token=token)


DEFAULT_BINDING = BindingOptions()
