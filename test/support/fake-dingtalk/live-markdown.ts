/** What people read of a message's markdown: no marks, full-width twins as the characters they stand for. */
export function readableText(markdown: string): string {
  return markdown
    .replaceAll(/!\[[^\]]*\]\([^)]*\)/g, "")
    .replaceAll(/\[([^\]]*)\]\(([^)]*)\)/g, "$1")
    .replaceAll(/\*\*([^*]*)\*\*/g, "$1")
    .replaceAll(/^(?:#{1,6} |> |- )/gm, "")
    .replaceAll(/[\uFF01-\uFF5E]/g, (wide) => String.fromCodePoint((wide.codePointAt(0) ?? 0) - 0xfee0));
}

/** Everything in a markdown text that a client would act upon, beyond the marks that the product itself writes. */
export function liveMarkdown(markdown: string): readonly string[] {
  const found = [
    ...markdown.matchAll(/!\[[^\]]*\]\((?![@$])[^)]*\)/g),
    ...markdown.matchAll(/(?<!!)\[[^\]]*\]\s*[([:]/g),
    ...markdown.matchAll(/[a-z][a-z0-9+.-]*:\/\/\S*/gi),
    ...markdown.matchAll(/<[a-z!/][^>]*/gi),
    ...markdown.matchAll(/&(?:#\d+|[a-z]+);/gi),
    ...markdown.matchAll(/[`~|\\]/g),
    ...markdown.matchAll(/(?<!\*)\*(?!\*)/g),
    ...markdown.matchAll(/@(?!TensorBell\b)\S+/g),
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    ...markdown.matchAll(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2066-\u2069\uFEFF]/g),
    ...markdown.matchAll(/^(?:#{1,3} |#{5,} |={3,}|-{3,})/gm),
  ];
  const lines = markdown.split("\n").filter((line) => /^CRITICAL/.test(line));
  return [...found.map(([whole]) => whole), ...lines];
}
