"""From a text to the reply that fits it: one function for SMS, speech, WhatsApp, simulator, command line and tests.

Stages, first hit wins (:mod:`.pipeline`): opt-out words, danger, keyword alone, keyword inside, typo, free text,
no match.
May not happen here: knowing who wrote, what was said before, or what the replies say.
"""
