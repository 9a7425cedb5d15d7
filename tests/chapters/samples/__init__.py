"""For each chapter, what ``test_contract`` cannot find out by itself.

A module of the chapter's name has:

    FIRST           what the quests are checked on when the page is opened (``exercises.State`` or
                    whatever the chapter's quests take)
    REACHED         of each quest, by its key, a state that fulfils it
    MOVES           of each card of the tour, in order, the control values that do what it asks for;
                    None for a card that is only read
    BUTTONS         (optional) keys of buttons that a card points at
    STATES          states whose questions are looked at; presets' states are looked at as well
    shown(preset)   what a preset's claim is checked on; only where the chapter has presets
    broken          (optional) by preset's name, something its claim does not hold of
    state(preset)   (optional) what the quests are checked on after a preset; ``shown`` by default
    taken_home()    yields (programs, wanted), (programs, wanted, tolerance) or (programs, wanted,
                    tolerance, absolute tolerance): what a program leaves in ``result`` must be
                    close to ``wanted``; numbers, arrays, texts, and lists and dictionaries of such
"""
