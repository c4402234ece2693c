"""Passages of running text for tagging: ``{A:town}`` draws a name for A, and a later ``{A}`` repeats it.

Tokens have spaces between them, as in grammar.py; the script joins them as running text.
"""

from __future__ import annotations

PASSAGES = [
    """
    {F:first} {S:surname} , the new chairman of {C:company} Systems , said on Monday that the firm will open an
    office in {T:town} . " We ca n't wait to start , " {S} told reporters outside the {B:surname} Memorial
    Library . The company , which makes the {P:brand} 7 , lost $ 41.5 million in 2019 . Its rival {D:company}
    declined to comment .
    """,
    """
    Rose {S:surname} did n't become a gardener by chance . Her father , J. R. R. {S} ( Jr. ) , grew lilies near
    {T:town} Castle . Rose petals covered the floor of his shop . In May 1987 he sold it to {R:surname} & Sons ,
    Inc. and moved to {U:town} . May he come back ? " Will {V:surname} asked me that every Sunday , " Rose said
    .
    """,
    """
    {T:town} has 41,000 inhabitants and a market every Thursday . The city , 30 miles north of New {U:town} ,
    was flooded on March 4 , 1953 . Mayor {F:first} {S:surname} wants to ban cars from {X:surname} Street . "
    Reading lamps and bath towels are all that the shops still sell , " {S} 's deputy , {G:first} {V:surname} ,
    complained .
    """,
    """
    Teddy Roosevelt went hunting ; teddy bears did not . Teddy bears were first sold by {R:surname} Brothers of
    {T:town} , who sent one to Teddy {S:surname} . Apple pies were served . Apple did n't exist yet .
    """,
    """
    Dr. {F:first} van der {S:surname} and {G:first} {V:surname} studied at the University of {T:town} until 2006
    . Together they founded the {A:acronym} , which was bought by {R:surname} , {Q:surname} & Co. for $ 12
    million . Neither of them has been to {U:town} Bay since . {V} lives in Paris ; {S} , it is said , in Jordan
    .
    """,
    """
    RT @newsdesk : {F:first} {S:surname} just left {T:town} United 😢 Grant {V:surname} will take over on Friday
    . Grant them some time ! #cup https://example.com/a1
    """,
    """
    {S:surname} lost . Nobody in {T:town} was surprised : {F:first} {S} , a plumber from {U:town} , had n't run
    since the race at Lake {X:surname} in July 2014 . Her sister Hope waited at the finish . Hope for rain , she
    had said , and it rained . The prize went to {G:first} {V:surname} , {H:first} {W:surname} and Jordan
    {Y:surname} .
    """,
    """
    Two hurt in {T:town} train crash

    The {N:town} Herald reported on 3 October 2021 that a train of {C:company} Group had left the rails near {T}
    Bridge . Judge {S:surname} ordered {C} to pay $ 250,000 . Shares in {C} fell 4 % . " Anchor chains broke , "
    an engineer from Anchor said .
    """,
    """
    Chester is older than Chester {S:surname} , who was born there in 1931 . His novel about Florence , written
    in Florence with Florence {V:surname} , sold 1,931 copies . 1984 seats were empty when he read from it in
    1984 .
    """,
    """
    The {P:brand} Mini ( 2nd Gen. ) costs less than the {Q:brand} Pro 3 . According to St. {F:first} 's Hospital
    , which tested both , neither is safe for children . {C:company} ( {T:town} ) Ltd. , its maker , has
    recalled 3,400 of them .
    """,
]
