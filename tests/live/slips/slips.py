"""The table of slips: what a learner got wrong, and the sentence that the report must show.

`slips.py prepare DIR` writes an exercise whose checks are the rows of ANSWERS, a repository whose service gives the
answer of each row, and a repository for each row of STARTS, RUNS and FILES. `slips.py judge DIR` compares the scorecards with the
sentences, as TAP. `slips.py print` prints docs/slips.md.
"""

import json
import pathlib
import re
import shutil
import sys

TOP = pathlib.Path(__file__).resolve().parents[3]
JSON = "application/json"
WHEN = "2024-11-01T18:30:00Z"
OTHER = "that-is-wanted"


def body(wanted, got, **more):
    """A JSON answer: what is wanted, what came."""
    return {"expect": {"status": 200, "json": wanted}, "body": json.dumps(got, ensure_ascii=False), **more}


def status(wanted, got, **more):
    return {"expect": {"status": wanted}, "status": got, **more}


# id, the slip, what makes it, the sentence.
ANSWERS = [
    ("key-case", "a key in other case", body({"user_id": 71}, {"userId": 71}),
     "The answer has the key userId where user_id is wanted: keys must be spelt exactly so."),
    ("key-dash", "a key with a dash", body({"first_name": "Asha"}, {"first-name": "Asha"}),
     "The answer has the key first-name where first_name is wanted: keys must be spelt exactly so."),
    ("key-other", "another key", body({"total": 1250}, {"amount": 1250}),
     "The right value is there, but under the key amount; it is wanted under total."),
    ("key-deep", "a key of an inner object", body({"user": {"name": "Asha"}}, {"user": {"Name": "Asha"}}),
     "The answer has the key Name where name is wanted: keys must be spelt exactly so."),
    ("key-in-list", "a key of a list's item", body([{"id": 71}], [{"Id": 71}]),
     "The answer has the key Id where id is wanted: keys must be spelt exactly so."),
    ("wrapped", "the answer inside data", body({"name": "Asha", "age": 31}, {"data": {"name": "Asha", "age": 31}}),
     "What is wanted lies one level too deep, inside data."),
    ("case", "upper case in a value", body({"city": "Pune"}, {"city": "PUNE"}), "Only upper and lower case differ."),
    ("blanks", "blanks around a value", body({"city": "Pune"}, {"city": " Pune"}),
     "Only blanks or line ends around the text differ."),
    ("line-end", "a line end behind a value", body({"city": "Pune"}, {"city": "Pune\r\n"}),
     "Only blanks or line ends around the text differ."),
    ("number-as-text", "a number in quotes", body({"total": 1250}, {"total": "1250"}),
     "The number stands there as a text: a number in JSON has no quotes."),
    ("integer-as-text", "any whole number, in quotes", body({"total": "$integer"}, {"total": "1250"}),
     "The number stands there as a text: a number in JSON has no quotes."),
    ("text-as-number", "a text without quotes", body({"pin": "411001"}, {"pin": 411001}),
     "A number stands there where a text is wanted: a text in JSON has quotes."),
    ("true-as-text", "true in quotes", body({"paid": True}, {"paid": "true"}),
     "The value stands there as a text: true and false have no quotes in JSON."),
    ("python-true", "Python's True as a text", body({"paid": True}, {"paid": "True"}),
     "The value stands there as a text: true and false have no quotes in JSON."),
    ("word", "a word misspelt", body({"state": {"$one_of": ["open", "closed"]}}, {"state": "closd"}),
     "'closd' is none of the words: did you mean 'closed'?"),
    ("no-zone", "a time without a zone", body({"at": WHEN}, {"at": WHEN[:-1]}),
     "The time has no zone: end it with Z for UTC, or with the distance, as in +05:30."),
    ("any-no-zone", "any time, without a zone", body({"at": "$time"}, {"at": WHEN[:-1]}),
     "The time has no zone: end it with Z for UTC, or with the distance, as in +05:30."),
    ("wrong-zone", "local time's clock, another zone", body({"at": WHEN}, {"at": WHEN[:-1] + "+05:30"}),
     "Date and clock are right, but the zone is another one."),
    ("other-zone", "the same moment in another zone", body({"at": WHEN}, {"at": "2024-11-02T00:00:00+05:30"}),
     "It is the same moment, but written in another zone or with another fraction."),
    ("fraction", "a time with milliseconds", body({"at": WHEN}, {"at": "2024-11-01T18:30:00.000Z"}),
     "It is the same moment, but written in another zone or with another fraction."),
    ("seconds", "seconds for milliseconds", body({"at_ms": 1730485800000}, {"at_ms": 1730485800}),
     "This is a thousandth of what is wanted: seconds where milliseconds are asked for."),
    ("milliseconds", "milliseconds for seconds", body({"at": 1730485800}, {"at": 1730485800000}),
     "This is a thousand times what is wanted: milliseconds where seconds are asked for."),
    ("path", "a path that is not served", status(200, 404),
     "The answer is 404: your service does not know this path. Compare it with the task letter by letter."),
    ("method", "a method that is not served", status(200, 405),
     "The path is there, but your service does not accept this method for it."),
    ("no-do-post", "a method that the library lacks", status(200, 501),
     "The path is there, but your service does not accept this method for it."),
    ("slash", "a redirect to the path with a slash", status(200, 301, headers={"Location": "/slash/"}),
     "The answer is a redirect to another address. Answer at the path of the task itself, letter by letter."),
    ("crash", "a crash", status(200, 500),
     "Your code broke down while it answered: the status is 5xx. What the service said last tells where."),
    ("bad-input", "a crash on bad input", status(400, 500),
     "Input that is not as expected breaks your code: the service answers 5xx where it should say what is wrong with "
     "the input."),
    ("html", "a page for JSON", body({"a": 71}, {}, body="<!doctype html><p>71", type="text/html"),
     "The answers are HTML pages where JSON is wanted."),
    ("html-error", "the library's error page",
     {"expect": {"status": 404, "json": {"error": "$text"}}, "status": 404, "body": "<html>404", "type": "text/html"},
     "The error answers have the right status, but they are HTML pages, not JSON: the error page of a library."),
    ("html-error-status", "the library's error page, and its status",
     {"expect": {"status": 409, "json": {"error": "$text"}}, "status": 400, "body": "<html>400", "type": "text/html"},
     "The error answers are HTML pages, not JSON, and the status is not the wanted one: the error page of a library."),
    ("header", "JSON sent as text",
     {"expect": {"status": 200, "type": JSON, "json": {"a": 71}}, "body": '{"a": 71}', "type": "text/plain"},
     "The body is JSON as it should be, but the Content-Type header does not say so."),
    ("latin-1", "Latin-1 where UTF-8 is said",
     body({"name": "Jos\u00e9"}, {"name": "Jos\u00e9"}, encoding="latin-1", type=JSON + "; charset=utf-8"), "The body is no UTF-8, as JSON must be: its letters outside ASCII look like Latin-1 or Windows-1252. Encode it as "
     "UTF-8."),
    ("decoded-as-latin-1", "UTF-8 that was read as Latin-1", body({"name": "Jos\u00e9"}, {"name": "Jos\u00c3\u00a9"}), "These are bytes of UTF-8 that were read as Latin-1 or Windows-1252: say UTF-8 wherever your code turns bytes into "
     "text."),
    ("hindi-as-latin-1", "Hindi that was read as Latin-1",
     body({"name": "\u0906\u0936\u093e"}, {"name": "\u0906\u0936\u093e".encode().decode("latin-1")}), "These are bytes of UTF-8 that were read as Latin-1 or Windows-1252: say UTF-8 wherever your code turns bytes into "
     "text."),
    ("decoded-as-windows", "UTF-8 that was read as Windows-1252", body({"price": "\u20b9 5"}, {"price": "\u00e2\u201a\u00b9 5"}),
     "These are bytes of UTF-8 that were read as Latin-1 or Windows-1252: say UTF-8 wherever your code turns bytes into "
     "text."),
    ("question-marks", "letters that became question marks", body({"name": "Jos\u00e9"}, {"name": "Jos?"}), "Letters outside ASCII were lost, and question marks stand in their place: say UTF-8 wherever your code reads or "
     "writes text."),
    ("mark-before-json", "a byte-order mark before JSON", body({"a": 71}, {"a": 71}, encoding="utf-8-sig"), "The body begins with an invisible byte-order mark, and JSON has none: encode it as plain UTF-8 (in Python utf-8, not "
     "utf-8-sig)."),
    ("no-header", "a header that is not sent", {"expect": {"status": 200, "headers": {"X-Request-Id": "$text"}}}, "The answer has no header X-Request-Id: set it in this answer too, before the body is sent."),
    ("header-dash", "a header without one of its dashes",
     {"expect": {"status": 200, "headers": {"X-Request-Id": "$text"}}, "headers": {"X-RequestId": "71ab"}}, "The answer has the header X-RequestId where X-Request-Id is wanted: its name must be spelt exactly so."),
    ("header-letters", "a header with two letters swapped",
     {"expect": {"status": 200, "headers": {"Location": "/71"}}, "headers": {"Loaction": "/71"}}, "The answer has the header Loaction where Location is wanted: its name must be spelt exactly so."),
    ("utf-16", "JSON as UTF-16", body({"a": 71}, {"a": 71}, encoding="utf-16"),
     "The body is UTF-16, and JSON is UTF-8: encode it as UTF-8."),
    ("no-answer", "a handler that breaks down", {"expect": {"status": 200}, "raw": ""},
     "The connection was closed before an answer came: the code that answers broke down on the way."),
    ("no-http", "an answer that is no HTTP", {"expect": {"status": 200}, "raw": "71\n"},
     "What came back is not HTTP as it must be: let a library write the status line and the headers."),
]

# id, the slip, milepost.yaml's start, app.py (None: that of the reference), further files, the sentence.
PORT = 'int(os.environ.get("PORT", "8000"))'
STARTS = [
    ("port", "a port of its own", "python3 app.py", (PORT, "5000"), {}, "your service runs, but on port 5000."),
    ("address", "an address of its own", "python3 app.py", ('os.environ.get("HOST", "127.0.0.1")', '"127.0.0.9"'), {},
     "Listen on the address in the variable HOST, or on all (0.0.0.0)."),
    ("shell", "two commands in start", "cd src; python3 app.py", None, {},
     "This line is one program. cd, export, source and several commands belong in a script beside it"),
    ("variable", "a variable in start", "DEBUG=1 python3 app.py", None, {},
     "This line is one program. A variable is set for it by env"),
    ("background", "an & at the end", "python3 app.py &", None, {},
     "The & at the end sends the program into the background, and the line is over at once: leave it away."),
    ("misspelt", "a program misspelt", "pyhton app.py", None, {},
     "127 is the shell's word for: there is no such program."),
    ("script-crlf", "a script with CRLF", "./serve.sh", None, {"serve.sh": "#!/bin/sh\r\nexec python3 app.py\r\n"},
     "its lines end with CRLF, as Windows writes them, so the system looks for an interpreter whose name ends with a "
     "carriage return. Save the file with LF"),
    ("script-no-exec", "a script that is not executable, without #!", "./serve.sh", None,
     {"serve.sh": "exec python3 app.py\n"}, "A script needs #! and its interpreter in its first line."),
    ("module", "a module that is not there", "python3 app.py", ("import json\n", "import jsn\nimport json\n"), {},
     "your service ended with status 1 before it opened port"),
]

# id, the slip, milepost.yaml's run, further files, the sentence. Only the files of a learner on Windows end in CRLF.
CRLF_OF_SHELL = ("end with CRLF, as Windows writes them, and the shell takes the carriage return for a part of the line's last "
                 "word. Save the file with LF")
RUNS = [
    ("run-crlf", "CRLF in the script that run names", "./totals", {"totals": "#!/usr/bin/env python3\r\nprint(1)\r\n"},
     "its lines end with CRLF, as Windows writes them, so the system looks for an interpreter whose name ends with a "
     "carriage return. Save the file with LF"),
    ("sh-crlf", "CRLF in the script that run gives to sh", "sh run.sh", {"run.sh": "exec python3 totals.py\r\n"},
     CRLF_OF_SHELL),
    ("sh-crlf-option", "CRLF behind set -e", "sh run.sh", {"run.sh": "#!/bin/sh\r\nset -e\r\npython3 totals.py\r\n"},
     CRLF_OF_SHELL),
    ("run-carriage-return", "a carriage return in the line of run", "python3 totals.py\r", {},
     "run: write the command in one line; longer ones belong in a script"),
]

# id, the slip, the file, its bytes, the sentence: what Windows makes of a text of one line.
FILES = [
    ("utf16", "PowerShell's > writes UTF-16", "hello.txt", "\ufeffasha\r\n".encode("utf-16-le"),
     "The file is UTF-16, as PowerShell's > writes it. Save it as UTF-8"),
    ("mark", "a byte-order mark", "hello.txt", "\ufeffasha\n".encode(),
     "The file begins with an invisible byte-order mark. Save it as 'UTF-8', not as 'UTF-8 with BOM'."),
    ("crlf", "CRLF", "hello.txt", b"asha\r\n", "Its lines end in CRLF, as Windows writes them."),
    ("no-line-end", "no line end", "hello.txt", b"asha", "The last line has no line end: press Enter once behind it"),
    ("hidden-ending", "Notepad's second ending", "hello.txt.txt", b"asha\n",
     "Explorer hides the last ending. Rename it to"),
]

SERVICE = '''\
import json, os, signal, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
ROWS = json.load(open("rows.json"))
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        row = ROWS.get(self.path[1:], {})
        if "raw" in row:
            self.wfile.write(row["raw"].encode())
            self.close_connection = True
            return
        body = row.get("body", "{}").encode(row.get("encoding", "utf-8"))
        self.send_response(row.get("status", 200))
        self.send_header("Content-Type", row.get("type", "application/json"))
        self.send_header("Content-Length", str(len(body)))
        for name, text in row.get("headers", {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
'''

# The road has a place for it: an exercise that is not written yet lends its row.
LENT = {"id": "tiny-http", "version": 1, "title": "An HTTP server from a socket", "summary": "The table of slips.",
        "milestone": 2, "order": 11, "duty": "elective", "kind": "api", "difficulty": 3, "minutes": 60, "points": 60,
        "skills": ["rest"], "needs": [], "entry": {"start": "required"}, "health": {"http": "/health", "status": 200},
        "hints": ["Compare letter by letter."], "starter": 0, "references": ["python"]}


def exercise():
    checks = [{"id": "starts", "title": "Starts", "points": 100 - 2 * len(ANSWERS), "gate": True, "ready": "health"}]
    for name, title, row, _ in ANSWERS:
        checks.append({"id": name, "title": title[0].upper() + title[1:], "points": 2, "get": "/" + name,
                       "expect": row["expect"]})
    return {**LENT, "checks": checks}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def prepare(folder):
    road = folder / "exercises"
    shutil.copytree(TOP / "exercises/5/hello-api", road / "5/hello-api")
    shutil.copy(TOP / "exercises/milestones.yaml", road)
    # JSON is YAML.
    write(road / "2/tiny-http/exercise.yaml", json.dumps(exercise()))
    write(road / "2/tiny-http/text/en/task.md", "# Slips\n")
    write(road / "2/tiny-http/reference/python/milepost.yaml", "start: python3 app.py\nlanguage: python\n")
    place = folder / "answers/exercises/tiny-http"
    write(folder / "answers/learner.yaml", "handle: asha\ntrack: python\n")
    write(place / "milepost.yaml", "start: python3 app.py\nlanguage: python\n")
    write(place / "app.py", SERVICE)
    write(place / "rows.json", json.dumps({row[0]: row[2] for row in ANSWERS}))
    app = (TOP / "exercises/5/hello-api/reference/python/app.py").read_text()
    for name, _, start, change, files, _ in STARTS:
        place = folder / name / "exercises/hello-api"
        assert change is None or app.count(change[0]) == 1, name
        write(folder / name / "learner.yaml", "handle: asha\ntrack: python\n")
        write(place / "milepost.yaml", "start: %s\nlanguage: python\n" % json.dumps(start))
        write(place / "app.py", app.replace(*change) if change else app)
        for file, text in files.items():
            write(place / file, text)
    totals = TOP / "exercises/2/khata-totals"
    shutil.copytree(totals, road / "2/khata-totals")
    for name, _, run, files, _ in RUNS:
        place = folder / name / "exercises/khata-totals"
        write(folder / name / "learner.yaml", "handle: asha\ntrack: python\n")
        write(place / "milepost.yaml", "run: %s\nlanguage: python\n" % json.dumps(run))
        write(place / "totals.py", (totals / "reference/python/totals.py").read_text())
        for file, text in files.items():
            write(place / file, text)
            (place / file).chmod(0o755)
    shutil.copytree(TOP / "exercises/1/first-push", road / "1/first-push")
    for name, _, file, text, _ in FILES:
        write(folder / name / "learner.yaml", "handle: asha\ntrack: python\n")
        (folder / name / "exercises/first-push").mkdir(parents=True)
        (folder / name / "exercises/first-push" / file).write_bytes(text)
    print(" ".join(["answers"] + [row[0] for row in STARTS + RUNS + FILES]))


def texts(value):
    """All that people read in a part of a scorecard, without the line breaks."""
    if isinstance(value, dict):
        return " | ".join(texts(item) for item in value.values())
    if isinstance(value, list):
        return " | ".join(texts(item) for item in value)
    return re.sub(r"\s+", " ", value) if isinstance(value, str) else ""


def judge(folder):
    cards = {}
    for path in folder.glob("*.json"):
        cards[path.stem] = json.loads(path.read_text())["exercises"][0]
    count = failed = 0
    rows = [(row[0], "answers", row[0], row[-1]) for row in ANSWERS] + [(row[0], row[0], "starts", row[-1]) for row in STARTS]
    rows += [(row[0], row[0], "runs", row[-1]) for row in RUNS]
    rows += [(row[0], row[0], "hello", row[-1]) for row in FILES]
    for name, card, check, sentence in rows:
        count += 1
        shown = [item for item in cards.get(card, {}).get("checks", []) if item["id"] == check]
        slips = [item for item in cards.get(card, {}).get("causes", []) if check in json.dumps(item)]
        good = bool(shown) and shown[0]["verdict"] == "fail" and sentence in texts(shown + slips)
        failed += not good
        print("%sok %d - %s: %s" % ("" if good else "not ", count, name, sentence))
        if not good:
            print("# shown: " + json.dumps(shown + slips, ensure_ascii=False))
    print("1..%d" % count)
    return failed or count < 40


def document():
    print("<!-- Printed by `tests/live/slips/slips.py print`: change its tables, then print again. -->\n# What a learner sees\n")
    print("Some slips are so common that no exercise needs to name them. Each row is tried by tests/live/t_slips.sh: a\n"
          "service or a file that makes this slip and no other, and the sentence that its report shows. An exercise adds sentences\n"
          "of its own with `near`: see [exercise-format.md](exercise-format.md).\n")
    for title, rows in (("Answers", ANSWERS), ("Starting", STARTS), ("Running", RUNS), ("Files", FILES)):
        print("## %s\n\n| slip | what the report says |\n|---|---|" % title)
        for row in rows:
            print("| %s | %s |" % (row[1], row[-1]))
        print()


if __name__ == "__main__":
    if sys.argv[1:] == ["print"]:
        document()
    else:
        sys.exit({"prepare": prepare, "judge": judge}[sys.argv[1]](pathlib.Path(sys.argv[2])))
