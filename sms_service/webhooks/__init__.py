"""The provider's edge: verify and parse requests, answer TwiML. Provider words stay in this room.

Every request goes ``form_parsing`` → ``request_verification`` → ``sms_parsing`` → the service's story → ``twiml``, and
:class:`~sms_service.webhooks.sms.SmsWebhook` is that way as one plain function. May not happen here: deciding what is
said, trusting a header, storing, opening media.
"""
