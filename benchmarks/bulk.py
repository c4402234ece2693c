"""`nertagger tag` for bulk: one process and several on the same file, the memory of each process, and kills.

    python benchmarks/bulk.py [--megabytes 200] [--rounds 3] [--workers 2] [--kills 20] [--model english]

The runs with one worker and with several alternate, each with one thread per worker, and the ratio is that of the
median times. With ``--kills``, a run is killed (kill -9) at random moments and resumed each time; its output must be
that of the uninterrupted runs, byte for byte. Memory is the peak of each process, as Linux counts it.
"""

from __future__ import annotations

import argparse
import lzma
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from statistics import median

import psutil
from corpora import DATA

RAW = DATA / "raw" / "enwiki2015-200mb.txt.xz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=200.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--model", default="english")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nertagger-bulk-") as folder:
        text = Path(folder) / "text.txt"
        write_text(text, int(options.megabytes * 1e6))
        seconds = measure(text, options)
        if options.kills:
            kill_and_resume(text, options, longest=median(seconds))


def write_text(path: Path, size: int) -> None:
    """Write this many bytes of real text, repeated if there is less, up to the end of a line."""
    with path.open("wb") as stream:
        while stream.tell() < size:
            with lzma.open(RAW) as raw:
                for line in raw:
                    stream.write(line)
                    if stream.tell() >= size:
                        break


def measure(text: Path, options: argparse.Namespace) -> list[float]:
    """Print the times and memory of one worker and of several; return the times of several."""
    counts = (1, options.workers)
    times: dict[int, list[float]] = {count: [] for count in counts}
    digests = set()
    for number in range(options.rounds):
        for count in counts:
            output = text.with_name(f"{count}.jsonl")
            began = time.perf_counter()
            peaks = run(command(text, output, count, options))
            times[count].append(time.perf_counter() - began)
            digests.add(digest(output))
            shown = ", ".join(f"{peak / 1e6:.0f} MB" for peak in peaks)
            print(f"round {number + 1}: {count} workers {times[count][-1]:.1f} s, peaks {shown}", flush=True)
    one, several = (median(times[count]) for count in counts)
    size = text.stat().st_size / 1e6
    print(f"{size:.0f} MB: {one:.1f} s and {several:.1f} s, {one / several:.2f} times as fast with {counts[1]} workers")
    print("equal outputs" if len(digests) == 1 else "DIFFERENT outputs")
    return times[options.workers]


def kill_and_resume(text: Path, options: argparse.Namespace, *, longest: float) -> None:
    """Kill a run at random moments, resume it each time, and compare its output with that of one worker."""
    rng = random.Random(options.seed)
    output = text.with_name("killed.jsonl")
    resumed = [*command(text, output, options.workers, options), "--resume"]
    killed = 0
    while killed < options.kills:
        with subprocess.Popen(resumed) as process:
            try:
                process.wait(timeout=rng.uniform(0, 2 * longest / options.kills))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                killed += 1
        if output.exists():  # done before the last kill: begin again
            is_equal = digest(output) == expected(text)
            print(f"done after {killed} kills: {'the same bytes' if is_equal else 'DIFFERENT bytes'}", flush=True)
            output.unlink()
    run(resumed)
    is_equal = digest(output) == expected(text)
    print(f"after {killed} kills: {'the same bytes' if is_equal else 'DIFFERENT bytes'}")


def command(text: Path, output: Path, workers: int, options: argparse.Namespace) -> list[str]:
    return [
        *(sys.executable, "-m", "nertagger", "tag", options.model, str(text), "--format", "text"),
        *("-o", str(output), "--workers", str(workers)),
    ]


def run(arguments: list[str]) -> list[int]:
    """Run a command; return the peak of the memory of each of its processes in bytes, the largest first."""
    peaks: dict[int, int] = {}
    with subprocess.Popen(arguments) as process:
        done = threading.Event()
        watcher = threading.Thread(target=watch, args=(process.pid, peaks, done.wait))
        watcher.start()
        code = process.wait()
        done.set()
        watcher.join()
    if code:
        raise SystemExit(f"exit code {code}: {' '.join(arguments)}")
    return sorted(peaks.values(), reverse=True)


def watch(pid: int, peaks: dict[int, int], wait: Callable[[float], bool]) -> None:
    """Note the peaks of a process and of all below it, a few times per second, until `wait` returns true."""
    while not wait(0.2):
        try:
            family = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
        except psutil.NoSuchProcess:
            return
        for one in family:
            peaks[one] = max(peaks.get(one, 0), peak_of(one))


def peak_of(pid: int) -> int:
    """Return the peak of a process so far in bytes, 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def expected(text: Path) -> str:
    return digest(text.with_name("1.jsonl"))


def digest(path: Path) -> str:
    with path.open("rb") as stream:
        found = sha256()
        while block := stream.read(1 << 20):
            found.update(block)
    return found.hexdigest()


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    main()
