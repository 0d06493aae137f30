"""The test page: a phone on the page that texts the line through the same code, with 'why this reply'.

Development only, and only for somebody at this machine. What is typed is kept in memory until 'Start again'.
"""

from sms_service.staff.try_it.page import try_it_blueprint

__all__ = ["try_it_blueprint"]
