"""An SMS and phone keyword line for a children's safeguarding team.

This package imports nothing: each room says in its own ``__init__`` what it is for and what may not happen in it.
Start reading at :mod:`sms_service.factory.line`, where the rooms are put together.
"""
