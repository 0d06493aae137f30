"""Words about the call itself, as the whole of what was said: what a key would do."""

from __future__ import annotations

from typing import Final

from sms_service.core.calls.state import Spoken
from sms_service.core.normalisation import normalise, squeeze

_COMMANDS: Final[dict[Spoken, str]] = {
    Spoken.AGAIN: (
        "again|repeat|repeat that|repeat it|say that again|say it again|hear it again|hear that again|star|"
        "press star|pardon|what did you say|once more|more|eto"
    ),
    Spoken.PERSON: (
        "zero|press zero|nought|0|put me through|put me through to someone|put me through to a person|operator|"
        "speak to someone|speak to a person|speak to somebody|talk to someone|talk to a person|talk to somebody|"
        "a person|person|a human|human|real person|a real person|i want to talk to someone|can i talk to someone|"
        "i want to talk to a person|i want to speak to someone|can i speak to someone|can i talk to a person"
    ),
    Spoken.TEXT: "hash|press hash|text me|text it|text it to me|send a text|send me a text|text me the numbers|"
    "send me the numbers|text|a text",
    Spoken.CRY: (
        "five five|5 5|55|fifty five|press five five|press 55|double five|"
        "get off me|get off|stop it get off me|stop get off me|let go of me|let me go|dont touch me|stop touching me|"
        "leave me alone|go away leave me alone|stop hurting me|you are hurting me|youre hurting me|dont hurt me"
    ),
    Spoken.MENU: "menu|main menu|the menu|options|choices|the choices|go back|back|start again",
    Spoken.GOODBYE: "bye|goodbye|good bye|bye bye|hang up|nothing|no thanks|no thank you|thats all|that is all",
}
_BY_FORM: Final = {form: command for command, forms in _COMMANDS.items() for form in forms.split("|")}
_COURTESY: Final = frozenset({"please", "pls", "um", "erm", "er", "uh", "hello", "hi", "ok", "okay", "yes", "yeah"})
_LONGEST_CHARACTERS: Final = 60


def spoken_command(text: str) -> Spoken | None:
    """Give what the whole text asks of the call, or None: then it is about what is wrong."""
    if len(text) > _LONGEST_CHARACTERS:
        return None
    words = [squeeze(word) for word in normalise(text).words]
    return _BY_FORM.get(" ".join(word for word in words if word not in _COURTESY))
