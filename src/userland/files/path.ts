/** Paths of a container: absolute, with slashes. */

/** The names along `path`, `.` and `..` resolved against `from` without looking at links. */
export function segmentsOf(path: string, from = "/"): string[] {
  const segments: string[] = [];
  for (const segment of (path.startsWith("/") ? path : `${from}/${path}`).split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments;
}

export function absolute(path: string, from = "/"): string {
  return `/${segmentsOf(path, from).join("/")}`;
}

export function baseName(path: string): string {
  return path.replace(/\/+$/, "").split("/").at(-1) || "/";
}

export function parentOf(path: string): string {
  return absolute(`${path}/..`);
}

/** Whether `path` is `folder` or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}
