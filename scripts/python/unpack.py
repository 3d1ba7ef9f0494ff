"""Unpacks some of the files of wheels: unpack.py FOLDER PREFIX... -- WHEEL...

The files whose paths in a wheel start with one of the prefixes are written below FOLDER, under those paths.
"""

import sys
from zipfile import ZipFile


def main(arguments):
    separator = arguments.index("--")
    folder, *prefixes = arguments[:separator]
    for wheel in arguments[separator + 1 :]:
        with ZipFile(wheel) as archive:
            archive.extractall(folder, [name for name in archive.namelist() if name.startswith(tuple(prefixes))])


if __name__ == "__main__":
    main(sys.argv[1:])
