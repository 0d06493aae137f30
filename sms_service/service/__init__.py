"""The stories: what happens to a message from arrival to answer. They talk to the outside through ``ports`` only.

May not happen here: Flask, Twilio, Redis, SQL, files.
"""
