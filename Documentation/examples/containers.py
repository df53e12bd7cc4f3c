# SPDX-License-Identifier: LGPL-2.1
"""
usage: containers.py SPECIFICATION

Prints each container with its state and usage, and how many have ended for each reason. It
uses YNL, the netlink client in the kernel's source: PYTHONPATH must have tools/net/ynl.
"""
import sys

try:
    from pyynl.lib import YnlFamily  # newer kernels
except ImportError:
    from lib import YnlFamily

purser = YnlFamily(sys.argv[1], schema="")
for container in purser.dump("get", {}):
    print(container["name"], container["state"], container.get("usage", 0))
for end in purser.do("info", {})["end"]:
    print("ended,", end["reason"] + ":", end["count"])
