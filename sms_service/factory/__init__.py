"""The composition root: the one place that knows which adapters stand behind which door.

From the ground up: :mod:`~sms_service.factory.environment` (settings), :mod:`~sms_service.factory.releases` (the book
and what understands it) and :mod:`~sms_service.factory.stores` (what remembers), :mod:`~sms_service.factory.line` (the
service without a web server), :mod:`~sms_service.factory.web` (the web application).
"""
