/** Slack's limits as we keep them, in UTF-16 units (the stricter reading where Slack does not say which units). */
export const slackLimits = {
  blocks: 50,
  sectionText: 3_000,
  contextText: 2_000,
  altText: 2_000,
  url: 3_000,
  tableRows: 100,
  tableColumns: 20,
  /** Ours: what the cells of a table block may hold together. */
  tableText: 8_000,
  listItems: 60,
  /** Ours: one text element. */
  element: 3_000,
  /** Ours: all text of a message; Slack refuses somewhat above 13,000 with msg_blocks_too_long. */
  messageText: 10_000,
  /** The top-level text: above it `chat.update` refuses. */
  fallback: 4_000,
} as const;
