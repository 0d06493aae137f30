"""The stories of staff accounts: who exists, who may try, which links and sessions open what. No Flask, no SQL.

Checking passwords, codes and passkeys in a request is Flask-Security's work (``staff/accounts``); what must hold across
processes (one use of a code, counted tries, ended sessions) is asked of the stores here, each in one statement.
"""
