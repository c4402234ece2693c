"""Word lists of the sample corpus: invented or generic names, and common words that double as names.

Towns, most surnames and most companies are combinations of heads and tails, so that `Ashford` may be a town, a person
or a part of a firm, and only the sentence decides.
"""

from __future__ import annotations

from vocabulary import WORDS

_HEADS = """
    Ash Brack Carl Dun East Fen Gar Hal Kel Lang Mar Nether Oak Pen Quar Rad Stan Thorn Under Wal
    Birch Crow Dray Elm Hart Ken Lin Mill Nor Pres Ren Sel Tar Wend Yar Bel Col Hazel Lud Rush
""".split()
_PLACE_TAILS = "ford ham ton bury wick mouth haven field dale stead".split()
_SURNAME_TAILS = "worth well ley man garth shaw croft ford son by".split()
_FOREIGN_HEADS = "Bran Kova Lind Moro Nak Oku Pere Ros Sato Tam Vel Zan Adey Chau Duar Esp Gho Ibar Jano Kamu".split()
_FOREIGN_SURNAME_TAILS = "dt ric berg mura nen ski tti dez gata oglu".split()
_FOREIGN_PLACE_TAILS = "vik ostok aka grad illo ieres una burg".split()
_COMPANY_HEADS = (
    "Velt Nord Lumi Quant Syn Aer Cyre Helio Zeph Omni Prax Tele Ferro Vira Xan Bio Dyna Kine Opti Vort".split()
)
_COMPANY_TAILS = "rix ane tek ora dyne ium sys ega onics via".split()
_PRODUCT_HEADS = "Lum Vel Zip Fon Pix Nim Kor Aqu Tiv Rov Glid Son".split()
_PRODUCT_TAILS = "o ara ix ette ion ax oto iq".split()


def _join(heads: list[str], tails: list[str]) -> list[str]:
    return [head + tail for head in heads for tail in tails]


# Names of the real world, because the first sentence that somebody tries has some of these.
_REAL_SURNAMES = """
    Kern Obama Smith Johnson Williams Brown Jones Garcia Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson
    Anderson Taylor Moore Jackson Lee Perez Thompson Harris Sanchez Clarke Ramirez Lewis Robinson Walker Young Allen
    Scott Torres Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans
    Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Cook Rogers Gutierrez Cooper Peterson Bailey
    Kelly Howard Ramos Ward Cox Richardson Watson Brooks Chavez Wood Bennett Gray Mendoza Ruiz Hughes Price Alvarez
    Patel Myers Long Ross Foster Khan Ali Hussain Ahmed Shah Begum Chowdhury Rahman Iqbal Malik Wang Li Zhang Liu Chen
    Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Sato Suzuki Takahashi Ito Watanabe Yamamoto Nakamura Kobayashi
    Kato Yoshida Yamada Sasaki Park Choi Jung Kang Ivanov Smirnov Kuznetsov Popov Sokolov Lebedev Kozlov Novikov
    Fischer Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf Neumann Braun Zimmermann Krause Werner
    Lange Vogel Jansen Visser Bakker Mulder Dubois Laurent Simon Michel Lefebvre Bertrand Roux Fournier Girard Bonnet
    Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Conti Nilsson Karlsson Andersson Hansen Olsen
    Johansen Berg Dahl Nielsen Jensen Virtanen Korhonen Kowalski Nowak Wojcik Horak Svoboda Popescu Papadopoulos Yilmaz
    Kaya Demir Mwangi Otieno Mensah Boateng Adeyemi Nwosu Dlamini Nkosi Tran Le Pham Santos Oliveira Souza Pereira Lima
""".split()
_REAL_CITIES = """
    Oslo Honolulu London Berlin Madrid Rome Vienna Lisbon Athens Dublin Prague Warsaw Budapest Bucharest Sofia Zagreb
    Belgrade Helsinki Stockholm Copenhagen Brussels Amsterdam Rotterdam Antwerp Hamburg Munich Cologne Frankfurt
    Stuttgart Leipzig Dresden Zurich Geneva Basel Milan Turin Naples Venice Palermo Bologna Barcelona Seville Valencia
    Bilbao Porto Marseille Lyon Toulouse Bordeaux Nantes Lille Manchester Liverpool Birmingham Leeds Glasgow Edinburgh
    Cardiff Belfast Bristol Nottingham Oxford Cambridge Boston Chicago Denver Seattle Dallas Houston Atlanta Miami
    Detroit Cleveland Pittsburgh Baltimore Portland Sacramento Toronto Montreal Vancouver Ottawa Calgary Havana Bogota
    Lima Quito Caracas Santiago Montevideo Brasilia Recife Cairo Alexandria Tunis Algiers Casablanca Rabat Lagos Accra
    Dakar Nairobi Kampala Kigali Lusaka Harare Pretoria Durban Johannesburg Istanbul Ankara Izmir Beirut Damascus Amman
    Baghdad Tehran Kabul Lahore Karachi Islamabad Delhi Mumbai Chennai Kolkata Bangalore Dhaka Colombo Kathmandu Bangkok
    Hanoi Jakarta Manila Singapore Taipei Seoul Busan Tokyo Osaka Kyoto Sapporo Beijing Shanghai Shenzhen Wuhan Moscow
    Kyiv Minsk Riga Vilnius Tallinn Tbilisi Yerevan Baku Tashkent Melbourne Brisbane Perth Auckland Wellington
""".split()
_COUNTRIES = """
    France Germany Italy Spain Portugal Norway Sweden Denmark Finland Poland Austria Switzerland Belgium Greece Hungary
    Romania Bulgaria Serbia Croatia Ireland Scotland Wales England Iceland Estonia Latvia Lithuania Ukraine Russia
    Canada Mexico Cuba Brazil Argentina Peru Colombia Ecuador Bolivia Uruguay Paraguay Venezuela Egypt Libya Tunisia
    Algeria Morocco Nigeria Ghana Senegal Kenya Uganda Tanzania Zambia Zimbabwe Botswana Namibia Angola Ethiopia Sudan
    Iraq Iran Syria Lebanon Israel Kuwait Qatar Oman Yemen Afghanistan Pakistan India Bangladesh Nepal Thailand Vietnam
    Cambodia Laos Malaysia Indonesia Philippines Japan Korea Mongolia Australia California Texas Florida Ohio Oregon
    Nevada Arizona Kansas Iowa Utah Montana Alaska Hawaii Bavaria Tuscany Catalonia Normandy Brittany Cornwall Yorkshire
""".split()

_FIRST = """
    Anna Boris Carla David Elena Farid Gita Henrik Ines James Karin Laszlo Maria Nadia Omar Paula Quentin Ruth Samuel
    Tanya Ulla Vikram Wendy Xenia Yusuf Zoe Alan Beatrice Carlos Diana Edward Fiona Gustav Helen Igor Julia Kofi Linda
    Martin Nora Oscar Petra Ravi Sarah Thomas Ursula Vera Walter Yuki Zachary Amina Bruno Chloe Dmitri Emma Felix Greta
    Hassan Ingrid Jakob Kenji Leila Magnus Nina Olga Pedro Rachel Stefan Theresa Umberto Vincent Wanda Arjun Bella
    Cedric Dolores Emil Fatima George Hilda Ivan Joan Klaus Lucy Mohamed Natalie Otto Priya Roger Simone Tobias Valerie
    William Agnes Barnaby Celia Dario Eleni Fergus Gwen Hugo Isabel Jonas Katya Leon Mirela Nils Odette Piotr Rosalind
    Silvio Thea Ulrich Viola Wilfred Xavier Yolanda Zeno Aylin Benoit Carmen Declan Edith Florian Gloria Harriet Ismail
    Jelena Kurt Lorenzo Marta Niamh Orla Pascal Renata Sven Tamara Uwe Vanessa Wojtek Yvonne Zelda Alma Bertram Corinne
    Dunja Ezra Flavia Gareth Heidi Ilse Jorge Kiran Luisa Mehmet Noor Ottilie Pilar Rolf Selma Tariq Una Vito Winifred
    José Zoë Björn André Łukasz Maëlle Jürgen Noémie Søren Aída Ruža Tomáš
    Barack Michelle Angela Emmanuel Joe Donald Hillary Elizabeth Mary Patricia Jennifer Barbara Susan Jessica Karen
    Nancy Lisa Betty Margaret Sandra Ashley Kimberly Donna Carol Amanda Deborah Stephanie Rebecca Sharon Laura Cynthia
    Kathleen Amy Shirley Brenda Pamela Nicole Katherine Christine Debra Janet Catherine John Robert Michael Richard
    Joseph Charles Christopher Daniel Matthew Anthony Donovan Steven Paul Andrew Joshua Kenneth Kevin Brian Timothy
    Ronald Jason Jeffrey Ryan Gary Nicholas Eric Jonathan Stephen Larry Justin Brandon Benjamin Wei Ming Hiroshi Aiko
    Mei Rahul Deepak Anjali Sunita Ahmed Aisha Omari Amara Kwame Chidi Ngozi Juan Miguel Sofia Lucia Pablo Giovanni
    Francesca Pierre Camille Hans Klara Lars Astrid Mikhail Irina Sergei Anastasia Tomasz Agnieszka
    Anton Bridget Casper Delphine Enzo Frida Goran Hedda Imran Judith Keith Lena Moritz Nigel Oleg Phoebe Rufus Sonia
""".split()
_SURNAMES = """
    Roosevelt Hale Miller Brandt Okafor Haddad Silva Novak Keller Duval Castro Tanaka Lindqvist Moreau Rossi Petrov
    Singh Larsen Murphy Costa Weber Kim Nguyen Schmidt Ortega Baptiste Eriksen Farouk Gallo Horvath
    Müller Núñez Çelik Dvořák Sørensen Gonçalves Kovács Żurek Strömberg Lefèvre O'Neil D'Arcy McBride MacLeod
""".split()

# Every list is split between train, dev and test, see `grammar.split_pool`.
POOLS = {
    "first": _FIRST,
    "surname": [
        *_SURNAMES,
        *_REAL_SURNAMES,
        *_join(_HEADS, _SURNAME_TAILS),
        *_join(_FOREIGN_HEADS, _FOREIGN_SURNAME_TAILS),
    ],
    "town": _REAL_CITIES + _join(_HEADS, _PLACE_TAILS) + _join(_FOREIGN_HEADS, _FOREIGN_PLACE_TAILS),
    "country": _COUNTRIES,
    "company": _join(_COMPANY_HEADS, _COMPANY_TAILS),
    "brand": _join(_PRODUCT_HEADS, _PRODUCT_TAILS),
    "acronym": [a + b + c for a in "BDGKLNRT" for b in "CPRTVW" for c in "CFMPSX"],
    **WORDS,
}

# First names that are also common words, with plural nouns that make them one: `Rose Miller` / `Rose petals`.
PERSON_WORDS = {
    "rose": "petals|bushes|gardens|thorns",
    "teddy": "bears|boys|pictures",
    "lily": "pads|ponds|bulbs",
    "daisy": "chains|fields|wreaths",
    "basil": "leaves|plants|sauces",
    "ginger": "biscuits|roots|cakes",
    "penny": "stocks|whistles|sweets",
    "amber": "necklaces|lights|beads",
    "ruby": "rings|slippers|mines",
    "pearl": "earrings|divers|buttons",
    "olive": "trees|oils|groves",
    "hazel": "twigs|nuts|hedges",
    "robin": "nests|eggs|songs",
    "heather": "hills|moors|cuttings",
    "holly": "wreaths|berries|hedges",
    "ivy": "vines|leaves|walls",
    "jasmine": "teas|flowers|scents",
    "dawn": "patrols|raids|walks",
    "art": "classes|dealers|supplies",
    "herb": "gardens|teas|dumplings",
    "cliff": "walks|paths|railways",
    "chip": "shops|pans|makers",
    "grace": "notes|periods|days",
    "melody": "lines|players|books",
    "guy": "ropes|wires|lines",
    "iris": "bulbs|scans|beds",
    "violet": "creams|curtains|rays",
    "sandy": "beaches|soils|paths",
    "rich": "farmers|soups|colours",
    "frank": "talks|words|letters",
    "earl": "titles|portraits",
    "miles": "counters|signs",
    "gene": "banks|tests|maps",
    "summer": "jobs|schools|storms",
    "crystal": "glasses|bowls|lamps",
    "opal": "brooches|miners",
    "reed": "beds|baskets|boats",
    "dale": "farms|villages",
    "faith": "schools|leaders",
    "buck": "antlers|teeth",
}

# First names that are also verbs: `Mark Hale left` / `Mark the boxes`.
VERB_NAMES = {
    "mark": "the boxes in red|every page|the spot on the map",
    "bill": "the customer|the office for the repairs|them twice",
    "grant": "them a delay|the request|her an hour",
    "chase": "the ball|the invoice|them away",
    "pat": "the dough dry|the horse|the wall gently",
    "skip": "the second chapter|the introduction|breakfast",
    "sue": "the landlord|them for damages",
    "peg": "the sheets to the line|the price",
    "jack": "up the car|up the prices",
    "wade": "through the stream|into the water",
    "rob": "no one|nobody of sleep",
    "hope": "for rain|for the best|is not a plan",
    "pierce": "the lid|the foil with a fork",
    "trace": "the line|the call",
    "dot": "the letters|the page with ink",
}

# Firms whose names are common words: `Apple hired ...` / `Apple pies cooled ...`.
COMPANY_WORDS = {
    "apple": "pies|trees|orchards|juices",
    "amazon": "parrots|lilies|tribes",
    "shell": "beaches|collectors|necklaces",
    "orange": "peels|groves|crates",
    "beacon": "fires|hills",
    "anchor": "chains|ropes",
    "falcon": "nests|feathers",
    "compass": "needles|points",
    "lantern": "parades|makers",
    "summit": "talks|meetings",
    "harbour": "walls|lights|seals",
    "acorn": "cups|woodpeckers",
    "mustard": "seeds|plasters|fields",
    "granite": "blocks|steps|quarries",
    "pilot": "whales|schemes|lights",
    "velvet": "curtains|gloves",
    "copper": "wires|mines|pans",
    "raven": "feathers|calls",
    "meadow": "flowers|larks",
    "signal": "boxes|fires|lamps",
}

# Towns and countries whose names are common words: `Bath has ...` / `Bath towels lay ...`.
PLACE_WORDS = {
    "bath": "towels|salts|mats",
    "reading": "glasses|lists|lamps",
    "turkey": "sandwiches|farms|feathers",
    "china": "plates|cups|dolls",
    "cork": "boards|floors|tiles",
    "hull": "repairs|plates",
    "sandwich": "bars|shops|boxes",
    "mobile": "homes|phones|libraries",
    "buffalo": "herds|hides",
    "chile": "peppers|sauces",
    "rugby": "shirts|players",
    "deal": "makers|breakers",
    "battle": "plans|cries",
    "split": "ends|peas",
    "phoenix": "myths|palms",
    "rye": "breads|fields",
}

# Names of people and of places alike: `Jordan Hale sang` / `Jordan has a short coast`.
SHARED_NAMES = """
    Jordan Georgia Charlotte Florence Sydney Austin Chester Virginia Savannah Madison Lincoln Paris Carson Logan
    Adelaide Victoria Brooklyn Kent Devon Chelsea
""".split()
