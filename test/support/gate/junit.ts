import { readFileSync } from "node:fs";
import { XmlDocument, XmlElement, XsdValidator } from "libxml2-wasm";

const schema = readFileSync(new URL("junit.xsd", import.meta.url));

/** How often each element stands in a JUnit report, and the text of its failures; throws where the report breaks its schema. */
export function readJunit(text: string): {
  readonly elements: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
} {
  const document = XmlDocument.fromBuffer(new TextEncoder().encode(text));
  const schemaDocument = XmlDocument.fromBuffer(schema);
  const validator = XsdValidator.fromDoc(schemaDocument);
  try {
    validator.validate(document);
    const elements: Record<string, number> = {};
    for (const node of document.find("//*")) {
      if (node instanceof XmlElement) elements[node.name] = (elements[node.name] ?? 0) + 1;
    }
    return { elements, failures: document.find("//failure").map(({ content }) => content) };
  } finally {
    validator.dispose();
    schemaDocument.dispose();
    document.dispose();
  }
}
