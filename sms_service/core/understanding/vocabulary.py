"""Closed sets of words that decide how other words count."""

from __future__ import annotations

from typing import Final

COURTESY: Final = frozenset(
    """
    number
    a about advice an and any anyone at bro by can card cheers choose code could cud do dont er erm err errm for
    from get gimme give got guys have hello here hey heya heyy hi hiya hm hmm hmmm i id im in info information is
    it its ive just k keyword kk leaflet like line lol mate may me mean meant message miss msg mum my n need needs
    of oi ok okay on option or pick pleas please pleez ples plez pls plse plz poster press reply replying
    right said say saying says school select send sending sends sent sir so some sorry ta teacher tell text texted
    texting texts thank thanks that the then there this to told try trying txt txting type typed typing u uh uhh
    um umm ummm ur wanna want wanted was well with word words would x xo xx xxx yeah yes yh yo you your
    """.split()
)
"""Words that may stand around a keyword without changing what is asked for."""

HASTE: Final = frozenset({"now"})
"""Words that may stand beside courtesy where one thing is asked for."""

FUNCTION_WORDS: Final = frozenset(
    """
    a an and are at be do have he here how i in info is it me my no not now on or she start that the there they
    this to was we what when where which who why yes you your
    """.split()
)
"""Words too common to be a keyword inside other words: as keywords they count only when they stand alone."""

NEGATORS: Final = frozenset(
    """
    aint arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt neither never no nobody nor not nothing
    shouldnt wasnt werent without wont wouldnt
    """.split()
)
"""Words that turn the word or two after them round ('not urgent', 'wasnt in danger')."""

CONTRACTIONS: Final = frozenset(
    """
    aint arent cant couldnt didnt doesnt dont hadnt hasnt havent heres hes hows id ill im isnt its ive lets shes
    shouldnt thats theres theyd theyll theyre theyve wasnt well were werent weve whats wheres whos wont wouldnt
    youd youll youre youve
    """.split()
)
"""Words of English that the word list lacks because they are written with an apostrophe."""

MENU_COURTESY: Final = frozenset(
    "number num no nr option press choose pick reply text send menu please pls plz x hi the i want need for".split()
)
"""Words that may stand around a menu number ('option 3 please')."""

NUMBER_WORDS: Final = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
}
"""Menu numbers as words, for speech."""
