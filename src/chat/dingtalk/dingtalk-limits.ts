/** Limits as we keep them: DingTalk's are 15,000 bytes of msgParam and 20,000 of a webhook's body; clients stop rendering near 3,800 characters. */
export const dingtalkLimits = {
  /** Characters (code points) of a message's text. */
  text: 3_500,
  /** UTF-8 bytes of a message's text. */
  textBytes: 10_500,
  /** The title is what the chat list and the lock screen show. */
  title: 64,
  headline: 300,
  inline: 1_000,
  listItems: 20,
  tableRows: 20,
  tableColumns: 8,
  cell: 40,
  url: 1_500,
  /** A command that a link says. */
  command: 120,
  /** A picture: 20 MB allowed, one page says 1 MB. */
  pictureBytes: 1_000_000,
  /** People in one direct send. */
  people: 20,
  /** A card's key may hold 1 KB by the documentation. */
  cardValueBytes: 1_000,
} as const;
