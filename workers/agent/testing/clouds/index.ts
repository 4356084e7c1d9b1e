import { afterAll, beforeAll, describe } from 'vitest';
import {
  emulatorMissing,
  startEmulator,
  type Emulator,
  type EmulatorKind,
} from '../../../../scripts/lib/cloud-emulators.mjs';
import { setEnv } from './http';

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
    const restore: (() => void)[] = [];
    beforeAll(async () => {
      const started = await Promise.all(
        kinds.map(async (kind) => [kind, await startEmulator(kind)] as const),
      );
      for (const [kind, emulator] of started) {
        emulators[kind] = emulator;
        restore.push(setEnv(emulator.env));
      }
    });
    afterAll(async () => {
      for (const putBack of restore) putBack();
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
