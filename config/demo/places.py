"""Towns of every state and territory, with what an invented address and phone number need.

The towns, the first three digits of their ZIP codes, the area codes and the time zones are real, so
that maps and filters look right; streets and house numbers are invented elsewhere.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A town; `state` is the code of states.csv, "--" for a town abroad."""

    city: str
    state: str
    zip_prefix: str
    area_codes: tuple[str, ...]
    time_zone: str
    country: str = "US"


_EASTERN, _CENTRAL = "America/New_York", "America/Chicago"
_MOUNTAIN, _PACIFIC = "America/Denver", "America/Los_Angeles"

# state, time zone, area codes, towns with the first three digits of their ZIP codes
_STATES = [
    ("AL", _CENTRAL, "205 251 334", "Birmingham 352, Mobile 366, Montgomery 361, Tuscaloosa 354"),
    (
        "AK",
        "America/Anchorage",
        "907",
        "Anchorage 995, Fairbanks 997, Juneau 998, Bethel 995, Utqiaġvik 997",
    ),
    (
        "AZ",
        "America/Phoenix",
        "480 520 602 928",
        "Phoenix 850, Tucson 857, Mesa 852, Flagstaff 860, Chinle 865, Yuma 853",
    ),
    ("AR", _CENTRAL, "479 501 870", "Little Rock 722, Springdale 727, Fort Smith 729, Helena 723"),
    (
        "CA",
        _PACIFIC,
        "213 415 510 559 619 916",
        "Los Angeles 900, San Diego 921, Fresno 937, Oakland 946, Sacramento 958, Salinas 939",
    ),
    ("CO", _MOUNTAIN, "303 719 970", "Denver 802, Pueblo 810, Greeley 806, Durango 813"),
    ("CT", _EASTERN, "203 860", "Hartford 061, New Haven 065, Bridgeport 066, Waterbury 067"),
    ("DE", _EASTERN, "302", "Wilmington 198, Dover 199, Georgetown 199"),
    ("DC", _EASTERN, "202 771", "Washington 200, Anacostia 200"),
    (
        "FL",
        _EASTERN,
        "305 407 813 904",
        "Miami 331, Hialeah 330, Orlando 328, Tampa 336, Jacksonville 322, Immokalee 341",
    ),
    ("GA", _EASTERN, "404 706 912", "Atlanta 303, Clarkston 300, Savannah 314, Dalton 307"),
    ("HI", "Pacific/Honolulu", "808", "Honolulu 968, Hilo 967, Waiʻanae 967, Kahului 967"),
    ("ID", "America/Boise", "208 986", "Boise 837, Nampa 836, Pocatello 832, Lapwai 835"),
    (
        "IL",
        _CENTRAL,
        "217 312 773 815",
        "Chicago 606, Cicero 608, Rockford 611, Peoria 616, East St. Louis 622",
    ),
    ("IN", "America/Indiana/Indianapolis", "260 317", "Indianapolis 462, Gary 464, Fort Wayne 468"),
    ("IA", _CENTRAL, "319 515 712", "Des Moines 503, Sioux City 511, Waterloo 507, Storm Lake 505"),
    (
        "KS",
        _CENTRAL,
        "316 620 785 913",
        "Wichita 672, Kansas City 661, Topeka 666, Garden City 678",
    ),
    ("KY", _EASTERN, "502 606 859", "Louisville 402, Lexington 405, Bowling Green 421, Hazard 417"),
    ("LA", _CENTRAL, "225 318 504", "New Orleans 701, Baton Rouge 708, Shreveport 711, Houma 703"),
    ("ME", _EASTERN, "207", "Portland 041, Lewiston 042, Bangor 044, Indian Island 044"),
    (
        "MD",
        _EASTERN,
        "240 301 410",
        "Baltimore 212, Silver Spring 209, Hyattsville 207, Salisbury 218",
    ),
    (
        "MA",
        _EASTERN,
        "413 508 617 978",
        "Boston 021, Lawrence 018, Lowell 018, Springfield 011, New Bedford 027",
    ),
    (
        "MI",
        "America/Detroit",
        "313 517 616 906",
        "Detroit 482, Dearborn 481, Flint 485, Lansing 489, Sault Ste. Marie 497",
    ),
    (
        "MN",
        _CENTRAL,
        "218 507 612 651",
        "Minneapolis 554, Saint Paul 551, Bemidji 566, Worthington 561, Rochester 559",
    ),
    ("MS", _CENTRAL, "228 601 662", "Jackson 392, Biloxi 395, Greenville 387, Philadelphia 393"),
    (
        "MO",
        _CENTRAL,
        "314 417 816",
        "St. Louis 631, Kansas City 641, Springfield 658, Columbia 652",
    ),
    ("MT", _MOUNTAIN, "406", "Billings 591, Missoula 598, Browning 594, Great Falls 594"),
    ("NE", _CENTRAL, "308 402", "Omaha 681, Lincoln 685, Grand Island 688, Lexington 688"),
    ("NV", _PACIFIC, "702 775", "Las Vegas 891, Reno 895, Elko 898, North Las Vegas 890"),
    ("NH", _EASTERN, "603", "Manchester 031, Nashua 030, Concord 033"),
    (
        "NJ",
        _EASTERN,
        "201 609 732 973",
        "Newark 071, Jersey City 073, Paterson 075, Camden 081, Edison 088",
    ),
    (
        "NM",
        _MOUNTAIN,
        "505 575",
        "Albuquerque 871, Santa Fe 875, Las Cruces 880, Gallup 873, Española 875",
    ),
    (
        "NY",
        _EASTERN,
        "212 315 518 585 716 718",
        "Brooklyn 112, Bronx 104, Queens 113, Buffalo 142, Rochester 146, Syracuse 132",
    ),
    (
        "NC",
        _EASTERN,
        "336 704 910 919",
        "Charlotte 282, Durham 277, Greensboro 274, Pembroke 283, Asheville 288",
    ),
    ("ND", _CENTRAL, "701", "Fargo 581, Bismarck 585, Belcourt 583, Minot 587"),
    ("OH", _EASTERN, "216 419 513 614", "Cleveland 441, Columbus 432, Cincinnati 452, Toledo 436"),
    ("OK", _CENTRAL, "405 580 918", "Oklahoma City 731, Tulsa 741, Tahlequah 744, Lawton 735"),
    (
        "OR",
        _PACIFIC,
        "503 541",
        "Portland 972, Salem 973, Woodburn 970, Medford 975, Warm Springs 977",
    ),
    (
        "PA",
        _EASTERN,
        "215 412 610 717",
        "Philadelphia 191, Pittsburgh 152, Allentown 181, Reading 196, Harrisburg 171",
    ),
    ("RI", _EASTERN, "401", "Providence 029, Pawtucket 028, Central Falls 028"),
    ("SC", _EASTERN, "803 843 864", "Columbia 292, Charleston 294, Greenville 296, Beaufort 299"),
    ("SD", _CENTRAL, "605", "Sioux Falls 571, Rapid City 577, Pine Ridge 577, Eagle Butte 576"),
    (
        "TN",
        _CENTRAL,
        "423 615 865 901",
        "Memphis 381, Nashville 372, Knoxville 379, Chattanooga 374",
    ),
    (
        "TX",
        _CENTRAL,
        "210 214 512 713 915 956",
        "Houston 770, San Antonio 782, Dallas 752, El Paso 799, Laredo 780, McAllen 785",
    ),
    (
        "UT",
        _MOUNTAIN,
        "385 435 801",
        "Salt Lake City 841, West Valley City 841, Ogden 844, Blanding 845",
    ),
    ("VT", _EASTERN, "802", "Burlington 054, Winooski 054, Rutland 057"),
    ("VA", _EASTERN, "540 703 757 804", "Richmond 232, Norfolk 235, Annandale 220, Roanoke 240"),
    (
        "WA",
        _PACIFIC,
        "206 253 360 509",
        "Seattle 981, Tacoma 984, Yakima 989, Spokane 992, Bellingham 982",
    ),
    ("WV", _EASTERN, "304 681", "Charleston 253, Huntington 257, Beckley 258"),
    ("WI", _CENTRAL, "414 608 715 920", "Milwaukee 532, Madison 537, Green Bay 543, Wausau 544"),
    ("WY", _MOUNTAIN, "307", "Cheyenne 820, Casper 826, Riverton 825"),
    ("AS", "Pacific/Pago_Pago", "684", "Pago Pago 967, Tāfuna 967, Leone 967"),
    ("GU", "Pacific/Guam", "671", "Hagåtña 969, Dededo 969, Tamuning 969"),
    ("MP", "Pacific/Guam", "670", "Saipan 969, Tinian 969, Rota 969"),
    ("PR", "America/Puerto_Rico", "787 939", "San Juan 009, Ponce 007, Mayagüez 006, Loíza 007"),
    (
        "VI",
        "America/St_Thomas",
        "340",
        "Charlotte Amalie 008, Christiansted 008, Frederiksted 008",
    ),
]

# Schools of the military abroad, and partners beyond the border: rows outside regions.
ABROAD: tuple[Place, ...] = (
    Place("Kaiserslautern", "--", "", (), "Europe/Berlin", "DE"),
    Place("Okinawa City", "--", "", (), "Asia/Tokyo", "JP"),
    Place("Oaxaca de Juárez", "--", "", (), "America/Mexico_City", "MX"),
)


def _parsed() -> dict[str, tuple[Place, ...]]:
    places: dict[str, tuple[Place, ...]] = {}
    for state, zone, codes, towns in _STATES:
        pairs = (town.rsplit(" ", 1) for town in towns.split(", "))
        places[state] = tuple(
            Place(city, state, prefix, tuple(codes.split()), zone) for city, prefix in pairs
        )
    return places


PLACES: dict[str, tuple[Place, ...]] = _parsed()
"""The 56 states and territories in the order of states.csv, each with its towns."""


def every_place() -> list[Place]:
    """All towns, those abroad last."""
    return [place for towns in PLACES.values() for place in towns] + list(ABROAD)
