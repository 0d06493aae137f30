"""The encoder that ships loads, agrees with its manifest, and is refused when damaged."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from sms_service.storage.sentence_encoder import MODEL_DIRECTORY, EncoderUnavailable, OnnxSentenceEncoder


@pytest.fixture(scope="module")
def encoder():
    return OnnxSentenceEncoder()


def test_it_gives_a_probability_for_each_label(encoder):
    scores = encoder.log_probabilities("he says he will post my pictures if i dont pay".split())
    assert scores.shape == (len(encoder.labels),)
    assert np.exp(scores).sum() == pytest.approx(1, abs=1e-3)
    assert encoder.labels[int(scores.argmax())] == "blackmail"


@pytest.mark.parametrize("words", [[], ["x" * 5000], ["word"] * 5000])
def test_odd_messages_are_read_too(encoder, words):
    assert np.isfinite(encoder.log_probabilities(words)).all()


def test_a_damaged_file_is_refused(tmp_path):
    copy = tmp_path / "model"
    shutil.copytree(MODEL_DIRECTORY, copy)
    model = copy / "model.onnx"
    model.write_bytes(model.read_bytes()[:-1] + b"\0x")
    with pytest.raises(EncoderUnavailable, match=r"model\.onnx differs"):
        OnnxSentenceEncoder(copy)


def test_a_missing_model_is_said_plainly(tmp_path):
    with pytest.raises(EncoderUnavailable, match="not there"):
        OnnxSentenceEncoder(tmp_path)


def test_the_manifest_names_labels_and_version():
    manifest = json.loads((MODEL_DIRECTORY / "manifest.json").read_text())
    assert {"urgent", "crisis", "blackmail", "iwf", "harmless"} <= set(manifest["labels"])
    assert manifest["version"]
