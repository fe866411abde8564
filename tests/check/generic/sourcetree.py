#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
"""The shape of the source tree, checked.

Fails on a file of over 600 lines, a function of over 60 (found by
universal-ctags; without it that part is reported as not done and fails), a
library header or source that includes a file of a higher level, an element
header included by a helper, use of dmabuf.h inside the tree, a file without
its SPDX lines, and names that say nothing.

usage: sourcetree.py SOURCE_ROOT
"""
import re
import subprocess
import sys
from pathlib import Path

MAX_FILE = 600
MAX_FUNCTION = 60
EMPTY_NAMES = re.compile(r'(util|misc|helper|common)', re.I)

# Stations of a frame; a file may include its own level's peers in its .c, and
# lower levels anywhere.
LEVELS = [
    ['dmabuf-prelude', 'gstdmabuferror'],
    ['gstdmabufformat', 'gstdmabufformatinfo', 'gstdmabufformattable',
     'gstdmabuffence', 'gstdmabufidentity'],
    ['gstdmabufformatset', 'gstdmabufconstraints'],
    ['gstdmabufcompat', 'gstdmabufvideoinfo', 'gstdmabufcaps',
     'gstdmabuflayout', 'gstdmabuftile'],
    ['gstdmabufexporter', 'gstdmabufmapping', 'gstdmabufobject',
     'gstdmabufplanesource', 'gstdmabufframe', 'gstdmabufmappedframe',
     'gstdmabufrelabel', 'gstdmabufwrap'],
    ['gstdmabufheapexporter', 'gstdmabufudmabufexporter',
     'gstdmabufdumbexporter', 'gstdmabufmemfdexporter',
     'gstdmabufimportcache'],
    ['gstdmabufexporterchoice', 'gstdmabufpool'],
    ['gstdmabufvideosink'],
]
PREFIXES = sorted(((stem, level) for level, stems in enumerate(LEVELS)
                   for stem in stems), key=lambda row: -len(row[0]))


def level_of(name):
    """Level of a library file, by the longest stem that it starts with."""
    stem = Path(name).stem
    for prefix, level in PREFIXES:
        if stem.startswith(prefix):
            return level
    return None


def includes(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+["<]([^">]+)[">]', line)
        if match:
            yield number, match.group(1)


def check_library_includes(path, root, problems):
    own = level_of(path.name)
    if own is None:
        if path.name != 'dmabuf.h':
            problems.append(f'{path.relative_to(root)}: belongs to no level; '
                            'add it to LEVELS')
        return
    for number, name in includes(path):
        other = level_of(Path(name).name)
        if other is not None and other > own:
            problems.append(
                f'{path.relative_to(root)}:{number}: level {own} includes '
                f'{name} of level {other}')


def check_file(path, root, problems):
    where = path.relative_to(root)
    text = path.read_text()
    lines = text.count('\n')
    if lines > MAX_FILE:
        problems.append(f'{where}: {lines} lines, at most {MAX_FILE}')
    head = '\n'.join(text.splitlines()[:4])
    if 'SPDX-License-Identifier: LGPL-2.1-or-later' not in head \
            or 'SPDX-FileCopyrightText' not in head:
        problems.append(f'{where}: no SPDX lines at its head')
    if EMPTY_NAMES.search(path.stem):
        problems.append(f'{where}: a name that says nothing')
    for number, name in includes(path):
        if Path(name).name == 'dmabuf.h' \
                and not {'examples', 'benchmarks'} & set(path.parts):
            problems.append(f'{where}:{number}: includes the umbrella')
        if path.parent.name in ('kms', 'wayland', 'v4l2') \
                and not path.name.startswith(('gst', 'plugin')) \
                and (name.startswith(('gst/base/', 'gst/video/gstvideosink'))
                     or re.match(r'gstdmabuf\w+(sink|src)\.h$', name)):
            problems.append(f'{where}:{number}: a helper includes {name}')


def check_functions(paths, root, problems):
    result = subprocess.run(
        ['ctags', '-x', '--c-kinds=f', '--fields=+ne',
         '--_xformat=%N\t%F\t%n\t%{end}'] + [str(p) for p in paths],
        capture_output=True, text=True, check=True)
    functions = 0
    for line in result.stdout.splitlines():
        name, file, start, end = line.split('\t')
        if not end.isdigit():
            continue
        functions += 1
        length = int(end) - int(start) + 1
        if length > MAX_FUNCTION:
            problems.append(f'{Path(file).relative_to(root)}: {name} is '
                            f'{length} lines, at most {MAX_FUNCTION}')
    return functions


def main():
    root = Path(sys.argv[1]).resolve()
    sources = sorted(p for folder in ('gst-libs', 'gst', 'tools', 'tests')
                     for p in (root / folder).rglob('*.[ch]'))
    problems = []
    for path in sources:
        check_file(path, root, problems)
        if 'gst-libs' in path.parts:
            check_library_includes(path, root, problems)
    code = [p for p in sources if p.suffix == '.c'
            and 'check' not in p.relative_to(root).parts]
    try:
        functions = check_functions(code, root, problems)
    except (OSError, subprocess.CalledProcessError) as error:
        functions = 0
        problems.append(f'function lengths not checked: {error}')
    for problem in problems:
        print(problem)
    print(f'{len(sources)} files, {functions} functions, '
          f'{len(problems)} problems')
    return 1 if problems or not functions else 0


if __name__ == '__main__':
    sys.exit(main())
