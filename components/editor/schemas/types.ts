import type { JSONSchema } from 'monaco-yaml';

/**
 * Schemas for completion and hover. They say what the documented fields mean and are never used to refuse anything: a placeholder may
 * stand where a number is expected, and resources know more fields than are listed. Written for Slipway by hand.
 */
export type Schema = JSONSchema;

export const text = (description: string): Schema => ({ description });
export const flag = (description: string): Schema => ({ description, enum: [true, false] });
export const choice = (description: string, ...values: (string | number | boolean)[]): Schema => ({
  description,
  examples: values,
});
export const list = (description: string, items: Schema = {}): Schema => ({
  type: 'array',
  description,
  items,
});
export const object = (description: string, properties: Record<string, Schema>): Schema => ({
  type: 'object',
  description,
  properties,
  additionalProperties: true,
});

/** `builder`, which every resource knows. */
export const builderSchema = object('Settings for building the image; never passed to the resource.', {
  accelerator: object('For images that run on accelerators.', {
    base_image: text('Base image of the build, for example tensorflow/tensorflow:latest-gpu.'),
  }),
});
