"""The simulator for staff: the line's own code, on what is live or on a draft, at any date and time.

Nothing that is typed is kept: the page itself carries it from step to step.
"""

from sms_service.staff.simulator.blueprint import simulator_blueprint

__all__ = ["simulator_blueprint"]
