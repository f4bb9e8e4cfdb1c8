"""The other side: uiautomator2's XPath (on lxml) parses the file and seeks in it, once per round and expression.

Reads lines `round` from standard input; answers each with the nanoseconds of processor time it took and the bounds of
what each expression found.
"""

import json
import sys
import time

from uiautomator2.xpath import PageSource, XPath

path, expressions = sys.argv[1], [XPath(expression) for expression in sys.argv[2:]]
with open(path, encoding="utf-8") as file:
    text = file.read()


def look(expression):
    return [element.bounds for element in expression.all(PageSource(text))]


for line in sys.stdin:
    began = time.process_time_ns()
    found = [look(expression) for expression in expressions]
    took = time.process_time_ns() - began
    print(json.dumps({"took": took, "found": found}), flush=True)
