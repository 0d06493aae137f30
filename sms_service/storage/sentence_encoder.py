"""The sentence encoder: a small fine-tuned MiniLM, run as int8 by onnxruntime on one thread.

Its files lie in ``encoder_model/`` beside this module (``MODEL_CARD.md`` there says what it learned from and how to
make it again). When they are missing, damaged or cannot be loaded, there is simply no encoder: the lexical model judges
alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sms_service.core.errors import LineError

MODEL_DIRECTORY = Path(__file__).parent / "encoder_model"

_MAX_TOKENS = 96
"""As in training; longer texts are cut, their keywords and phrases have been read before."""


class EncoderUnavailable(LineError):
    """The sentence encoder cannot be used; the sentence says why."""

    code = "encoder_unavailable"


class OnnxSentenceEncoder:
    """Runs the encoder; safe to share between threads.

    Raises:
        EncoderUnavailable: A file is missing or differs from the manifest, or a library cannot load it.
    """

    def __init__(self, directory: Path = MODEL_DIRECTORY) -> None:
        manifest = _read_manifest(directory)
        self.labels: tuple[str, ...] = tuple(manifest["labels"])
        self.version: str = str(manifest["version"])
        try:
            import onnxruntime  # 60 ms and 40 MB, only where the encoder is used
            from tokenizers import Tokenizer

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self._session: Any = onnxruntime.InferenceSession(
                str(directory / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer: Any = Tokenizer.from_file(str(directory / "tokenizer.json"))
        except Exception as error:
            raise EncoderUnavailable(f"The sentence encoder does not load: {type(error).__name__}.") from error
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()

    def log_probabilities(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Give natural-log probabilities, shape (labels,)."""
        ids = np.array([self._tokenizer.encode(" ".join(words)).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        result: NDArray[np.float32] = self._session.run(None, inputs)[0][0]
        return result


@lru_cache(maxsize=1)
def shipped_encoder() -> OnnxSentenceEncoder | None:
    """Give the encoder that ships, one a process; None where it is not there (the lexical model then judges alone)."""
    try:
        return OnnxSentenceEncoder()
    except EncoderUnavailable:
        return None


def _read_manifest(directory: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
        for name, expected in manifest["sha256"].items():
            actual = hashlib.sha256((directory / name).read_bytes()).hexdigest()
            if actual != expected:
                raise EncoderUnavailable(f"The sentence encoder's file {name} differs from its manifest.")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EncoderUnavailable(f"The sentence encoder is not there: {error}.") from error
    return manifest
