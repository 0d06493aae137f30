"""The page on which staff learn from messages that were not understood; off unless somebody turned it on."""

from sms_service.staff.learning.page import learning_blueprint

__all__ = ["learning_blueprint"]
