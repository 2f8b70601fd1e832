package dev.guildcast.benchmark.suite;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/// Writes the frames of a WebSocket client (RFC 6455), which are masked.
final class ClientFrames {
    /// Enough for an IDENTIFY with a long token.
    static final int PAYLOAD_BYTES_MAX = 0xffff;

    /// Header bit: the message ends with this frame.
    private static final int FINAL = 0x80;
    /// Header bit: a masking key precedes the payload.
    private static final int MASKED = 0x80;

    private ClientFrames() {}

    static ByteBuffer masked(int opcode, byte[] payload) {
        if (payload.length > PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException("a client sends at most " + PAYLOAD_BYTES_MAX + " bytes at once");
        }
        var frame = ByteBuffer.allocate(8 + payload.length).put((byte) (FINAL | opcode));
        if (payload.length < 126) {
            frame.put((byte) (MASKED | payload.length));
        } else {
            frame.put((byte) (MASKED | 126)).putShort((short) payload.length);
        }
        int mask = ThreadLocalRandom.current().nextInt();
        frame.putInt(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ (mask >>> (8 * (3 - i % 4)))));
        }
        return frame.flip();
    }
}
