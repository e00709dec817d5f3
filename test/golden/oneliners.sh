# For golden tests of a few lines: what a configuration does with few packets, in simulated time. Messages go with the rest.
exec 2>&1

# through ELEMENTS HEX...: one packet after the other through ELEMENTS, printed as they leave.
through() {
  elements=$1
  shift
  sources='' number=0
  for bytes; do
    sources="$sources InfiniteSource(\\<$bytes>, LIMIT 1) -> [$number] given;"
    number=$((number + 1))
  done
  $LCLICK --simtime -e "given::PrioSched -> Unqueue -> $elements -> Print(out, -1) -> Discard; $sources Script(wait 1s, stop)"
}

# ask CONFIGURATION HANDLER...: what the handlers read, on one line, a second after something asked to stop.
ask() {
  configuration=$1
  shift
  text=''
  for handler; do text="$text \$($handler)"; done
  $LCLICK --simtime -e "$configuration; DriverManager(pause, wait 1s, print \"${text# }\")"
}

# play CONFIGURATION INSTRUCTIONS: the script runs, then the driver stops.
play() { $LCLICK --simtime -e "$1; DriverManager($2)"; }

# refused CONFIGURATION: the first thing that is said against it.
refused() {
  if said=$($LCLICK -q -e "$1" 2>&1); then echo accepted; fi
  echo "$said" | sed -n '2s/^ *//p'
}
