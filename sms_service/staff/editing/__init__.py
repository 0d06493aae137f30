"""Pages on which editors change what the line says: replies, contacts and hours, the settings of the line.

Nothing here reaches a young person: everything is saved in a draft, which others read and publish. Every step works
without a script; scripts show the phone while somebody types. Each topic has a module with its routes (``*_page.py``)
and one that reads its form (``*_form.py``).
"""

from sms_service.staff.editing.blueprints import editing_blueprints

__all__ = ["editing_blueprints"]
