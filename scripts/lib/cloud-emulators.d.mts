export type EmulatorKind = 'moto' | 'gcs' | 'azurite';
export interface Emulator {
  url: string;
  /** Variables that point the official SDKs at the emulator, with credentials it takes. */
  env: Record<string, string>;
  stop(): Promise<void>;
}
export function emulatorMissing(kind: EmulatorKind): string | null;
export function startEmulator(kind: EmulatorKind): Promise<Emulator>;
export function installEmulators(say: (line: string) => void): Promise<string | null>;
