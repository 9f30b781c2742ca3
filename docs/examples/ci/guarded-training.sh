#!/bin/sh
# Trains under the gate: a run that fails it is stopped at once instead of using up its hours.
# usage: guarded-training.sh LOGDIR COMMAND...
logs=$1
shift
"$@" &
trainer=$!
tensorbell check "$logs" --wait --timeout 6h --output junit=reports/tensorbell.xml
verdict=$?
[ "$verdict" -eq 0 ] || kill "$trainer"
wait "$trainer"
trained=$?
[ "$verdict" -eq 0 ] || exit "$verdict"
exit "$trained"
