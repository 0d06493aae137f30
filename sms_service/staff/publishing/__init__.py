"""Pages on which a change becomes what the line says: read, agreed to, published, taken back, found again.

What editors write in drafts is shown here as what it changes for a young person. Two people stand behind every release,
but for a wrong number, which one may mend alone; the pages then shout until a second one has looked. Every step works
without a script.
"""

from sms_service.staff.publishing.blueprints import publishing_blueprints

__all__ = ["publishing_blueprints"]
