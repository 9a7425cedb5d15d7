"""``python -m lstm_core.open FILE``: say what network is in a file, and write it for another library.

Imported, this module steps aside for the function of its name, so that ``lstm_core.open(path)``
works whatever was imported first.
"""

import sys

import lstm_core

open_network = lstm_core.open

if __name__ == "__main__":
    from lstm_core.own.command import main

    sys.exit(main(sys.argv[1:]))

# What stands here becomes the package's attribute when an import of this module ends.
sys.modules[__name__] = open_network  # type: ignore[assignment]
