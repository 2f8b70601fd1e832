package dev.guildcast.benchmark.suite;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/// The time at which a message was due, as [BenchmarkWorld#message] writes it into the content.
final class DueTimeParser {
    static final AsciiMarker MARKER = new AsciiMarker("\"content\":\"due=");

    private DueTimeParser() {}

    /// Parses the number between an index and the next semicolon.
    ///
    /// @param from the index after the marker
    /// @param to the end of the payload
    static long parse(ByteBuffer payload, int from, int to) throws ProtocolException {
        boolean negative = from < to && payload.get(from) == '-';
        long nanos = 0;
        for (int at = negative ? from + 1 : from; at < to; at++) {
            int digit = payload.get(at) - '0';
            if (digit == ';' - '0') {
                return negative ? -nanos : nanos;
            }
            if (digit < 0 || digit > 9) {
                break;
            }
            nanos = 10 * nanos + digit;
        }
        throw new ProtocolException("a due time that is not a number");
    }
}
