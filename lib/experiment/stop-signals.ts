/** The signals that ask a process to end: of kill and schedulers, of a closed terminal, of Ctrl-C. */
const NAMES = ["SIGTERM", "SIGHUP", "SIGINT"] as const;
type Name = (typeof NAMES)[number];
/**
 * The milliseconds in which SIGTERM or SIGHUP again is the same request. A scheduler signals every process of a job, and
 * parents among these pass the signal on, so that a child gets it several times.
 */
const ECHO_MS = 5000;

let works = 0;
let listened: Name[] = [];
let received: Name | undefined;
let receivedAt = 0;
let controller = new AbortController();

/**
 * Does work that stops by itself when the process is asked to end: the first SIGTERM, SIGHUP or SIGINT aborts the
 * signal that the work is given, and ends the process when all such work is over. A second one ends it at once, but for
 * SIGTERM or SIGHUP again within five seconds.
 *
 * Nothing is listened to while no such work is done, nor a signal to which the program listens itself, such as SIGINT
 * in the Jupyter kernel.
 */
export async function whileStoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (listened.length === 0) listen();
  works++;
  try {
    return await work(controller.signal);
  } finally {
    works--;
    if (works === 0) endListening();
  }
}

function listen(): void {
  listened = NAMES.filter((name) => process.listenerCount(name) === 0);
  for (const name of listened) process.on(name, stop);
}

function stop(name: Name): void {
  if (works > 0 && isEcho(name)) return;
  if (works === 0 || received) endProcess(name);
  else {
    received = name;
    receivedAt = performance.now();
    controller.abort();
  }
}

function isEcho(name: Name): boolean {
  return name === received && name !== "SIGINT" && performance.now() - receivedAt < ECHO_MS;
}

function endListening(): void {
  // A signal that came in the last synchronous stretch is delivered in the next turn of the event loop.
  if (received) endProcess(received);
  else setImmediate(() => setImmediate(() => works === 0 && removeListeners()));
}

function removeListeners(): void {
  for (const name of listened) process.off(name, stop);
  listened = [];
}

/** As the signal would have ended it without a listener. */
function endProcess(name: Name): void {
  removeListeners();
  received = undefined;
  controller = new AbortController();
  process.kill(process.pid, name);
}
