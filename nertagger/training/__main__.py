"""``python -m nertagger.training CONFIG`` is the training of ``nertagger train CONFIG``."""

import sys

from nertagger.cli import main

if __name__ == "__main__":
    sys.exit(main(["train", *sys.argv[1:]]))
