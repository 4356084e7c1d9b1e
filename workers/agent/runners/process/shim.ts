/**
 * The small shell program between the agent and a user's process. It outlives the agent: it starts the command, and writes the exit
 * code down where the next agent finds it. A shell, not a Node program, so that it costs one megabyte a run and needs no file of ours.
 *
 * $1 is the run's directory, the rest is the command. `mkdir claimed` makes the start happen once, even if two agents, one killed in
 * the middle of a submission and the next, both start a shim. The trap is empty but set: signals go to the whole process group, the
 * shim outlives them, and the command does not inherit the trap. The command runs in the foreground, as a shell would otherwise make
 * it deaf to SIGINT.
 */
export const SHIM = `
own=$(umask)
umask 077
run=$1
shift
mkdir "$run/claimed" 2>/dev/null || exit 0
trap : TERM INT HUP QUIT USR1 USR2 ALRM PIPE
printf '%s\\n' "$$" >"$run/pid.tmp" && mv "$run/pid.tmp" "$run/pid" || exit 1
umask "$own"
"$@" </dev/null >>"$run/stdout" 2>>"$run/stderr"
code=$?
umask 077
printf '%s\\n' "$code" >"$run/exit.tmp" && mv "$run/exit.tmp" "$run/exit"
`;

/** Name of the shim in process lists ($0). */
export const SHIM_NAME = 'slipway-run';
