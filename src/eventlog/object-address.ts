/** `scheme://bucket/prefix`, taken apart. */
export interface ObjectAddress {
  readonly bucket: string;
  /** Empty, or with one slash at its end. */
  readonly prefix: string;
  /** As it is shown to people. */
  readonly shown: string;
}

/** Takes an address apart; throws a RangeError with a sentence where it names no bucket. */
export function parseObjectAddress(root: string): ObjectAddress {
  const [, scheme = "", bucket = "", path = ""] = /^([a-z0-9]+):\/\/([^/]*)\/*(.*?)\/*$/s.exec(root) ?? [];
  if (!/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/i.test(bucket)) {
    throw new RangeError(
      `${scheme}://: expected ${scheme}://bucket/prefix with the name of a bucket (accounts and keys come from the environment)`,
    );
  }
  return {
    bucket,
    prefix: path === "" ? "" : `${path}/`,
    shown: `${scheme}://${bucket}${path && "/"}${path}`,
  };
}
