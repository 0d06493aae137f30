"""What speech recognition, or spelling by ear, makes of the line's own words."""

from __future__ import annotations

from typing import Final

MISHEARD: Final[dict[str, str]] = {
    "black male": "blackmail", "black mail": "blackmail", "black mailed": "blackmailed",
    "black mailing": "blackmailing", "black males": "blackmails", "black maled": "blackmailed",
    "black mailer": "blackmailer", "plaque mail": "blackmail", "back mail": "blackmail", "block mail": "blackmail",
    "sex torsion": "sextortion", "sex tortion": "sextortion", "sex portion": "sextortion",
    "sex extortion": "sextortion", "sex torture": "sextortion", "sex ting": "sexting", "sex tin": "sexting",
    "web can": "webcam", "web cam": "webcam", "wed cam": "webcam", "webb cam": "webcam", "wet cam": "webcam",
    "web cams": "webcams", "see op": "ceop", "sea op": "ceop", "see opp": "ceop", "sea opp": "ceop", "c op": "ceop",
    "see up": "ceop", "sea up": "ceop", "c e o p": "ceop", "child line": "childline", "chide line": "childline",
    "child lines": "childlines", "self harm": "selfharm", "self farm": "selfharm", "self arm": "selfharm",
    "self harming": "selfharm", "self harmed": "selfharm", "shelf harm": "selfharm", "i need kelp": "i need help",
    "need kelp": "need help", "want kelp": "want help", "kelp me": "help me", "please kelp": "please help",
    "kelp please": "help please", "yelp me": "help me", "need yelp": "need help", "need whelp": "need help",
    "whelp me": "help me", "hell p": "help", "need elf": "need help", "live streaming": "livestreaming",
    "live stream": "livestream", "live streams": "livestreams", "live streamed": "livestreamed",
    "snap chat": "snapchat", "tick tock": "tiktok", "tic toc": "tiktok", "tik tok": "tiktok", "tick tok": "tiktok",
    "insta gram": "instagram", "what sapp": "whatsapp", "whats app": "whatsapp", "what app": "whatsapp",
    "row blocks": "roblox", "ro blocks": "roblox", "row blox": "roblox", "fort night": "fortnite",
    "fortnight game": "fortnite game", "this cord": "discord", "disc cord": "discord", "new ds": "nudes",
    "nude s": "nudes", "new does": "nudes", "sue aside": "suicide", "sue a side": "suicide", "suey side": "suicide",
    "sewer side": "suicide", "sooey side": "suicide", "you gent": "urgent", "her gent": "urgent",
    "err gent": "urgent", "er gent": "urgent", "a gent please": "urgent please", "i double you f": "iwf",
    "eye double you eff": "iwf", "i w f": "iwf", "i double u f": "iwf", "i w half": "iwf", "i w s": "iwf",
    "nine nine nine": "999", "triple nine": "999", "treble nine": "999", "one oh one": "101", "one zero one": "101",
    "a merge and see": "emergency", "emerge and see": "emergency", "police man": "policeman", "groom in": "grooming",
    "groom ing": "grooming", "broom ing": "grooming", "being broomed": "being groomed", "got broomed": "got groomed",
    "grooving me": "grooming me", "being grouped": "being groomed", "being gloomed": "being groomed",
    "screen shot": "screenshot", "screen shots": "screenshots", "screen shotted": "screenshotted",
    "screen record": "screenrecord", "screen recorded": "screenrecorded", "screen recording": "screenrecording",
    "face time": "facetime", "face timed": "facetimed", "on line": "online", "in box": "inbox",
    "pass word": "password", "can sell or": "counsellor", "council or": "counsellor", "counsel or": "counsellor",
    "report re move": "report remove",
}  # fmt: skip
"""Runs of words that are put for the line's words. The longest run wins."""

SOUNDS_LIKE: Final[dict[str, str]] = {
    "meat": "meet", "mete": "meet", "advise": "advice", "pleece": "police", "warried": "worried", "thret": "threat",
    "sines": "signs", "sighns": "signs", "torque": "talk", "tork": "talk", "tolk": "talk", "wood cam": "webcam",
    "lyve": "live", "liv": "live", "fotoes": "photo", "grewming": "grooming", "grew ming": "grooming",
    "grew me": "grooming", "grume": "grooming", "newdes": "nudes", "knewds": "nudes", "noodz": "nudes",
    "noodes": "nudes", "neudes": "nudes", "kneads": "nudes", "erjent": "urgent", "urjent": "urgent",
    "argent": "urgent", "eargent": "urgent", "surgent": "urgent", "hep": "help", "hlep": "help", "elp": "help",
    "halp": "help", "hellp": "help", "yelp": "help", "kelp": "help", "whelp": "help", "remoove": "remove",
    "ree port": "report", "repot": "report", "men you": "menu", "man you": "menu", "menue": "menu",
    "dangor": "danger",
}  # fmt: skip
"""Homophones and spellings by ear that count as a keyword only where nothing else is said."""

LETTER_NAMES: Final[dict[str, str]] = {
    "ay": "a", "bee": "b", "be": "b", "see": "c", "sea": "c", "cee": "c", "dee": "d", "ee": "e", "eff": "f",
    "ef": "f", "half": "f", "gee": "g", "jee": "g", "aitch": "h", "haitch": "h", "eye": "i", "aye": "i", "jay": "j",
    "kay": "k", "ell": "l", "el": "l", "em": "m", "en": "n", "oh": "o", "owe": "o", "pee": "p", "pea": "p",
    "queue": "q", "cue": "q", "are": "r", "ar": "r", "ess": "s", "es": "s", "tee": "t", "tea": "t", "you": "u",
    "yu": "u", "vee": "v", "ex": "x", "why": "y", "zed": "z", "zee": "z",
}  # fmt: skip
"""How letters sound when a word is spelled aloud."""
