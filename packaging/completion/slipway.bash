# SPDX-License-Identifier: MPL-2.0
# Completion of slipway's words and names in bash: the program says what may follow.
_slipway() {
  local line="${COMP_LINE:0:COMP_POINT}" word cut
  word="${line##*[[:space:]]}"
  cut="${word%"${word##*[@:=]}"}" # bash takes what stands behind these for a word of its own
  mapfile -t COMPREPLY < <(slipway complete "$line" 2>/dev/null)
  COMPREPLY=("${COMPREPLY[@]#"$cut"}")
}
complete -o bashdefault -o default -F _slipway slipway
