# SPDX-License-Identifier: GPL-2.0
"""
usage: ynl.py SPECIFICATION

Requests by the kernel's own client, in one process: to start it takes seconds where
the processor is emulated. PYTHONPATH has tools/net/ynl. A line of stdin is a request,
"do COMMAND JSON" or "dump COMMAND JSON". Each is answered by a line of JSON, or by
what the client says of an error, in one line too.
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
