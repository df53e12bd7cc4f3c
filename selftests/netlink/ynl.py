# SPDX-License-Identifier: GPL-2.0
"""
usage: ynl.py SPECIFICATION

Sends requests with YNL, the kernel's own client, in one process, since its start takes
seconds on an emulated processor. PYTHONPATH must have tools/net/ynl. Each line of stdin is
a request, "do COMMAND JSON" or "dump COMMAND JSON". The answer to each is a line of JSON,
or the client's error message in one line.
"""
import json
import sys

from cli import YnlEncoder
from lib import NlError, YnlFamily


def answer(family, line):
    kind, command, attributes = line.split(None, 2)
    request = {"do": family.do, "dump": family.dump}[kind]
    try:
        reply = request(command, json.loads(attributes))
    except NlError as error:
        return " ".join(str(error).split())
    return json.dumps(reply, cls=YnlEncoder)


def main():
    family = YnlFamily(sys.argv[1], schema="")
    for line in sys.stdin:
        print(answer(family, line), flush=True)


main()
