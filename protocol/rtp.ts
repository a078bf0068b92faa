/**
 * The shapes of mediasoup's media descriptions as they cross the wire, bounded. mediasoup checks their meaning
 * (ORTC: https://draft.ortc.org); these schemas make sure that only numbers, strings and short lists reach it.
 */
import * as v from 'valibot';

const text = v.pipe(v.string(), v.maxLength(256));
const uint8 = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const uint32 = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff));
const payloadType = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(127));
const mimeType = v.custom<`${string}/${string}`>(
  (value) => typeof value === 'string' && /^(audio|video)\/[\w.+-]{1,32}$/i.test(value),
  'must be a media type such as video/VP8',
);
const list = <const T extends v.GenericSchema>(item: T, most: number) => v.pipe(v.array(item), v.maxLength(most));

/**
 * mediasoup and mediasoup-client each type header extension URIs as a union of those they know, and the unions differ.
 * On the wire any short string is right: an unknown one is ignored by both.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- assignable to either library's union
const headerExtensionUri = v.custom<any>((value) => typeof value === 'string' && value.length <= 256, 'must be a URI');

const kind = v.picklist(['audio', 'video']);
const fmtp = v.pipe(
  v.record(text, v.union([text, v.number()])),
  v.check((parameters) => Object.keys(parameters).length <= 32, 'has more than 32 codec parameters'),
);
const rtcpFeedback = list(v.object({ type: text, parameter: v.optional(text) }), 16);

const codec = {
  mimeType,
  clockRate: uint32,
  channels: v.optional(uint8),
  parameters: v.optional(fmtp),
  rtcpFeedback: v.optional(rtcpFeedback),
};

/** What a browser can receive: the answer of `Device.recvRtpCapabilities`. */
export const RtpCapabilities = v.object({
  codecs: list(v.object({ kind, ...codec, preferredPayloadType: payloadType }), 64),
  headerExtensions: v.optional(
    list(
      v.object({
        kind,
        uri: headerExtensionUri,
        preferredId: uint8,
        preferredEncrypt: v.optional(v.boolean()),
        direction: v.optional(v.picklist(['sendrecv', 'sendonly', 'recvonly', 'inactive'])),
      }),
      64,
    ),
  ),
});

/** How one track is sent (RTCRtpSendParameters of ORTC). */
export const RtpParameters = v.object({
  mid: v.optional(text),
  msid: v.optional(text),
  codecs: v.pipe(list(v.object({ ...codec, payloadType }), 32), v.minLength(1)),
  headerExtensions: v.optional(
    list(
      v.object({
        uri: headerExtensionUri,
        id: uint8,
        encrypt: v.optional(v.boolean()),
        parameters: v.optional(fmtp),
      }),
      32,
    ),
  ),
  encodings: v.optional(
    list(
      v.object({
        ssrc: v.optional(uint32),
        rid: v.optional(text),
        codecPayloadType: v.optional(payloadType),
        rtx: v.optional(v.object({ ssrc: uint32 })),
        dtx: v.optional(v.boolean()),
        scalabilityMode: v.optional(text),
        scaleResolutionDownBy: v.optional(v.number()),
        maxBitrate: v.optional(uint32),
      }),
      8,
    ),
  ),
  rtcp: v.optional(
    v.object({ cname: v.optional(text), reducedSize: v.optional(v.boolean()), mux: v.optional(v.boolean()) }),
  ),
});

/** One end of a DTLS handshake (RFC 8122 fingerprints). */
export const DtlsParameters = v.object({
  role: v.optional(v.picklist(['auto', 'client', 'server'])),
  fingerprints: v.pipe(
    list(
      v.object({
        algorithm: v.picklist(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: v.pipe(v.string(), v.regex(/^([0-9a-f]{2}:){19,63}[0-9a-f]{2}$/i, 'must be a hexadecimal fingerprint')),
      }),
      8,
    ),
    v.minLength(1),
  ),
});

/** The user name fragment and password of one end of ICE (RFC 8445). */
export const IceParameters = v.object({
  usernameFragment: text,
  password: text,
  iceLite: v.optional(v.boolean()),
});

/** One transport as the backend made it, ready for the browser to connect to. */
export const TransportOptions = v.object({
  id: text,
  iceParameters: IceParameters,
  iceCandidates: list(
    v.object({
      foundation: text,
      priority: uint32,
      address: text,
      ip: text,
      protocol: v.picklist(['udp', 'tcp']),
      port: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535)),
      type: v.picklist(['host', 'srflx', 'prflx', 'relay']),
      tcpType: v.optional(v.picklist(['active', 'passive', 'so'])),
    }),
    64,
  ),
  dtlsParameters: DtlsParameters,
});

/** A server that helps browsers reach the backend, and what it wants to know of them (W3C WebRTC §4.2.2). */
export const IceServer = v.object({
  urls: list(text, 16),
  username: v.optional(v.pipe(v.string(), v.maxLength(512))),
  credential: v.optional(v.pipe(v.string(), v.maxLength(512))),
});

/** One track of a stream as a viewer receives it. */
export const ConsumerOptions = v.object({ id: text, producerId: text, kind, rtpParameters: RtpParameters });

export type RtpCapabilities = v.InferOutput<typeof RtpCapabilities>;
export type RtpParameters = v.InferOutput<typeof RtpParameters>;
export type DtlsParameters = v.InferOutput<typeof DtlsParameters>;
export type IceParameters = v.InferOutput<typeof IceParameters>;
export type TransportOptions = v.InferOutput<typeof TransportOptions>;
export type IceServer = v.InferOutput<typeof IceServer>;
export type ConsumerOptions = v.InferOutput<typeof ConsumerOptions>;
