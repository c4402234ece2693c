"""``python -m nertagger`` is the command ``nertagger``."""

import sys

from nertagger.cli import main

if __name__ == "__main__":
    sys.exit(main())
