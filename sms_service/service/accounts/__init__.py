"""The stories of staff accounts: who exists, who may try, which links and sessions open what. No Flask, no SQL.

Checking passwords and codes in a request is Flask-Security's work, checking passkeys that of py_webauthn
(``staff/accounts``); what must hold across processes (one use of a code, counted tries, ended sessions) is asked of the
stores here, each in one statement.
"""
