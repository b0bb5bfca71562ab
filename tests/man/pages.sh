#!/bin/bash
# Reads manual pages as people and distributions do: by groff with every warning, by mandoc's lint, by man. Then looks for
# each option of a command in its page. Prints TAP.
#
#     pages.sh THREADBENCH PAGE ...
set -u

threadbench=$1
shift
number=0

# check PROGRAM NAME FUNCTION PAGE: passes if the function prints nothing and ends well; skipped without the program
check() {
    local said status=0
    number=$((number + 1))
    if ! command -v "$1" >/dev/null; then
        echo "ok $number - ${4##*/}: $2 # SKIP $1 is missing"
        return
    fi
    said=$("$3" "$4" 2>&1) || status=$?
    if [ "$status" = 0 ] && [ -z "$said" ]; then
        echo "ok $number - ${4##*/}: $2"
    else
        echo "not ok $number - ${4##*/}: $2"
        printf '%s\n' "exit code $status" "$said" | sed 's/^/# /'
    fi
}

by_groff() {
    groff -man -ww -b -z -Tutf8 "$1"
}

# scdoc writes a paragraph macro more than is needed, which is no fault of a page.
by_mandoc() {
    mandoc -Tlint -W warning "$1" | grep -v 'skipping paragraph macro' || true
}

by_man() {
    MANROFFOPT=-ww man --local-file --encoding=UTF-8 --pager=cat "$1" >/dev/null
}

# The commands that a page is about, of one word or two, a line each.
commands_of() {
    local name=${1##*/threadbench-} verbs
    verbs=$("$threadbench" help "${name%.1}" | sed -nE 's/^threadbench ([a-z]+ [a-z]+) .*/\1/p')
    echo "${verbs:-${name%.1}}"
}

# Prints which options the page lacks.
options() {
    local page command option
    page=$(groff -man -Tascii -P-cbou -rHY=0 -rLL=200n "$1")
    commands_of "$1" | while read -r command; do
        # shellcheck disable=SC2086 # one word or two
        "$threadbench" help $command | grep -oE '^  (-., |    )--[a-z-]+' | sed 's/.*--/--/' | while read -r option; do
            grep -qE -- "(^|[ ,])$option([=, ]|\$)" <<<"$page" || echo "$command $option is missing"
        done
    done
}

for page in "$@"; do
    check groff 'no warning of groff' by_groff "$page"
    check mandoc 'no warning of mandoc' by_mandoc "$page"
    check man 'man shows it' by_man "$page"
    case ${page##*/} in
    threadbench.1 | threadbench-suite.1) ;;
    threadbench-*.1) check groff 'every option of the help' options "$page" ;;
    esac
done
echo "1..$number"
