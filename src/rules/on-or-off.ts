import { z } from "zod";

/** The setting that every rule has. */
export const enabled = z.boolean().default(true).describe("Whether the rule judges at all.");
