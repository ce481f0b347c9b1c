# shellcheck shell=bash
# Steps that may take long, and what they print while they run: sourced, not run.

# Each line begins with the name of the script.
say() { printf '%s: %s\n' "$(basename "$0" .sh)" "$*"; }
stop() { say "$*" >&2; exit 1; }

duration() {
  if [ "$1" -lt 100 ]; then echo "$1 s"; else echo "$((($1 + 30) / 60)) min"; fi
}

# Runs a command and writes its output to a file. Prints what it does if that usually takes 10 s or more, and every 20 s that it
# is still running.
#
#   watch WHAT USUALLY LOG COMMAND...   USUALLY in seconds
watch() {
  local what=$1 usually log=$3 status=0
  usually=", usually $(duration "$2")"
  [ "$2" -lt 10 ] || say "$what$usually"
  shift 3
  exec 8> >(heartbeat "$what" "$usually" 9>&-)
  "$@" >"$log" 2>&1 </dev/null 8>&- 9>&- || status=$?
  exec 8>&-
  return $status
}

# Prints until its input ends, which is when the step has ended or its script was stopped.
heartbeat() {
  local start=$SECONDS
  until read -r -t 20 || [ $? -le 128 ]; do say "$1, $((SECONDS - start)) s so far$2"; done
}

# A step of the set-up or the build. Its output is in $LOG.
#
#   step WHAT USUALLY COMMAND...
step() {
  local what=$1 usually=$2 start=$SECONDS
  shift 2
  watch "$what" "$usually" "$LOG" "$@" || return
  say "$what: ok ($((SECONDS - start)) s)"
}

# After a step that failed: its output, without the log of trunk, and what to do.
failed() {
  grep -vE '^[0-9]{4}-[0-9]{2}-[0-9]{2}T|^ *Finished |^error from build pipeline$' "$LOG" >&2 || true
  stop "$*"
}

# Lets one script at a time pass, so that two don't make the same thing: the next one waits until the first has ended.
#
#   one_at_a_time FILE   FILE is the lock
one_at_a_time() {
  command -v flock >/dev/null || return 0
  mkdir -p "$(dirname "$1")"
  exec 9>"$1"
  flock --nonblock 9 && return
  say "waiting for another set-up or build to finish"
  exec 8> >(heartbeat "waiting" "" 9>&-)
  flock 9
  exec 8>&-
}
