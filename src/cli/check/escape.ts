import { plainSentence } from "../../message/plain-name.js";
import { printable } from "../print.js";

/** A document as JSON text in which no reader of a pipeline's log finds a command (`##[`). */
export function jsonText(document: unknown): string {
  return `${JSON.stringify(document, null, 2).replaceAll("##", String.raw`#\u0023`)}\n`;
}

/** Text for an XML document: what XML 1.0 cannot hold is made visible, what it would read is escaped. */
export function xmlText(text: string): string {
  return wellFormed(printable(text))
    .replaceAll(/[\ufffe\uffff]/g, "\ufffd")
    .replaceAll(/[<>&"']/g, asEntity);
}

/** The message of a GitHub workflow command: one line, as its runner unescapes it. */
export function commandData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** A property of a GitHub workflow command, where `:` and `,` are syntax too. */
export function commandProperty(text: string): string {
  return commandData(printable(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** Bounded text within a table of GitHub's or GitLab's markdown: nothing in it is markup, a link or a mention. */
export function markdownText(text: string): string {
  return plainSentence(text, 300)
    .replaceAll(/[\\`*_{}[\]()<>#|~@:&!^$%"'=]/g, asEntity)
    .replaceAll(/\bwww\./gi, (match) => match.replace(".", "&#46;"));
}

/** A message of SARIF, whose text may hold links in brackets and placeholders in braces: here it holds none. */
export function sarifText(text: string): string {
  return printable(text)
    .replaceAll(/[\\[\]]/g, (character) => `\\${character}`)
    .replaceAll(/[{}]/g, (character) => character.repeat(2));
}

/** The parts of a run's path below the log directory, none of which leads elsewhere. */
export function pathParts(logdir: string, run: string): readonly string[] {
  const parts = [...logdir.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").split(/[\\/]/), ...run.split("/")];
  const kept = parts.filter((part) => part !== "" && part !== "." && part !== "..");
  return kept.length > 0 ? kept.map((part) => wellFormed(printable(part))) : ["."];
}

function asEntity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

function wellFormed(text: string): string {
  return text.replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
