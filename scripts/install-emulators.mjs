// Installs the emulators of clouds that some tests need (`npm test` does it too).
import { installEmulators } from './lib/cloud-emulators.mjs';

const problem = await installEmulators(console.log);
if (problem) {
  console.error(`The emulators cannot be installed: ${problem}`);
  process.exit(1);
}
