"""Stories: dated facts and answers of members, and what must follow from them under an edition.

``schema`` is how a story is written, ``expectations`` the words for what must follow,
``variations`` the changes of an edition under which something must *not* follow, ``playing`` plays
a story, and ``counting`` tells what was published apart from what was derived or chosen.
"""
