. ./two.sh
twice() { echo $(($1 * 2)); }
wrong() { echo $(($1 + 2)); }
reverse() { echo "$1" | rev; }
evens() { for n in "$@"; do [ $((n % 2)) -eq 0 ] && echo -n "$n "; done; return 0; }
equal() { if [ "$1" != "$2" ]; then echo "assertion failed: $1 is not $2" >&2; exit 1; fi; }
deep() { if [ "$1" -eq 0 ]; then echo 0; else deep $(($1 - 1)); fi; }
case "$1" in
hello) echo hello ;;
stdin) cat ;;
assert) equal "$(wrong 5)" 10 ;;
error) set -u; echo "$boom" ;;
exit) exit 3 ;;
loop) while :; do :; done ;;
memory) kept=x; while :; do kept=$kept$kept; done ;;
deep) deep 2000 ;;
output) head -c 1000000 /dev/zero | tr '\0' x ;;
unicode) echo "größe 日本語 🙂" ;;
two) seven 6 ;;
pass1) equal "$(twice 2)" 4; equal "$(twice 5)" 10 ;;
pass2) equal "$(reverse abc)" cba ;;
pass3) equal "$(evens 1 2 3 4)" "2 4 " ;;
pass4) equal "$(twice 0)" 0; echo done ;;
fail1) equal "$(wrong 2)" 4; equal "$(wrong 5)" 10 ;;
fail2) echo before; equal "$(reverse ab)" ab ;;
fail3) equal "$(evens 1 3)" "1 " ;;
error1) set -e; false; echo never ;;
error2) no_such_command ;;
error3) echo leaving >&2; exit 7 ;;
esac
