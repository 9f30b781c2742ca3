export type PictureProtocol = "iterm2" | "kitty" | "none";

/** What the terminal says of itself; inside tmux and screen neither protocol passes through. */
export function pictureProtocol(env: Readonly<Record<string, string | undefined>>): PictureProtocol {
  if (isSet(env["TMUX"]) || (env["TERM"] ?? "").startsWith("screen")) return "none";
  if (env["TERM"] === "xterm-kitty" || isSet(env["KITTY_WINDOW_ID"]) || env["TERM_PROGRAM"] === "ghostty") {
    return "kitty";
  }
  const iterm =
    ["iTerm.app", "WezTerm"].includes(env["TERM_PROGRAM"] ?? "") || env["LC_TERMINAL"] === "iTerm2";
  return iterm ? "iterm2" : "none";
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

/** The bytes that show a PNG in place: iTerm2's `File=` sequence, or kitty's graphics protocol in chunks of 4096. */
export function inlinePicture(png: Uint8Array, protocol: PictureProtocol): string {
  const base64 = Buffer.from(png).toString("base64");
  switch (protocol) {
    case "none":
      return "";
    case "iterm2":
      return `\u001b]1337;File=inline=1;size=${png.byteLength};width=auto;preserveAspectRatio=1:${base64}\u0007\n`;
    case "kitty":
      return `${kittyChunks(base64)}\n`;
  }
}

const chunkLength = 4_096;

function kittyChunks(base64: string): string {
  const chunks: string[] = [];
  for (let at = 0; at < base64.length; at += chunkLength) {
    const more = at + chunkLength < base64.length ? 1 : 0;
    const keys = at === 0 ? `a=T,f=100,q=2,m=${more}` : `m=${more}`;
    chunks.push(`\u001b_G${keys};${base64.slice(at, at + chunkLength)}\u001b\\`);
  }
  return chunks.join("");
}
