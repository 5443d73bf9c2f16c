"""Words that the names of invented organizations are made of."""

KINDS = (
    "community-based", "faith", "civil-rights", "parent-family", "tribal-nation",
    "native-organization", "youth", "labor", "business", "government", "school-district", "media",
    "political", "other",
)  # fmt: skip
NATIVE_KINDS = ("tribal-nation", "native-organization")
"""Kinds that exist for one community only."""

NATIVE = "american-indian-alaska-native"
COMMUNITIES = (
    NATIVE, "asian-pacific-islander", "black", "hispanic", "lgbtq", "immigrant", "multicultural",
)  # fmt: skip


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


# Names of invented places and ideas, one of which an organization carries.
ROOTS: dict[str, tuple[str, ...]] = {
    NATIVE: _list(
        "Cedar Bend, Sweetgrass Flats, Raven Point, Salmonberry, Otter Creek, Red Clay Wells,"
        "Juniper Ridge, Birch Lake, Tallgrass, Whitefish Narrows, Willow Spring, Snowgoose Bay,"
        "Yucca Canyon, Cottonwood Crossing, Wild Plum, Blue Heron Lake"
    ),
    "asian-pacific-islander": _list(
        "Ánh Sáng, Nā Kama, Talanoa Tide, Sampaguita Lane, Saathi, Kapwa, Paj Ntaub, Moonbridge,"
        "Plumeria, Jamun Road, Hanabi Hill, Fale Mālie, Banyan Row, Dok Champa, Kalayaan Street,"
        "Monsoon Table"
    ),
    "black": _list(
        "Bethel Hill, Sankofa Grove, Juniper Street, Freedom Porch, New Canaan Row, River Jordan,"
        "Magnolia Rising, Baobab, Morning Glory, Lifted Voices, Umoja Orchard, Lantern Hill,"
        "Sweetwater Row, Ubuntu Table, Crescent Oak, Quilting Bee"
    ),
    "hispanic": _list(
        "Puente Nuevo, Semillas, Raíces Vivas, Amanecer, Tierra Fértil, Luz del Barrio,"
        "Ojo de Agua, Manos Tejidas, El Faro Chico, Sol y Maíz, Acequia Madre Nueva,"
        "Corazón de Nopal, Tres Álamos, La Higuera, Piñón, Río Claro"
    ),
    "lgbtq": _list(
        "Lavender Door, Open Porch, Chosen Kin, Kaleidoscope, Marigold, Bright Harbor,"
        "Every Color, Daylight, Side Door, Violet Street, Tandem, Paper Lantern, Wildflower,"
        "Second Spring"
    ),
    "immigrant": _list(
        "New Roots, Welcome Table, Safe Landing, Harbor Light, First Snow, Open Suitcase,"
        "Between Shores, Soo Dhawow, Nouvo Jou, Selam, Ahlan Wasahlan, Nova Zoria, Bridgeway,"
        "Two Passports, Ñawi Warmi, Khushi"
    ),
    "multicultural": _list(
        "Many Rivers, Mosaic Street, One Table, Patchwork, Shared Garden, Weavers, Commonhouse,"
        "Eastside Unity, Open Gate, Lodestar, Twelve Doors, Roundabout, Front Stoop, Tributary"
    ),
}

LABELS = {
    NATIVE: ("Native", "Intertribal"),
    "asian-pacific-islander": ("Asian Pacific", "Islander and Asian"),
    "black": ("Black", "African American"),
    "hispanic": ("Latino", "Hispanic"),
    "lgbtq": ("LGBTQ", "Rainbow"),
    "immigrant": ("Immigrant", "Newcomer"),
    "multicultural": ("Multicultural", "All Neighbors"),
}

SUFFIXES: dict[str, tuple[str, ...]] = {
    "community-based": (
        "{root} Community Center", "{root} Neighborhood Collective", "{root} Family House",
        "{root} Mutual Aid", "{root} {label} Resource Center",
    ),
    "faith": (
        "{root} Community Church", "{root} Fellowship", "{root} Interfaith Table",
        "{root} Congregation", "{root} Faith in Schools",
    ),
    "civil-rights": (
        "{root} Justice Project", "{root} Rights Network", "{root} {label} Equity Council",
        "{root} Legal Circle", "{root} Civil Rights Forum",
    ),
    "parent-family": (
        "{root} Parents' Circle", "{root} Families for Schools", "{root} Reading Council",
        "{root} {label} Parent Association", "{root} Grandparents' Bench",
    ),
    "tribal-nation": ("{root} Nation", "{root} Band", "{root} Tribe", "{root} Tribal Council"),
    "native-organization": (
        "{root} Indian Education Council", "{root} Native Language Nest", "{root} Elders' Society",
        "{root} Urban Indian Center", "{root} Canoe Family", "{root} Native Youth Lodge",
    ),
    "youth": (
        "{root} Youth Council", "{root} Study Club", "{root} Young Voices", "{root} Drumline",
        "{root} {label} Student Union",
    ),
    "political": (
        "{root} Voters' League", "{root} Candidates' Forum", "{root} {label} Caucus",
        "{root} Ballot Committee",
    ),
    "labor": (
        "{root} Workers' Center", "{root} {label} Labor Council", "{root} Caregivers United",
        "{root} Day Laborers' Hall", "{root} Transit Riders and Drivers",
    ),
    "business": (
        "{root} Bakery and Books", "{root} {label} Chamber of Commerce", "{root} Credit Union",
        "{root} Market", "{root} Print Works",
    ),
    "government": (
        "{city} Welcome Desk for {label} Families", "{city} Commission on {label} Families",
        "{city} {label} Advisory Table",
    ),
    "school-district": (
        "{root} Community School", "{root} Elementary", "{root} High School",
        "{root} Unified School District", "{root} Dual Language Academy",
    ),
    "media": (
        "Radio {root}", "{root} Weekly", "The {root} Observer", "{root} Podcast House",
        "{root} Community Television",
    ),
    "other": (
        "{root} Arts Ensemble", "{root} Garden Society", "{root} Museum", "{root} Theater",
        "{root} Heritage Society",
    ),
}  # fmt: skip

# Names in the languages of a community. Behind a bar stand the words for {own}, so that no name
# mixes two languages of one community; {root} and {city} are as above.
OWN: dict[tuple[str, str], tuple[str, ...]] = {
    ("hispanic", "community-based"): (
        "Casa {root}", "Centro Comunitario {root}", "Casa Unida de {city}", "Vecinos de {root}",
        "Casa Unida {own} | del Valle, de la Loma, del Puerto, de la Mesa",
    ),
    ("hispanic", "faith"): (
        "Iglesia {root}", "Parroquia Santa Librada de {city}", "Templo {root}", "Capilla {root}",
    ),
    ("hispanic", "civil-rights"): ("Justicia {root}", "Voces Firmes de {city}"),
    ("hispanic", "parent-family"): (
        "Madres y Padres {root}", "Familias {root}", "Comadres Lectoras de {city}",
    ),
    ("hispanic", "youth"): ("Jóvenes {root}", "Mariachi Juvenil {root}"),
    ("hispanic", "labor"): ("Campesinos de {city}", "Unión de Jornaleros {root}"),
    ("hispanic", "business"): ("Panadería {root}", "Librería {root}"),
    ("hispanic", "school-district"): ("Academia {root}",),
    ("hispanic", "media"): ("El Eco de {city}", "Radio Comunitaria {root}"),
    ("hispanic", "other"): ("Ballet Folklórico {root}", "Teatro {root}"),
    ("asian-pacific-islander", "community-based"): (
        "Hội Cộng Đồng {own} | Ánh Sáng, Hy Vọng, Sen Vàng, Bến Mới",
        "Hmoob {own} | Lub Tsev Tshiab, Kev Cia Siab, Paj Ntaub",
        "Hui {own} | Mālama Keiki, Kūpono, Nā Pua",
        "Samahan ng {own} | Bagong Umaga, Sampaguita, Kapwa",
        "Fale {own} | Moana, Mālie, Alofa",
    ),
    ("asian-pacific-islander", "faith"): (
        "Chùa {own} | Liên Tâm, Phước Hải, An Lộc",
        "Gurdwara {own} Sahib | Nanaksar Road, Sukhmani",
        "Ekalesia {own} | Fou, Siʻufaga, Mālō", "Wat {own} | Lao Samakhi Mai, Thammarat",
        "{own}교회 | 새벽빛, 한우물, 푸른언덕",
    ),
    ("asian-pacific-islander", "parent-family"): (
        "Hội Phụ Huynh {own} | Ánh Sáng, Bình Minh, Hoa Mai",
        "Nā Mākua o {own} | Waikupa, Kahaluʻu Uka, Puʻu Lani",
        "{own}家長會 | 晨光, 橋水, 梧桐", "{own} 학부모회 | 한마음, 무지개길",
    ),
    ("asian-pacific-islander", "youth"): (
        "Nā Keiki o {own} | ka Lā, ke Kai, Mauna Uli", "Kabataan ng {own} | Bukas, Bayan",
        "Hluas Hmoob {own} | Tshiab, Sib Pab",
    ),
    ("asian-pacific-islander", "media"): (
        "Tin Tức {own} | Bến Mới, Quê Nhà", "{own}時報 | 橋水, 新岸",
        "Suara {own} | Timur, Laut",
    ),
    ("asian-pacific-islander", "other"): ("Hālau {own} | Hula o Uluwehi, Nā Lei Hōkū",),
    ("asian-pacific-islander", "business"): (
        "Phở {own} | Bến Mới, Sen Vàng", "Tindahan ni {own} | Aling Dalisay, Mang Bayani",
    ),
    ("black", "faith"): (
        "{root} Missionary Baptist Church", "{root} Tabernacle", "Greater {root} Temple",
    ),
    ("black", "community-based"): (
        "Kay Ayisyen {own} | Nouvo Jou, Men Nan Men, Limyè", "{root} Ujima House",
    ),
    ("black", "parent-family"): (
        "Ẹgbẹ́ Òbí {own} | Ìmọ́lẹ̀, Ayọ̀, Ọ̀rẹ́", "Fanmi {own} | Ansanm, Kole Zepòl",
        "{root} Fathers at the Bus Stop",
    ),
    ("black", "media"): ("The {city} Griot", "Vwa {own} | Katye a, Limyè"),
    ("immigrant", "community-based"): (
        "Xarunta Bulshada {own} | Soo Dhawow, Midnimo, Nabad",
        "Bayt {own} | al-Amal, as-Salam, an-Nur",
        "Дім {own} | Надії, Світла", "Casa {own} | Boa Chegada, Nova Maré",
    ),
    ("immigrant", "faith"): (
        "Masjid {own} | al-Amal, an-Nur al-Jadid, as-Sabr",
        "Debre {own} Orthodox Parish | Selam, Berhan", "Karen Church of {root}",
    ),
    ("immigrant", "parent-family"): (
        "Waalidiinta {own} | Midnimo, Iftiin", "Pais {own} | de Mãos Dadas, Novos Rumos",
        "Батьки {own} | разом, поруч",
    ),
    ("immigrant", "media"): ("Sawt {own} | al-Jisr, al-Hayy", "Wararka {own} | Xaafadda, Iftiin"),
    ("immigrant", "youth"): ("Dhallinyarada {own} | Iftiin, Midnimo", "Jovens {own} | Nova Maré"),
    ("lgbtq", "faith"): ("{root} Affirming Congregation", "Chapel at {root}"),
    ("lgbtq", "youth"): ("{root} Gender and Sexuality Alliance", "Homework Club at {root}"),
    ("lgbtq", "parent-family"): ("Proud Parents of {root}",),
    ("multicultural", "faith"): ("{root} Council of Congregations", "Neighbors' Porch at {root}"),
    (NATIVE, "school-district"): ("{root} Tribal School",),
    (NATIVE, "media"): ("{root} Native Radio", "Voices of {root}"),
    (NATIVE, "parent-family"): ("{root} Aunties' Table", "{root} Indian Parent Committee"),
}  # fmt: skip

LANGUAGES: dict[str, tuple[str, ...]] = {
    NATIVE: ("nv", "lkt", "dak", "oj", "chr", "esu", "ik", "tli", "hop", "cho"),
    "asian-pacific-islander": (
        "vi", "hmn", "tl", "cmn", "yue", "ko", "haw", "sm", "pa", "ta", "bn", "km", "lo",
        "mh", "chk",
    ),
    "black": ("ht", "yo", "ig", "fr", "am", "jam"),
    "hispanic": ("es", "quc", "mix", "zap", "mam"),
    "lgbtq": ("es", "ase", "tl"),
    "immigrant": (
        "so", "ar", "prs", "ps", "ne", "my", "ksw", "uk", "pt", "ht", "es", "ti", "sw", "rw",
    ),
    "multicultural": ("es", "ar", "vi", "fr", "ase"),
}  # fmt: skip

FOCUS_AREAS: dict[str, tuple[str, ...]] = {
    NATIVE: ("native-languages-culture", "educator-diversity", "curricula", "equitable-funding"),
    "asian-pacific-islander": ("english-learners", "curricula", "bilingual-education"),
    "black": ("racial-justice", "school-climate", "equitable-funding", "educator-diversity"),
    "hispanic": ("bilingual-education", "english-learners", "family-engagement", "college-career"),
    "lgbtq": ("lgbtq-students", "bullying-prevention", "school-climate", "student-health"),
    "immigrant": ("immigrant-students-rights", "english-learners", "family-engagement"),
    "multicultural": ("community-schools", "civic-participation", "after-school"),
}
MORE_FOCUS_AREAS = (
    "smaller-classes", "early-childhood", "educator-pay", "privatization-vouchers",
    "safe-buildings", "special-education", "support-professionals", "student-health",
)  # fmt: skip

BRINGS = (
    "a hall with eighty chairs", "interpreters", "trusted voices in the neighborhood",
    "a kitchen", "volunteers on weekends", "a radio hour", "knowledge of tribal law",
    "a newsletter in two languages", "a van", "legal advice once a month", "musicians",
    "tutors", "a mailing list of families", "moderators", "space for exhibitions",
)  # fmt: skip
WANTS = (
    "smaller classes", "a seat at the budget table", "books in its languages",
    "teachers who know the neighborhood", "fewer suspensions", "help with grant writing",
    "volunteers", "a later bus", "printing", "introductions to the district",
    "space for meetings", "to be asked before things are decided", "scholarships",
)  # fmt: skip
