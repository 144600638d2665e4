/** A command to be run, running or run in a container that runs already. */
export interface Exec {
  readonly id: string;
  readonly containerId: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly user: string;
  readonly workingDir: string;
  readonly isTty: boolean;
  readonly isPrivileged: boolean;
  readonly opensStdin: boolean;
  readonly opensStdout: boolean;
  readonly opensStderr: boolean;
  readonly detachKeys: string;
  readonly isRunning: boolean;
  /** It may be started once. */
  readonly wasStarted: boolean;
  /** Null until it has ended. */
  readonly exitCode: number | null;
  /** Of the host; 0 before it is started. */
  readonly pid: number;
}
