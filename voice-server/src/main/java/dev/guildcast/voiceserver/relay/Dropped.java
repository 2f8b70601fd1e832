package dev.guildcast.voiceserver.relay;

/// Why a datagram was not passed on, or a copy of one not sent.
public enum Dropped {
    /// Its lengths do not fit, or nothing like it is served here.
    MALFORMED,
    /// No stream on this server has its SSRC, or no participant its address.
    UNKNOWN,
    /// It came from an address that has proven nothing, and too many such did.
    UNPROVEN_RATE,
    /// Its stream has sent more than it may.
    STREAM_RATE,
    /// The loop has too much to do, and it is video or the sound of a shared screen.
    SHED,
    /// It came before, or is too old to know.
    REPLAYED,
    /// It did not open with the key of the participant whose SSRC it bears.
    FORGED,
    /// It opened, but the participant has never asked for its address.
    UNDISCOVERED,
    /// Sound under the number of another codec, or the reverse.
    PAYLOAD_TYPE,
    /// Its sender is muted by the server.
    MUTED,
    /// Its sender is in the audience of a stage.
    SUPPRESSED,
    /// The nonces of a receiver are used up: it needs another key.
    NONCES,
    /// The kernel's send buffer was full.
    SEND_BUFFER,
    /// The receiver's address cannot be reached.
    UNREACHABLE
}
