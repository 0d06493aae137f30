from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.errors import SettingsError
from sms_service.storage.redis_address import RedisAddress, read_redis_url


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://", None),
        ("redis://cache", RedisAddress((("cache", 6379),))),
        ("redis://cache:7000/2", RedisAddress((("cache", 7000),), db=2)),
        ("redis://cache?db=2", RedisAddress((("cache", 6379),), db=2)),
        ("redis://:p%40ss@cache", RedisAddress((("cache", 6379),), login={"password": "p@ss"})),
        ("redis://me:a:b@cache/", RedisAddress((("cache", 6379),), login={"username": "me", "password": "a:b"})),
        ("redis://[::1]:7000", RedisAddress((("::1", 7000),))),
        ("redis://[::1]", RedisAddress((("::1", 6379),))),
        (
            "rediss://:p@cache?ssl_cert_reqs=none&ssl_check_hostname=false&ssl_ca_certs=/etc/ca.pem",
            RedisAddress(
                (("cache", 6379),),
                tls=True,
                login={"password": "p"},
                tls_options={"ssl_cert_reqs": "none", "ssl_check_hostname": False, "ssl_ca_certs": "/etc/ca.pem"},
            ),
        ),
        ("unix:///run/redis.sock?db=1", RedisAddress(socket_path="/run/redis.sock", db=1)),
        ("unix://:p@/run/redis.sock", RedisAddress(socket_path="/run/redis.sock", login={"password": "p"})),
        ("redis+sentinel://a,b:7000,[::1]/line", RedisAddress((("a", 26379), ("b", 7000), ("::1", 26379)), "line")),
        (
            "rediss+sentinel://me:p@a/line/3?sentinel_username=s&sentinel_password=q%2F",
            RedisAddress(
                (("a", 26379),),
                "line",
                tls=True,
                login={"username": "me", "password": "p"},
                sentinel_login={"username": "s", "password": "q/"},
                db=3,
            ),
        ),
    ],
)  # fmt: skip
def test_every_form_is_understood(url: str, address: RedisAddress | None) -> None:
    if address is None:
        with pytest.raises(SettingsError, match="names no host"):
            read_redis_url(url)
    else:
        assert read_redis_url(url) == address


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "must begin with"),
        ("localhost:6379", "must begin with"),
        ("http://s3cret", "must begin with"),
        ("redis://:s3cret@host:port", "no number"),
        ("redis://:s3cret@host:70000", "port that does not exist"),
        ("redis://:s3cret@host:0", "port that does not exist"),
        ("redis://:s3cret@host/one", "no number"),
        ("redis://:s3cret@host/1/2", "too many slashes"),
        ("redis://:s3cret@a,b", "several hosts"),
        ("redis://:s3cret?s3cret@host", "cannot be read"),
        ("redis://:s3cret@host?s3cret=1", "none of db"),
        ("redis://:s3cret@host?socket_timeout=60", "none of db"),
        ("redis://:s3cret@host?ssl_cert_reqs=none", "none of db"),
        ("rediss://:s3cret@host?ssl_cert_reqs=s3cret", "none, optional or required"),
        ("rediss://:s3cret@host?ssl_check_hostname=s3cret", "true or false"),
        ("redis+sentinel://:s3cret@host", "needs the name of the service"),
        ("unix://s3cret", "absolute path"),
        ("redis://:s3cret@[::1", "cannot be read"),
    ],
)
def test_every_other_form_is_refused_in_a_sentence_without_the_secret(url: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as refused:
        read_redis_url(url)
    assert refused.value.sentence.startswith("REDIS_URL ")
    assert "s3cret" not in refused.value.sentence
    assert refused.value.__cause__ is None


def test_secrets_are_not_shown() -> None:
    assert "s3cret" not in repr(read_redis_url("redis+sentinel://me:s3cret@a/line?sentinel_password=s3cret"))


@given(st.text() | st.text().map("redis://".__add__) | st.text().map("redis+sentinel://a/b?".__add__))
def test_any_other_text_is_an_address_or_refused(text: str) -> None:
    with contextlib.suppress(SettingsError):
        assert isinstance(read_redis_url(text), RedisAddress)
