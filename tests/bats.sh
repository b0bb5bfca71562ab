#!/bin/bash
# bats.sh FILE: runs it by bats. meson shows only the stderr of a failed test, so bats's comments, which
# say what failed, go there as well.
set -o pipefail
bats --tap "$@" | tee >(grep '^#' >&2)
