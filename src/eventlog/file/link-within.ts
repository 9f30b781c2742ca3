import { realPath } from "./byte-names.js";

/** Tells whether a link leads to somewhere below these directories; they are resolved when the first link asks, because a share may be mounted late. */
export function linksWithin(allowedRoots: readonly string[] | undefined): (link: string) => boolean {
  if (allowedRoots === undefined) return () => true;
  let roots: readonly string[] | undefined;
  return (link) => {
    roots ??= allowedRoots.map(resolved);
    const target = resolved(link);
    return roots.some((root) => target === root || target.startsWith(root.endsWith("/") ? root : `${root}/`));
  };
}

/** Of a path that does not exist, the path itself. */
function resolved(path: string): string {
  try {
    return realPath(path);
  } catch {
    return path;
  }
}
