package dev.guildcast.gateway.codec;

import dev.guildcast.gateway.Frame;
import dev.guildcast.gateway.protocol.Opcode;
import dev.guildcast.gateway.protocol.Payload;

/// One encoding of payloads, both ways. Stateless: one for all connections.
public interface PayloadCodec {
    /// Reads what a client sent, text and binary messages alike. Never throws for what is in the bytes.
    Payload decode(byte[] message);

    /// A frame that is no dispatch.
    ///
    /// @param data `d` as JSON text
    /// @param sequence of `s`; negative: null
    Frame encode(Opcode opcode, String data, int sequence);

    /// A dispatch. The payload is taken as it is, never parsed.
    ///
    /// @param data the JSON of `d`, shared by all who get it
    Frame dispatch(String type, int sequence, byte[] data);
}
