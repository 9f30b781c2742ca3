import { openGsPlace } from "../support/log-places.js";
import { objectSourceContract } from "./log-source-objects.js";

objectSourceContract("gs", openGsPlace, {
  denied: { status: 403, code: "forbidden" },
  missing: { status: 404, code: "notFound" },
  throttled: { status: 429, code: "rateLimitExceeded" },
});
