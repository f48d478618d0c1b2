# SPDX-License-Identifier: Apache-2.0
# Completion of sfjwtctl in bash. Commands and options are those that its own --help names, so that a new one needs no
# change here; values are listed below (tests/packaging/test_completion.py compares the relaxations with the source).

_sfjwtctl_help() {  # program, arguments...
  "$@" --help 2>/dev/null
}

# Fills COMPREPLY with the words that begin as the one before the cursor.
_sfjwtctl_words() {  # word before the cursor, words
  mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
  if [[ ${COMPREPLY[0]-} == *[=:/] ]]; then compopt -o nospace 2>/dev/null; fi
}

_sfjwtctl_files() {  # word before the cursor
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

# Bash splits words at = and :, so --mode=strict is three words and file:/etc/key is as well.
_sfjwtctl() {
  local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} option='' command='' index
  program=${program/#\~/$HOME}
  COMPREPLY=()

  for ((index = 1; index < COMP_CWORD; index++)); do
    case ${COMP_WORDS[index]} in
      validate | well-formed | rewrite | wsdl | bench | assert | token | key)
        # The word after an option is its value, even if it is the name of a command.
        if [[ ${COMP_WORDS[index - 1]} != --* ]]; then command=${COMP_WORDS[index]}; break; fi
        ;;
    esac
  done
  if [ -z "$command" ]; then
    if [[ $current == -* ]]; then
      _sfjwtctl_words "$current" '--help --version'
    else
      _sfjwtctl_words "$current" "$(_sfjwtctl_help "$program" | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p')"
    fi
    return
  fi

  # The option whose value is at the cursor, if any.
  index=$((COMP_CWORD - 1))
  if [ "$current" = = ]; then current=''; index=$COMP_CWORD; fi
  if [ "${COMP_WORDS[index]}" = = ]; then index=$((index - 1)); fi
  case ${COMP_WORDS[index]} in
    --show | --help) ;;
    --*) option=${COMP_WORDS[index]} ;;
  esac

  case $option in
    '')
      if [[ $current == -* ]]; then
        _sfjwtctl_words "$current" "$(_sfjwtctl_help "$program" "$command" |
          sed -n 's/^  \(-h,\)\{0,1\}\(--[a-z-]*\).*/\2/p')"
      elif [[ $command != assert && $command != token ]]; then
        _sfjwtctl_files "$current"
      fi
      ;;
    --wsdl | --key | --certificate | --ca | --client-certificate | --token-file) _sfjwtctl_files "$current" ;;
    --mode) _sfjwtctl_words "$current" 'strict tolerant report structure' ;;
    --no-relaxation)
      _sfjwtctl_words "$current" 'optional-nillable optional-booleans nil-anywhere value-types message-namespace
        unqualified any-order short-ids date-time-for-date blank-empty object-types generated-names parameter-names
        parameter-namespace optional-test-level record-namespace unprefixed-types singular-ids lead-namespace
        encoding-style'
      ;;
    --xml-limit) _sfjwtctl_words "$current" 'depth= attributes= namespaces= name-bytes= tag-bytes=' ;;
    --audience) _sfjwtctl_words "$current" 'production sandbox' ;;
    --subject-claim) _sfjwtctl_words "$current" 'sub prn' ;;
    --passphrase | --client-secret) _sfjwtctl_words "$current" 'file: exec:/ -' ;;
  esac
}

complete -F _sfjwtctl sfjwtctl
