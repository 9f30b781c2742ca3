import { marked, type Token, type Tokens } from "marked";

const entities = /&#(\d+);/g;

/** The cells of the one table of a markdown report, unescaped; throws where anything in a cell is markup, a link or HTML. */
export function readMarkdown(text: string): {
  readonly blocks: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const blocks = marked.lexer(text, { gfm: true }).filter(({ type }) => type !== "space");
  const tables = blocks.filter((token): token is Tokens.Table => token.type === "table");
  const rows = tables.flatMap(({ rows }) => rows.map((row) => row.map(({ tokens }) => cellOf(tokens))));
  return { blocks: blocks.map(({ type }) => type), rows };
}

function cellOf(tokens: readonly Token[]): string {
  return tokens.map(plain).join("");
}

function plain(token: Token): string {
  if (token.type === "strong" && token.raw === "**FAIL**") return "FAIL";
  if (token.type !== "text") throw new Error(`${token.type} in a cell: ${token.raw}`);
  return token.raw.replaceAll(entities, (_, code: string) => String.fromCharCode(Number(code)));
}
