const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Options of `docker run` that take no value (Docker 28 reference of the command line). */
export const FLAG_OPTIONS: ReadonlySet<string> = new Set(
  words(`
    detach disable-content-trust help init interactive no-healthcheck oom-kill-disable privileged publish-all quiet read-only rm
    sig-proxy tty use-api-socket
  `),
);

/** Options of `docker run` that take a value. */
export const VALUE_OPTIONS: ReadonlySet<string> = new Set(
  words(`
    add-host annotation attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile cpu-count cpu-percent
    cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems detach-keys device device-cgroup-rule
    device-read-bps device-read-iops device-write-bps device-write-iops dns dns-opt dns-option dns-search domainname entrypoint env
    env-file expose gpus group-add health-cmd health-interval health-retries health-start-interval health-start-period health-timeout
    hostname io-maxbandwidth io-maxiops ip ip6 ipc isolation kernel-memory label label-file link link-local-ip log-driver log-opt
    mac-address memory memory-reservation memory-swap memory-swappiness mount name net net-alias network network-alias oom-score-adj pid
    pids-limit platform publish pull restart runtime security-opt shm-size stop-signal stop-timeout storage-opt sysctl tmpfs ulimit user
    userns uts volume volume-driver volumes-from workdir
  `),
);

/** One-letter options and the long ones they stand for. */
export const SHORT_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['a', 'attach'],
  ['c', 'cpu-shares'],
  ['d', 'detach'],
  ['e', 'env'],
  ['h', 'hostname'],
  ['i', 'interactive'],
  ['l', 'label'],
  ['m', 'memory'],
  ['p', 'publish'],
  ['P', 'publish-all'],
  ['q', 'quiet'],
  ['t', 'tty'],
  ['u', 'user'],
  ['v', 'volume'],
  ['w', 'workdir'],
]);

/** Options whose value may be a map here: each entry is `KEY=VALUE`. */
export const MAP_OPTIONS: ReadonlySet<string> = new Set(
  words('annotation label log-opt storage-opt sysctl ulimit'),
);

/** Options that would take from Slipway what it needs to find, watch and end the container. The text ends a sentence. */
export const REFUSED_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['name', 'Slipway names the container after its run, to find it again'],
  ['cidfile', 'Slipway finds the container by its name'],
  ['attach', 'Slipway reads the log by itself'],
  ['restart', 'retries are set on the queue'],
  ['help', 'it would show a text and run nothing'],
]);

/** Options without meaning for a container that nobody sits before: left out, with a warning. */
export const IGNORED_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['detach', 'Slipway always runs the container in the background'],
  ['interactive', 'no terminal is attached'],
  ['tty', 'no terminal is attached'],
  ['detach-keys', 'no terminal is attached'],
  ['sig-proxy', 'no terminal is attached'],
  ['quiet', 'it changes nothing for a run'],
]);
