#!/bin/bash
# bats.sh FILE: runs it by bats. Of what a failed test said meson shows stderr alone, so what it said
# stands there, too.
set -o pipefail
bats --tap "$@" | tee >(grep '^#' >&2)
