"""Which words are real, and what people mean by text-speak and by what a speech recogniser wrote down."""

from __future__ import annotations

TEXT_SPEAK: dict[str, str] = {
    # one letter or digit for a word
    "u": "you", "r": "are", "n": "and", "b": "be", "c": "see", "y": "why", "k": "ok", "w": "with", "2": "to", "4": "for",
    # pronouns and verbs
    "ur": "your", "urs": "yours", "yr": "your", "ya": "you", "yu": "you", "ure": "youre", "ull": "youll", "im": "im",
    "iam": "im", "imma": "im going to", "ima": "im going to", "ill": "ill", "shes": "shes", "thyre": "theyre",
    "dat": "that", "dis": "this", "dem": "them", "dey": "they", "da": "the", "tha": "the", "teh": "the", "wiv": "with",
    "wid": "with", "wit": "with", "frm": "from", "bout": "about", "abt": "about", "abit": "a bit", "alot": "a lot",
    "cos": "because", "cuz": "because", "coz": "because", "cus": "because", "bc": "because", "bcos": "because",
    "becos": "because", "becuz": "because", "becoz": "because", "cause": "because", "tho": "though", "altho": "although",
    "thru": "through", "b4": "before", "2day": "today", "2moro": "tomorrow", "2mrw": "tomorrow", "2morrow": "tomorrow",
    "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "tomoz": "tomorrow", "tomo": "tomorrow", "2nite": "tonight",
    "tonite": "tonight", "2night": "tonight", "nite": "night", "l8r": "later", "l8": "late", "m8": "mate", "m8s": "mates",
    "gr8": "great", "w8": "wait", "h8": "hate", "str8": "straight", "some1": "someone", "sum1": "someone",
    "sumone": "someone", "any1": "anyone", "every1": "everyone", "no1": "no one", "evry1": "everyone", "noone": "no one",
    "sumthing": "something", "summat": "something", "sumthin": "something", "somethin": "something", "smth": "something",
    "sth": "something", "smthn": "something", "nothin": "nothing", "nuthin": "nothing", "nowt": "nothing",
    "owt": "anything", "anythin": "anything", "everythin": "everything", "evrything": "everything", "sum": "some",
    "luv": "love", "wanna": "want to", "gonna": "going to", "gona": "going to", "gunna": "going to", "gon": "going to",
    "gotta": "got to", "hafta": "have to", "tryna": "trying to", "finna": "going to", "outta": "out of", "kinda": "kind of",
    "dunno": "dont know", "dono": "dont know", "idk": "i dont know", "idek": "i dont even know", "dno": "dont know",
    "lemme": "let me", "gimme": "give me", "whats": "whats", "wots": "whats", "wats": "whats", "wot": "what", "wat": "what",
    "wen": "when", "wer": "where", "wher": "where", "wud": "would", "cud": "could", "shud": "should", "wld": "would",
    "cld": "could", "shld": "should", "shoulda": "should have", "woulda": "would have", "coulda": "could have",
    "dont": "dont", "dnt": "dont", "didnt": "didnt", "dint": "didnt", "doesnt": "doesnt", "dosent": "doesnt",
    "cant": "cant", "carnt": "cant", "cnt": "cant", "cannot": "cant", "wont": "wont", "aint": "isnt", "int": "isnt",
    "havnt": "havent", "hasnt": "hasnt", "wasnt": "wasnt", "isnt": "isnt", "innit": "isnt it", "init": "isnt it",
    "hav": "have", "hv": "have", "av": "have", "ave": "have", "giv": "give", "gav": "gave", "tel": "tell", "teling": "telling",
    "tld": "told", "sed": "said", "sez": "says", "sais": "says", "askin": "asking", "askd": "asked", "axed": "asked",
    "msg": "message", "msgs": "messages", "msgd": "messaged", "msged": "messaged", "msging": "messaging", "mesage": "message",
    "txt": "text", "txts": "texts", "txtd": "texted", "txted": "texted", "txting": "texting", "dm": "message",
    "dms": "messages", "dmed": "messaged", "dmd": "messaged", "dming": "messaging", "pm": "message", "pmed": "messaged",
    "pic": "picture", "pics": "pictures", "pix": "pictures", "pik": "picture", "piks": "pictures", "pickture": "picture",
    "foto": "photo", "fotos": "photos", "vid": "video", "vids": "videos", "vc": "video call", "vcs": "video calls",
    "nude": "nudes", "noods": "nudes", "nood": "nudes", "nudez": "nudes", "newds": "nudes", "newd": "nudes", "n00ds": "nudes",
    "cam": "webcam", "screenie": "screenshot", "screenies": "screenshots", "ss": "screenshot", "ssed": "screenshotted",
    "acc": "account", "accs": "accounts", "acct": "account", "insta": "instagram", "ig": "instagram", "snap": "snapchat",
    "snapped": "snapchatted", "sc": "snapchat", "fb": "facebook", "wa": "whatsapp", "whatsap": "whatsapp", "tt": "tiktok",
    "disc": "discord", "tele": "telegram", "fn": "fortnite", "rblx": "roblox", "yt": "youtube", "gc": "group chat",
    "bf": "boyfriend", "gf": "girlfriend", "bfs": "boyfriends", "gfs": "girlfriends", "bff": "best friend",
    "bestie": "best friend", "bffs": "best friends", "frnd": "friend", "frend": "friend", "freind": "friend",
    "fren": "friend", "frens": "friends", "frends": "friends", "freinds": "friends", "sis": "sister", "bro": "brother",
    "lil": "little", "ppl": "people", "peeps": "people", "pple": "people", "peple": "people", "gd": "good", "bk": "back",
    "bk2": "back to", "rly": "really", "rlly": "really", "realy": "really", "rele": "really", "reli": "really",
    "srsly": "seriously", "srs": "serious", "def": "definitely", "defo": "definitely", "probs": "probably",
    "prolly": "probably", "prob": "probably", "obvs": "obviously", "tbf": "to be fair", "tbh": "to be honest",
    "ngl": "not going to lie", "fr": "for real", "frfr": "for real", "imo": "in my opinion", "omg": "oh my god",
    "rn": "right now", "atm": "at the moment", "asap": "as soon as possible", "asp": "as soon as possible", "nvm": "never mind",
    "wtf": "what the", "wth": "what the", "ffs": "for gods sake", "lol": "lol", "lmao": "lol", "lmfao": "lol", "rofl": "lol",
    "pls": "please", "plz": "please", "plez": "please", "plse": "please", "pleez": "please", "pleeease": "please", "pleas": "please",
    "ty": "thank you", "tysm": "thank you so much", "thx": "thanks", "tnx": "thanks", "thnx": "thanks", "thanx": "thanks",
    "fanks": "thanks", "ta": "thanks", "cheers": "thanks", "kk": "ok", "okay": "ok", "okey": "ok", "oki": "ok",
    "np": "no problem", "brb": "be right back", "ttyl": "talk to you later", "gtg": "got to go", "g2g": "got to go",
    "hlp": "help", "halp": "help", "kys": "kill yourself", "kms": "kill myself", "sh": "self harm", "irl": "in real life",
    "yo": "years old", "yrs": "years", "mins": "minutes", "min": "minute", "hr": "hour", "hrs": "hours", "wk": "week",
    "wks": "weeks", "mnths": "months", "yday": "yesterday", "ystd": "yesterday", "rnd": "round", "skl": "school",
    "skool": "school", "scool": "school", "schl": "school", "sch": "school", "wrk": "work", "hm": "home", "mam": "mum",
    "mom": "mum", "mums": "mums", "mummy": "mum", "daddy": "dad", "nan": "nan", "gma": "nan", "plod": "police", "feds": "police",
    "fed": "police", "popo": "police", "polis": "police", "poleece": "police", "polise": "police", "no": "no", "kno": "know",
    "knw": "know", "knos": "knows", "noe": "know", "nos": "knows", "knowin": "knowing", "thort": "thought", "thot": "thought",
    "fink": "think", "fing": "thing", "fings": "things", "finks": "thinks", "wierd": "weird", "weerd": "weird", "creap": "creep",
    "scard": "scared", "scarred": "scared", "skared": "scared", "scurred": "scared", "shook": "scared", "bricking": "scared",
    "bricked": "scared", "peng": "pretty", "leng": "pretty", "fit": "fit", "bloke": "man", "blokes": "men", "geezer": "man",
    "geezers": "men", "fella": "man", "fellas": "men", "lad": "boy", "lads": "boys", "dude": "guy", "dudes": "guys",
    "gal": "girl", "gals": "girls", "grl": "girl", "gurl": "girl", "lass": "girl", "perv": "pervert", "pervs": "perverts",
    "pedo": "paedophile", "paedo": "paedophile", "pedos": "paedophiles", "paedos": "paedophiles", "nonce": "paedophile",
    "nonces": "paedophiles", "peado": "paedophile", "paedophilia": "paedophile", "addy": "address", "adress": "address",
    "addres": "address", "adres": "address", "quid": "pounds", "squid": "pounds", "fone": "phone", "phne": "phone", "fon": "phone",
    "num": "number", "nmbr": "number", "numba": "number", "trus": "trust", "secrit": "secret", "secrect": "secret", "seceret": "secret",
    "blakmail": "blackmail", "blackmale": "blackmail", "blackmailin": "blackmailing", "sextorsion": "sextortion",
    "threatning": "threatening", "thretening": "threatening", "threating": "threatening", "threating2": "threatening",
    "threding": "threatening", "fretening": "threatening", "harras": "harass", "harrassing": "harassing", "harasing": "harassing",
    "suiside": "suicide", "suicde": "suicide", "suicidle": "suicidal", "sucidal": "suicidal", "sucide": "suicide", "ded": "dead",
    "unalive": "kill", "unaliving": "killing", "cutin": "cutting", "dyin": "dying", "wana": "want to", "urself": "yourself",
    "urselves": "yourselves", "meself": "myself", "mysen": "myself", "hisself": "himself", "themself": "themselves", "arsk": "ask",
}  # fmt: skip
"""Text-speak, everyday British spellings and common misspellings, each to its standard words.

Our own list. A word that means itself is listed where its letters could be taken for a typo of another.
"""

MISHEARD: dict[str, str] = {
    # what British speech recognition makes of the line's own words
    "black male": "blackmail", "black mail": "blackmail", "black mailed": "blackmailed", "black mailing": "blackmailing",
    "black males": "blackmails", "black maled": "blackmailed", "black mailer": "blackmailer", "plaque mail": "blackmail",
    "back mail": "blackmail", "block mail": "blackmail", "sex torsion": "sextortion", "sex tortion": "sextortion",
    "sex portion": "sextortion", "sex extortion": "sextortion", "sex torture": "sextortion", "sex ting": "sexting",
    "sex tin": "sexting", "web can": "webcam", "web cam": "webcam", "wed cam": "webcam", "webb cam": "webcam", "wet cam": "webcam",
    "web cams": "webcams", "see op": "ceop", "sea op": "ceop", "see opp": "ceop", "sea opp": "ceop", "c op": "ceop", "see up": "ceop",
    "sea up": "ceop", "c e o p": "ceop", "child line": "childline", "chide line": "childline", "child lines": "childlines",
    "self harm": "selfharm", "self farm": "selfharm", "self arm": "selfharm", "self harming": "selfharm", "self harmed": "selfharm",
    "shelf harm": "selfharm", "i need kelp": "i need help", "need kelp": "need help", "want kelp": "want help", "kelp me": "help me",
    "please kelp": "please help", "kelp please": "help please", "yelp me": "help me", "need yelp": "need help", "need whelp": "need help",
    "whelp me": "help me", "hell p": "help", "need elf": "need help", "live streaming": "livestreaming", "live stream": "livestream",
    "live streams": "livestreams", "live streamed": "livestreamed", "snap chat": "snapchat", "tick tock": "tiktok", "tic toc": "tiktok",
    "tik tok": "tiktok", "tick tok": "tiktok", "insta gram": "instagram", "what sapp": "whatsapp", "whats app": "whatsapp",
    "what app": "whatsapp", "row blocks": "roblox", "ro blocks": "roblox", "row blox": "roblox", "fort night": "fortnite",
    "fortnight game": "fortnite game", "this cord": "discord", "disc cord": "discord", "new ds": "nudes", "nude s": "nudes", "new does": "nudes",
    "sue aside": "suicide", "sue a side": "suicide", "suey side": "suicide", "super side": "suicide", "sewer side": "suicide",
    "sooey side": "suicide", "you gent": "urgent", "her gent": "urgent", "err gent": "urgent", "er gent": "urgent", "a gent please": "urgent please",
    "i double you f": "iwf", "eye double you eff": "iwf", "i w f": "iwf", "i double u f": "iwf", "i w half": "iwf", "i w s": "iwf",
    "nine nine nine": "999", "triple nine": "999", "treble nine": "999", "one oh one": "101", "one zero one": "101", "e mergency": "emergency",
    "a merge and see": "emergency", "emerge and see": "emergency", "in danger mint": "in danger", "police man": "policeman", "the please called": "the police called",
    "grew mean": "grooming", "groom in": "grooming", "groom ing": "grooming", "broom ing": "grooming", "being broomed": "being groomed", "got broomed": "got groomed",
    "grooving me": "grooming me", "being grouped": "being groomed", "being gloomed": "being groomed", "screen shot": "screenshot", "screen shots": "screenshots",
    "screen shotted": "screenshotted", "screen record": "screenrecord", "screen recorded": "screenrecorded", "screen recording": "screenrecording",
    "face time": "facetime", "face timed": "facetimed", "on line": "online", "in box": "inbox", "pass word": "password", "can sell or": "counsellor",
    "council or": "counsellor", "counsel or": "counsellor", "report re move": "report remove",
}  # fmt: skip
"""Word runs that speech recognition, or spelling by ear, puts for the line's words. The longest run wins."""

LETTER_NAMES: dict[str, str] = {
    "ay": "a", "bee": "b", "be": "b", "see": "c", "sea": "c", "cee": "c", "dee": "d", "ee": "e", "eff": "f", "ef": "f",
    "half": "f", "gee": "g", "jee": "g", "aitch": "h", "haitch": "h", "eye": "i", "aye": "i", "jay": "j", "kay": "k",
    "ell": "l", "el": "l", "em": "m", "en": "n", "oh": "o", "owe": "o", "pee": "p", "pea": "p", "queue": "q", "cue": "q",
    "are": "r", "ar": "r", "ess": "s", "es": "s", "tee": "t", "tea": "t", "you": "u", "yu": "u", "vee": "v", "ex": "x",
    "why": "y", "zed": "z", "zee": "z",
}  # fmt: skip
"""How letters sound when a word is spelled aloud."""

COURTESY = frozenset(
    "please pls plz plse ples pleez plez pleas hi hiya hello hey heya heyy yo oi um umm ummm erm errm err er uh uhh like ok okay so well yeah yes yh "
    "right sorry just the a an this that word words keyword code is its it was to for about on of with text texts txt txting texting "
    "texted type typed typing send sends sending sent message msg reply replying option number press select choose pick me you u i im ive id need "
    "needs want wanted wanna would could can cud may get give gimme have got some any info information advice on my your ur from by in and n or then "
    "says say said saying told tell poster teacher school leaflet card here it at do dont mean meant trying try thanks thank ta cheers x xx xxx xo kk k "
    "lol hm hmm hmmm line guys there anyone mate bro sir miss mum".split()
)
"""Words that may stand around a keyword without changing what is asked for."""

FUNCTION_WORDS = frozenset(
    "now what who why how when where which the a an i you he she it we they this that is are was be do have in on at to "
    "and or not no yes here there me my your start info".split()
)
"""Words too common to be a keyword inside other words: as keywords they count only when they stand alone."""

NEGATORS = frozenset(
    "not no isnt wasnt aint arent werent never without dont didnt doesnt hasnt havent hadnt nothing nor neither cant wont "
    "couldnt wouldnt shouldnt nobody stop stopped".split()
)
"""Words that turn the word or two after them round ('not urgent', 'wasnt in danger')."""


def expand_text_speak(words: tuple[str, ...]) -> list[str]:
    """Write text-speak out, word by word; a word may become several or stay."""
    expanded: list[str] = []
    for word in words:
        full = TEXT_SPEAK.get(word)
        if full is None:
            # Dropped g: askin, sayin, followin. Short words (in, din) and real words are left alone.
            if len(word) > 4 and word.endswith("in") and word not in _REAL_WORDS_IN_IN:
                expanded.append(word + "g")
            else:
                expanded.append(word)
        elif " " in full:
            expanded.extend(full.split())
        else:
            expanded.append(full)
    return expanded


_REAL_WORDS_IN_IN = frozenset(
    "again within begin cousin captain certain bargain britain mountain fountain curtain explain complain contain obtain "
    "remain retain train brain plain chain stain strain spain grain drain twin skin spin berlin dolphin penguin bitcoin "
    "robin login admin margin origin muffin pumpkin urchin violin vitamin coffin cabin basin raisin resin satin satan "
    "protein insulin aspirin toxin latin main gain pain rain vain fain lain domain terrain villain maintain sustain "
    "ordain refrain detain entertain linkedin austin martin dustin justin kevin gavin melvin colin darwin dublin "
    "marvin calvin erin bulletin ruin join coin checkin plugin".split()
)
