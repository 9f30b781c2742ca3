import { jsonSchemaOf } from "./config-keys.js";
import { configSchema } from "./config-schema.js";

/** The JSON Schema of tensorbell.yaml as editors read it; a copy stands in docs/tensorbell.schema.json. */
export function configJsonSchema(): object {
  const { $schema, ...schema } = jsonSchemaOf(configSchema);
  return { $schema, title: "TensorBell configuration (tensorbell.yaml)", ...schema };
}
