"""Migrations of the SQL database, run by Alembic inside ``python -m sms_service migrate``, forwards and backwards.

A new one only adds, so that programs of the last version keep working while the new one is rolled out: new tables, new
columns that may be NULL or have a server default. What is no longer used is taken away one version later.
"""
