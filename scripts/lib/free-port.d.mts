/** A TCP port on loopback that is free now. */
export function freePort(): Promise<number>;
