package dev.guildcast.gateway.codec;

import java.nio.charset.StandardCharsets;

/// One WebSocket message to a client: three segments of bytes that are written one after another. The middle one may be
/// shared by many connections.
///
/// @param binary whether it is a binary message; a text message holds valid UTF-8
/// @param body may be shared: never modified after it was passed in
public record Frame(boolean binary, byte[] head, byte[] body, byte[] tail) {
    private static final byte[] EMPTY = {};

    /// A message of one segment.
    public static Frame of(boolean binary, byte[] bytes) {
        return new Frame(binary, bytes, EMPTY, EMPTY);
    }

    public static Frame text(String text) {
        return of(false, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Length of the message in bytes.
    public int length() {
        return head.length + body.length + tail.length;
    }

    /// The message as one array; a copy.
    public byte[] bytes() {
        var message = new byte[length()];
        System.arraycopy(head, 0, message, 0, head.length);
        System.arraycopy(body, 0, message, head.length, body.length);
        System.arraycopy(tail, 0, message, head.length + body.length, tail.length);
        return message;
    }
}
