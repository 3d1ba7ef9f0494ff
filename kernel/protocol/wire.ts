import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { Signatures } from "./signatures";

/** https://jupyter-client.readthedocs.io/en/stable/messaging.html#general-message-format */
export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

// biome-ignore lint/suspicious/noExplicitAny: the content of a message is whatever its type says.
export type Content = Record<string, any>;

export interface Message {
  /** The routing prefix: the recipient of a reply, or the topic of a publication. */
  identities: Buffer[];
  header: Header;
  parent: Header | Record<string, never>;
  metadata: Content;
  content: Content;
}

export const PROTOCOL_VERSION = "5.5";
const delimiter = Buffer.from("<IDS|MSG>");
/**
 * Every reply repeats its request's header, so a header that is too long, or nested too deeply to be serialized
 * again, is refused.
 */
const LONGEST_HEADER = 4096;
/** The types of the requests that carry code. */
const ABOUT_CODE = /^(execute|complete|inspect|is_complete)_request$/;

/**
 * Thrown for a message that is not signed with the connection's key, has been received before, or is not a Jupyter
 * message.
 */
export class WireError extends Error {
  override name = "WireError";
}

/** Jupyter's wire protocol: converts messages to and from ZeroMQ frames signed with the connection's key. */
export class Wire {
  private readonly session = randomUUID();
  private readonly received = new Signatures();

  /** @param scheme For example `hmac-sha256`; an empty key disables signatures, as the protocol says. */
  constructor(
    private readonly key: string,
    private readonly scheme = "hmac-sha256",
  ) {}

  encode(message: Message): Buffer[] {
    const { header, parent, metadata, content } = message;
    const parts = [header, parent, metadata, content].map((part) => Buffer.from(toJson(part)));
    return [...message.identities, delimiter, Buffer.from(this.sign(parts)), ...parts];
  }

  /**
   * Decodes a message. Binary buffers after its four parts are ignored, since nothing here uses them.
   *
   * @throws WireError
   */
  decode(frames: Buffer[]): Message {
    const start = frames.findIndex((frame) => frame.equals(delimiter));
    if (start < 0) throw new WireError(`no delimiter ${delimiter} in a message of ${frames.length} frames`);
    const [signature, ...parts] = frames.slice(start + 1, start + 6);
    if (parts.length < 4) throw new WireError(`expected a signature and 4 parts, got ${parts.length} parts`);
    this.verify(signature!, parts);
    if (parts[0]!.length > LONGEST_HEADER) throw new WireError(`the header has ${parts[0]!.length} bytes`);
    const [header, parent, metadata, content] = parts.map(parse);
    const message = { identities: frames.slice(0, start), header, parent, metadata, content };
    check(message as unknown as Message);
    return message as unknown as Message;
  }

  /** Composes a message of the kernel's own, in response to `parent`. */
  compose(msg_type: string, parent: Message | undefined, content: Content, identities: Buffer[]): Message {
    const header = {
      msg_id: randomUUID(),
      session: this.session,
      username: "kernel",
      date: new Date().toISOString(),
      msg_type,
      version: PROTOCOL_VERSION,
    };
    return { identities, header, parent: parent?.header ?? {}, metadata: {}, content };
  }

  private sign(parts: Buffer[]): string {
    if (this.key === "") return "";
    const hmac = createHmac(this.scheme.replace(/^hmac-/, ""), this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  private verify(signature: Buffer, parts: Buffer[]): void {
    const expected = Buffer.from(this.sign(parts));
    if (expected.length === 0) return;
    if (signature.length === 0) throw new WireError("the message is not signed");
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new WireError("the signature is wrong");
    }
    if (!this.received.add(String(signature))) throw new WireError("the message was received before");
  }
}

/**
 * Serializes JSON in which every string is valid Unicode. `JSON.stringify` escapes a lone surrogate as `\\ud83d`,
 * from which clients make a string that they cannot write into a UTF-8 file; U+FFFD replaces it.
 */
function toJson(part: unknown): string {
  const json = JSON.stringify(part);
  // Searching for one string is fast if it does not occur: 1 ms for 3 MB. An escaped backslash before `ud` is text.
  return json.includes("\\ud")
    ? json.replace(/\\\\|\\ud[89a-f]../g, (it) => (it === "\\\\" ? it : "\ufffd"))
    : json;
}

/** Some clients send null for an empty part. */
function parse(part: Buffer): Content {
  let value: unknown;
  try {
    value = JSON.parse(part.toString()) ?? {};
  } catch {
    throw new WireError(`expected JSON, got ${part.subarray(0, 80)}`);
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new WireError(`expected a JSON object, got ${part.subarray(0, 80)}`);
  }
  return value as Content;
}

/** Checks the fields that the kernel relies on before it handles a request. */
function check({ header, content }: Message): void {
  for (const field of ["msg_id", "msg_type"] as const) {
    if (typeof header[field] !== "string") throw new WireError(`the header's ${field} is not a string`);
  }
  if (ABOUT_CODE.test(header.msg_type) && typeof content["code"] !== "string") {
    throw new WireError(`the code of the ${header.msg_type} is not a string`);
  }
}
