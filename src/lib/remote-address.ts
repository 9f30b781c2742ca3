/** Whether a place is named by an address with a scheme (`s3://…`), not by a path; `file://` is a path. */
export function isRemoteAddress(place: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//.test(place) && !place.startsWith("file://");
}
