import { openS3Place } from "../support/log-places.js";
import { objectSourceContract } from "./log-source-objects.js";

objectSourceContract("s3", openS3Place, {
  denied: { status: 403, code: "AccessDenied" },
  missing: { status: 404, code: "NoSuchBucket" },
  throttled: { status: 503, code: "SlowDown" },
});
