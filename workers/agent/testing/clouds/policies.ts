export * from '../../../../scripts/lib/guide-policies.mjs';
