export function findBuildKit():
  { command: string; version: string; missing?: undefined } | { missing: string };
