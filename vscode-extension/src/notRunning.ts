/** The server does not run; `Server.complain` says why. */
export class NotRunning extends Error {
  constructor() {
    super("Orch's server is not running.");
  }
}
