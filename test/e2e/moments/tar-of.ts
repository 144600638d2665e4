/** A tar of files that were all written at one time, in seconds since 1970. */
export function tarOf(files: Readonly<Record<string, string>>, time: number): Buffer {
  const entries = Object.entries(files).flatMap(([name, content]) => [
    headerOf(name, content.length, time),
    padded(content),
  ]);
  return Buffer.concat([...entries, Buffer.alloc(1024)]);
}

/** POSIX ustar. */
function headerOf(name: string, size: number, time: number): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, "0")}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(time, 12), 100);
  header.write(`${" ".repeat(8)}0`, 148);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function padded(content: string): Buffer {
  return Buffer.concat([Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
