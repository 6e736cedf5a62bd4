"""The classifier beside scikit-learn (TF-IDF and liblinear), fastText and Vowpal Wabbit, on one labelled file.

    python benches/peers/classifier.py LAPWING DATA.jsonl LABEL CLUSTER > classifier.jsonl

LABEL and CLUSTER are the fields that hold the label and the name that near-duplicates share; DATA may be several files
joined by commas. Five folds by cluster: each peer learns on four and orders the fifth. The program makes a further split of
its own inside the four (a sixth of them is its test part), so it learns from less than the peers. One JSON object a line.
A peer that is not installed is left out with a sentence.
"""

import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
import zlib

FOLDS = 5


def read(paths, label, cluster):
    rows = []
    for path in paths.split(","):
        for line in pathlib.Path(path).read_text(encoding="utf-8").split("\n"):
            if not line:
                continue
            row = json.loads(line)
            text = " ".join(str(row.get(field) or "") for field in ("title", "body"))
            rows.append({"row": row, "text": text, "label": int(row[label]), "cluster": str(row[cluster])})
    for row in rows:
        row["fold"] = zlib.crc32(row["cluster"].encode()) % FOLDS
    return rows


def average_precision(scores, labels):
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(labels, scores))


def tell(what, learner, precisions, train, predict, rows):
    print(json.dumps({
        "what": what,
        "peer": learner,
        "rows": rows,
        "average_precision": round(sum(precisions) / len(precisions), 4),
        "folds": [round(precision, 4) for precision in precisions],
        "train_seconds": round(train / FOLDS, 3),
        "predict_us_each": round(1e6 * predict / rows, 1),
    }), flush=True)


def lapwing(program, learner):
    def run(train, test, folder):
        """Train and test by the command; scanning includes reading, rules and writing, so it is told as a whole."""
        for name, rows in (("train", train), ("test", test)):
            with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as out:
                for place, row in enumerate(rows):
                    kept = {key: row["row"].get(key) for key in ("kind", "lang", "title", "body", "location", "price")}
                    kept = {key: value for key, value in kept.items() if value is not None}
                    kept |= {"external_id": str(place), "label": row["label"], "cluster": row["cluster"]}
                    out.write(json.dumps(kept) + "\n")
        model = folder / f"model-{learner}"
        begun = cpu()
        subprocess.run([program, "train", "--data", folder / "train.jsonl", "--out", model, "--learner", learner, "--force"],
                       check=True, capture_output=True)
        trained = cpu() - begun
        begun = cpu()
        out = subprocess.run([program, "scan", "--model", model, folder / "test.jsonl"], check=False, capture_output=True, text=True)
        scanned = cpu() - begun
        scores = {row["external_id"]: row["classifier"]["log_odds"] for row in map(json.loads, filter(None, out.stdout.split("\n")))}
        return [scores[str(place)] for place in range(len(test))], trained, scanned
    return run


def cpu():
    """CPU seconds of this process and of its children."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def scikit_learn(train, test, _folder):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
                          LogisticRegression(solver="liblinear", C=10))
    begun = cpu()
    model.fit([row["text"] for row in train], [row["label"] for row in train])
    trained = cpu() - begun
    begun = cpu()
    scores = model.decision_function([row["text"] for row in test])
    return list(scores), trained, cpu() - begun


def plain(text):
    return " ".join("".join(c.lower() if c.isalnum() else " " for c in text).split())


def fast_text(train, test, folder):
    import fasttext

    lines = folder / "fasttext.txt"
    lines.write_text("".join(f"__label__{row['label']} {plain(row['text'])}\n" for row in train), encoding="utf-8")
    begun = cpu()
    model = fasttext.train_supervised(str(lines), epoch=25, wordNgrams=2, lr=0.5, thread=1, verbose=0, seed=7)
    trained = cpu() - begun
    begun = cpu()
    scores = []
    for row in test:
        # `predict` of the wheel fails with numpy 2; the function below it does not.
        found = dict((label, chance) for chance, label in model.f.predict(plain(row["text"]) + "\n", 2, 0.0, "strict"))
        scores.append(found.get("__label__1", 0.0))
    return scores, trained, cpu() - begun


def vowpal_wabbit(train, test, _folder):
    import vowpalwabbit

    def example(row):
        return f"{1 if row['label'] else -1} | {plain(row['text'])}"

    model = vowpalwabbit.Workspace("--loss_function logistic --ngram 2 -b 20 --quiet --link logistic")
    begun = cpu()
    for _ in range(10):
        for row in train:
            model.learn(example(row))
    trained = cpu() - begun
    begun = cpu()
    scores = [model.predict(f"| {plain(row['text'])}") for row in test]
    return scores, trained, cpu() - begun


def main():
    program, paths, label, cluster = sys.argv[1:5]
    rows = read(paths, label, cluster)
    peers = {"lapwing, logistic": lapwing(program, "logistic"), "lapwing, ftrl": lapwing(program, "ftrl"),
             "scikit-learn TF-IDF + liblinear": scikit_learn, "fastText": fast_text, "Vowpal Wabbit": vowpal_wabbit}
    for name, peer in peers.items():
        precisions, train_time, predict_time = [], 0.0, 0.0
        try:
            for fold in range(FOLDS):
                train = [row for row in rows if row["fold"] != fold]
                test = [row for row in rows if row["fold"] == fold]
                with tempfile.TemporaryDirectory() as folder:
                    scores, trained, predicted = peer(train, test, pathlib.Path(folder))
                precisions.append(average_precision(scores, [row["label"] for row in test]))
                train_time, predict_time = train_time + trained, predict_time + predicted
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
            continue
        tell(pathlib.Path(paths.split(",")[0]).parent.name, name, precisions, train_time, predict_time, len(rows))


main()
