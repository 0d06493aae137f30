"""Text-speak, everyday British spellings and common misspellings, written out in standard words."""

from __future__ import annotations

from typing import Final

TEXT_SPEAK: Final[dict[str, str]] = {
    "u": "you", "r": "are", "n": "and", "b": "be", "c": "see", "y": "why", "k": "ok", "w": "with", "2": "to",
    "4": "for", "ur": "your", "urs": "yours", "yr": "your", "ya": "you", "yu": "you", "ure": "youre", "ull": "youll",
    "iam": "im", "imma": "im going to", "ima": "im going to", "thyre": "theyre", "dat": "that", "dis": "this",
    "dem": "them", "dey": "they", "da": "the", "tha": "the", "teh": "the", "wiv": "with", "wid": "with",
    "wit": "with", "frm": "from", "bout": "about", "abt": "about", "abit": "a bit", "alot": "a lot",
    "cos": "because", "cuz": "because", "coz": "because", "cus": "because", "bc": "because", "bcos": "because",
    "becos": "because", "becuz": "because", "becoz": "because", "cause": "because", "tho": "though",
    "altho": "although", "thru": "through", "b4": "before", "2day": "today", "2moro": "tomorrow", "2mrw": "tomorrow",
    "2morrow": "tomorrow", "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "tomoz": "tomorrow",
    "tomo": "tomorrow", "2nite": "tonight", "tonite": "tonight", "2night": "tonight", "nite": "night",
    "l8r": "later", "l8": "late", "m8": "mate", "m8s": "mates", "gr8": "great", "w8": "wait", "h8": "hate",
    "str8": "straight", "some1": "someone", "sum1": "someone", "sumone": "someone", "any1": "anyone",
    "every1": "everyone", "no1": "no one", "evry1": "everyone", "noone": "no one", "sumthing": "something",
    "summat": "something", "sumthin": "something", "somethin": "something", "smth": "something", "sth": "something",
    "smthn": "something", "nothin": "nothing", "nuthin": "nothing", "nowt": "nothing", "owt": "anything",
    "anythin": "anything", "everythin": "everything", "evrything": "everything", "sum": "some", "luv": "love",
    "wanna": "want to", "gonna": "going to", "gona": "going to", "gunna": "going to", "gon": "going to",
    "gotta": "got to", "hafta": "have to", "tryna": "trying to", "finna": "going to", "outta": "out of",
    "kinda": "kind of", "dunno": "dont know", "dono": "dont know", "idk": "i dont know", "idek": "i dont even know",
    "dno": "dont know", "lemme": "let me", "gimme": "give me", "wots": "whats", "wats": "whats", "wot": "what",
    "wat": "what", "wen": "when", "wer": "where", "wher": "where", "wud": "would", "cud": "could", "shud": "should",
    "wld": "would", "cld": "could", "shld": "should", "shoulda": "should have", "woulda": "would have",
    "coulda": "could have", "dnt": "dont", "dint": "didnt", "dosent": "doesnt", "carnt": "cant", "cnt": "cant",
    "cannot": "cant", "aint": "isnt", "int": "isnt", "havnt": "havent", "innit": "isnt it", "init": "isnt it",
    "hav": "have", "hv": "have", "av": "have", "ave": "have", "giv": "give", "gav": "gave", "tel": "tell",
    "teling": "telling", "tld": "told", "sed": "said", "sez": "says", "sais": "says", "askin": "asking",
    "askd": "asked", "axed": "asked", "msg": "message", "msgs": "messages", "msgd": "messaged", "msged": "messaged",
    "msging": "messaging", "mesage": "message", "txt": "text", "txts": "texts", "txtd": "texted", "txted": "texted",
    "txting": "texting", "dm": "message", "dms": "messages", "dmed": "messaged", "dmd": "messaged",
    "dming": "messaging", "pm": "message", "pmed": "messaged", "pic": "picture", "pics": "pictures",
    "pix": "pictures", "pik": "picture", "piks": "pictures", "pickture": "picture", "foto": "photo",
    "fotos": "photos", "vid": "video", "vids": "videos", "vc": "video call", "vcs": "video calls", "nude": "nudes",
    "noods": "nudes", "noodz": "nudes", "nood": "nudes", "nudez": "nudes", "newds": "nudes", "newd": "nudes",
    "n00ds": "nudes", "cam": "webcam", "screenie": "screenshot", "screenies": "screenshots", "ss": "screenshot",
    "ssed": "screenshotted", "acc": "account", "accs": "accounts", "acct": "account", "insta": "instagram",
    "ig": "instagram", "snap": "snapchat", "snapped": "snapchatted", "sc": "snapchat", "fb": "facebook",
    "wa": "whatsapp", "whatsap": "whatsapp", "tt": "tiktok", "disc": "discord", "tele": "telegram", "fn": "fortnite",
    "rblx": "roblox", "yt": "youtube", "gc": "group chat", "bf": "boyfriend", "gf": "girlfriend",
    "bfs": "boyfriends", "gfs": "girlfriends", "bff": "best friend", "bestie": "best friend", "bffs": "best friends",
    "frnd": "friend", "frend": "friend", "freind": "friend", "fren": "friend", "frens": "friends",
    "frends": "friends", "freinds": "friends", "sis": "sister", "bro": "brother", "lil": "little", "ppl": "people",
    "peeps": "people", "pple": "people", "peple": "people", "gd": "good", "bk": "back", "rly": "really",
    "rlly": "really", "realy": "really", "rele": "really", "reli": "really", "srsly": "seriously", "srs": "serious",
    "def": "definitely", "defo": "definitely", "probs": "probably", "prolly": "probably", "prob": "probably",
    "obvs": "obviously", "tbf": "to be fair", "tbh": "to be honest", "ngl": "not going to lie", "fr": "for real",
    "frfr": "for real", "imo": "in my opinion", "omg": "oh my god", "rn": "right now", "atm": "at the moment",
    "asap": "as soon as possible", "asp": "as soon as possible", "nvm": "never mind", "wtf": "what the",
    "wth": "what the", "ffs": "for gods sake", "lmao": "lol", "lmfao": "lol", "rofl": "lol", "pls": "please",
    "plz": "please", "plez": "please", "plse": "please", "pleez": "please", "pleeease": "please", "pleas": "please",
    "ty": "thank you", "tysm": "thank you so much", "thx": "thanks", "tnx": "thanks", "thnx": "thanks",
    "thanx": "thanks", "fanks": "thanks", "ta": "thanks", "cheers": "thanks", "kk": "ok", "okay": "ok", "okey": "ok",
    "oki": "ok", "np": "no problem", "brb": "be right back", "ttyl": "talk to you later", "gtg": "got to go",
    "g2g": "got to go", "hlp": "help", "halp": "help", "kys": "kill yourself", "kms": "kill myself",
    "irl": "in real life", "yo": "years old", "yrs": "years", "mins": "minutes", "min": "minute",
    "hr": "hour", "hrs": "hours", "wk": "week", "wks": "weeks", "mnths": "months", "yday": "yesterday",
    "ystd": "yesterday", "rnd": "round", "skl": "school", "skool": "school", "scool": "school", "schl": "school",
    "sch": "school", "wrk": "work", "hm": "home", "mam": "mum", "mom": "mum", "mummy": "mum", "daddy": "dad",
    "gma": "nan", "plod": "police", "feds": "police", "fed": "police", "popo": "police", "polis": "police",
    "poleece": "police", "polise": "police", "kno": "know", "knw": "know", "knos": "knows", "noe": "know",
    "nos": "knows", "knowin": "knowing", "thort": "thought", "thot": "thought", "fink": "think", "fing": "thing",
    "fings": "things", "finks": "thinks", "wierd": "weird", "weerd": "weird", "creap": "creep", "scard": "scared",
    "scarred": "scared", "skared": "scared", "scurred": "scared", "shook": "scared", "bricking": "scared",
    "bricked": "scared", "peng": "pretty", "leng": "pretty", "bloke": "man", "blokes": "men", "geezer": "man",
    "geezers": "men", "fella": "man", "fellas": "men", "lad": "boy", "lads": "boys", "dude": "guy", "dudes": "guys",
    "gal": "girl", "gals": "girls", "grl": "girl", "gurl": "girl", "lass": "girl", "perv": "pervert",
    "pervs": "perverts", "pedo": "paedophile", "paedo": "paedophile", "pedos": "paedophiles",
    "paedos": "paedophiles", "nonce": "paedophile", "nonces": "paedophiles", "peado": "paedophile",
    "paedophilia": "paedophile", "addy": "address", "adress": "address", "addres": "address", "adres": "address",
    "quid": "pounds", "squid": "pounds", "fone": "phone", "phne": "phone", "fon": "phone", "num": "number",
    "nmbr": "number", "numba": "number", "trus": "trust", "secrit": "secret", "secrect": "secret",
    "seceret": "secret", "blakmail": "blackmail", "blackmale": "blackmail", "blackmailin": "blackmailing",
    "sextorsion": "sextortion", "threatning": "threatening", "thretening": "threatening", "threating": "threatening",
    "threding": "threatening", "fretening": "threatening", "harras": "harass", "harrassing": "harassing",
    "harasing": "harassing", "suiside": "suicide", "suicde": "suicide", "suicidle": "suicidal",
    "sucidal": "suicidal", "sucide": "suicide", "ded": "dead", "unalive": "kill", "unaliving": "killing",
    "cutin": "cutting", "dyin": "dying", "wana": "want to", "urself": "yourself", "urselves": "yourselves",
    "meself": "myself", "mysen": "myself", "hisself": "himself", "themself": "themselves", "arsk": "ask",
    "nife": "knife", "nifes": "knives", "probly": "probably", "becuase": "because", "beacuse": "because",
    "skreenshot": "screenshot", "scrennshot": "screenshot", "screnshot": "screenshot", "pitcher": "picture",
    "pitchers": "pictures", "picher": "picture", "pichers": "pictures", "vidio": "video", "vidoe": "video",
    "vidios": "videos", "webcame": "webcam", "reely": "really", "sumwhere": "somewhere", "sumwer": "somewhere",
    "every1s": "everyones", "some1s": "someones", "bcus": "because", "becoss": "because", "woz": "was", "wos": "was",
    "wus": "was", "dats": "thats", "thts": "thats", "tats": "thats", "thay": "they", "thier": "their",
    "thr": "there", "ther": "there", "peopel": "people", "frightend": "frightened", "scaird": "scared",
    "skard": "scared", "hury": "hurry", "upsett": "upset", "confussed": "confused", "parants": "parents",
    "parnts": "parents", "sekret": "secret", "sicret": "secret", "laff": "laugh", "larf": "laugh", "tolled": "told",
    "toled": "told", "arrsk": "ask", "arst": "asked", "arsked": "asked", "arskd": "asked", "asd": "asked",
}  # fmt: skip
"""What people write to the words they mean. Our own list."""

_REAL_WORDS_IN_IN: Final = frozenset(
    """
    admin again aspirin austin bargain basin begin berlin bitcoin brain britain bulletin cabin calvin captain
    certain chain checkin coffin coin colin complain contain cousin curtain darwin detain dolphin domain drain
    dublin dustin entertain erin explain fain fountain gain gavin grain insulin join justin kevin lain latin
    linkedin login main maintain margin martin marvin melvin mountain muffin obtain ordain origin pain penguin
    plain plugin protein pumpkin rain raisin refrain remain resin retain robin ruin satan satin skin spain spin
    stain strain sustain terrain toxin train twin urchin vain villain violin vitamin within
    """.split()
)
"""Words that end in 'in' without a dropped g."""

_SHORTEST_DROPPED_G: Final = 5

_BEFORE_SELF_HARM: Final = frozenset(
    "i ive im id to been about of my from for with do did doing done started stop stopped stopping want again".split()
)
"""'sh' is self-harm after one of these words; elsewhere it is a slip, or hushes somebody ('shhh')."""


def expand_text_speak(words: tuple[str, ...]) -> list[str]:
    """Write text-speak out, word by word; a word may become several or stay ('askin' gives 'asking')."""
    expanded: list[str] = []
    for word in words:
        full = TEXT_SPEAK.get(word)
        if word == "sh" and expanded and expanded[-1] in _BEFORE_SELF_HARM:
            full = "self harm"
        if full is not None:
            expanded.extend(full.split())
        elif len(word) >= _SHORTEST_DROPPED_G and word.endswith("in") and word not in _REAL_WORDS_IN_IN:
            expanded.append(word + "g")
        else:
            expanded.append(word)
    return expanded
