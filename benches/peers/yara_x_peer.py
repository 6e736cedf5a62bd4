"""How fast YARA-X finds the same patterns in the same adverts: `yara_x_peer.py FOLDER`, with the corpus.txt and
patterns.txt that the bench `match` writes. One rule a pattern; one advert a call; this thread's processor time; the
median of three rounds over a quarter of the corpus, for it is slow."""

import json
import statistics
import sys
import time
from pathlib import Path

import yara_x

ROUNDS = 3


def main(folder: Path) -> None:
    adverts = (folder / "corpus.txt").read_bytes().splitlines()
    adverts = adverts[: len(adverts) // 4]
    expressions = (folder / "patterns.txt").read_text(encoding="utf-8").splitlines()
    compiler = yara_x.Compiler()
    for number, expression in enumerate(expressions):
        # YARA's expressions know bytes only: a class of currency signs is spelled as a choice of them.
        escaped = expression.replace("/", "\\/").replace("[$€£]", r"(\$|\xe2\x82\xac|\xc2\xa3)")
        compiler.add_source(f"rule r{number} {{ strings: $a = /{escaped}/ condition: $a }}")
    scanner = yara_x.Scanner(compiler.build())
    times = []
    found = 0
    for _ in range(ROUNDS):
        begun = time.thread_time()
        found = sum(len(scanner.scan(advert).matching_rules) for advert in adverts)
        times.append(time.thread_time() - begun)
    size = sum(len(advert) for advert in adverts)
    figures = {
        "matcher": f"YARA-X {getattr(yara_x, '__version__', '')}".strip(),
        "asked": "presence (a quarter of the corpus)",
        "mb_per_s": size / statistics.median(times) / 1e6,
        "found": found,
    }
    print(json.dumps(figures), flush=True)


main(Path(sys.argv[1]))
