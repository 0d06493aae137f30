"""The most that any Flask app can do: one route that returns a constant, and checks and remembers nothing."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)
BODY = '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Open 9 to 5, Monday to Friday.</Message></Response>'


@app.post("/sms")
def sms() -> str:
    """Answer."""
    return BODY
