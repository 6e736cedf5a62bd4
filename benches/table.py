"""Writes table.md from the results of one run: `table.py benches/runs/DATE-MACHINE`."""

import json
import sys
from pathlib import Path


def rows(run: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (run / f"{name}.jsonl").read_text().splitlines() if line.startswith("{")]


def main(run: Path) -> None:
    lines = ["| matcher | asked | MB/s | found | ours is |", "|---|---|---|---|---|"]
    found = rows(run, "match")
    ours = {row["asked"]: row["mb_per_s"] for row in found if row["matcher"] == "lapwing"}
    for row in found:
        own = ours["offsets" if row["asked"].startswith("offsets") else "presence"]
        ratio = "" if row["matcher"] == "lapwing" else f"{own / row['mb_per_s']:.1f} ×"
        lines.append(f"| {row['matcher']} | {row['asked']} | {row['mb_per_s']:.1f} | {row['found']} | {ratio} |")
    lines += ["", "| normalise | MB/s |", "|---|---|"]
    lines += [f"| {row['what']} | {row['mb_per_s']:.0f} |" for row in rows(run, "normalise")]
    lines += ["", "| assess, one thread | bytes each | a second | median µs | 99th percentile µs |", "|---|---|---|---|---|"]
    lines += [
        f"| {row['what']} | {row['bytes_each']} | {row['per_second']:.0f} | {row['median_us']:.0f} | {row['p99_us']:.0f} |"
        for row in rows(run, "assess")
    ]
    load = rows(run, "pack_load")[0]
    lines += ["", f"Pack load: {load['rules']} rules, {load['languages']} languages, {load['seconds']:.2f} s, "]
    lines[-1] += f"{load['peak_mb_after_one_load']:.0f} MB at most after one load."
    if (run / "classifier.jsonl").exists():
        lines += ["", "| classifier | set | average precision | CPU s to train | CPU µs to predict one |", "|---|---|---|---|---|"]
        lines += [
            f"| {row['peer']} | {row['what']}, {row['rows']} listings | {row['average_precision']:.3f} | {row['train_seconds']:.2f} | {row['predict_us_each']:.0f} |"
            for row in rows(run, "classifier")
        ]
    text = "\n".join(lines) + "\n"
    (run / "table.md").write_text(text)
    print(text)


main(Path(sys.argv[1]))
