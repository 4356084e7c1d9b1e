/** The log of one instance of a container: a restart begins the next. */
class Instance {
  readonly lines: { time: string; text: string }[] = [];
  ended = false;
}

let nanos = 0;
/** Rises with each call, as the time stamps of a node do. */
function stamp(): string {
  nanos = (nanos + 1) % 1_000_000;
  return new Date().toISOString().replace('Z', `${String(nanos).padStart(6, '0')}Z`);
}

/** Logs of containers as a kubelet keeps them, by `namespace/pod/container`. */
export class Logs {
  private readonly all = new Map<string, Instance[]>();
  private readonly listeners = new Set<() => void>();

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  write(key: string, text: string): void {
    this.current(key).lines.push({ time: stamp(), text });
    this.changed();
  }

  /** The container has ended: followers get the end. */
  end(key: string): void {
    this.current(key).ended = true;
    this.changed();
  }

  restart(key: string): void {
    this.current(key).ended = true;
    this.all.get(key)?.push(new Instance());
    this.changed();
  }

  forget(prefix: string): void {
    for (const [key, instances] of this.all) {
      if (!key.startsWith(prefix)) continue;
      for (const instance of instances) instance.ended = true;
      this.all.delete(key);
    }
    this.changed();
  }

  /** Null where there is no such instance. */
  instance(key: string, previous: boolean): Instance | null {
    const instances = this.all.get(key) ?? [new Instance()];
    this.all.set(key, instances);
    return instances.at(previous ? -2 : -1) ?? null;
  }

  private current(key: string): Instance {
    return this.instance(key, false) as Instance;
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
