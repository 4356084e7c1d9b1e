/** The part of JSON Schema that `scripts/schemas-cloud.mjs` and `scripts/schemas-kubernetes.mjs` write. */
export interface ApiSchema {
  $ref?: string;
  type?: string | string[];
  properties?: Readonly<Record<string, ApiSchema>>;
  required?: readonly string[];
  additionalProperties?: boolean | ApiSchema;
  propertyNames?: { pattern?: string; maxLength?: number };
  maxProperties?: number;
  items?: ApiSchema;
  minItems?: number;
  maxItems?: number;
  enum?: readonly string[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

/** A whole schema: `definitions` hold what `$ref` (`#/definitions/NAME`) names. */
export interface ApiDocument extends ApiSchema {
  definitions: Readonly<Record<string, ApiSchema>>;
}
