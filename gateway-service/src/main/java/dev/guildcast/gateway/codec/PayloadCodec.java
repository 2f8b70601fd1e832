package dev.guildcast.gateway.codec;

import dev.guildcast.gateway.protocol.Opcode;
import dev.guildcast.gateway.protocol.Payload;

/// Decodes and encodes payloads in one encoding. Stateless: one instance serves all connections.
public interface PayloadCodec {
    /// Decodes a message of a client, text or binary. Invalid content is a [Payload.Malformed], never an exception.
    Payload decode(byte[] message);

    /// Encodes a frame other than a dispatch.
    ///
    /// @param data `d` as JSON text
    /// @param sequence the value of `s`; negative: null
    Frame encode(Opcode opcode, String data, int sequence);

    /// Encodes a dispatch. `data` is copied into the frame without being parsed.
    ///
    /// @param data the JSON of `d`, shared by all recipients
    Frame dispatch(String type, int sequence, byte[] data);
}
