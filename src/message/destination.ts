/** Where a post goes: one conversation place of one platform, e.g. `slack:C024BE91L`, `terminal:stdout`. */
export interface Destination {
  readonly platform: string;
  /** The platform's own address: a channel id, a group's conversation id. Never a display name. */
  readonly address: string;
}

/** `platform:address`, the key of the destination's lane. */
export type DestinationId = string;

export function destinationId(destination: Destination): DestinationId {
  return `${destination.platform}:${destination.address}`;
}

export function parseDestination(id: DestinationId): Destination {
  const colon = id.indexOf(":");
  if (colon <= 0) throw new Error(`a destination is written platform:address, not ${JSON.stringify(id)}`);
  return { platform: id.slice(0, colon), address: id.slice(colon + 1) };
}
