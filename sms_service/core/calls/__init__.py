"""A telephone call as a pure machine: where the caller is and what they did give what is said and where they are next.

:mod:`~sms_service.core.calls.state` is the little that is known between two steps, small enough to travel in an
address. :mod:`~sms_service.core.calls.script` has the words of a release, ready to be said. The machine itself is
:func:`sms_service.core.calls.machine.advance`. ``docs/calls.md`` draws the graph; a test walks it.
"""
