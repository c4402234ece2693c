"""The training speed of two processes beside that of one, with the same batches and with batches twice as large.

    python benchmarks/processes.py [ROUNDS]

The corpus is the bundled one. The kinds are trained in turn, so that a change of the machine's load meets all of them.
The first epoch, in which TensorFlow traces the network, is left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
KINDS = {
    "one process, 32 sentences": ["--set", "training.batch_size=32"],
    "two processes, 16 each": ["--set", "training.batch_size=16", "--processes", "2"],
    "two processes, 32 each": ["--set", "training.batch_size=32", "--processes", "2"],
    "one process, 64 sentences": ["--set", "training.batch_size=64"],
}
COMMON = ["--set", "training.epochs=4", "--set", "training.refit=0", "--set", "training.patience=9"]


def speed(folder: Path, options: list[str]) -> float:
    """Return the tokens per second of a training, the median of its epochs."""
    data = [part for name in ("train", "dev") for part in (f"--{name}", str(ROOT / "data" / f"{name}.conll"))]
    command = [sys.executable, "-m", "nertagger", "train", *data, "--out", "m.ner", *COMMON, *options]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    lines = (folder / "m.run" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return median(json.loads(line)["tokens_per_second"] for line in lines[1:])


def main(rounds: int) -> None:
    """Print the speed of each kind, and its ratio to that of one process."""
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for kind, options in KINDS.items():
                found[kind].append(speed(Path(folder), options))
    first = next(iter(found.values()))
    print(f"{'':28}  tokens/s  beside one process (median of {rounds})")
    for kind, speeds in found.items():
        ratio = median(own / one for own, one in zip(speeds, first, strict=True))
        print(f"{kind:28}  {median(speeds):8,.0f}  {ratio:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
