import { createHmac } from "node:crypto";

/** The address of one sending to a custom robot: signed anew for this moment (milliseconds), HMAC-SHA256 as its security settings ask. */
export function signedAddress(url: string, secret: string | undefined, now: number): string {
  const address = new URL(url);
  if (secret === undefined) return address.href;
  address.searchParams.set("timestamp", String(now));
  address.searchParams.set("sign", signatureOf(secret, now));
  return address.href;
}

export function signatureOf(secret: string, now: number): string {
  return createHmac("sha256", secret).update(`${now}\n${secret}`).digest("base64");
}
