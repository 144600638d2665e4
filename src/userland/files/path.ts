/** Paths of a container: absolute, with slashes. */

/** The names along `path`, `.` and `..` resolved against `from` without looking at links. */
export function splitPath(path: string, from = "/"): string[] {
  const segments: string[] = [];
  for (const segment of (path.startsWith("/") ? path : `${from}/${path}`).split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments;
}

export function resolvePath(path: string, from = "/"): string {
  return `/${splitPath(path, from).join("/")}`;
}

export function toBaseName(path: string): string {
  return path.replace(/\/+$/, "").split("/").at(-1) || "/";
}

export function toParentPath(path: string): string {
  return resolvePath(`${path}/..`);
}

/** Whether `path` is `folder` or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}
