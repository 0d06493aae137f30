"""The provider's edge: verify and parse requests, answer TwiML. Provider words stay in this room."""
