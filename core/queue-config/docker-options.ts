/** Long options of `docker run` (Docker Engine 29 reference), and what each one-letter option is short for. */
export const DOCKER_OPTIONS: readonly string[] = (
  'add-host annotation attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile cpu-count ' +
  'cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems detach detach-keys device ' +
  'device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops disable-content-trust dns dns-opt ' +
  'dns-option dns-search domainname entrypoint env env-file expose gpus group-add health-cmd health-interval health-retries ' +
  'health-start-interval health-start-period health-timeout hostname init interactive io-maxbandwidth io-maxiops ip ip6 ipc ' +
  'isolation kernel-memory label label-file link link-local-ip log-driver log-opt mac-address memory memory-reservation ' +
  'memory-swap memory-swappiness mount name net net-alias network network-alias no-healthcheck oom-kill-disable oom-score-adj ' +
  'pid pids-limit platform privileged publish publish-all pull quiet read-only restart rm runtime security-opt shm-size sig-proxy ' +
  'stop-signal stop-timeout storage-opt sysctl tmpfs tty ulimit use-api-socket user userns uts volume volume-driver volumes-from ' +
  'workdir'
).split(' ');

export const DOCKER_SHORT_OPTIONS: Readonly<Record<string, string>> = {
  a: 'attach',
  c: 'cpu-shares',
  d: 'detach',
  e: 'env',
  h: 'hostname',
  i: 'interactive',
  l: 'label',
  m: 'memory',
  P: 'publish-all',
  p: 'publish',
  q: 'quiet',
  t: 'tty',
  u: 'user',
  v: 'volume',
  w: 'workdir',
};

/** Options that Slipway sets itself, and why a configuration cannot. */
export const DOCKER_RESERVED: Readonly<Record<string, string>> = {
  name: 'the container is named after the run, so that an agent finds it again after a restart',
  detach: 'the agent starts the container and follows its log itself',
  cidfile: 'the agent finds the container by its name',
};
