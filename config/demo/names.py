"""Invented people with names as their languages write them.

A name is one line of text: some have one part, some five, some put the family first. Given and
family names are common ones, combined at random; a person of the same name is a coincidence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person; `languages` are codes of languages.csv, the first is preferred."""

    full_name: str
    preferred_name: str
    pronouns: str
    tradition: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tradition:
    """How people of one language are named."""

    language: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    shape: Callable[[Random, tuple[str, ...], tuple[str, ...]], tuple[str, str]]


Parts = tuple[str, ...]


def _plain(rng: Random, given: Parts, family: Parts) -> tuple[str, str]:
    first = rng.choice(given)
    return f"{first} {rng.choice(family)}", first


def _western(rng: Random, given: Parts, family: Parts) -> tuple[str, str]:
    first, roll = rng.choice(given), rng.random()
    if roll < 0.12:
        return f"{first} {rng.choice('ABCDEFGHJKLMNPRSTW')}. {rng.choice(family)}", first
    if roll < 0.2:
        one, two = rng.sample([name for name in family if "-" not in name], 2)
        return f"{first} {one}-{two}", first
    return f"{first} {rng.choice(family)}", first


def _two_families(rng: Random, given: Parts, family: Parts) -> tuple[str, str]:
    first = rng.choice(given)
    return " ".join([first, *rng.sample(family, rng.choice((1, 2, 2)))]), first


def _spanish(rng: Random, given: Parts, family: Parts) -> tuple[str, str]:
    first, second = rng.sample(given, 2)
    one, two = rng.sample(family, 2)
    roll = rng.random()
    if roll < 0.25:
        return f"{first} {one}", first
    if roll < 0.75:
        return f"{first} {one} {two}", first
    if roll < 0.9:
        return f"{first} {second} {one} {two}", first
    return f"{first} de la {rng.choice(('Cruz', 'Rosa', 'Paz'))} {one}", first


def _family_first(rng: Random, given: Parts, family: Parts) -> tuple[str, str]:
    first = rng.choice(given)
    return f"{rng.choice(family)} {first}", first


def _chinese(rng: Random, given: Parts, family: Parts) -> tuple[str, str]:
    if rng.random() < 0.2:
        first = rng.choice(("美玲", "志明", "淑芬", "家慧", "國強"))
        return f"{rng.choice(('歐陽', '陳', '林', '趙', '馮'))}{first}", first
    return _family_first(rng, given, family)


def _korean(rng: Random, given: Parts, family: Parts) -> tuple[str, str]:
    if rng.random() < 0.2:
        first = rng.choice(("지우", "은경", "상훈", "미숙", "도윤"))
        return f"{rng.choice(('남궁', '노', '정', '윤', '백'))}{first}", first
    return _family_first(rng, given, family)


def _vietnamese(rng: Random, given: Parts, family: Parts) -> tuple[str, str]:
    first = rng.choice(given)
    middle = rng.choice(("Ngọc", "Minh", "Thanh", "Kim", "Xuân", "Thu", "Bảo"))
    if rng.random() < 0.35:
        return f"{first} {rng.choice(family)}", first
    return f"{rng.choice(family)} {middle} {first}", first


def _fathers(rng: Random, given: Parts, family: Parts) -> tuple[str, str]:
    """The own name, the father's and often the grandfather's."""
    names = rng.sample(given, 1) + rng.sample(family, 2 if rng.random() < 0.6 else 1)
    return " ".join(names), names[0]


def _arabic(rng: Random, given: Parts, family: Parts) -> tuple[str, str]:
    first = rng.choice(given)
    if rng.random() < 0.2:
        father = rng.choice(("Kareem", "Sami", "Fuad", "Jamil"))
        return f"{first} {father} Abdel Rahman {rng.choice(family)}", first
    return f"{first} {rng.choice(family)}", first


def _tamil(rng: Random, given: Parts, family: Parts) -> tuple[str, str]:
    """Often the father's initial and the own name, which is all of it."""
    first = rng.choice(given)
    if rng.random() < 0.6:
        return f"{rng.choice('AKMNRSTV')}. {first}", first
    return f"{first} {rng.choice(family)}", first


def _one_name(rng: Random, given: Parts, family: Parts) -> tuple[str, str]:
    first = rng.choice(given)
    return (first if rng.random() < 0.35 else f"{first} {rng.choice(family)}"), first


def _list(text: str) -> Parts:
    return tuple(part.strip() for part in text.split(",") if part.strip())


TRADITIONS: dict[str, Tradition] = {
    name: Tradition(language, _list(given), _list(family), shape)
    for name, language, shape, given, family in [
        (
            "Spanish", "es", _spanish,
            "María, Guadalupe, José, Lucía, Ximena, Itzel, Ramón, Belén, Joaquín, Inés, Raúl, "
            "Concepción, Verónica, Andrés, Mónica, Héctor, Araceli, Íñigo, Noemí, Efraín, "
            "Jimena, Óscar, Socorro, Úrsula, Tomás",
            "Quiñones, Peña, Ibáñez, Zúñiga, Cárdenas, Maldonado, Ordóñez, Sepúlveda, "
            "Villaseñor, Benavides, Treviño, Escobedo, Arredondo, Tamayo, Galindo, Ocampo, "
            "Yáñez, Barragán, Núñez, Saldívar, Armendáriz, Corrales, Bermúdez, Madrigal",
        ),
        (
            "Vietnamese", "vi", _vietnamese,
            "Hà, Châu, Đức, Thảo, Oanh, Hưng, Tuyết, Diễm, Phước, Linh, Trọng, Thủy, Lộc, "
            "Quỳnh, Hiền, Dũng, Vân, Khôi",
            "Nguyễn, Trần, Lê, Phạm, Huỳnh, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý, Tạ, Đinh, "
            "Mạc",
        ),
        (
            "Hmong", "hmn", _plain,
            "Pa Kou, Mai See, Tou Ger, Chue Neng, Yer, Gao Nou, Kong Meng, Xee, Fue, Bao Yia, "
            "Der, Nhia Tong, Pang Dee, Mai Chou, Ka Zoua, Teng",
            "Vang, Xiong, Yang, Lor, Thao, Moua, Her, Khang, Vue, Cha, Hang, Lee, Kue, Cheng",
        ),
        (
            "Hawaiian", "haw", _western,
            "Keoni, Māhealani, Kūpono, Nohea, Kawika, Pualani, Kekoa, Leinaʻala, Ikaika, "
            "Moana, Hōkū, Kainoa, Uʻilani, Makana",
            "Kahananui, Naʻauao, Keaweʻaimoku, Puaʻa, Nāone, Kaʻahanui, Hoʻopai, Kekauoha, "
            "Makaʻike, Palakiko, Kūlana, Kaʻaihue, Nāpali",
        ),
        (
            "Samoan", "sm", _plain,
            "Sefina, Tavita, Lagi, Ioane, Fetū, Sināmoa, Pātele, Losa, Mālia, Tuli, Feʻi, "
            "Ropati",
            "Leiataua, Faleolo, Laʻauli, Seumanu, Taʻala, Sāpolu, Asuega, Tauileʻi, "
            "Lealaiauloto, Fuatino, Puletasi, Māvaega",
        ),
        (
            "Chamorro", "ch", _two_families,
            "Isa, Juan, Ånghet, Rosario, Tasi, Pilar, Benigno, Sirena, Påle, Hurao",
            "Quitugua, Taitano, Mafnas, Chargualaf, Naputi, Taimanglo, Quichocho, Mesngon, "
            "Charfauros, Taisipic",
        ),
        (
            "Marshallese", "mh", _plain,
            "Jibon, Lañinbit, Mōnti, Jabōn, Litokwa, Neimat, Kūrtiej, Bōlle, Jemej, Hemity",
            "Lakjohn, Jorbon, Laukon, Bikajle, Riklon, Joklur, Anmontha, Jetnil, Langidrik, "
            "Lokboj",
        ),
        (
            "Navajo", "nv", _plain,
            "Shandiin, Nizhóní, Leland, Darlene, Nanibaaʼ, Wilson, Yanabah, Dezbah, Verlyn, "
            "Alta, Orlando, Hózhó",
            "Begaye, Tsosie, Benally, Etsitty, Nez, Yellowhair, Todacheenie, Tsinajinnie, "
            "Bitsui, Manygoats, Claw, Tohannie",
        ),
        (
            "Lakota", "lkt", _plain,
            "Wíyaka, Maȟpíya, Dallas, Theresa, Aŋpétu, Leonard, Marlene, Haŋwí, Duane, "
            "Rosalie",
            "Iron Lodge, Two Elk Boy, Yellow Plume, Runs Above, Good Shawl, Brings Water, "
            "Afraid of Thunder, Blue Whirlwind, Stands at Dawn, Long Pine",
        ),
        (
            "Yup'ik", "esu", _plain,
            "Nengqer, Agnes, Evon, Cakicenaq, Moses, Olinka, Wassillie, Apanuugpak, Nastasia, "
            "Elena",
            "Alexie, Kameroff, Nicori, Chikoyak, Evan, Pavilla, Uttereyuk, Egoak, Charlie, "
            "Moxie",
        ),
        (
            "Yoruba", "yo", _western,
            "Adéọlá, Olúwaṣeun, Folákẹ́, Babátúndé, Títílayọ̀, Kẹ́hìndé, Ìyábọ̀, Ọlámidé, "
            "Ṣadé, Wálé",
            "Adéyẹmí, Ọ̀ṣúntókun, Akíndélé, Ògúnbọ̀wálé, Fálànà, Adébáyọ̀, Ọláníyan, Ìdòwú, "
            "Àlàbí",
        ),
        (
            "Igbo", "ig", _western,
            "Adaeze, Chukwuemeka, Ngọzi, Obinna, Ifeọma, Kelechi, Nnenna, Ụzọma, Chidinma, "
            "Okwudili",
            "Nwachukwu, Ezeani, Onyekachi, Ụmeh, Okorie, Anyadike, Mbanefo, Ikwuemesi, Ndukwe",
        ),
        (
            "Amharic", "am", _fathers,
            "Selamawit, Dawit, Hiwot, Bekele, Tigist, Yared, Meseret, Abebe, Mulu, Eyob, "
            "Genet",
            "Tesfaye, Gebremariam, Woldeyohannes, Demissie, Lemma, Kebede, Alemu, Tadesse, "
            "Assefa",
        ),
        (
            "Somali", "so", _fathers,
            "Faadumo, Cabdi, Xaawo, Maxamed, Ifraax, Sahra, Cali, Ubax, Yuusuf, Caasha, "
            "Liibaan",
            "Warsame, Cabdullaahi, Nuur, Xasan, Jaamac, Guuleed, Diiriye, Faarax, Ciise, "
            "Samatar",
        ),
        (
            "Arabic", "ar", _arabic,
            "Layla, Nour, Samir, Rania, Tariq, Huda, Yasmeen, Khalil, Salma, Bassam, Dalal, "
            "Zayd",
            "al-Khatib, Haddad, Mansour, el-Amin, Qasim, Nasrallah-Odeh, Shaheen, Barakat, "
            "Darwish, al-Masri, Sabbagh, Tannous",
        ),
        (
            "Dari", "prs", _one_name,
            "Zarghuna, Freshta, Najib, Shukria, Homayoun, Parwana, Basir, Lailuma, Wahid, "
            "Nasima",
            "Rahimi, Noorzai, Stanikzai, Haidari, Popal, Safi, Amiri, Karokhel",
        ),
        (
            "Punjabi", "pa", _plain,
            "Harpreet, Gurleen, Jaswinder, Manjit, Simran, Baldev, Kirandeep, Navtej, Amrit, "
            "Parminder",
            "Kaur Sandhu, Singh Gill, Kaur Dhaliwal, Singh Brar, Kaur Grewal, Singh Sidhu, "
            "Kaur Bains, Singh Mann",
        ),
        (
            "Tamil", "ta", _tamil,
            "Karthikeyan, Meenakshi, Thenmozhi, Arulmozhi, Yazhini, Senthil, Kavitha, Ilango, "
            "Malarvizhi, Nedunchezhiyan",
            "Subramanian, Thangavelu, Palaniappan, Muthuswamy, Ramanathan, Arumugam",
        ),
        (
            "Bengali", "bn", _western,
            "Shirin, Tahmina, Rafiqul, Anindita, Debjani, Mahfuz, Nusrat, Subrata, Farzana, "
            "Pallab",
            "Chowdhury, Mukhopadhyay, Sarkar, Hossain, Bhattacharya, Talukder, Majumder, "
            "Nandi",
        ),
        (
            "Nepali", "ne", _plain,
            "Bishnu, Sabitri, Tika, Deu Maya, Purna, Goma, Hari, Sarita, Dambar, Nar Maya",
            "Adhikari, Ghimire, Rai, Gurung, Dhakal, Bhattarai, Subedi, Khadka",
        ),
        (
            "Chinese", "cmn", _chinese,
            "Yùlán, Měilíng, Wénxióng, Xiùyīng, Zhìmíng, Shūfēn, Jiāhuì, Guóqiáng, Yǎtíng, "
            "Jiànhuá",
            "Lín, Chén, Ōuyáng, Zhào, Xǔ, Lǐ, Xú, Táng, Féng, Sū",
        ),
        (
            "Korean", "ko", _korean,
            "Ji-woo, Seo-yeon, Min-ho, Hye-jin, Sang-hoon, Eun-kyung, Do-yun, Mi-sook, "
            "Kyung-ok, Tae-il",
            "Noh, Park, Choi, Jeong, Yoon, Namgung, Seo, Baek, Hwang, Sim",
        ),
        (
            "Japanese", "ja", _plain,
            "Haruka, Kenji, Michiko, Tsuyoshi, Emiko, Shōta, Yūko, Kōji, Aiko, Takumi",
            "Ōnishi, Hayakawa, Shimabukuro, Kitagawa, Uehara, Nishimoto, Tōyama, Arakaki",
        ),
        (
            "Tagalog", "tl", _two_families,
            "Ligaya, Rosario, Dante, Marivic, Jun-Jun, Amihan, Bayani, Cherry Ann, Dalisay, "
            "Rommel, Luzviminda, Crisanto",
            "Dimaculangan, Macaraeg, Pangilinan, Manalastas, Dela Peña, Batungbakal, "
            "Lacsamana, Catacutan, Sumulong, Panganiban",
        ),
        (
            "Khmer", "km", _family_first,
            "Sreymom, Sokha, Bopha, Vannak, Chanthou, Ratana, Piseth, Kolab, Samnang, Dara",
            "Chhim, Keo, Sok, Meas, Nhem, Prak, Touch, Oum, Ros",
        ),
        (
            "Karen", "ksw", _one_name,
            "Paw Eh Htoo, Hser Nay, Naw Say Wah, Eh Doh Soe, Mu Paw, Saw Ler Moo, Ku Thay, "
            "Htee Wah",
            "Paw, Htoo, Moo, Wah, Gay, Soe",
        ),
        (
            "Burmese", "my", _one_name,
            "Thiri, Aung Min Htet, Khin Sandar, Zaw Lwin, Ei Phyu, Nyein Chan, Moe Thuzar, "
            "Phyo Wai",
            "Htwe, Lwin, Myint, Tun, Zin, Hlaing",
        ),
        (
            "Haitian Creole", "ht", _western,
            "Jean-Robert, Guerline, Fabiola, Wisner, Mirlande, Évens, Ketsia, Frantz, "
            "Yolette, Dieudonné",
            "Désravines, Étienne, Pierre-Louis, Saint-Fleur, Célestin, Dorvil, Beauséjour, "
            "Exantus, Théagène",
        ),
        (
            "Portuguese", "pt", _two_families,
            "Conceição, João, Nélida, Dulce, Tomás, Graça, Adilson, Zuleica, Valdemar, Inês",
            "Gonçalves, Brandão, Tavares, Monteiro, Araújo, Fontes, Évora, Magalhães, Semedo",
        ),
        (
            "African American", "en", _western,
            "Lashonda, Terrence, Imani, Darnell, Ernestine, Jamal, Keisha, Cornelius, "
            "Octavia, Rashad, Marguerite, D'Andre, Willa Mae, Roosevelt, Tanisha, Percy, "
            "Zora, Clarence, Latrice, Ezekiel",
            "Gaithers, Boykins, Pettway, Tolliver, Merriweather, Ruffin, Bracey, Hairston, "
            "Tubbs, Pinckney, Whitfield, Gadsden, Lyles, Mabry, Fontenot, Sturdivant, "
            "Broadnax, Culpepper, Dandridge, Vickers",
        ),
        (
            "Polish", "pl", _western,
            "Agnieszka, Wojciech, Małgorzata, Stanisław, Elżbieta, Zbigniew, Bożena, Łukasz, "
            "Halina",
            "Brzoza, Zając, Żmuda, Więcek, Kołodziej, Śliwa, Łuczak, Gręda, Szczygieł",
        ),
        (
            "Ukrainian", "uk", _western,
            "Oksana, Bohdan, Solomiya, Ruslan, Nadiia, Yaroslav, Kateryna, Ostap, Mar'yana, "
            "Taras",
            "Kovalchuk, Lysenko, Tkachenko, Horbatiuk, Marchuk, Bilyk, Hrytsenko, Panchuk, "
            "Zabolotko",
        ),
        (
            "English", "en", _western,
            "Eleanor, Wesley, Abigail, Curtis, Nan, Theodore, Margaret, Dale, Lorraine, "
            "Preston, Rowan, Philippa, Gordon, Judith, Casey, Harriet, Lowell, Winifred, "
            "Russ, Corinne",
            "Haverstock, Pembry, Lindqvist, Ashworth, Tillotson, McGarrigle, O'Halloran, "
            "Birdsong, Rasmussen, Underhill, Van der Meer, Wetherby, Kittredge, Fairbairn, "
            "Stoddard, Quigley, Marlowe, Ostrander, Thackeray-Bell, Yarborough",
        ),
    ]
}  # fmt: skip

FOR_COMMUNITY: dict[str, tuple[str, ...]] = {
    "american-indian-alaska-native": ("Navajo", "Lakota", "Yup'ik", "English"),
    "asian-pacific-islander": (
        "Vietnamese", "Hmong", "Hawaiian", "Samoan", "Chamorro", "Marshallese", "Punjabi", "Tamil",
        "Bengali", "Chinese", "Korean", "Japanese", "Tagalog", "Khmer",
    ),
    "black": ("African American", "Yoruba", "Igbo", "Haitian Creole", "African American"),
    "hispanic": ("Spanish",),
    "lgbtq": ("English", "African American", "Spanish", "Tagalog", "Polish"),
    "immigrant": (
        "Somali", "Amharic", "Arabic", "Dari", "Nepali", "Karen", "Burmese", "Ukrainian",
        "Portuguese", "Haitian Creole", "Spanish",
    ),
    "multicultural": tuple(TRADITIONS),
}  # fmt: skip
"""Which traditions the staff of an organization that serves a community are drawn from."""

_PRONOUNS = ("", "", "", "she/her", "he/him", "they/them", "ella", "él", "she/they")


def person(rng: Random, tradition: str = "") -> Person:
    """An invented person, named in this tradition or in any."""
    tradition = tradition or rng.choice(tuple(TRADITIONS))
    found = TRADITIONS[tradition]
    full_name, short = found.shape(rng, found.given, found.family)
    languages = (found.language,) if found.language == "en" else (found.language, "en")
    preferred = short if short != full_name and rng.random() < 0.3 else ""
    return Person(full_name, preferred, rng.choice(_PRONOUNS), tradition, languages)


def person_of(rng: Random, community: str) -> Person:
    """An invented person who works for an organization that serves this community."""
    traditions = FOR_COMMUNITY.get(community, tuple(TRADITIONS))
    if rng.random() < 0.12:
        traditions = tuple(TRADITIONS)
    return person(rng, rng.choice(traditions))
