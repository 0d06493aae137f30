"""Logging in and what belongs to it: Flask-Security's forms and views, on our own stores and sessions.

What Flask-Security does not do by itself is done here: sessions on the server that can be ended, codes that are good
once, counted tries at every proof, recovery codes that nobody can read back.
"""
