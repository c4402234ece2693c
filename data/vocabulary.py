"""Ordinary words of the sample corpus by part of speech; like names, each list is split between train, dev and test.

A tagger that sees few ordinary words in training takes every unknown word for a name. Dev and test have ordinary words
that do not occur in training, so that the tagger has to tell them from names by their form and context. All nouns and
verbs are regular, so that plurals and past forms follow rules.
"""

from __future__ import annotations

NOUNS = """
    table window garden letter ticket bridge corner drawer kettle ladder jacket blanket bottle candle carpet ceiling
    chair clock coat coin cushion desk door engine envelope fence field floor forest fountain gate glove hammer hat
    island key lamp lawn lake magazine map mirror mountain needle newspaper notebook oven page painting path pen
    picture pillow plate pocket pond poster pot puzzle radio river road roof rope scarf screen shirt shoe sign spoon
    stair stamp stone stool street suitcase sweater tower towel toy train tree tunnel umbrella vase wall wheel yard
    advert apartment argument battery bicycle bill boat camera canal car cave chapter cheque cinema cloud college
    concert contract corridor cottage course deadline decision deposit discount dream drill error exam farm favour
    ferry film fine flight forecast game guitar handle hotel idea invoice jigsaw journal journey kitchen laptop
    lesson licence lift limit lorry market meal medal menu message museum opera orchard parcel passport pause permit
    phone piano pipeline plan planet play poem prize problem project promise question queue recipe record rehearsal
    rent report reward rumour sandcastle scandal secret shadow ship snack solution song speech spreadsheet story
    survey tablet tax theatre theory title trail treaty trial trick tyre verdict village visa voucher wage warning
    webpage wedding whisper workshop accident afternoon age angle animal ankle answer apron arm arrow autumn award
    axe baby bag ball balloon band bank bargain barrel basket beam bean beard beast beauty bed bee beer bell belt
    bench berry bin bird birthday biscuit blade blaze board body bomb bone book boot border bow bowl box brain brake
    branch bread breakfast breath brick broom bubble bucket bush business button cable cake camp canoe cap card
    carrot cart case castle cat cause cellar centre century chain chance charm chart cheek cheese chin choice circle
    circus city claim class climate cloth club coal coast code coffee colour comb comet comfort concern copy corn
    cost couch country county cow crab crack crane crash crime crisis crop crowd crown cup cure current curtain
    curve custom dam danger day death debate debt defeat delay desert detail device diary dinner disaster dish
    distance district dog doll dollar doubt dozen drama dress drink drop drum duck dust duty ear earthquake edge
    effect effort egg election elephant enemy energy entrance event evening evidence example exit expert eye face
    fact failure family fashion fault fear feast feather fever fight figure finger fire fish flag flame flavour
    flood flower fog folder food fork form fortune fox frame fruit fuel funeral future gallery gap garlic gas gift
    goal goat grain grape grass grave habit hall hand harvest head health heart heat hedge height hen hill hint
    hobby hole holiday home honey hook horse hospital hour house hurry ice income injury insect item jar jaw job
    juice kick kingdom kiss kite knee knot lace lane language law layer leader league leg lemon length level lie
    light line lion lip list loan lock loss luck lunch machine mail mask mast meaning memory metal method midnight
    mile milk mill mind minute mist mistake moment money month moon morning motor mud muscle mystery nail name
    nation nature neck need nest net night noise noon nose number nut oak oath ocean odour oil onion order outcome
    owl paint pain pair palace pan pancake panic paper party peace pear pencil pepper person pie pig pile pillar pin
    pipe pity
""".split()

HUMANS = """
    reporter neighbour visitor passenger pensioner pupil student tourist voter worker driver editor engineer farmhand
    gardener guard guest hunter interpreter judge journalist juror landlord lecturer lender librarian lodger manager
    mechanic miner minister musician neurologist notary nun nurse officer owner partner pilgrim pilot plumber poet
    porter printer prisoner producer programmer publisher rider rival roofer sailor scholar scientist senator servant
    shareholder shepherd singer soldier stranger supporter surgeon survivor tailor tenant tester trainer translator
    trader traveller tutor vendor veterinarian viewer villager volunteer waiter widow winner witness writer
    accountant actor adviser ambassador analyst apprentice architect artist assistant astronomer author banker barber
    boxer brewer bricklayer broker builder butcher captain carpenter cashier chef cleaner clerk coach collector
    commuter composer conductor cook councillor courier cousin critic customer dancer dealer dentist designer
    detective diplomat director doctor donor
""".split()

CROWDS = "children people women men friends relatives officials families twins everyone somebody nobody".split()

VERBS = """
    answer borrow call clean collect count cover deliver discover discuss doubt draft enter examine explain fetch
    finish fix follow gather greet guard hand help ignore inspect invent iron lift load lock measure mend miss mix
    move notice obey offer open order paint pass pick plant polish pour present print protect pull push question
    reach recall record refill reject remember repair repeat replant report return reward row sail search select
    sketch smell sort spill spoil sprinkle stain stretch support test touch train treat trust turn visit wash watch
    water weigh whisper abandon accept accuse adore advise alter announce approve arrange attack avoid balance bake
    believe blame capture celebrate challenge change close combine compare complete confuse consume create damage
    decorate defend deserve determine divide double edit encourage erase exchange excuse file force guide handle
    hate imagine improve include increase invite judge like love manage observe organise pace pile place praise
    prepare produce promise prove raise receive reduce refuse release remove replace rescue reserve restore save
    serve share solve store taste tease translate tune unite urge use value wipe absorb act add admire adopt afford
    aim allow amuse analyse argue assess assist assume attach attend attract await ban boil bother bounce brush burn
    bury calculate cancel carve cause claim classify climb command complicate concern confirm conquer consider
    contain continue convince correct criticise cross crush cure deceive delay demand deny depend describe desire
    destroy detect develop discourage dislike dismiss display disturb divert drown earn embrace employ endure enjoy
    enlarge ensure escape estimate evaluate exaggerate expect explore export express extend fear film fill finance
    fold found fry fund glue grasp guess haunt head heal heat highlight hire hunt identify illustrate import impress
    influence inform inherit inject injure insure interest interrupt introduce investigate justify kick kill kiss
    label launch learn limit list lower maintain mark melt memorise mention monitor multiply need number obtain
    occupy oppose owe own pack park persuade phone photograph pinch plough possess postpone practise preach preserve
    press pretend prevent provide publish punish purchase purify qualify quote rank rate realise recognise recommend
    recycle relate rely rent repay replay request require research resist respect restrict reveal reverse review
    revise ruin rush sample satisfy scare scold scratch seal secure seize settle shape shield shock shorten sign
    signal simplify slice smash smoke soak spare start state steer strengthen study suggest supply suppose surprise
    surround suspect suspend switch tackle target telephone tempt thank threaten tie time trace trade transport
    trick trouble twist type understate verify warn warm waste weaken welcome whistle widen witness wrestle
""".split()

INTRANSITIVES = """
    laugh sneeze shiver listen wander wait hesitate cough yawn sail dance smile complain disagree fail faint
    apologise appear arrive blush breathe collapse disappear doze emerge gamble giggle grumble happen improve joke
    knock land last linger limp mumble object pause perform prosper protest recover relax resign retire return
    scream shout sigh snore stumble succeed suffer survive tremble vanish vote wink work advance age ache act agree
    argue bark behave belong boast bow bounce cheat cheer compete consent continue cooperate crawl cry decline
    depart die differ drift exist expand explode fade flourish float flow function gaze glow graduate halt hurry
    intervene itch jump lean look march marvel matter meditate melt multiply negotiate obey offend operate pass
    persist play point pose pray proceed progress race react reappear rest roar rotate rush scatter shriek skate
    smoke snow sparkle speculate stare start stay struggle sulk talk thrive triumph turn twinkle volunteer walk
    weaken whisper wilt wobble yell yield
""".split()

ADJECTIVES = """
    old new small large red green blue white black yellow empty full heavy light broken wooden plastic golden silver
    cheap expensive clean dirty dusty wet dry cold warm hot quiet loud narrow wide tall short long round square flat
    steep deep shallow bright dark soft hard rough smooth sharp blunt sweet sour bitter salty fresh stale ripe rotten
    angry happy sad tired hungry thirsty lonely proud shy brave clever foolish honest careful careless gentle cruel
    polite rude lazy busy famous unknown foreign local modern ancient recent early late previous final annual daily
    weekly possible impossible likely unlikely certain doubtful curious strange familiar ordinary remarkable useful
    useless important trivial serious funny boring dangerous safe legal illegal public private common rare separate
    temporary permanent partial complete spare missing damp crooked fragile sturdy generous greedy gloomy cheerful
    nervous patient stubborn timid weary wealthy poor
""".split()

MANNERS = """
    slowly quickly quietly loudly carefully carelessly gently politely rudely angrily happily sadly proudly bravely
    foolishly honestly lazily eagerly nervously patiently suddenly finally recently usually often rarely never always
    sometimes twice again together alone outside inside upstairs downstairs abroad nearby everywhere tomorrow
    yesterday tonight today soon already instead anyway perhaps badly well simply partly mostly almost entirely
    cheaply promptly secretly openly reluctantly cheerfully clumsily
""".split()


WORDS = {
    name: list(dict.fromkeys(words))  # each word once
    for name, words in {
        "noun": NOUNS,
        "human": HUMANS,
        "crowd": CROWDS,
        "verb": VERBS,
        "intransitive": INTRANSITIVES,
        "adjective": ADJECTIVES,
        "manner": MANNERS,
    }.items()
}


def plural(noun: str) -> str:
    """Return the plural of a regular noun.

    >>> plural("table"), plural("witness"), plural("story")
    ('tables', 'witnesses', 'stories')
    """
    return _before_suffix(noun) + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def past(verb: str) -> str:
    """Return the past form of a regular verb.

    >>> past("open"), past("save"), past("try")
    ('opened', 'saved', 'tried')
    """
    return _before_suffix(verb) + ("d" if _before_suffix(verb).endswith("e") else "ed")


def gerund(verb: str) -> str:
    """Return the form in -ing of a regular verb.

    >>> gerund("open"), gerund("save")
    ('opening', 'saving')
    """
    return (verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb) + "ing"


def _before_suffix(word: str) -> str:
    """Return the word with `ie` for a `y` after a consonant: `stor-ies`, `tr-ied`."""
    return word[:-1] + "ie" if word.endswith("y") and word[-2] not in "aeiou" else word
