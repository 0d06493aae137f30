"""What every page is made of: the layout, the files beside it, the guard, and error pages for people.

Pages of the room ``ops`` use it too without importing it: the templates are found by name (``layout.html``,
``kit/macros.html``), and the rules of who may open what are in ``service/access.py``.
"""
