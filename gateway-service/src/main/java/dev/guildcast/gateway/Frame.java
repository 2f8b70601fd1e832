package dev.guildcast.gateway;

import java.nio.charset.StandardCharsets;

/// One WebSocket message to a client: three runs of bytes written behind one another, the middle one possibly shared
/// by many connections.
///
/// @param binary a binary message; else text, and then valid UTF-8
/// @param body shared: never changed after it was handed in
public record Frame(boolean binary, byte[] head, byte[] body, byte[] tail) {
    private static final byte[] NONE = {};

    /// A message of one run.
    public static Frame of(boolean binary, byte[] bytes) {
        return new Frame(binary, bytes, NONE, NONE);
    }

    public static Frame text(String text) {
        return of(false, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Bytes of the message.
    public int length() {
        return head.length + body.length + tail.length;
    }

    /// The message as one run, copied.
    public byte[] bytes() {
        var all = new byte[length()];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        System.arraycopy(tail, 0, all, head.length + body.length, tail.length);
        return all;
    }
}
