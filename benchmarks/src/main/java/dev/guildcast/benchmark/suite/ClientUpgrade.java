package dev.guildcast.benchmark.suite;

import java.net.ProtocolException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/// The HTTP upgrade of a connection to a WebSocket, as far as a gateway of the suite requires it.
///
/// - **Bound:** a response longer than [#RESPONSE_BYTES_MAX] is rejected.
final class ClientUpgrade {
    /// What HTTP servers customarily allow for headers.
    static final int RESPONSE_BYTES_MAX = 8 << 10;
    private static final AsciiMarker END = new AsciiMarker("\r\n\r\n");
    private static final String ACCEPTED = "HTTP/1.1 101 ";

    private ClientUpgrade() {}

    static ByteBuffer request(URI gateway) {
        var key = new byte[16];
        ThreadLocalRandom.current().nextBytes(key);
        String text = """
                GET /?v=10&encoding=json HTTP/1.1\r
                Host: %s\r
                Connection: Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: %s\r
                \r
                """.formatted(gateway.getAuthority(), Base64.getEncoder().encodeToString(key));
        return StandardCharsets.US_ASCII.encode(text);
    }

    /// Consumes the response; false, without consuming anything, if it is incomplete.
    static boolean accepted(ByteBuffer in) throws ProtocolException {
        int from = in.position();
        int end = END.endIn(in, from, Math.min(in.limit(), from + RESPONSE_BYTES_MAX));
        if (end < 0) {
            if (in.remaining() >= RESPONSE_BYTES_MAX) {
                throw new ProtocolException("an HTTP response of more than " + RESPONSE_BYTES_MAX + " bytes");
            }
            return false;
        }
        var response = new byte[end - from];
        in.get(response);
        String text = new String(response, StandardCharsets.US_ASCII);
        if (!text.startsWith(ACCEPTED)) {
            throw new ProtocolException(
                    "no upgrade: " + text.lines().findFirst().orElse(""));
        }
        return true;
    }
}
