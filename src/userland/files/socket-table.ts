/** /proc/net/tcp (proc(5)): the sockets that listen, at any address. */
const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const LISTENS = "0A";

export function formatSocketTable(ports: readonly number[]): string {
  return (
    HEAD + ports.map((port, index) => `   ${index}: 00000000:${formatHex(port)} 00000000:0000 ${LISTENS}\n`).join("")
  );
}

function formatHex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, "0");
}
