#!/bin/sh
# Installs the peers, runs every measurement in one go and writes benches/runs/<date>-<cores>-cores/.
#   benches/run.sh [MEGABYTES]      the corpus of `match`, 8 unless told; needs Debian or Ubuntu, a compiler and cargo
# The classifier is measured on the fixtures; CLASSIFIER_DATA="FILE.jsonl LABEL CLUSTER" names a further set, by its file
# and the fields of the label and of the cluster.
# A peer that cannot be installed is skipped with a sentence.
set -eu
cd "$(dirname "$0")/.."
megabytes="${1:-8}"
run="benches/runs/$(date +%F)-$(nproc)-cores"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$run"
bins="${CARGO_TARGET_DIR:-target}/release"

cargo build --release -p lapwing-benches

{
    "$bins/match" "$work" "$megabytes"
    if pkg-config --exists libhs 2>/dev/null || apt-get install -y libhyperscan-dev >/dev/null 2>&1; then
        # shellcheck disable=SC2046 # the flags are words
        cc -O2 benches/peers/hyperscan.c -o "$work/hyperscan" $(pkg-config --cflags --libs libhs) && "$work/hyperscan" "$work"
    else
        echo "Hyperscan is left out: libhyperscan-dev is not installed and cannot be" >&2
    fi
    if python3 -m venv "$work/python" && "$work/python/bin/pip" install --quiet yara-x; then
        "$work/python/bin/python" benches/peers/yara_x_peer.py "$work"
    else
        echo "YARA-X is left out: the Python package yara-x cannot be installed" >&2
    fi
} | tee "$run/match.jsonl"
"$bins/normalise" | tee "$run/normalise.jsonl"
"$bins/assess" | tee "$run/assess.jsonl"
"$bins/pack_load" | tee "$run/pack_load.jsonl"
if python3 -m venv "$work/learners" && "$work/learners/bin/pip" install --quiet scikit-learn; then
    for peer in fasttext-wheel vowpalwabbit; do
        "$work/learners/bin/pip" install --quiet "$peer" || echo "$peer cannot be installed" >&2
    done
    cargo build --release -p lapwing
    fixtures="$(find fixtures/listings -name '*.jsonl' | sort | paste -sd, -)"
    {
        "$work/learners/bin/python" benches/peers/classifier.py "$bins/lapwing" "$fixtures" label cluster
        if [ -n "${CLASSIFIER_DATA:-}" ]; then
            # shellcheck disable=SC2086 # a file and two fields
            "$work/learners/bin/python" benches/peers/classifier.py "$bins/lapwing" $CLASSIFIER_DATA
        fi
    } | tee "$run/classifier.jsonl"
else
    echo "the classifier is left out: scikit-learn cannot be installed" >&2
fi
{ uname -sr; grep -m1 'model name' /proc/cpuinfo || true; nproc; cargo --version; } > "$run/machine.txt"
python3 benches/table.py "$run"
