#!/bin/bash
# SPDX-License-Identifier: MIT
# The curated npm modules: pinned, built by `make npm-pack`, found by programs without a network.
. "$(dirname "$0")/../helper/tap.sh"
cd "$work" || exit
unset MILEPOST_PACKS
lock=$top/exercises/packs/node/package-lock.json

is "the lock file pins and hashes every module, and names no place to download from" \
	"$(/usr/bin/python3 - "$lock" "$top/exercises/packs/node/package.json" << 'PY'
import json, sys
lock, wanted = (json.load(open(path)) for path in sys.argv[1:])
modules = {k: v for k, v in lock["packages"].items() if k}
print(len(modules) > 100,
      all(v["integrity"].startswith("sha512-") for v in modules.values()),
      not any("resolved" in v for v in modules.values()),
      all(modules["node_modules/" + k]["version"] == v for k, v in wanted["dependencies"].items()),
      lock["packages"][""]["dependencies"] == wanted["dependencies"])
PY
)" "True True True True True"

mkdir -p road/exercises/hello-api empty && git init -q -b main road
here=road/exercises/hello-api
echo "start: node app.js" > $here/milepost.yaml
cat > $here/app.js << 'JS'
const express = require("express");
const fs = require("fs");
try {
	fs.writeFileSync("/node_modules/x", "x");
	throw new Error("the modules can be written");
} catch (error) {
	if (error.code !== "EROFS" && error.code !== "EACCES") throw error;
}
const app = express();
app.get("/health", (request, answer) => answer.json({status: "ok"}));
app.listen(process.env.PORT, process.env.HOST);
JS

# verdicts CHECK...: as the JSON in $out says them.
verdicts() {
	/usr/bin/python3 -c '
import json, sys
card = json.load(open(sys.argv[1]))["exercises"][0]
print(card["status"], *(c["verdict"] for c in card["checks"] if c["id"] in sys.argv[2:]))' "$work/.out" "$@" 2>&1
}

# Without the pack, the machine is at fault.
MILEPOST_PACKS=$work/empty runs 4 "$milepost" grade road --worktree --exercise hello-api
says "NOT GRADED" "without the pack the exercise is not graded" "$out"
says "express is one of milepost's npm modules" "the missing module is named" "$out"
says "make npm-pack" "with what to type" "$out"
mkdir -p road/exercises/khata-totals
echo "run: node main.js" > road/exercises/khata-totals/milepost.yaml
echo 'require("zod")' > road/exercises/khata-totals/main.js
MILEPOST_PACKS=$work/empty runs 4 "$milepost" grade road --worktree --exercise khata-totals
says "zod is one of milepost's npm modules" "and so with a program" "$out"
echo 'require("no-such-module")' > road/exercises/khata-totals/main.js
MILEPOST_PACKS=$work/empty runs 1 "$milepost" grade road --worktree --exercise khata-totals
MILEPOST_PACKS=$work/empty capture "$milepost" doctor
says "make npm-pack" "doctor says how the pack is built" "$out"

pack=$top/build/packs/node
if [ ! -d "$pack" ]; then
	make -s -C "$top" npm-pack > npm.log 2>&1 || note "$(tail -3 npm.log)"
fi
if [ ! -d "$pack" ]; then
	skip "the pack was not built" "express runs from the pack"
	done_testing
fi
export MILEPOST_PACKS=$top/build/packs
is "every module of package.json is there" "$(/usr/bin/python3 - "$pack" << 'PY'
import json, os, sys
os.chdir(sys.argv[1])
print([n for n in json.load(open("package.json"))["dependencies"] if not os.path.exists(f"node_modules/{n}/package.json")])
PY
)" "[]"
runs 0 "$milepost" doctor
says "npm modules: $pack/node_modules" "doctor says where they are" "$out"

runs 1 "$milepost" grade road --worktree --exercise hello-api --format json --run-info
is "express starts by require" "$(verdicts starts health-json)" "needs-work pass pass"
is "the report says which pack was used" "$(/usr/bin/python3 -c '
import json, re
print(bool(re.fullmatch("node [0-9a-f]{8}", json.load(open(".out"))["run"]["packs"])))')" True

sed -e 's/^const \(.*\) = require(\(.*\));/import \1 from \2;/' $here/app.js > $here/app.mjs
echo "start: node app.mjs" > $here/milepost.yaml
runs 1 "$milepost" grade road --worktree --exercise hello-api --format json
is "express starts by import" "$(verdicts starts health-json)" "needs-work pass pass"

mkdir -p $here/node_modules/express
echo 'console.error("express of my own"); process.exit(1)' > $here/node_modules/express/index.js
runs 1 "$milepost" grade road --worktree --exercise hello-api
says "express of my own" "a learner's own node_modules wins" "$out"
rm -r $here/node_modules

echo 'import os, sys; sys.exit("modules of another language" if os.path.exists("/node_modules") else "no modules")' > $here/app.py
echo "start: python3 app.py" > $here/milepost.yaml
runs 1 "$milepost" grade road --worktree --exercise hello-api
says "no modules" "other languages do not get them" "$out"

done_testing
