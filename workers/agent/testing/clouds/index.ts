import { afterAll, beforeAll, describe } from 'vitest';
import {
  emulatorMissing,
  startEmulator,
  type Emulator,
  type EmulatorKind,
} from '../../../../scripts/lib/cloud-emulators.mjs';

/**
 * Tests that need emulators of clouds; skipped, with the reason in their name, where one is not installed. The emulators are started once
 * for the block, and the SDKs' own variables point at them while it runs.
 */
export function describeWithClouds(
  name: string,
  kinds: readonly EmulatorKind[],
  tests: (emulators: Record<EmulatorKind, Emulator>) => void,
): void {
  const missing = kinds.map(emulatorMissing).find((reason) => reason !== null);
  if (missing !== undefined) {
    describe.skip(`${name} (${missing})`, () => tests({} as Record<EmulatorKind, Emulator>));
    return;
  }
  describe(name, () => {
    const emulators = {} as Record<EmulatorKind, Emulator>;
    const before: Record<string, string | undefined> = {};
    beforeAll(async () => {
      const started = await Promise.all(
        kinds.map(async (kind) => [kind, await startEmulator(kind)] as const),
      );
      for (const [kind, emulator] of started) {
        emulators[kind] = emulator;
        for (const [variable, value] of Object.entries(emulator.env)) {
          before[variable] = process.env[variable];
          process.env[variable] = value;
        }
      }
    });
    afterAll(async () => {
      for (const [variable, value] of Object.entries(before)) {
        if (value === undefined) Reflect.deleteProperty(process.env, variable);
        else process.env[variable] = value;
      }
      await Promise.all(Object.values(emulators).map((emulator) => emulator.stop()));
    });
    tests(emulators);
  });
}

/** AWS: S3, ECR, STS, SageMaker, CloudWatch Logs. */
export const startMoto = (): Promise<Emulator> => startEmulator('moto');
/** Azure Blob. */
export const startAzurite = (): Promise<Emulator> => startEmulator('azurite');
/** Cloud Storage. */
export const startGcs = (): Promise<Emulator> => startEmulator('gcs');
