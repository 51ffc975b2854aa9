# Becomes the program to run, after leaving a guard beside it that ends the program when its owner is gone.
#
#   sh -c guarded.sh guarded SIGNAL DIRECTORY PROGRAM [ARGUMENT…]
#
# Standard input is the owner's lifeline. A line on it means that the owner has seen the program end itself; its end
# without a line means that the owner died, however abruptly: the program gets SIGNAL, and DIRECTORY, if not empty,
# is removed once the program is gone.
exec 3<&0 </dev/null
(
    read -r _ <&3 && exit
    # In a subshell $$ still names the main shell, which by now is the program.
    kill -s "$1" $$ && [ -n "$2" ] || exit
    attempts=0
    while kill -s 0 $$ && [ $((attempts += 1)) -le 200 ]; do sleep 0.05; done
    rm -rf -- "$2"
) >/dev/null 2>&1 &
shift 2
exec "$@" 3<&-
