"""Learned weights on disk, so that a worker starts in a second instead of training again.

One file a set of examples, named by their digest, written to a temporary name and moved into place, with a checksum in
front: a half-written or damaged file is never used. When the folder cannot be written, training simply happens again.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sms_service.core.understanding.learning import LearnedText
from sms_service.core.understanding.lexical_model import LexicalModel

_FORMAT = "2"
_DIGEST_BYTES = 32
_KEPT_FILES = 3


class ModelCache:
    """Keeps learned weights in a folder.

    Args:
        directory: Made when missing.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def load(self, digest: str) -> LearnedText | None:
        """Give what was learned from these examples, or None when it is not there or damaged."""
        try:
            stored = self._path(digest).read_bytes()
        except OSError:
            return None
        checksum, payload = stored[:_DIGEST_BYTES], stored[_DIGEST_BYTES:]
        if hashlib.sha256(payload).digest() != checksum:
            return None
        try:
            with np.load(io.BytesIO(payload), allow_pickle=False) as arrays:
                model = LexicalModel(
                    tuple(str(label) for label in arrays["labels"]),
                    arrays["weights"].astype(np.float32),
                    arrays["idf"].astype(np.float32),
                )
                counts = dict(zip(arrays["words"].tolist(), arrays["counts"].tolist(), strict=True))
                labels = [model.labels[index] for index in arrays["sentence_labels"]]
                sentences = dict(zip(arrays["sentences"].tolist(), labels, strict=True))
        except (ValueError, KeyError, IndexError, OSError):
            return None
        return LearnedText(model, counts, sentences, digest)

    def save(self, digest: str, learned: LearnedText) -> bool:
        """Keep what was learned; False when the folder cannot be written (nothing else is lost)."""
        buffer = io.BytesIO()
        labels = learned.model.labels
        np.savez_compressed(
            buffer,
            labels=np.array(labels),
            weights=learned.model.weights.astype(np.float16),
            idf=learned.model.idf.astype(np.float32),
            words=np.array(list(learned.word_counts)),
            counts=np.array(list(learned.word_counts.values()), dtype=np.int32),
            sentences=np.array(list(learned.sentences), dtype=np.uint64),
            sentence_labels=np.array([labels.index(label) for label in learned.sentences.values()], dtype=np.int16),
        )
        payload = buffer.getvalue()
        target = self._path(digest)
        temporary = target.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                file.write(hashlib.sha256(payload).digest() + payload)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
            self._remove_old(keep=target)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            return False
        return True

    @contextlib.contextmanager
    def training_lock(self) -> Iterator[None]:
        """Let one process of this host train at a time; the others then find its file."""
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            file = (self._directory / "training.lock").open("w")
        except OSError:
            yield
            return
        with file:
            with contextlib.suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _path(self, digest: str) -> Path:
        return self._directory / f"lexical-{_FORMAT}-{digest[:32]}.model"

    def _remove_old(self, keep: Path) -> None:
        files = sorted(self._directory.glob("lexical-*.model"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[_KEPT_FILES:]:
            if path != keep:
                path.unlink(missing_ok=True)
